// SPDX-License-Identifier: GPL-3.0-or-later
// One SCardGetStatusChange at a time, on a connection and a thread of its own. Whoever uses the cards has another connection and
// can go ahead while this one still waits: to call a waiting connection back takes a third one, and longer than a card's answer.

using CardUnlock.Native;

namespace CardUnlock;

/// <summary>Waits for readers and cards to change. Used by one thread.</summary>
/// <param name="gate">Pulsed when a wait ends.</param>
/// <exception cref="PcscException">From the constructor: there is no service.</exception>
internal sealed class ChangeWaiter(object gate) : IDisposable
{
    private const int CancelRetryMilliseconds = 5;
    private const int MaxCancelRetryMilliseconds = 200;

    private readonly PcscContext context = PcscContext.Establish();
    private string[] readers = [];
    private uint[] states = [];

    /// <summary>Nothing has changed yet. To be read with the gate held.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>The last wait ended because the service is gone.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Waits on in the background from these states; where it already does, nothing happens.</summary>
    /// <param name="readers">Names, at most 16.</param>
    /// <param name="states">As PC/SC gives them, one for each name.</param>
    public void Begin(string[] readers, uint[] states)
    {
        if (IsWaitingFor(readers, states))
        {
            return;
        }

        End();
        (this.readers, this.states, IsWaiting) = (readers, states, true);
        new Thread(Wait) { IsBackground = true, Name = "card changes" }.Start();
    }

    /// <summary>Ends the wait. Takes as long as the service does to answer.</summary>
    public void Dispose()
    {
        End();
        context.Dispose();
    }

    private bool IsWaitingFor(string[] readers, uint[] states)
    {
        lock (gate)
        {
            return IsWaiting && readers.AsSpan().SequenceEqual(this.readers) && states.AsSpan().SequenceEqual(this.states);
        }
    }

    private void Wait()
    {
        uint code = context.WaitChange(PcscLite.INFINITE, readers, states, new uint[readers.Length]);
        lock (gate)
        {
            // A reader that the service does not know any more is missing from its next list.
            IsLost = code is not (PcscLite.SCARD_S_SUCCESS or PcscLite.SCARD_E_CANCELLED or PcscLite.SCARD_E_UNKNOWN_READER);
            IsWaiting = false;
            Monitor.PulseAll(gate);
        }
    }

    // SCardCancel does nothing when the wait has begun here but has not reached the daemon yet: say it again. Never with the
    // gate held, for the service may hang.
    private void End()
    {
        for (int wait = CancelRetryMilliseconds; IsStillWaiting(); wait = Math.Min(2 * wait, MaxCancelRetryMilliseconds))
        {
            context.Cancel();
            lock (gate)
            {
                _ = IsWaiting && Monitor.Wait(gate, wait);
            }
        }
    }

    private bool IsStillWaiting()
    {
        lock (gate)
        {
            return IsWaiting;
        }
    }
}
