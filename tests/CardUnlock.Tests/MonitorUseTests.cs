// SPDX-License-Identifier: GPL-3.0-or-later
// What a person meets with real cards in real readers: touches, resets, resetting codes, several cards. Real libpcsclite and
// pcscd; only the card is simulated.

using CardSimulator;
using CardUnlock.Native;
using static CardUnlock.Tests.MonitorWaits;

namespace CardUnlock.Tests;

[Collection(OnePcscd.Name)]
public sealed class MonitorUseTests(PcscFixture pcsc)
{
    private const byte SelectInstruction = 0xA4;
    private const byte DecipherInstruction = 0x2A;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(200 - i))];

    [Theory]
    [InlineData("rsa2048", false)]
    [InlineData("cv25519", false)]
    [InlineData("cv25519", true)]
    public void Lone_card_takes_six_exchanges_from_select_to_decipher(string algorithm, bool hasName)
    {
        VirtualCard card = pcsc.Keys.Card(algorithm);
        if (hasName)
        {
            card.Put(0x5B, "Lovelace<<Ada"u8);
        }

        using VpcdReader reader = pcsc.Reader(card);
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, [algorithm]));
        reader.Insert();
        CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
        AssertKey(monitor.Unlock(Pins.Make("123456"), info));
        byte[] instructions = [.. card.Log.Select(entry => entry.Ins)];
        Assert.Equal(
            [SelectInstruction, 0xCA, 0xCA, SelectInstruction, 0x20, DecipherInstruction],
            instructions[instructions.IndexOf(SelectInstruction)..]);
    }

    [Fact]
    public void Traces_are_covered_by_a_public_question_which_changes_nothing_and_a_card_that_left_is_no_matter()
    {
        VirtualCard card = pcsc.Keys.Card("rsa2048");
        using VpcdReader reader = pcsc.Reader(card);
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["rsa2048"]));
        monitor.CoverTraces();
        reader.Insert();
        CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
        AssertKey(monitor.Unlock(Pins.Make("123456"), info));
        card.ClearLog();
        monitor.CoverTraces();
        LoggedCommand asked = card.Log[0];
        Assert.Equal((0xCA, 0x6E, 0x9000), (asked.Ins, asked.P2, asked.Status));
        Assert.All(card.Log.Skip(1), entry => Assert.Equal(0xC0, entry.Ins));
        Assert.True(Assert.IsType<CardStatus.Ready>(monitor.Wait()).Card.AlreadyVerified);

        reader.Remove();
        monitor.CoverTraces();
        WaitFor<CardStatus.NoCard>(monitor);
    }

    [Fact]
    public void Missed_touch_is_asked_for_again_without_a_pin()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        card.Put(0xD7, 0x01, 0x20);
        using VpcdReader reader = pcsc.Reader(card);
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        reader.Insert();
        CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.True(info.NeedsTouch);
        int awaited = 0;
        Assert.IsType<UnlockResult.TouchMissed>(monitor.Unlock(Pins.Make("123456"), info, () => awaited++));
        info = Assert.IsType<CardStatus.Ready>(monitor.Wait()).Card;
        Assert.True(info.AlreadyVerified);
        AssertKey(monitor.Unlock(SecretBuffer.Allocate(1), info, () => card.IsTouched = ++awaited == 2));
        Assert.Equal(2, awaited);
        Assert.Equal(1, card.VerifyCount);
    }

    [Fact]
    public void Slow_card_is_waited_for()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        reader.Insert();
        CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
        card.Faults.DelayAt(3, TimeSpan.FromSeconds(31));
        AssertKey(monitor.Unlock(Pins.Make("123456"), info));
    }

    [Fact]
    public void Resetting_code_unblocks_and_opens()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        card.SetResettingCode("87654321"u8);
        card.UserTriesLeft = 0;
        using VpcdReader reader = pcsc.Reader(card);
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        reader.Insert();
        CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.Equal((0, 3), (info.TriesLeft, info.ResetTriesLeft));
        Assert.Equal(new UnlockResult.WrongResetCode(2), monitor.Unblock(Pins.Make("00000000"), Pins.Make("654321"), info));
        Assert.IsType<UnlockResult.CardRemoved>(monitor.Unblock(Pins.Make("87654321"), Pins.Make("654321"), info));
        info = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.Equal((0, 2), (info.TriesLeft, info.ResetTriesLeft));
        AssertKey(monitor.Unblock(Pins.Make("87654321"), Pins.Make("654321"), info));
        info = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.Equal((3, 3, true), (info.TriesLeft, info.ResetTriesLeft, info.AlreadyVerified));
        Assert.Equal(1, card.VerifyCount);
    }

    [Fact]
    public void Card_that_lost_the_pin_on_the_way_is_selected_anew_and_the_person_asked()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        reader.Insert();
        CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
        card.Faults.FailInstruction(DecipherInstruction, 0x6982);
        Assert.IsType<UnlockResult.CardRemoved>(monitor.Unlock(Pins.Make("123456"), info));
        card.ClearLog();
        info = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.False(info.AlreadyVerified);
        Assert.Equal(0, card.VerifyCount);
        Assert.Single(card.Log, entry => entry.Ins == SelectInstruction);
        AssertKey(monitor.Unlock(Pins.Make("123456"), info));
        Assert.Equal(1, card.VerifyCount);
    }

    [Fact]
    public void Empty_first_slot_disturbs_nothing()
    {
        using VpcdReader second = pcsc.SecondSlot(pcsc.Keys.Card("cv25519"));
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        WaitFor<CardStatus.NoCard>(monitor);
        second.Insert();
        CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.EndsWith("00 01", info.Reader, StringComparison.Ordinal);
        AssertKey(monitor.Unlock(Pins.Make("123456"), info));
        second.Remove();
        WaitFor<CardStatus.NoCard>(monitor);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Second_card_serves_where_the_first_is_blocked(bool blockedFirst)
    {
        VirtualCard blocked = pcsc.Keys.Card("cv25519", new CardOptions { Serial = 21 });
        blocked.UserTriesLeft = 0;
        VirtualCard good = pcsc.Keys.Card("cv25519", new CardOptions { Serial = 22 });
        using VpcdReader reader = pcsc.Reader(blocked);
        using VpcdReader second = pcsc.SecondSlot(good);
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        (blockedFirst ? reader : second).Insert();
        Assert.Equal(blockedFirst ? 0 : 3, WaitFor<CardStatus.Ready>(monitor).Card.TriesLeft);
        (blockedFirst ? second : reader).Insert();
        CardInfo shown = blockedFirst ? WaitFor<CardStatus.Ready>(monitor).Card : SoonShown(monitor);
        Assert.Equal(3, shown.TriesLeft);
        AssertKey(monitor.Unlock(Pins.Make("123456"), shown));
    }

    [Fact]
    public void Card_that_failed_once_is_looked_at_again_without_being_moved()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        card.Faults.FailInstruction(SelectInstruction, 0x6F00);
        using VpcdReader reader = pcsc.Reader(card);
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        reader.Insert();
        WaitFor<CardStatus.Unusable>(monitor);
        AssertKey(monitor.Unlock(Pins.Make("123456"), WaitFor<CardStatus.Ready>(monitor).Card));
    }

    [Fact]
    public void Holders_are_told_where_there_are_cards_to_tell_apart()
    {
        VirtualCard other = new(new CardOptions { Serial = 21 });
        other.Put(0x5B, "Hopper<<Grace"u8);
        VirtualCard card = pcsc.Keys.Card("cv25519", new CardOptions { Serial = 22 });
        card.Put(0x5B, "Lovelace<<Ada"u8);
        using VpcdReader reader = pcsc.Reader(other);
        using VpcdReader second = pcsc.SecondSlot(card);
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        reader.Insert();
        CardInfo shown = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.Equal((false, "Grace Hopper"), (shown.MatchesKey, shown.Holder));
        second.Insert();
        shown = WaitFor<CardStatus.Ready>(monitor).Card;
        Assert.Equal((true, "Ada Lovelace"), (shown.MatchesKey, shown.Holder));
        AssertKey(monitor.Unlock(Pins.Make("123456"), shown));
        Assert.Equal(0, other.VerifyCount);
    }

    [Fact]
    public void First_message_that_is_for_the_card_is_opened()
    {
        using VpcdReader reader = pcsc.Reader(pcsc.Keys.Card("cv25519"));
        using var monitor = new CardMonitor(
            pcsc.Keys.Parsed([9], ["rsa2048"]), pcsc.Keys.Parsed(Plain, ["cv25519"]), pcsc.Keys.Parsed([8], ["cv25519"]));
        reader.Insert();
        AssertKey(monitor.Unlock(Pins.Make("123456"), WaitFor<CardStatus.Ready>(monitor).Card));
    }

    [Fact]
    public void Card_put_back_after_each_removal_works_again()
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        for (int i = 1; i <= 3; i++)
        {
            reader.Insert();
            CardInfo info = WaitFor<CardStatus.Ready>(monitor).Card;
            Assert.False(info.AlreadyVerified);
            AssertKey(monitor.Unlock(Pins.Make("123456"), info));
            Assert.Equal(i, card.VerifyCount);
            reader.Remove();
            WaitFor<CardStatus.NoCard>(monitor);
        }
    }

    // The daemon looks every 0.4 s: the PIN comes before it has seen that the card is gone, while it tells of it, and after.
    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    [InlineData(300)]
    [InlineData(450)]
    public void Pin_confirmed_as_the_card_leaves_is_not_sent_and_the_removal_is_seen(int milliseconds)
    {
        VirtualCard card = pcsc.Keys.Card("cv25519");
        using VpcdReader reader = pcsc.Reader(card);
        using var monitor = new CardMonitor(pcsc.Keys.Parsed(Plain, ["cv25519"]));
        reader.Insert();
        CardInfo shown = WaitFor<CardStatus.Ready>(monitor).Card;
        Task<CardStatus> wait = Task.Run(monitor.Wait);
        Thread.Sleep(100);
        card.ClearLog();
        reader.Remove();
        Thread.Sleep(milliseconds);
        monitor.Interrupt();
        Within(wait);
        Assert.IsType<UnlockResult.CardRemoved>(monitor.Unlock(Pins.Make("123456"), shown));
        Assert.Equal(0, card.VerifyCount);
        WaitFor<CardStatus.NoCard>(monitor);
        wait = Task.Run(monitor.Wait);
        reader.Insert();
        Assert.Equal(shown.Serial, Assert.IsType<CardStatus.Ready>(Within(wait)).Card.Serial);
    }

    // A reset or a removal that the transport tells of, at each command: nothing is repeated.
    [Theory]
    [InlineData(PcscLite.SCARD_W_RESET_CARD)]
    [InlineData(PcscLite.SCARD_W_REMOVED_CARD)]
    [InlineData(PcscLite.SCARD_W_UNPOWERED_CARD)]
    public void Reset_between_two_commands_ends_the_attempt(uint code)
    {
        EncryptedKey message = pcsc.Keys.Parsed(Plain, ["cv25519"]);
        foreach (byte instruction in (byte[])[SelectInstruction, 0x20, DecipherInstruction])
        {
            VirtualCard card = pcsc.Keys.Card("cv25519");
            bool armed = false;
            var transport = new FailingTransport(new CardTransport(card), code, command => armed && command[1] == instruction);
            using CardSession session = CardSession.Open(transport, false, [message], askVerified: true)!;
            armed = true;
            Assert.True(Assert.Throws<PcscException>(() => session.Unlock(Pins.Make("123456"))).IsCardGone);
            Assert.Equal(1, transport.Failures);
            Assert.InRange(card.VerifyCount, 0, 1);
        }
    }

    /// <summary>What is shown when the service has had time to tell of the last change.</summary>
    private static CardInfo SoonShown(CardMonitor monitor)
    {
        Thread.Sleep(1500);
        monitor.Interrupt();
        return Assert.IsType<CardStatus.Ready>(monitor.Wait()).Card;
    }

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }
}
