// SPDX-License-Identifier: GPL-3.0-or-later
// Session key packets of both versions, for every kind of key, named and hidden, one and several.

using System.Security.Cryptography;
using static CardUnlock.Tests.PacketMaker;

namespace CardUnlock.Tests;

public sealed class RecipientTests
{
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 5))];
    private static readonly byte[] SessionKey = [9, .. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static TheoryData<byte, string> Keys => new()
    {
        { SoftCard.Rsa, "" },
        { SoftCard.X25519, "" },
        { SoftCard.X448, "" },
        { SoftCard.Ecdh, "2B060104019755010501" },
        { SoftCard.Ecdh, "2B656F" },
        { SoftCard.Ecdh, "2A8648CE3D030107" },
        { SoftCard.Ecdh, "2B81040022" },
        { SoftCard.Ecdh, "2B81040023" },
        { SoftCard.Ecdh, "2B2403030208010107" },
        { SoftCard.Ecdh, "2B240303020801010B" },
        { SoftCard.Ecdh, "2B240303020801010D" },
        { SoftCard.Ecdh, "2B8104000A" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public void Both_packet_versions_open_for_keys_of_both_versions(byte algorithm, string oid)
    {
        foreach (byte keyVersion in (byte[])[4, 6])
        {
            var card = new SoftCard(algorithm, Convert.FromHexString(oid) is { Length: > 0 } bytes ? bytes : null, keyVersion);
            byte[] publicKey = card.PublicKey("Jane Doe <jane@example.org>");
            byte[] third = [.. card.SessionKeyPacket(SessionKey), .. Mdc(SessionKey, Literal(Plain))];
            MessageAssert.Opens(MessageAssert.Parse(third, publicKey), card, card.Data, SessionKey, Plain);
            byte[] sixth = [.. card.SessionKeyPacket(SessionKey, 6), .. Aead(Ocb, SessionKey, Literal(Plain))];
            MessageAssert.Opens(MessageAssert.Parse(sixth, publicKey), card, card.Data, [0, .. SessionKey[1..]], Plain);
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Hidden_recipient_opens(byte algorithm, string oid)
    {
        var card = new SoftCard(algorithm, Convert.FromHexString(oid) is { Length: > 0 } bytes ? bytes : null);
        byte[] publicKey = card.PublicKey("Jane");
        byte[] third = [.. card.SessionKeyPacket(SessionKey, 3, hidden: true), .. Mdc(SessionKey, Literal(Plain))];
        EncryptedKey message = MessageAssert.Parse(third, publicKey);
        Assert.True(message.CandidatesFor(card.Data).Single().IsAnonymous);
        Assert.Empty(message.WantedCards);
        MessageAssert.Opens(message, card, card.Data, SessionKey, Plain);
        byte[] sixth =
        [
            .. card.SessionKeyPacket(SessionKey, 6, hidden: true), .. Aead(Gcm, SessionKey, Literal(Plain)),
        ];
        MessageAssert.Opens(MessageAssert.Parse(sixth, publicKey), card, card.Data, [0, .. SessionKey[1..]], Plain);
    }

    [Theory]
    [InlineData(SoftCard.X25519)]
    [InlineData(SoftCard.X448)]
    public void Public_key_comes_from_the_card_where_no_file_has_it(byte algorithm)
    {
        var card = new SoftCard(algorithm);
        byte[] file = [.. card.SessionKeyPacket(SessionKey), .. Mdc(SessionKey, Literal(Plain))];
        EncryptedKey message = MessageAssert.Parse(file);
        Assert.Equal(Opening.Unsupported, MessageAssert.Fails(message, card, card.Data));
        CardData asked = card.Data with { };
        asked.PublicKeyReader = () => card.Point;
        MessageAssert.Opens(message, card, asked, SessionKey, Plain);
    }

    [Fact]
    public void Parameters_of_the_public_key_are_used_and_without_it_those_that_fit_are_found()
    {
        foreach (byte hash in (byte[])[8, 9, 10])
        {
            foreach (byte cipher in (byte[])[7, 8, 9])
            {
                var card = new SoftCard(SoftCard.Ecdh, kdf: [hash, cipher]);
                byte[] file = [.. card.SessionKeyPacket(SessionKey), .. Mdc(SessionKey, Literal(Plain))];
                MessageAssert.Opens(MessageAssert.Parse(file), card, card.Data, SessionKey, Plain);
                byte[] publicKey = card.PublicKey("Jane");
                MessageAssert.Opens(MessageAssert.Parse(file, publicKey), card, card.Data, SessionKey, Plain);
            }
        }
    }

    [Fact]
    public void Parameters_that_no_specification_allows_are_unsupported()
    {
        var card = new SoftCard(SoftCard.Ecdh, kdf: [2, 7]);
        byte[] file = [.. card.SessionKeyPacket(SessionKey), .. Mdc(SessionKey, Literal(Plain))];
        EncryptedKey message = MessageAssert.Parse(file, card.PublicKey("Jane"));
        Assert.Equal(Opening.Unsupported, MessageAssert.Fails(message, card, card.Data));
    }

    [Fact]
    public void Card_may_answer_the_point_its_prefix_or_a_short_coordinate()
    {
        var native = new SoftCard(SoftCard.Ecdh);
        byte[] file = [.. native.SessionKeyPacket(SessionKey), .. Mdc(SessionKey, Literal(Plain))];
        SessionKeyPacket packet = MessageAssert.Parse(file).CandidatesFor(native.Data).Single();
        byte[] answer = native.Answer(packet.Cryptogram(native.Data));
        AssertSessionKey(packet, native.Data, [0x40, .. answer]);

        // Until a coordinate begins with a zero.
        byte[] x;
        do
        {
            var card = new SoftCard(SoftCard.Ecdh, Convert.FromHexString("2A8648CE3D030107"));
            file = [.. card.SessionKeyPacket(SessionKey), .. Mdc(SessionKey, Literal(Plain))];
            packet = MessageAssert.Parse(file).CandidatesFor(card.Data).Single();
            x = card.Answer(packet.Cryptogram(card.Data));
            AssertSessionKey(packet, card.Data, [0x04, .. x, .. new byte[32]]);
            AssertSessionKey(packet, card.Data, [.. x.SkipWhile(b => b == 0)]);
        }
        while (x[0] != 0);
    }

    // P-521's coordinates have 66 bytes, of which the first is 0 or 1.
    [Fact]
    public void Short_coordinate_that_begins_as_a_point_does_is_a_coordinate()
    {
        const int Shortened = 65;
        const byte UncompressedPoint = 4;
        for (int tries = 0; tries < 100_000; tries++)
        {
            var card = new SoftCard(SoftCard.Ecdh, Convert.FromHexString("2B81040023"));
            byte[] file = [.. card.SessionKeyPacket(SessionKey), .. Mdc(SessionKey, Literal(Plain))];
            SessionKeyPacket packet = MessageAssert.Parse(file).CandidatesFor(card.Data).Single();
            byte[] answer = [.. card.Answer(packet.Cryptogram(card.Data)).SkipWhile(static b => b == 0)];
            if (answer.Length == Shortened && answer[0] == UncompressedPoint)
            {
                AssertSessionKey(packet, card.Data, answer);
                return;
            }
        }

        Assert.Fail("No such coordinate.");
    }

    [Fact]
    public void Named_packet_comes_first_and_the_hidden_ones_follow()
    {
        var card = new SoftCard(SoftCard.Ecdh);
        var other = new SoftCard(SoftCard.Ecdh);
        byte[] hidden = other.SessionKeyPacket(SessionKey, 3, hidden: true);
        byte[] data = Mdc(SessionKey, Literal(Plain));
        byte[] file =
        [
            .. Enumerable.Repeat(hidden, 8).SelectMany(packet => packet), .. other.SessionKeyPacket(SessionKey),
            .. card.SessionKeyPacket(SessionKey), .. data,
        ];
        SessionKeyPacket[] candidates = [.. MessageAssert.Parse(file).CandidatesFor(card.Data)];
        Assert.Equal(9, candidates.Length);
        Assert.False(candidates[0].IsAnonymous);
        Assert.All(candidates[1..], candidate => Assert.True(candidate.IsAnonymous));
        Assert.Equal(
            Opening.NotTheRecipient, MessageAssert.Fails(MessageAssert.Parse([.. hidden, .. data]), card, card.Data));
    }

    [Fact]
    public void Curve_of_another_kind_or_length_is_not_for_the_card()
    {
        string[] curves = [.. Keys.Select(row => row.Data.Item2).Where(oid => oid.Length > 0)];
        foreach (string of in curves)
        {
            var sender = new SoftCard(SoftCard.Ecdh, Convert.FromHexString(of));
            byte[] file = [.. sender.SessionKeyPacket(SessionKey, 3, hidden: true), .. Mdc(SessionKey, Literal(Plain))];
            EncryptedKey message = MessageAssert.Parse(file);
            foreach (string mine in curves)
            {
                Curve wanted = Curve.Find(Convert.FromHexString(of))!;
                Curve held = Curve.Find(Convert.FromHexString(mine))!;
                bool fits = (wanted.IsNative, wanted.FieldLength) == (held.IsNative, held.FieldLength);
                Assert.Equal(fits, message.CandidatesFor(new SoftCard(SoftCard.Ecdh, Convert.FromHexString(mine)).Data).Any());
            }
        }
    }

    [Fact]
    public void Key_of_version_6_is_found_by_the_20_bytes_that_a_card_keeps()
    {
        var card = new SoftCard(SoftCard.X25519, version: 6);
        byte[] file = [.. card.SessionKeyPacket(SessionKey, 6), .. Aead(Ocb, SessionKey, Literal(Plain))];
        EncryptedKey message = MessageAssert.Parse(file, card.PublicKey("Jane"));
        Assert.Single(message.CandidatesFor(card.Data));
        Assert.Empty(message.CandidatesFor(card.DataWith(card.Fingerprint[12..])));
        Assert.Equal([new WantedCard("Jane", "")], message.WantedCards);
    }

    [Fact]
    public void Version_5_key_of_gnupg_is_named_by_its_first_bytes_and_derives_with_20_of_them()
    {
        var card = new SoftCard(SoftCard.Ecdh, SoftCard.Oid448, version: 5, kdf: [10, 9]);
        byte[] file = [.. card.SessionKeyPacket(SessionKey), .. Mdc(SessionKey, Literal(Plain))];
        MessageAssert.Opens(MessageAssert.Parse(file), card, card.Data, SessionKey, Plain);
        EncryptedKey message = MessageAssert.Parse(file, card.PublicKey("Jane"));
        Assert.Equal([new WantedCard("Jane", "")], message.WantedCards);
        MessageAssert.Opens(message, card, card.Data, SessionKey, Plain);
    }

    [Fact]
    public void Session_key_for_another_version_of_data_is_not_used()
    {
        var card = new SoftCard(SoftCard.X25519);
        byte[] literal = Literal(Plain);
        byte[] third = card.SessionKeyPacket(SessionKey);
        byte[] sixth = card.SessionKeyPacket(SessionKey, 6);
        byte[] mdc = Mdc(SessionKey, literal);
        byte[] aead = Aead(Ocb, SessionKey, literal);
        Assert.Equal(MessageFault.UnsupportedAlgorithm, EncryptedKey.Parse([.. third, .. aead], out _));
        Assert.Equal(MessageFault.UnsupportedAlgorithm, EncryptedKey.Parse([.. sixth, .. mdc], out _));
        EncryptedKey both = MessageAssert.Parse([.. third, .. sixth, .. aead], card.PublicKey("Jane"));
        Assert.Equal(6, both.CandidatesFor(card.Data).Single().Version);
        MessageAssert.Opens(both, card, card.Data, [0, .. SessionKey[1..]], Plain);
    }

    [Fact]
    public void Every_flipped_bit_of_a_session_key_packet_gives_no_key_or_the_same()
    {
        foreach (byte algorithm in (byte[])[SoftCard.Ecdh, SoftCard.X25519, SoftCard.X448, SoftCard.Rsa])
        {
            foreach (byte version in (byte[])[3, 6])
            {
                var card = new SoftCard(algorithm);
                byte[] packet = card.SessionKeyPacket(SessionKey, version);
                byte[] literal = Literal(Plain);
                byte[] data = version == 3 ? Mdc(SessionKey, literal) : Aead(Eax, SessionKey, literal);
                AssertNoFlipMatters(card, packet, data);
            }
        }
    }

    private static void AssertNoFlipMatters(SoftCard card, byte[] packet, byte[] data)
    {
        byte[] publicKey = card.PublicKey("Jane");
        byte[] expected = [.. SessionKey[1..]];
        for (int bit = 0; bit < packet.Length * 8; bit++)
        {
            byte[] file = [.. packet, .. data];
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            if (EncryptedKey.Parse(file, publicKey, out EncryptedKey? message) != MessageFault.None)
            {
                continue;
            }

            foreach (SessionKeyPacket candidate in message!.CandidatesFor(card.Data))
            {
                if (Answer(card, candidate) is byte[] answer
                    && candidate.SessionKey(card.Data, answer, out SecretBuffer? key) == Opening.Opened)
                {
                    using SecretBuffer secret = key!;
                    Assert.Equal(expected, secret.Span[1..].ToArray());
                }
            }
        }
    }

    // A changed point may lie on no curve, a changed cryptogram hold no padding: the card's own error.
    private static byte[]? Answer(SoftCard card, SessionKeyPacket packet)
    {
        try
        {
            return card.Answer(packet.Cryptogram(card.Data));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void AssertSessionKey(SessionKeyPacket packet, CardData data, byte[] answer)
    {
        Assert.Equal(Opening.Opened, packet.SessionKey(data, answer, out SecretBuffer? key));
        using SecretBuffer secret = key!;
        Assert.Equal(SessionKey, secret.Span.ToArray());
    }
}
