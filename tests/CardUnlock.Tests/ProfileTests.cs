// SPDX-License-Identifier: GPL-3.0-or-later
// Every card program of the field, as the simulated card plays it, against the same messages and the same mistakes.

using CardSimulator;

namespace CardUnlock.Tests;

public sealed class ProfileTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte Verify = 0x20;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 11))];

    public static TheoryData<string> Names => [.. CardProfiles.All.Keys];

    public static MatrixTheoryData<string, string> NamesAndKeys => new(CardProfiles.All.Keys, ["rsa2048", "cv25519", "nistp256"]);

    [Theory]
    [MemberData(nameof(NamesAndKeys))]
    public void Right_pin_opens_with_one_verify(string profile, string algorithm)
    {
        (VirtualCard card, CardSession session) = Open(profile, algorithm);
        using (session)
        {
            CardInfo info = session.Describe("reader");
            Assert.True(info.MatchesKey);
            Assert.Equal(3, info.TriesLeft);
            Assert.False(info.AlreadyVerified);
            Assert.False(info.NeedsTouch);
            AssertKey(session.Unlock(Pins.Make("123456")));
        }

        Assert.Equal(1, card.VerifyCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrong_pin_tells_the_tries_left_and_the_third_blocks(string profile)
    {
        (VirtualCard card, CardSession session) = Open(profile, "cv25519");
        using (session)
        {
            Assert.Equal(new UnlockResult.WrongPin(2), session.Unlock(Pins.Make("999999")));
            Assert.Equal(new UnlockResult.WrongPin(1), session.Unlock(Pins.Make("999998")));
            Assert.IsType<UnlockResult.PinBlocked>(session.Unlock(Pins.Make("999997")));
            Assert.Equal(0, session.Describe("reader").TriesLeft);
        }

        // Another program's third mistake is met by the card's own word, whatever it is.
        card.PowerOff();
        card.ClearLog();
        card.UserTriesLeft = 1;
        using CardSession again = Connect(profile, card, "cv25519");
        card.UserTriesLeft = 0;
        Assert.IsType<UnlockResult.PinBlocked>(again.Unlock(Pins.Make("123456")));
        Assert.Equal(1, card.VerifyCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Short_pin_never_reaches_the_card(string profile)
    {
        (VirtualCard card, CardSession session) = Open(profile, "cv25519");
        using (session)
        {
            Assert.Equal(new UnlockResult.WrongPin(3), session.Unlock(Pins.Make("12345")));
        }

        Assert.Equal(0, card.VerifyCount);
        Assert.Equal(3, card.UserTriesLeft);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Card_that_counts_or_refuses_a_pin_by_its_length_is_a_wrong_pin(string profile)
    {
        // Only the card's own rule is left, when the host's check would have let it through.
        (VirtualCard card, CardSession session) = Open(profile, "cv25519");
        using (session)
        {
            card.Faults.FailInstruction(Verify, CardProfiles.All[profile].ShortPin);
            UnlockResult result = session.Unlock(Pins.Make("123456"));
            Assert.Equal(new UnlockResult.WrongPin(3), result);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Verified_card_needs_no_second_pin(string profile)
    {
        (VirtualCard card, CardSession first) = Open(profile, "cv25519");
        using (first)
        {
            AssertKey(first.Unlock(Pins.Make("123456")));
        }

        using CardSession second = Connect(profile, card, "cv25519");
        Assert.True(second.Describe("reader").AlreadyVerified);
        AssertKey(second.Unlock(SecretBuffer.Allocate(1)));
        Assert.Equal(1, card.VerifyCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Objects_come_from_one_6e_and_alone_only_where_it_lacks_them(string profile)
    {
        (VirtualCard card, CardSession session) = Open(profile, "cv25519");
        session.Dispose();
        int[] alone = [.. card.Log.Where(entry => entry.Ins == 0xCA).Select(entry => (entry.P1 << 8) | entry.P2)];
        Assert.Equal(0x6E, alone[0]);
        Assert.DoesNotContain(0xC2, alone);
        Assert.DoesNotContain(0x7F66, alone);
        Assert.Equal(CardProfiles.All[profile].HasKeyDerivation, alone.Contains(0xF9));
        Assert.Equal(profile == "pico", alone.Contains(0xD7));
    }

    [Theory]
    [InlineData(0xC2, 0xC4, 0xC5)]
    [InlineData(0x5F52, 0xC0, 0xC5)]
    [InlineData(0x4F, 0x73)]
    public void What_6e_lacks_is_asked_for_alone_with_or_without_its_tag(params int[] missing)
    {
        foreach (LoneObject form in (LoneObject[])[LoneObject.Value, LoneObject.Tagged])
        {
            var options = new CardOptions { LeftOut = missing, Alone = missing.ToDictionary(tag => tag, _ => form) };
            VirtualCard card = keys.Card("nistp256", options);
            using CardSession session = CardSession.Open(
                new CardTransport(card), false, [keys.Parsed(Plain, ["nistp256"])], askVerified: true)!;
            AssertKey(session.Unlock(Pins.Make("123456")));
        }
    }

    [Fact]
    public void Card_without_6e_is_read_object_by_object()
    {
        VirtualCard card = keys.Card("cv25519", new CardOptions { Alone = new Dictionary<int, LoneObject> { [0x6E] = LoneObject.Missing } });
        using CardSession session = CardSession.Open(new CardTransport(card), false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true)!;
        Assert.Equal(3, session.TriesLeft);
        AssertKey(session.Unlock(Pins.Make("123456")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Resetting_code_unblocks(string profile)
    {
        VirtualCard card = keys.Card("cv25519", CardProfiles.All[profile]);
        card.SetResettingCode("87654321"u8);
        card.UserTriesLeft = 0;
        using CardSession session = Connect(profile, card, "cv25519");
        Assert.Equal(3, session.Describe("reader").ResetTriesLeft);
        Assert.IsType<UnlockResult.PinBlocked>(session.Unlock(Pins.Make("123456")));
        Assert.Equal(new UnlockResult.WrongResetCode(2), session.Unblock(Pins.Make("11111111"), Pins.Make("654321")));
        AssertKey(session.Unblock(Pins.Make("87654321"), Pins.Make("654321")));
        Assert.Equal(3, card.UserTriesLeft);
        Assert.Equal(3, session.Describe("reader").TriesLeft);
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(2, card.Log.Count(entry => entry.Ins == 0x2C));
    }

    private (VirtualCard Card, CardSession Session) Open(string profile, string algorithm)
    {
        VirtualCard card = keys.Card(algorithm, CardProfiles.All[profile]);
        return (card, Connect(profile, card, algorithm));
    }

    private CardSession Connect(string profile, VirtualCard card, string algorithm)
    {
        CardSession? session = CardSession.Open(
            new CardTransport(card), CardProfiles.All[profile].T0, [keys.Parsed(Plain, [algorithm])], askVerified: true, [.. card.Atr]);
        Assert.NotNull(session);
        return session;
    }

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }
}
