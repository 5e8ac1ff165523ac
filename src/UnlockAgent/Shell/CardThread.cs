// SPDX-License-Identifier: GPL-3.0-or-later
// The one thread that talks to the card, since PC/SC blocks. It reads the key file and owns the CardMonitor; the UI thread
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
    private readonly string keyFile;
    private readonly SafeFileHandle wakeHandle = Libc.NewEventFd();
    private readonly FileStream wake;
    private readonly Lock gate = new();
    private readonly Queue<CardReport> reports = new();
    private CardMonitor? monitor;
    private SecretBuffer? order;
    private bool stopping;

    /// <summary>Starts at once.</summary>
    /// <param name="keyFile">The key file's path; without a sound one the thread reports what is wrong with it, and ends.</param>
    public CardThread(string keyFile)
    {
        this.keyFile = keyFile;
        wake = new FileStream(wakeHandle, FileAccess.ReadWrite, bufferSize: 0);
        new Thread(Run) { IsBackground = true, Name = "card" }.Start();
    }

    /// <summary>Readable when there are reports.</summary>
    public SafeHandle PollHandle => wakeHandle;

    /// <summary>Has the card try a PIN, once; an empty one asks a card that is verified already. Takes ownership.</summary>
    public void Unlock(SecretBuffer pin)
    {
        lock (gate)
        {
            order = pin.Move();
        }

        Interrupt();
    }

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
    /// Lets the thread end, and returns at once: it may be waiting for a slow card, which must not delay the hand-over of a passphrase.
    /// What it still holds goes with the process.
    /// </summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            order?.Dispose();
            order = null;
        }

        Interrupt();
    }

    /// <summary>Outside of the lock: the thread needs it to come out of its wait.</summary>
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
        var fault = KeyFile.Read(keyFile, out var message);
        Post(new(new AgentEvent.KeyFileRead(fault)));
        if (message is null)
        {
            return;
        }

        using var watching = new CardMonitor(message);
        lock (gate)
        {
            monitor = watching;
        }

        while (true)
        {
            var status = watching.Wait();
            SecretBuffer? pin;
            lock (gate)
            {
                if (stopping)
                {
                    return;
                }

                (pin, order) = (order, null);
            }

            Post(pin is null ? new(new AgentEvent.CardChanged(status)) : Ask(watching, pin));
        }
    }

    private static CardReport Ask(CardMonitor card, SecretBuffer pin) => card.Unlock(pin) switch
    {
        UnlockResult.Key key => new(new AgentEvent.CardAnswered(CardOutcome.Key), key.Secret),
        UnlockResult.WrongPin wrong => new(new AgentEvent.CardAnswered(CardOutcome.WrongPin, wrong.TriesLeft)),
        UnlockResult.PinBlocked => new(new AgentEvent.CardAnswered(CardOutcome.PinBlocked)),
        UnlockResult.NoMatchingKey => new(new AgentEvent.CardAnswered(CardOutcome.NoMatchingKey)),
        UnlockResult.CardRemoved => new(new AgentEvent.CardAnswered(CardOutcome.CardRemoved)),
        UnlockResult.CardError error => new(new AgentEvent.CardAnswered(CardOutcome.CardError, StatusWord: error.StatusWord)),
        UnlockResult.DamagedMessage => new(new AgentEvent.CardAnswered(CardOutcome.DamagedMessage)),
        _ => new(new AgentEvent.CardAnswered(CardOutcome.ReaderError)),
    };

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
}
