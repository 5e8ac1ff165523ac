// SPDX-License-Identifier: GPL-3.0-or-later

using System.Diagnostics;
using CardSimulator;

namespace CardUnlock.Tests;

/// <summary>Waits for what a monitor tells, and not forever.</summary>
internal static class MonitorWaits
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // The service itself takes the power of a card that nobody is connected to, after 5 s.
    private static readonly TimeSpan BeforeTheService = TimeSpan.FromSeconds(3);

    /// <summary>A card that was switched off, and not by the service, is not verified.</summary>
    public static void AssertSwitchedOff(VirtualCard card) => Assert.True(SpinWait.SpinUntil(() => !card.IsUserVerified, BeforeTheService));

    /// <summary>The next status of this kind; others may pass by, such as a card that is being powered.</summary>
    public static T WaitFor<T>(CardMonitor monitor)
        where T : CardStatus
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (Within(Task.Run(monitor.Wait)) is T status)
            {
                return status;
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < Patience);
        }
    }

    /// <summary>Whether this comes to its end.</summary>
    public static bool Returns(Action action)
    {
        var thread = new Thread(action.Invoke) { IsBackground = true };
        thread.Start();
        return thread.Join(Patience);
    }

    /// <summary>What the wait ends with.</summary>
    public static CardStatus Within(Task<CardStatus> wait)
    {
        Assert.True(wait.Wait(Patience), "the wait does not end");
        return wait.Result;
    }
}
