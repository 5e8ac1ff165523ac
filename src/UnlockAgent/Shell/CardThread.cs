// SPDX-License-Identifier: GPL-3.0-or-later
// The one thread that talks to the card, since PC/SC blocks. It reads the keys and owns the CardMonitor; the UI thread
// gives it a PIN and takes reports from it, and is woken through an eventfd that its poll waits on.
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using CardUnlock;
using Microsoft.Win32.SafeHandles;
using UnlockAgent.Machine;
using UnlockAgent.Native;

namespace UnlockAgent.Shell;

/// <summary>A report to the UI thread, and with <see cref="CardOutcome.Key"/> the key, which the receiver disposes.</summary>
internal readonly record struct CardReport(AgentEvent Event, SecretBuffer? Key = null);

[SuppressMessage("Usage", "CA2213", Justification = "The thread disposes its monitor itself; the eventfd lives as long as the process.")]
internal sealed class CardThread : IDisposable
{
    private readonly KeySource keys;
    private const int EndMilliseconds = 100;

    private readonly SafeFileHandle wakeHandle = Libc.NewEventFd();
    private readonly FileStream wake;
    private readonly Lock gate = new();
    private readonly Queue<CardReport> reports = new();
    private readonly Thread thread;
    private CardMonitor? monitor;
    private Order? order;
    private bool stopping;

    /// <summary>Starts at once.</summary>
    /// <param name="keys">Where the encrypted keys are; without a sound one the thread reports what is wrong, and ends.</param>
    public CardThread(KeySource keys)
    {
        this.keys = keys;
        wake = new FileStream(wakeHandle, FileAccess.ReadWrite, bufferSize: 0);
        thread = new Thread(Run) { IsBackground = true, Name = "card" };
        thread.Start();
    }

    /// <summary>Readable when there are reports.</summary>
    public SafeHandle PollHandle => wakeHandle;

    /// <summary>Has a card try a PIN, once; an empty one asks a card that is verified already.</summary>
    /// <param name="pin">Ownership passes.</param>
    /// <param name="shown">The card that the person saw when confirming; no other one gets the PIN.</param>
    public void Unlock(SecretBuffer pin, CardInfo shown) => Give(new(null, pin, shown));

    /// <summary>Has a card take a new PIN by its reset code, once, and open the disk.</summary>
    /// <param name="resetCode">Ownership passes.</param>
    /// <param name="newPin">Ownership passes.</param>
    /// <param name="shown">The card that the person saw when confirming.</param>
    public void Unblock(SecretBuffer resetCode, SecretBuffer newPin, CardInfo shown) => Give(new(resetCode, newPin, shown));

    /// <summary>The oldest report not yet taken.</summary>
    public bool TryTake(out CardReport report)
    {
        lock (gate)
        {
            return reports.TryDequeue(out report);
        }
    }

    /// <summary>Resets the eventfd; call before taking reports.</summary>
    public void AcknowledgeWake()
    {
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        _ = wake.Read(counter);
    }

    /// <summary>
    /// Lets the thread end and wipe what it holds, but for a moment only: it may be waiting for a slow card, which must not delay a
    /// passphrase. What it holds then goes with the process: to wipe a PIN under its hands could send another one.
    /// </summary>
    public void Dispose() => End(EndMilliseconds);

    /// <summary>The same with another patience, for who needs the card next.</summary>
    /// <param name="milliseconds">The longest wait for the thread's end.</param>
    public void End(int milliseconds)
    {
        lock (gate)
        {
            if (stopping)
            {
                return;
            }

            stopping = true;
            order?.Dispose();
            order = null;
            while (reports.TryDequeue(out var report))
            {
                report.Key?.Dispose();
            }
        }

        Interrupt();
        thread.Join(milliseconds);
    }

    private void Give(Order next)
    {
        lock (gate)
        {
            order?.Dispose();
            order = next;
        }

        Interrupt();
    }

