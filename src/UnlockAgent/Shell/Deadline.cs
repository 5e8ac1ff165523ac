// SPDX-License-Identifier: GPL-3.0-or-later
// Times at which something is due, in milliseconds of one clock; null is never.
namespace UnlockAgent.Shell;

internal static class Deadline
{
    /// <summary>The earlier of two.</summary>
    public static long? Earlier(long? one, long? other) => one <= other || other is null ? one : other;

    /// <summary>The time-out that poll(2) waits until then with: -1 for ever.</summary>
    public static int Timeout(long? due, long now) => due is { } at ? (int)Math.Clamp(at - now, 0, int.MaxValue) : -1;
}
