// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that no gpg makes, from the PIN to the key through a simulated card's own commands.

using CardSimulator;
using static CardUnlock.Tests.PacketMaker;

namespace CardUnlock.Tests;

public sealed class MessageSessionTests
{
    private const byte DecipherInstruction = 0x2A;
    private const byte GenerateInstruction = 0x47;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 17))];
    private static readonly byte[] SessionKey = [9, .. Enumerable.Range(3, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void X25519_key_of_rfc_9580_opens_and_the_card_tells_its_point_where_no_file_does(bool withPublicKey)
    {
        var key = new SoftCard(SoftCard.X25519, version: 6);
        byte[] file = [.. key.SessionKeyPacket(SessionKey, 6), .. Aead(Ocb, SessionKey, Literal(Plain))];
        VirtualCard card = CardWith(key);
        using CardSession session = Open(card, MessageAssert.Parse(file, withPublicKey ? key.PublicKey("Jane") : null));
        AssertKey(session.Unlock(Pins.Make("123456")));
        Assert.Equal(withPublicKey ? 0 : 1, card.Log.Count(entry => entry.Ins == GenerateInstruction));
    }

    [Fact]
    public void Cipher_that_is_not_known_is_unsupported_and_not_damaged()
    {
        var key = new SoftCard(SoftCard.Ecdh);
        byte[] data = Mdc(SessionKey, Literal(Plain));
        byte[] odd = key.SessionKeyPacket([110, .. SessionKey[1..]]);
        using CardSession unknown = Open(CardWith(key), MessageAssert.Parse([.. odd, .. data]));
        Assert.IsType<UnlockResult.UnsupportedMessage>(unknown.Unlock(Pins.Make("123456")));
        byte[] wrong = key.SessionKeyPacket([9, .. new byte[32]]);
        using CardSession other = Open(CardWith(key), MessageAssert.Parse([.. wrong, .. data]));
        Assert.IsType<UnlockResult.DamagedMessage>(other.Unlock(Pins.Make("123456")));
    }

    [Fact]
    public void Hidden_recipients_that_are_others_cost_one_decipher_each_and_one_verify()
    {
        var mine = new SoftCard(SoftCard.Ecdh);
        var others = new SoftCard(SoftCard.Ecdh);
        byte[] theirs = others.SessionKeyPacket(SessionKey, 3, hidden: true);
        byte[] data = Mdc(SessionKey, Literal(Plain));
        (int Before, bool Last, int Asked)[] cases = [(2, true, 3), (7, true, 8), (3, false, 3), (20, true, 8)];
        foreach ((int before, bool last, int asked) in cases)
        {
            byte[] file =
            [
                .. Enumerable.Repeat(theirs, before).SelectMany(packet => packet),
                .. last ? mine.SessionKeyPacket(SessionKey, 3, hidden: true) : [], .. data,
            ];
            VirtualCard card = CardWith(mine);
            using CardSession session = Open(card, MessageAssert.Parse(file));
            UnlockResult result = session.Unlock(Pins.Make("123456"));
            if (last && before < 8)
            {
                AssertKey(result);
            }
            else
            {
                Assert.IsType<UnlockResult.NoMatchingKey>(result);
                Assert.False(session.Describe("reader").MatchesKey);
            }

            Assert.Equal(asked, card.Log.Count(entry => entry.Ins == DecipherInstruction));
            Assert.Equal(1, card.VerifyCount);
        }
    }

    [Fact]
    public void Hidden_recipient_of_another_kind_costs_nothing()
    {
        var mine = new SoftCard(SoftCard.Ecdh);
        byte[] theirs = new SoftCard(SoftCard.Rsa).SessionKeyPacket(SessionKey, 3, hidden: true);
        byte[] file =
        [
            .. theirs, .. mine.SessionKeyPacket(SessionKey, 3, hidden: true), .. Mdc(SessionKey, Literal(Plain)),
        ];
        VirtualCard card = CardWith(mine);
        using CardSession session = Open(card, MessageAssert.Parse(file));
        AssertKey(session.Unlock(Pins.Make("123456")));
        Assert.Equal(1, card.Log.Count(entry => entry.Ins == DecipherInstruction));
    }

    [Theory]
    [InlineData(true, true, 2)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    public void Message_to_another_card_does_not_hide_the_one_to_this_card(bool firstHidden, bool secondHidden, int asked)
    {
        var mine = new SoftCard(SoftCard.Ecdh);
        var other = new SoftCard(SoftCard.Ecdh);
        byte[] data = Mdc(SessionKey, Literal(Plain));
        EncryptedKey first = MessageAssert.Parse([.. other.SessionKeyPacket(SessionKey, 3, firstHidden), .. data]);
        EncryptedKey second = MessageAssert.Parse([.. mine.SessionKeyPacket(SessionKey, 3, secondHidden), .. data]);
        VirtualCard card = CardWith(mine);
        using CardSession session = Open(card, first, second);
        AssertKey(session.Unlock(Pins.Make("123456")));
        Assert.Equal(asked, card.Log.Count(entry => entry.Ins == DecipherInstruction));
        Assert.Equal(1, card.VerifyCount);
    }

    [Fact]
    public void Damaged_message_does_not_hide_a_sound_one_to_the_same_card()
    {
        var key = new SoftCard(SoftCard.Ecdh);
        byte[] sound = [.. key.SessionKeyPacket(SessionKey), .. Mdc(SessionKey, Literal(Plain))];
        byte[] damaged = [.. sound];
        damaged[^1] ^= 1;
        VirtualCard card = CardWith(key);
        using CardSession session = Open(card, MessageAssert.Parse(damaged), MessageAssert.Parse(sound));
        AssertKey(session.Unlock(Pins.Make("123456")));
        Assert.Equal(1, card.VerifyCount);
        using CardSession hopeless = Open(CardWith(key), MessageAssert.Parse(damaged), MessageAssert.Parse(damaged));
        Assert.IsType<UnlockResult.DamagedMessage>(hopeless.Unlock(Pins.Make("123456")));
    }

    private static VirtualCard CardWith(SoftCard key)
    {
        var card = new VirtualCard();
        card.ImportX25519DecryptionKey([.. key.Secret.Reverse()], key.Fingerprint[..20], DateTimeOffset.UnixEpoch);
        return card;
    }

    private static CardSession Open(VirtualCard card, params EncryptedKey[] messages)
    {
        CardSession session = CardSession.Open(new CardTransport(card), false, messages, askVerified: true)!;
        Assert.True(session.Describe("reader").MatchesKey);
        return session;
    }

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }
}
