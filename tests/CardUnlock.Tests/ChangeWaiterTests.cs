// SPDX-License-Identifier: GPL-3.0-or-later

using System.Diagnostics;
using CardSimulator;
using CardUnlock.Native;

namespace CardUnlock.Tests;

[Collection(OnePcscd.Name)]
public sealed class ChangeWaiterTests(PcscFixture pcsc)
{
    private readonly object gate = new();

    [Fact]
    public void Wait_goes_on_until_something_changes()
    {
        using VpcdReader reader = pcsc.Reader(new VirtualCard());
        using var context = PcscContext.Establish();
        using var waiter = new ChangeWaiter(gate);
        string[] readers = [.. context.Readers()];
        waiter.Begin(readers, Seen(context, readers));
        Assert.False(Ends(waiter, TimeSpan.FromMilliseconds(300)));
        reader.Insert();
        Assert.True(Ends(waiter, MonitorWaits.Patience));
        Assert.False(waiter.IsLost);
    }

    [Fact]
    public void Wait_from_other_states_takes_the_place_of_the_first()
    {
        using var context = PcscContext.Establish();
        using var waiter = new ChangeWaiter(gate);
        string[] readers = [.. context.Readers()];
        uint[] states = Seen(context, readers);
        waiter.Begin(readers, states);
        waiter.Begin(readers, [.. states.Select(state => state ^ (PcscLite.SCARD_STATE_EMPTY | PcscLite.SCARD_STATE_PRESENT))]);
        Assert.True(Ends(waiter, MonitorWaits.Patience));
        waiter.Begin(readers, Seen(context, readers));
        Assert.False(Ends(waiter, TimeSpan.FromMilliseconds(300)));
        Assert.False(waiter.IsLost);
    }

    [Fact]
    public void Dispose_ends_a_wait_wherever_it_is()
    {
        using var context = PcscContext.Establish();
        string[] readers = [.. context.Readers()];
        uint[] states = Seen(context, readers);
        for (int i = 0; i < 100; i++)
        {
            var waiter = new ChangeWaiter(gate);
            waiter.Begin(readers, states);
            Thread.SpinWait(i * 500);
            Assert.True(MonitorWaits.Returns(waiter.Dispose));
            Assert.False(waiter.IsWaiting);
        }
    }

    [Fact]
    public void Interrupt_does_not_wait_for_a_daemon_that_hangs()
    {
        using var monitor = new CardMonitor();
        MonitorWaits.WaitFor<CardStatus.NoCard>(monitor);
        Task<CardStatus> wait = Task.Run(monitor.Wait);
        Thread.Sleep(300);
        pcsc.Hang();
        bool returned = MonitorWaits.Returns(monitor.Interrupt);
        string address = pcsc.Kill();
        MonitorWaits.Within(wait);
        pcsc.Restart(address);
        Assert.True(returned);
        MonitorWaits.WaitFor<CardStatus.NoCard>(monitor);
    }

    // The daemon may still be about to see that the last test's card has gone.
    private static uint[] Seen(PcscContext context, string[] readers)
    {
        uint[] states = new uint[readers.Length];
        Assert.True(SpinWait.SpinUntil(() => IsEmpty(context, readers, states), MonitorWaits.Patience));
        return [.. states.Select(state => state & ~PcscLite.SCARD_STATE_CHANGED)];
    }

    private static bool IsEmpty(PcscContext context, string[] readers, uint[] states)
    {
        Assert.Equal(PcscLite.SCARD_S_SUCCESS, context.WaitChange(0, readers, new uint[readers.Length], states));
        return Array.TrueForAll(states, state => (state & PcscLite.SCARD_STATE_EMPTY) != 0);
    }

    private bool Ends(ChangeWaiter waiter, TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        lock (gate)
        {
            while (waiter.IsWaiting && Stopwatch.GetElapsedTime(start) < patience)
            {
                Monitor.Wait(gate, 50);
            }

            return !waiter.IsWaiting;
        }
    }
}
