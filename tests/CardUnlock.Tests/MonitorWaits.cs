// SPDX-License-Identifier: GPL-3.0-or-later

using System.Diagnostics;

namespace CardUnlock.Tests;

/// <summary>Waits for what a monitor tells, and not forever.</summary>
internal static class MonitorWaits
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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
