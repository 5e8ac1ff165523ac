// SPDX-License-Identifier: GPL-3.0-or-later
// Readers and cards that come and go.

using System.Diagnostics;
using CardUnlock.Native;

namespace CardUnlock;

public sealed partial class CardDesk
{
    private const string PlugAndPlay = @"\\?PnP?\Notification";

    // In-use flags come and go with connections, ours too.
    private const uint Meaningful =
        0xFFFF0000 | PcscLite.SCARD_STATE_PRESENT | PcscLite.SCARD_STATE_EMPTY
        | PcscLite.SCARD_STATE_MUTE | PcscLite.SCARD_STATE_EXCLUSIVE;

    // pcscd that was started by our connection finds its readers and their cards a moment later.
    private static readonly TimeSpan ReaderPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CardPatience = TimeSpan.FromMilliseconds(500);

    private readonly object gate = new();
    private (string Reader, uint State)[]? seen;
    private uint plugAndPlayState;

    /// <summary>
    /// Blocks until a reader or a card comes or goes, the token is cancelled, or the time is up. What has come or gone since the last
    /// <see cref="Look"/> or wait counts.
    /// </summary>
    /// <param name="timeout">Zero or more; <see cref="Timeout.InfiniteTimeSpan"/>: for as long as it takes.</param>
    /// <param name="cancellation">May be cancelled from any thread.</param>
    /// <returns>True: something changed.</returns>
    /// <exception cref="PcscException">pcscd went away.</exception>
    public bool WaitForChange(TimeSpan timeout, CancellationToken cancellation)
    {
        (string Reader, uint State)[] before = seen ?? ReadStates();
        using var waiter = new ChangeWaiter(gate);
        using CancellationTokenRegistration registration = cancellation.Register(Pulse);
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            (string Reader, uint State)[] now = ReadStates();
            seen = now;
            if (!IsSame(before, now))
            {
                return true;
            }

            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            if (cancellation.IsCancellationRequested || (timeout >= TimeSpan.Zero && left <= TimeSpan.Zero))
            {
                return false;
            }

            waiter.Begin([.. Watched(now)], [.. now.Select(static slot => slot.State), plugAndPlayState]);
            Sleep(waiter, timeout < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : left, cancellation);
        }
    }

    private static bool IsSame((string Reader, uint State)[] a, (string Reader, uint State)[] b) =>
        a.Select(Masked).SequenceEqual(b.Select(Masked));

    private static (string Reader, uint State) Masked((string Reader, uint State) slot) => (slot.Reader, slot.State & Meaningful);

    private static IEnumerable<string> Watched((string Reader, uint State)[] slots) =>
        slots.Select(static slot => slot.Reader).Append(PlugAndPlay).Take(PcscLite.PCSCLITE_MAX_READERS_CONTEXTS);

    private void Pulse()
    {
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }
    }

    private void Sleep(ChangeWaiter waiter, TimeSpan time, CancellationToken cancellation)
    {
        lock (gate)
        {
            _ = waiter.IsWaiting && !cancellation.IsCancellationRequested && Monitor.Wait(gate, time);
        }
    }

    private void Settle()
    {
        if (seen is not null)
        {
            return;
        }

        seen = ReadStates();
        if (seen.Length == 0)
        {
            WaitForChange(ReaderPatience, CancellationToken.None);
        }

        if (seen.Length > 0 && !seen.Any(static slot => (slot.State & PcscLite.SCARD_STATE_PRESENT) != 0))
        {
            WaitForChange(CardPatience, CancellationToken.None);
        }
    }

    // A reader that goes in between is missing from the next list.
    private (string Reader, uint State)[] ReadStates()
    {
        while (true)
        {
            string[] names = [.. context.Readers(), PlugAndPlay];
            names = names.Length > PcscLite.PCSCLITE_MAX_READERS_CONTEXTS ? names[..PcscLite.PCSCLITE_MAX_READERS_CONTEXTS] : names;
            uint[] now = new uint[names.Length];
            uint code = context.WaitChange(0, names, new uint[names.Length], now);
            if (code is PcscLite.SCARD_S_SUCCESS or PcscLite.SCARD_E_TIMEOUT)
            {
                bool hasNotification = names[^1] == PlugAndPlay;
                plugAndPlayState = hasNotification ? now[^1] & ~PcscLite.SCARD_STATE_CHANGED : 0;
                return
                [
                    .. names.Take(names.Length - (hasNotification ? 1 : 0))
                        .Select((name, i) => (name, now[i] & ~PcscLite.SCARD_STATE_CHANGED)),
                ];
            }

            if (code != PcscLite.SCARD_E_UNKNOWN_READER)
            {
                throw new PcscException("SCardGetStatusChange", "", code);
            }
        }
    }
}
