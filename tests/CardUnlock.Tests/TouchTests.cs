// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that want a finger on the card (UIF, data object D7).

using CardSimulator;

namespace CardUnlock.Tests;

public sealed class TouchTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte VerifyInstruction = 0x20;
    private const byte DecipherInstruction = 0x2A;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 17))];

    public static MatrixTheoryData<byte, string> Flags => new([1, 2, 3, 4], ["YubiKey 5", "pico", "Gnuk", "canokey"]);

    [Theory]
    [MemberData(nameof(Flags))]
    public void Touch_is_announced_after_the_pin_and_before_decipher(byte flag, string profile)
    {
        VirtualCard card = Card(flag, CardProfiles.All[profile]);
        using CardSession session = Open(card);
        Assert.True(session.Describe("reader").NeedsTouch);
        byte last = 0;
        int announced = 0;
        UnlockResult result = session.Unlock(Pins.Make("123456"), () =>
        {
            announced++;
            last = card.Log[^1].Ins;
            card.IsTouched = true;
        });
        AssertKey(result);
        Assert.Equal((1, VerifyInstruction), (announced, last));
    }

    [Fact]
    public void Key_without_the_flag_wants_none()
    {
        VirtualCard card = Card(0, new CardOptions());
        using CardSession session = Open(card);
        Assert.False(session.Describe("reader").NeedsTouch);
        AssertKey(session.Unlock(Pins.Make("123456"), () => Assert.Fail("no touch is wanted")));
    }

    [Theory]
    [InlineData("YubiKey 5")]
    [InlineData("Gnuk")]
    public void Missed_touch_leaves_the_pin_verified_and_another_try_needs_none(string profile)
    {
        VirtualCard card = Card(1, CardProfiles.All[profile]);
        using CardSession session = Open(card);
        Assert.IsType<UnlockResult.TouchMissed>(session.Unlock(Pins.Make("123456")));
        CardInfo info = session.Describe("reader");
        Assert.True(info.AlreadyVerified);
        Assert.Equal(3, info.TriesLeft);
        AssertKey(session.Unlock(SecretBuffer.Allocate(1), () => card.IsTouched = true));
        Assert.Equal(1, card.VerifyCount);
    }

    // Some cards say that they want a PIN when they waited for a touch in vain: what tells it apart is the wait.
    [Theory]
    [InlineData(0x6982, 30, true)]
    [InlineData(0x6985, 12, true)]
    [InlineData(0x6F00, 15, true)]
    [InlineData(0x6982, 1, false)]
    [InlineData(0x6985, 1, false)]
    public void Long_wait_that_ends_in_an_error_was_a_missed_touch(int status, int seconds, bool missed)
    {
        VirtualCard card = Card(1, new CardOptions());
        var clock = new SteppedClock();
        using CardSession session = CardSession.Open(
            new CardTransport(card), false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true, clock: clock)!;
        card.Faults.FailInstruction(DecipherInstruction, (ushort)status);
        clock.Step = TimeSpan.FromSeconds(seconds);
        UnlockResult result = session.Unlock(Pins.Make("123456"));
        Assert.Equal(missed, result is UnlockResult.TouchMissed);
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(missed || status != 0x6982, session.Describe("reader").AlreadyVerified);
    }

    [Fact]
    public void Card_that_forgot_the_pin_while_it_waited_is_not_taken_for_verified()
    {
        VirtualCard card = Card(1, new CardOptions());
        card.UserTriesLeft = 1;
        var clock = new SteppedClock { Step = TimeSpan.FromSeconds(30) };
        using CardSession session = CardSession.Open(
            new CardTransport(card), false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true, clock: clock)!;
        card.Faults.FailInstruction(DecipherInstruction, 0x6982);
        Assert.IsType<UnlockResult.TouchMissed>(
            session.Unlock(Pins.Make("123456"), () => card.Faults.FailInstruction(VerifyInstruction, 0x63C3)));
        CardInfo shown = session.Describe("reader");
        Assert.Equal((false, 3), (shown.AlreadyVerified, shown.TriesLeft));
    }

    [Fact]
    public void Missed_touch_ends_the_trial_of_hidden_recipients()
    {
        VirtualCard card = Card(1, new CardOptions());
        EncryptedKey message = keys.Parsed(Plain, ["cv25519", "cv25519", "nistp256"], "--throw-keyids");
        using CardSession session = CardSession.Open(new CardTransport(card), false, [message], askVerified: true)!;
        Assert.IsType<UnlockResult.TouchMissed>(session.Unlock(Pins.Make("123456")));
        Assert.Single(card.Log, entry => entry.Ins == DecipherInstruction);
    }

    private VirtualCard Card(byte flag, CardOptions options)
    {
        VirtualCard card = keys.Card("cv25519", options);
        card.Put(0xD7, flag, 0x20);
        return card;
    }

    private CardSession Open(VirtualCard card) =>
        CardSession.Open(new CardTransport(card), false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true)!;

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }

    /// <summary>Each look at the clock is one step later than the one before.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private long now;

        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now += Step.Ticks;
    }
}
