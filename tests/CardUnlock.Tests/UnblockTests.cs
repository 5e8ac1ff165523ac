// SPDX-License-Identifier: GPL-3.0-or-later
// A blocked PIN, the resetting code, and the new PIN that it brings: RESET RETRY COUNTER.

using System.Security.Cryptography;
using CardSimulator;
using CardUnlock.Native;

namespace CardUnlock.Tests;

public sealed class UnblockTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte ResetInstruction = 0x2C;
    private const byte VerifyInstruction = 0x20;
    private const string Code = "87654321";
    private const string NewPin = "new pin";
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 19))];
    private static readonly byte[] PinSalt = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly byte[] CodeSalt = [11, 12, 13, 14, 15, 16, 17, 18];

    [Theory]
    [InlineData(true, 0x0304)]
    [InlineData(false, 0x0304)]
    [InlineData(false, 0x0200)]
    public void Code_brings_a_new_pin_and_the_key(bool extended, int version)
    {
        VirtualCard card = Blocked(new CardOptions { ExtendedLength = extended, Version = (ushort)version });
        using CardSession session = Open(card);
        CardInfo info = session.Describe("reader");
        Assert.Equal((0, 3), (info.TriesLeft, info.ResetTriesLeft));
        SecretBuffer code = Pins.Make(Code);
        SecretBuffer pin = Pins.Make(NewPin);
        AssertKey(session.Unblock(code, pin));
        Assert.True(code.IsClosed && pin.IsClosed);
        Assert.Equal(1, card.VerifyCount);
        Assert.Single(card.Log, entry => entry.Ins == ResetInstruction);

        // The new PIN, and not the old one, from now on.
        card.PowerOff();
        using CardSession next = Open(card);
        Assert.Equal(new UnlockResult.WrongPin(2), next.Unlock(Pins.Make("123456")));
        AssertKey(next.Unlock(Pins.Make(NewPin)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Wrong_code_costs_one_of_its_tries_and_the_third_uses_it_up(bool tellsTries)
    {
        VirtualCard card = Blocked(new CardOptions { WrongPinTellsTries = tellsTries });
        using CardSession session = Open(card);
        Assert.Equal(new UnlockResult.WrongResetCode(2), session.Unblock(Pins.Make("00000000"), Pins.Make(NewPin)));
        Assert.Equal(new UnlockResult.WrongResetCode(1), session.Unblock(Pins.Make("00000001"), Pins.Make(NewPin)));
        Assert.Equal(1, session.Describe("reader").ResetTriesLeft);
        Assert.Equal(new UnlockResult.WrongResetCode(0), session.Unblock(Pins.Make("00000002"), Pins.Make(NewPin)));
        Assert.Equal(new UnlockResult.WrongResetCode(0), session.Unblock(Pins.Make(Code), Pins.Make(NewPin)));
        Assert.Equal(3, card.Log.Count(entry => entry.Ins == ResetInstruction));
        Assert.Equal(0, card.VerifyCount);
        Assert.Equal(0, card.UserTriesLeft);
    }

    [Fact]
    public void Code_used_up_by_another_program_is_told()
    {
        VirtualCard card = Blocked(new CardOptions());
        using CardSession session = Open(card);
        for (int i = 0; i < 3; i++)
        {
            card.Transmit([0x00, ResetInstruction, 0x00, 0x81, 14, .. "00000000123456"u8]);
        }

        Assert.Equal(new UnlockResult.WrongResetCode(0), session.Unblock(Pins.Make(Code), Pins.Make(NewPin)));
        Assert.Equal(0, session.Describe("reader").ResetTriesLeft);
    }

    [Fact]
    public void Card_without_a_code_is_sent_nothing()
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card);
        Assert.Equal(0, session.Describe("reader").ResetTriesLeft);
        card.ClearLog();
        Assert.Equal(new UnlockResult.WrongResetCode(0), session.Unblock(Pins.Make(Code), Pins.Make(NewPin)));
        Assert.Empty(card.Log);
    }

    [Fact]
    public void Impossible_lengths_are_sent_nowhere()
    {
        VirtualCard card = Blocked(new CardOptions());
        using CardSession session = Open(card);
        card.ClearLog();
        foreach (int length in (int[])[0, 7, 128])
        {
            Assert.Equal(new UnlockResult.WrongResetCode(3), session.Unblock(Secret(length), Pins.Make(NewPin)));
        }

        foreach (int length in (int[])[0, 5, 128])
        {
            Assert.Equal(new UnlockResult.WrongPin(0), session.Unblock(Pins.Make(Code), Secret(length)));
        }

        Assert.Empty(card.Log);
    }

    [Fact]
    public void Longest_code_and_pin_fit_one_command()
    {
        VirtualCard card = Blocked(new CardOptions { ExtendedLength = false });
        card.SetResettingCode(Enumerable.Repeat((byte)'1', 127).ToArray());
        using CardSession session = Open(card);
        AssertKey(session.Unblock(Secret(127), Secret(127)));
        Assert.Equal(254, Assert.Single(card.Log, entry => entry.Ins == ResetInstruction).DataLength);
    }

    // Salt 84 is the PIN's and 85 the resetting code's; a card without 85 means 84 for both.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_pins_are_hashed_each_has_its_own_salt(bool ownSalt)
    {
        byte[] codeSalt = ownSalt ? CodeSalt : PinSalt;
        VirtualCard card = Hashing(ownSalt ? [0x85, 8, .. CodeSalt, 0x86, 8, .. PinSalt] : []);
        card.SetResettingCode(Hash(codeSalt, Code));
        card.UserTriesLeft = 0;
        using CardSession session = Open(card);
        AssertKey(session.Unblock(Pins.Make(Code), Pins.Make(NewPin)));
        card.PowerOff();
        using CardSession next = Open(card);
        AssertKey(next.Unlock(Pins.Make(NewPin)));
        Assert.Equal(2, card.VerifyCount);
        Assert.All(card.Log.Where(entry => entry is { Ins: VerifyInstruction, DataLength: > 0 }), entry => Assert.Equal(32, entry.DataLength));
    }

    [Fact]
    public void Code_whose_salt_cannot_be_read_is_not_sent()
    {
        VirtualCard card = Hashing([0x85, 4, 1, 2, 3, 4]);
        card.SetResettingCode(Hash(CodeSalt, Code));
        using CardSession session = Open(card);
        card.ClearLog();
        Assert.IsType<UnlockResult.ReaderError>(session.Unblock(Pins.Make(Code), Pins.Make(NewPin)));
        Assert.Empty(card.Log);
        AssertKey(session.Unlock(Pins.Make("123456")));
    }

    [Fact]
    public void Reset_is_sent_once_whatever_it_answers()
    {
        EncryptedKey message = keys.Parsed(Plain, ["cv25519"]);
        VirtualCard card = Blocked(new CardOptions());
        for (int status = 0x6000; status <= 0x6FFF; status += 3)
        {
            card.PowerOff();
            card.ClearLog();
            using CardSession session = CardSession.Open(new CardTransport(card), false, [message], askVerified: true)!;
            card.Faults.FailInstruction(ResetInstruction, (ushort)status);
            UnlockResult result = session.Unblock(Pins.Make(Code), Pins.Make(NewPin));
            Assert.True(result is UnlockResult.WrongResetCode or UnlockResult.CardError);
            Assert.Single(card.Log, entry => entry.Ins == ResetInstruction);
            Assert.Equal(0, card.VerifyCount);
            Assert.Equal(3, card.ResetTriesLeft);
        }
    }

    [Fact]
    public void Card_pulled_at_any_command_costs_at_most_one_try_of_each()
    {
        EncryptedKey message = keys.Parsed(Plain, ["cv25519"]);
        for (int n = 1; n <= 5; n++)
        {
            foreach (bool afterWork in (bool[])[false, true])
            {
                VirtualCard card = Blocked(new CardOptions());
                using CardSession session = CardSession.Open(new CardTransport(card), false, [message], askVerified: true)!;
                card.Faults.PullAt(n, afterWork);
                Assert.True(Assert.Throws<PcscException>(() => session.Unblock(Pins.Make(Code), Pins.Make(NewPin))).IsCardGone);
                Assert.InRange(card.Log.Count(entry => entry.Ins == ResetInstruction), 0, 1);
                Assert.InRange(card.VerifyCount, 0, 1);
                Assert.Equal(3, card.ResetTriesLeft);
            }
        }
    }

    [Fact]
    public void Other_cards_code_is_not_sent()
    {
        VirtualCard card = Blocked(new CardOptions());
        using CardSession session = CardSession.Open(new CardTransport(card), false, [keys.Parsed(Plain, ["rsa2048"])], askVerified: true)!;
        card.ClearLog();
        Assert.IsType<UnlockResult.NoMatchingKey>(session.Unblock(Pins.Make(Code), Pins.Make(NewPin)));
        Assert.Empty(card.Log);
    }

    [Fact]
    public void Touch_is_announced_after_the_reset_as_after_a_pin()
    {
        VirtualCard card = Blocked(new CardOptions());
        card.Put(0xD7, 0x01, 0x20);
        using CardSession session = Open(card);
        AssertKey(session.Unblock(Pins.Make(Code), Pins.Make(NewPin), () => card.IsTouched = true));
    }

    private VirtualCard Blocked(CardOptions options)
    {
        VirtualCard card = keys.Card("cv25519", options);
        card.SetResettingCode(System.Text.Encoding.ASCII.GetBytes(Code));
        card.UserTriesLeft = 0;
        return card;
    }

    // A card whose PINs are hashes: 87 and 88 stand for the default ones.
    private VirtualCard Hashing(byte[] otherSalts)
    {
        VirtualCard card = keys.Card("cv25519");
        card.Put(0xF9,
        [
            0x81, 1, 3, 0x82, 1, 8, 0x83, 4, 0, 0, 0x10, 0, 0x84, 8, .. PinSalt, .. otherSalts,
            0x87, 32, .. Hash(PinSalt, "123456"), 0x88, 32, .. Hash(PinSalt, "12345678"),
        ]);
        return card;
    }

    private static byte[] Hash(byte[] salt, string pin)
    {
        byte[] round = [.. salt, .. System.Text.Encoding.ASCII.GetBytes(pin)];
        return SHA256.HashData([.. Enumerable.Range(0, 0x1000).Select(i => round[i % round.Length])]);
    }

    private static SecretBuffer Secret(int length)
    {
        SecretBuffer secret = SecretBuffer.Allocate(256);
        secret.Resize(length).Fill((byte)'1');
        return secret;
    }

    private CardSession Open(VirtualCard card) =>
        CardSession.Open(new CardTransport(card), false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true)!;

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }
}
