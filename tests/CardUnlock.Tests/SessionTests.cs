// SPDX-License-Identifier: GPL-3.0-or-later
// The card's side of unlocking, against a simulated card in this process and messages by gpg.

using CardSimulator;

namespace CardUnlock.Tests;

public sealed class SessionTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte VerifyInstruction = 0x20;
    private const byte DecipherInstruction = 0x2A;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 7))];

    [Theory]
    [InlineData("rsa2048", true, false)]
    [InlineData("rsa2048", false, false)]
    [InlineData("rsa2048", false, true)]
    [InlineData("cv25519", true, false)]
    [InlineData("cv25519", false, false)]
    [InlineData("cv25519", false, true)]
    [InlineData("nistp256", true, false)]
    public void Card_opens_the_message_of_gpg(string algorithm, bool extended, bool characterProtocol)
    {
        var options = new CardOptions { ExtendedLength = extended, T0 = characterProtocol, OuterTag = !extended };
        VirtualCard card = keys.Card(algorithm, options);
        using CardSession session = Open(card, keys.Parsed(Plain, [algorithm]), characterProtocol);
        AssertKey(Plain, session.Unlock(Pins.Make("123456")));
        Assert.Equal(1, card.VerifyCount);
        bool chained = card.Log.Any(entry => entry.Cla == 0x10);
        Assert.Equal(algorithm == "rsa2048" && !extended, chained);
    }

    [Theory]
    [InlineData("rsa2048")]
    [InlineData("cv25519")]
    public void One_of_several_recipients_is_enough(string algorithm)
    {
        EncryptedKey message = keys.Parsed(Plain, ["nistp256", "cv25519", "rsa2048"]);
        Assert.Equal(3, message.RecipientKeyIds.Count);
        using CardSession session = Open(keys.Card(algorithm), message);
        AssertKey(Plain, session.Unlock(Pins.Make("123456")));
    }

    [Theory]
    [InlineData("--compress-algo", "none")]
    [InlineData("--compress-algo", "zip")]
    [InlineData("--compress-algo", "zlib")]
    [InlineData("--cipher-algo", "AES")]
    [InlineData("--cipher-algo", "AES192")]
    [InlineData("--throw-keyids", "--no-comments")]
    public void Every_way_in_which_gpg_writes_it_opens(params string[] options)
    {
        byte[] key = [.. Enumerable.Repeat(Plain, 30).SelectMany(part => part)];
        using CardSession session = Open(keys.Card("cv25519"), keys.Parsed(key, ["rsa2048", "cv25519"], options));
        Assert.True(session.Describe("reader").MatchesKey);
        AssertKey(key, session.Unlock(Pins.Make("123456")));
    }

    [Fact]
    public void Key_of_more_than_8_kib_is_refused()
    {
        foreach (string compression in (string[])["none", "zip"])
        {
            using CardSession largest = Open(keys.Card("cv25519"), keys.Parsed(new byte[8192], ["cv25519"], "--compress-algo", compression));
            AssertKey(new byte[8192], largest.Unlock(Pins.Make("123456")));
            using CardSession session = Open(keys.Card("cv25519"), keys.Parsed(new byte[8193], ["cv25519"], "--compress-algo", compression));
            Assert.IsType<UnlockResult.DamagedMessage>(session.Unlock(Pins.Make("123456")));
        }
    }

    [Fact]
    public void Message_without_integrity_protection_is_refused_before_any_card_is_asked() =>
        Assert.Equal(
            MessageFault.NoIntegrity,
            EncryptedKey.Parse(keys.Message(Plain, ["rsa2048"], "--rfc2440", "--disable-mdc", "--cipher-algo", "AES"), out _));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Wrong_pin_costs_one_try_and_blocks_at_the_third(bool tellsTries)
    {
        VirtualCard card = keys.Card("cv25519", new CardOptions { WrongPinTellsTries = tellsTries });
        using CardSession session = Open(card, keys.Parsed(Plain, ["cv25519"]));
        Assert.Equal(new UnlockResult.WrongPin(2), session.Unlock(Pins.Make("999999")));
        Assert.Equal(2, card.UserTriesLeft);
        Assert.Equal(2, session.TriesLeft);
        Assert.Equal(new UnlockResult.WrongPin(1), session.Unlock(Pins.Make("999998")));
        Assert.IsType<UnlockResult.PinBlocked>(session.Unlock(Pins.Make("999997")));
        Assert.Equal(3, card.VerifyCount);
        Assert.IsType<UnlockResult.PinBlocked>(session.Unlock(Pins.Make("123456")));
        Assert.Equal(3, card.VerifyCount);
    }

    [Fact]
    public void Right_pin_after_a_wrong_one_opens()
    {
        VirtualCard card = keys.Card("rsa2048");
        using CardSession session = Open(card, keys.Parsed(Plain, ["rsa2048"]));
        Assert.Equal(new UnlockResult.WrongPin(2), session.Unlock(Pins.Make("654321")));
        AssertKey(Plain, session.Unlock(Pins.Make("123456")));
        Assert.Equal(3, card.UserTriesLeft);
    }

    [Fact]
    public void Pin_of_impossible_length_never_reaches_the_card()
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card, keys.Parsed(Plain, ["cv25519"]));
        foreach (int length in (int[])[1, 5, 128, 200])
        {
            SecretBuffer pin = SecretBuffer.Allocate(256);
            pin.Resize(length).Fill((byte)'1');
            Assert.Equal(new UnlockResult.WrongPin(3), session.Unlock(pin));
            Assert.True(pin.IsClosed);
        }

        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void Second_volume_needs_no_second_pin()
    {
        VirtualCard card = keys.Card("cv25519");
        EncryptedKey message = keys.Parsed(Plain, ["cv25519"]);
        using (CardSession first = Open(card, message))
        {
            AssertKey(Plain, first.Unlock(Pins.Make("123456")));
        }

        card.ClearLog();
        using CardSession second = Open(card, message);
        Assert.True(second.Describe("reader").AlreadyVerified);
        AssertKey(Plain, second.Unlock(SecretBuffer.Allocate(1)));
        Assert.Equal(0, card.VerifyCount);
        Assert.DoesNotContain(card.Log, entry => entry.Ins == 0xA4);
    }

    [Fact]
    public void Verified_state_that_turns_out_lost_asks_the_person_again()
    {
        VirtualCard card = keys.Card("cv25519");
        EncryptedKey message = keys.Parsed(Plain, ["cv25519"]);
        using (CardSession first = Open(card, message))
        {
            AssertKey(Plain, first.Unlock(Pins.Make("123456")));
        }

        using CardSession second = Open(card, message);
        card.Faults.FailInstruction(DecipherInstruction, 0x6982);
        Assert.IsType<UnlockResult.CardRemoved>(second.Unlock(SecretBuffer.Allocate(1)));
        Assert.False(second.Describe("reader").AlreadyVerified);
        Assert.Equal(1, card.VerifyCount);
    }

    [Fact]
    public void Empty_pin_for_a_card_that_is_not_verified_asks_the_person_again()
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card, keys.Parsed(Plain, ["cv25519"]));
        Assert.IsType<UnlockResult.CardRemoved>(session.Unlock(SecretBuffer.Allocate(1)));
        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void Pin_derivation_that_cannot_be_read_is_not_taken_for_none()
    {
        EncryptedKey message = keys.Parsed(Plain, ["cv25519"]);
        foreach (ushort status in (ushort[])[0x6F00, 0x6982, 0x6400, 0x6985, 0x6E00, 0x0000])
        {
            Assert.Null(WithDerivation(status, keys.Card("cv25519"), message));
        }

        foreach (ushort status in (ushort[])[0x6A88, 0x6A83, 0x6A82, 0x6A86, 0x6B00, 0x6D00, 0x6A81])
        {
            using CardSession session = WithDerivation(status, keys.Card("cv25519"), message)!;
            AssertKey(Plain, session.Unlock(Pins.Make("123456")));
        }
    }

    [Fact]
    public void Pin_is_not_sent_where_its_derivation_is_not_known()
    {
        VirtualCard card = keys.Card("cv25519");
        var transport = new ChangedTransport(new CardTransport(card), [0x81, 1, 0, 0x90, 0x00], [0x81, 1, 9, 0x90, 0x00]);
        using CardSession session = CardSession.Open(transport, false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true)!;
        Assert.Equal(1, transport.Changes);
        Assert.IsType<UnlockResult.ReaderError>(session.Unlock(Pins.Make("123456")));
        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void Card_that_takes_the_pin_and_then_wants_one_was_reset_and_the_person_is_asked()
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card, keys.Parsed(Plain, ["cv25519"]));
        card.Faults.FailInstruction(DecipherInstruction, 0x6982);
        Assert.IsType<UnlockResult.CardRemoved>(session.Unlock(Pins.Make("123456")));
        Assert.False(session.Verified);
        Assert.Equal(1, card.VerifyCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Card_that_claims_an_impossible_modulus_does_not_match(bool extended)
    {
        VirtualCard card = keys.Card("rsa2048", new CardOptions { ExtendedLength = extended });
        EncryptedKey message = keys.Parsed(Plain, ["rsa2048"], "--throw-keyids");
        var transport = new ChangedTransport(new CardTransport(card), [0xC2, 6, 1, 0x08, 0x00], [0xC2, 6, 1, 0xFF, 0xFF]);
        using CardSession session = CardSession.Open(transport, false, [message], askVerified: true)!;
        Assert.Equal(1, transport.Changes);
        Assert.False(session.Describe("reader").MatchesKey);
        Assert.IsType<UnlockResult.NoMatchingKey>(session.Unlock(Pins.Make("123456")));
        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void Any_status_word_at_any_command_costs_at_most_the_one_verify()
    {
        EncryptedKey message = keys.Parsed(Plain, ["rsa2048"]);
        VirtualCard card = keys.Card("rsa2048", new CardOptions { ExtendedLength = false });
        int commands = CommandsOfOneUnlock(card, message);
        ushort[] statuses = [0x6285, 0x63C0, 0x63C2, 0x6581, 0x6600, 0x6700, 0x6881, 0x6882, 0x6982, 0x6983, 0x6985, 0x6A80, 0x6A82, 0x6A88, 0x6B00, 0x6C00, 0x6C10, 0x6100, 0x6D00, 0x6E00, 0x6F00, 0x0000, 0xFFFF];
        for (int n = 1; n <= commands; n++)
        {
            foreach (ushort status in statuses)
            {
                card.PowerOff();
                card.ClearLog();
                card.Faults.Clear();
                card.Faults.FailAt(n, status);
                UnlockResult? result = TryUnlock(card, message);
                Assert.InRange(card.VerifyCount, 0, 1);
                Assert.Equal(3, card.UserTriesLeft);
                if (result is UnlockResult.Key key)
                {
                    AssertKey(Plain, key);
                }
            }
        }
    }

    [Theory]
    [InlineData("rsa2048")]
    [InlineData("cv25519")]
    public void Card_pulled_at_any_command_costs_at_most_the_one_verify(string algorithm)
    {
        EncryptedKey message = keys.Parsed(Plain, [algorithm]);
        VirtualCard card = keys.Card(algorithm, new CardOptions { ExtendedLength = false });
        int commands = CommandsOfOneUnlock(card, message);
        for (int n = 1; n <= commands; n++)
        {
            foreach (bool afterWork in (bool[])[false, true])
            {
                card.PowerOff();
                card.ClearLog();
                card.Faults.Clear();
                card.Faults.PullAt(n, afterWork);
                PcscException removed = Assert.Throws<PcscException>(() => TryUnlock(card, message));
                Assert.True(removed.IsCardGone);
                Assert.InRange(card.VerifyCount, 0, 1);
                Assert.Equal(3, card.UserTriesLeft);
            }
        }
    }

    [Fact]
    public void Verify_is_sent_once_whatever_it_answers()
    {
        EncryptedKey message = keys.Parsed(Plain, ["cv25519"]);
        for (int status = 0x6000; status <= 0x6FFF; status++)
        {
            VirtualCard card = keys.Card("cv25519");
            using CardSession session = Open(card, message);
            card.Faults.FailInstruction(VerifyInstruction, (ushort)status);
            card.ClearLog();
            Assert.IsNotType<UnlockResult.Key>(session.Unlock(Pins.Make("123456")));
            Assert.InRange(card.VerifyCount, 0, 1);
            Assert.DoesNotContain(card.Log, entry => entry.Ins == DecipherInstruction);
        }
    }

    private static CardSession Open(VirtualCard card, EncryptedKey message, bool characterProtocol = false) =>
        CardSession.Open(new CardTransport(card), characterProtocol, [message], askVerified: true)!;

    private static CardSession? WithDerivation(ushort status, VirtualCard card, EncryptedKey message)
    {
        var transport = new ChangedTransport(
            new CardTransport(card), [0x81, 1, 0, 0x90, 0x00], [(byte)(status >> 8), (byte)status], shorten: true);
        CardSession? session = CardSession.Open(transport, false, [message], askVerified: true);
        Assert.Equal(1, transport.Changes);
        return session;
    }

    private static int CommandsOfOneUnlock(VirtualCard card, EncryptedKey message)
    {
        card.ClearLog();
        AssertKey(Plain, TryUnlock(card, message)!);
        return card.Log.Count;
    }

    private static UnlockResult? TryUnlock(VirtualCard card, EncryptedKey message)
    {
        using CardSession? session = Open(card, message);
        return session?.Unlock(Pins.Make("123456"));
    }

    private static void AssertKey(byte[] expected, UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(expected, secret.Span.ToArray());
    }
}
