// SPDX-License-Identifier: GPL-3.0-or-later
// What a session believes of a card's PIN: never more than the card said last.

using CardSimulator;

namespace CardUnlock.Tests;

public sealed class VerifiedStateTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte Verify = 0x20, GetData = 0xCA;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 5))];

    [Fact]
    public void A_card_that_refused_a_PIN_is_not_verified()
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card);
        Assert.Equal(new UnlockResult.WrongPin(2), session.Unlock(Pins.Make("999999")));
        Assert.False(session.Describe("reader").AlreadyVerified);
    }

    /// <summary>Also where another one was right before: who types a PIN means it.</summary>
    [Fact]
    public void A_PIN_that_is_typed_is_tried()
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card);
        using (SecretBuffer key = Assert.IsType<UnlockResult.Key>(session.Unlock(Pins.Make("123456"))).Secret)
        {
            Assert.True(session.Describe("reader").AlreadyVerified);
        }

        Assert.Equal(new UnlockResult.WrongPin(2), session.Unlock(Pins.Make("999999")));
        Assert.False(session.Describe("reader").AlreadyVerified);
        Assert.Equal(2, card.VerifyCount);
    }

    [Fact]
    public void A_card_whose_last_try_may_be_gone_is_called_blocked_only_when_it_says_so()
    {
        VirtualCard card = keys.Card("cv25519");
        card.UserTriesLeft = 1;
        using CardSession session = Open(card);
        card.Faults.FailInstruction(Verify, 0x6982);
        card.Faults.FailInstruction(GetData, 0x6F00);
        Assert.Equal(new UnlockResult.WrongPin(1), session.Unlock(Pins.Make("999999")));
        Assert.Equal(1, session.Describe("reader").TriesLeft);
    }

    [Fact]
    public void A_question_whether_the_PIN_is_verified_carries_none()
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card);
        Assert.Contains(card.Log, entry => entry.Ins == Verify);
        Assert.Equal((3, 0), (card.UserTriesLeft, card.VerifyCount));
    }

    private CardSession Open(VirtualCard card) =>
        CardSession.Open(new CardTransport(card), false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true)!;
}
