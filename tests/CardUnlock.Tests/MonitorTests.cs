// SPDX-License-Identifier: GPL-3.0-or-later
// The monitor with the real libpcsclite and a real pcscd of its own; only the card is simulated.

using CardSimulator;
using static CardUnlock.Tests.MonitorWaits;

namespace CardUnlock.Tests;

[Collection(OnePcscd.Name)]
public sealed class MonitorTests(PcscFixture pcsc)
{
    private const string WaiterName = "card changes";
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(255 - i))];

    [Theory]
    [InlineData("rsa2048")]
    [InlineData("cv25519")]
    public void Card_inserted_late_opens_and_stays_verified_for_a_second_volume(string algorithm)
    {
        VirtualCard card = pcsc.Keys.Card(algorithm);
        EncryptedKey message = pcsc.Keys.Parsed(Plain, ["cv25519", "rsa2048"]);
        using VpcdReader reader = pcsc.Reader(card);
        using (var monitor = new CardMonitor(message))
        {
            WaitFor<CardStatus.NoCard>(monitor);
            Task<CardStatus> next = Task.Run(monitor.Wait);
            reader.Insert();
            CardInfo info = Assert.IsType<CardStatus.Ready>(Within(next)).Card;
            Assert.StartsWith("Test reader", info.Reader, StringComparison.Ordinal);
            Assert.Equal(3, info.TriesLeft);
            Assert.True(info.MatchesKey);
            Assert.False(info.AlreadyVerified);
            AssertKey(monitor.Unlock(Pins.Make("123456"), info));
            Assert.True(Assert.IsType<CardStatus.Ready>(monitor.Wait()).Card.AlreadyVerified);
        }

        using var second = new CardMonitor(message);
        CardInfo again = Assert.IsType<CardStatus.Ready>(second.Wait()).Card;
        Assert.True(again.AlreadyVerified);
        AssertKey(second.Unlock(SecretBuffer.Allocate(1), again));
        Assert.Equal(1, card.VerifyCount);

        CardMonitor.PowerDown();
        AssertSwitchedOff(card);
    }

    [Fact]
    public void Wrong_pin_shows_the_cards_own_counter()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        CardInfo info = Assert.IsType<CardStatus.Ready>(monitor.Wait()).Card;
        Assert.Equal(new UnlockResult.WrongPin(2), monitor.Unlock(Pins.Make("000000"), info));
        Assert.Equal(2, card.UserTriesLeft);
        info = Assert.IsType<CardStatus.Ready>(monitor.Wait()).Card;
        Assert.Equal(2, info.TriesLeft);
        AssertKey(monitor.Unlock(Pins.Make("123456"), info));
    }

    [Fact]
    public void Card_pulled_between_any_two_commands_is_named_and_costs_no_try()
    {
        VirtualCard card = pcsc.Keys.Card("rsa2048", new CardOptions { ExtendedLength = false });
        EncryptedKey message = pcsc.Keys.Parsed(Plain, ["rsa2048"]);
        using VpcdReader reader = pcsc.Reader(card);
        using var monitor = new CardMonitor(message);
        for (int n = 1; n <= 4; n++)
        {
            foreach (bool afterWork in (bool[])[false, true])
            {
                card.ClearLog();
                reader.Insert();
                CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
                card.Faults.PullAt(n, afterWork);
                Assert.IsType<UnlockResult.CardRemoved>(monitor.Unlock(Pins.Make("123456"), info));
                Assert.InRange(card.VerifyCount, 0, 1);
                Assert.Equal(3, card.UserTriesLeft);
                card.Faults.Clear();
                WaitFor<CardStatus.NoCard>(monitor);
            }
        }

        reader.Insert();
        CardInfo last = WaitFor<CardStatus.Ready>(monitor).Card;
        AssertKey(monitor.Unlock(Pins.Make("123456"), last));
    }

    [Fact]
    public void Card_pulled_while_idle_is_seen_and_another_one_too()
    {
        using VpcdReader reader = pcsc.Reader(pcsc.Keys.Card("cv25519", new CardOptions { Serial = 7 }));
        using VpcdReader other = pcsc.Reader(new VirtualCard(new CardOptions { Serial = 8 }));
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        reader.Insert();
        CardInfo first = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.True(first.MatchesKey);
        Assert.EndsWith("00000007", first.Serial, StringComparison.Ordinal);
        reader.Remove();
        WaitFor<CardStatus.NoCard>(monitor);
        Assert.IsType<UnlockResult.CardRemoved>(monitor.Unlock(Pins.Make("123456"), first));
        other.Insert();
        CardInfo second = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.False(second.MatchesKey);
        Assert.Equal(new UnlockResult.NoMatchingKey(), monitor.Unlock(Pins.Make("123456"), second));
        other.Remove();
    }

    [Fact]
    public void Of_two_cards_the_one_whose_key_matches_is_taken()
    {
        using VpcdReader reader = pcsc.Reader(new VirtualCard(new CardOptions { Serial = 9 }));
        using VpcdReader second = pcsc.SecondSlot(pcsc.Keys.Card("cv25519", new CardOptions { Serial = 10 }));
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        reader.Insert();
        Assert.EndsWith("00000009", WaitFor<CardStatus.Ready>(monitor).Card.Serial, StringComparison.Ordinal);
        second.Insert();
        CardInfo chosen = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.EndsWith("0000000A", chosen.Serial, StringComparison.Ordinal);
        Assert.True(chosen.MatchesKey);
        AssertKey(monitor.Unlock(Pins.Make("123456"), chosen));
    }

    [Fact]
    public void Second_card_as_good_as_the_one_shown_does_not_replace_it()
    {
        VirtualCard late = pcsc.Keys.Card("cv25519", new CardOptions { Serial = 11 });
        using VpcdReader reader = pcsc.Reader(late);
        using VpcdReader second = pcsc.SecondSlot(pcsc.Keys.Card("cv25519", new CardOptions { Serial = 12 }));
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        second.Insert();
        CardInfo shown = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.EndsWith("0000000C", shown.Serial, StringComparison.Ordinal);
        Task<CardStatus> wait = Task.Run(monitor.Wait);
        reader.Insert();
        Assert.True(SpinWait.SpinUntil(() => late.CommandCount > 0, Patience));
        monitor.Interrupt();
        Assert.Equal(new CardStatus.Ready(shown), Within(wait));
        AssertKey(monitor.Unlock(Pins.Make("123456"), shown));
        Assert.Equal(0, late.VerifyCount);
    }

    [Fact]
    public void Pin_for_another_card_than_the_one_at_hand_is_not_sent()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
        card.ClearLog();
        foreach (CardInfo shown in (CardInfo[])
            [info with { Serial = "FFFE 000000FF" }, info with { Reader = "other" }, info with { TriesLeft = 2 }])
        {
            SecretBuffer pin = Pins.Make("123456");
            Assert.IsType<UnlockResult.CardRemoved>(monitor.Unlock(pin, shown));
            Assert.True(pin.IsClosed);
            Assert.Equal(new CardStatus.Ready(info), Within(Task.Run(monitor.Wait)));
        }

        Assert.Empty(card.Log);
    }

    [Fact]
    public void Tries_spent_by_another_program_are_shown_before_the_pin_is_sent()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
        card.Transmit([0x00, 0x20, 0x00, 0x82, 6, .. "999999"u8]);
        Assert.Equal(2, card.UserTriesLeft);
        CardMonitor.PowerDown();
        Assert.IsType<UnlockResult.CardRemoved>(monitor.Unlock(Pins.Make("123456"), info));
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(2, WaitFor<CardStatus.Ready>(monitor).Card.TriesLeft);
    }

    [Fact]
    public void Interrupt_is_never_lost()
    {
        using VpcdReader reader = pcsc.Reader(pcsc.Keys.Card("cv25519"));
        reader.Insert();
        using var monitor = new CardMonitor();
        CardStatus ready = WaitFor<CardStatus.Ready>(monitor);
        for (int i = 0; i < 300; i++)
        {
            Task<CardStatus> wait = Task.Run(monitor.Wait);
            Thread.SpinWait(i * 200);
            monitor.Interrupt();
            Assert.Equal(ready, Within(wait));
        }

        monitor.Interrupt();
        Assert.Equal(ready, Within(Task.Run(monitor.Wait)));
    }

    [Fact]
    public void Waiting_threads_sleep_without_a_wake_up()
    {
        using VpcdReader reader = pcsc.Reader(pcsc.Keys.Card("cv25519"));
        reader.Insert();
        using var monitor = new CardMonitor();
        WaitFor<CardStatus.Ready>(monitor);
        string? thread = null;
        Task<CardStatus> wait = Task.Factory.StartNew(
            () =>
            {
                thread = Path.GetFileName(File.ResolveLinkTarget("/proc/thread-self", false)!.FullName);
                return monitor.Wait();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        Thread.Sleep(2000);
        string[] waiting = [thread!, .. ThreadsCalled(WaiterName)];
        Assert.Equal(2, waiting.Length);
        long[] before = [.. waiting.Select(Switches)];
        Thread.Sleep(5000);
        Assert.Equal(before, waiting.Select(Switches));
        Assert.Equal(waiting[1..], ThreadsCalled(WaiterName));
        monitor.Interrupt();
        Within(wait);
    }

    [Fact]
    public void Another_programs_exclusive_hold_is_busy_and_its_end_is_seen()
    {
        using VpcdReader reader = pcsc.Reader(pcsc.Keys.Card("cv25519"));
        reader.Insert();
        using var holder = new ExclusiveHolder();
        using var monitor = new CardMonitor();
        WaitFor<CardStatus.Busy>(monitor);
        Task<CardStatus> wait = Task.Run(monitor.Wait);
        holder.Dispose();
        Assert.IsType<CardStatus.Ready>(Within(wait));
    }

    [Fact]
    public void Daemon_that_dies_is_missing_until_it_returns()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        WaitFor<CardStatus.NoCard>(monitor);
        Task<CardStatus> wait = Task.Run(monitor.Wait);
        string address = pcsc.Kill();
        Assert.IsType<CardStatus.ServiceMissing>(Within(wait));
        monitor.Interrupt();
        Assert.IsType<CardStatus.ServiceMissing>(Within(Task.Run(monitor.Wait)));
        CardInfo nobody = new("", "", null, 6, 127, false, false);
        Assert.IsType<UnlockResult.CardRemoved>(monitor.Unlock(Pins.Make("123456"), nobody));
        pcsc.Restart(address);
        WaitFor<CardStatus.NoCard>(monitor);
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        CardInfo last = WaitFor<CardStatus.Ready>(monitor).Card;
        AssertKey(monitor.Unlock(Pins.Make("123456"), last));
    }

    [Fact]
    public async Task Daemon_that_hangs_and_dies_under_interrupts_is_missing()
    {
        using var monitor = new CardMonitor();
        WaitFor<CardStatus.NoCard>(monitor);
        Task<CardStatus> wait = Task.Run(monitor.Wait);
        Thread.Sleep(300);
        pcsc.Hang();
        Task[] interrupts = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            monitor.Interrupt, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Thread.Sleep(300);
        string address = pcsc.Kill();
        Assert.IsType<CardStatus.ServiceMissing>(Within(wait));
        await Task.WhenAll(interrupts).WaitAsync(Patience, TestContext.Current.CancellationToken);
        pcsc.Restart(address);
        WaitFor<CardStatus.NoCard>(monitor);
    }

    [Fact]
    public void Reset_by_another_program_before_the_pin_starts_again_at_select()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
        CardMonitor.PowerDown();
        AssertKey(monitor.Unlock(Pins.Make("123456"), info));
        Assert.Equal(1, card.VerifyCount);

        // Verified before the reset, not after it: an empty PIN opens nothing and costs nothing.
        CardMonitor.PowerDown();
        Assert.IsType<UnlockResult.CardRemoved>(monitor.Unlock(SecretBuffer.Allocate(1), info));
        Assert.Equal(3, card.UserTriesLeft);
        Assert.Equal(1, card.VerifyCount);
    }

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }

    private static string[] ThreadsCalled(string name) =>
        [.. Directory.EnumerateDirectories("/proc/self/task").Where(thread => NameOf(thread) == name).Select(thread => Path.GetFileName(thread))];

    // Threads of other tests end while these are listed.
    private static string? NameOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Switches(string thread) => File.ReadAllLines($"/proc/self/task/{thread}/status")
        .Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(':')[1]));
}