    private void Interrupt()
    {
        CardMonitor? watching;
        lock (gate)
        {
            watching = monitor;
        }

        watching?.Interrupt();
    }

    private void Run()
    {
        var fault = keys.Read(out var messages);
        Post(new(new AgentEvent.KeyFileRead(fault, [.. messages.SelectMany(message => message.WantedCards)])));
        if (fault != KeyFileFault.None)
        {
            return;
        }

        using var watching = new CardMonitor(messages);
        lock (gate)
        {
            monitor = watching;
        }

        while (true)
        {
            var status = watching.Wait();
            Order? asked;
            lock (gate)
            {
                if (stopping)
                {
                    return;
                }

                (asked, order) = (order, null);
            }

            LogReason(status);
            if (asked is null)
            {
                Post(new(new AgentEvent.CardChanged(status)));
                continue;
            }

            Post(ReportOf(Ask(watching, asked)));

            // Beside the hand-over, which does not wait for it; the end waits a moment.
            watching.CoverTraces();
        }
    }

    private UnlockResult Ask(CardMonitor card, Order asked)
    {
        void TouchAwaited() => Post(new(new AgentEvent.TouchAwaited()));
        return asked.ResetCode is { } code
            ? card.Unblock(code, asked.Pin, asked.Shown, TouchAwaited)
            : card.Unlock(asked.Pin, asked.Shown, TouchAwaited);
    }

    private static CardReport ReportOf(UnlockResult result) => result switch
    {
        UnlockResult.Key key => new(new AgentEvent.CardAnswered(CardOutcome.Key), key.Secret),
        UnlockResult.WrongPin wrong => new(new AgentEvent.CardAnswered(CardOutcome.WrongPin, wrong.TriesLeft)),
        UnlockResult.PinBlocked => new(new AgentEvent.CardAnswered(CardOutcome.PinBlocked)),
        UnlockResult.NoMatchingKey => new(new AgentEvent.CardAnswered(CardOutcome.NoMatchingKey)),
        UnlockResult.CardRemoved => new(new AgentEvent.CardAnswered(CardOutcome.CardRemoved)),
        UnlockResult.CardError error => new(new AgentEvent.CardAnswered(CardOutcome.CardError, StatusWord: error.StatusWord)),
        UnlockResult.DamagedMessage => new(new AgentEvent.CardAnswered(CardOutcome.DamagedMessage)),
        UnlockResult.UnsupportedMessage => new(new AgentEvent.CardAnswered(CardOutcome.UnsupportedMessage)),
        UnlockResult.TouchMissed => new(new AgentEvent.CardAnswered(CardOutcome.TouchMissed)),
        UnlockResult.WrongResetCode wrong => new(new AgentEvent.CardAnswered(CardOutcome.WrongResetCode, wrong.TriesLeft)),
        UnlockResult.ReaderError error => Failed(error.Reason),
        _ => throw new InvalidOperationException("An outcome without a report."),
    };

    private static CardReport Failed(string reason)
    {
        Log.Write(reason);
        return new(new AgentEvent.CardAnswered(CardOutcome.ReaderError));
    }

    /// <summary>The screen has one sentence for each status; what lies behind it is for the log.</summary>
    private static void LogReason(CardStatus status)
    {
        switch (status)
        {
            case CardStatus.ServiceMissing missing:
                Log.Write(missing.Reason);
                break;
            case CardStatus.Unusable unusable:
                Log.Write(unusable.Reason);
                break;
        }
    }

    private void Post(CardReport report)
    {
        lock (gate)
        {
            if (stopping)
            {
                report.Key?.Dispose();
                return;
            }

            reports.Enqueue(report);
        }

        wake.Write(BitConverter.GetBytes(1UL));
    }

    /// <summary>What the card is to do, once; owns its secrets until the card has them.</summary>
    private sealed record Order(SecretBuffer? ResetCode, SecretBuffer Pin, CardInfo Shown) : IDisposable
    {
        public void Dispose()
        {
            ResetCode?.Dispose();
            Pin.Dispose();
        }
    }
}
