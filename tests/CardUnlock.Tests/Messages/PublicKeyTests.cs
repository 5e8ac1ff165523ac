// SPDX-License-Identifier: GPL-3.0-or-later
// The recipients' public keys beside a key file: as gpg exports them, as they are damaged, and whose name they tell.

using System.Text;
using static CardUnlock.Tests.PacketMaker;

namespace CardUnlock.Tests;

public sealed class PublicKeyTests
{
    private static readonly byte[] SessionKey = [7, .. new byte[16]];
    private static readonly SoftCard Card = new(SoftCard.Ecdh, kdf: [10, 9]);
    private static readonly byte[] Message = [.. Card.SessionKeyPacket(SessionKey), .. Mdc(SessionKey, Literal([1, 2, 3]))];

    public static TheoryData<string> Recordings => [.. Transcript.Names];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Exported_key_names_the_recordings_card(string name)
    {
        Transcript transcript = Transcript.Load(name);
        byte[] exported = File.ReadAllBytes(Path.Combine(Transcript.Root, name, "pub.gpg"));
        EncryptedKey message = MessageAssert.Parse(transcript.Message, exported);
        Assert.Single(message.WantedCards);
        Assert.DoesNotContain('@', message.WantedCards[0].Name);
        string armour = ArmourTests.Armour(exported, "Version: 1\n", kind: "PUBLIC KEY BLOCK");
        byte[] armoured = Encoding.ASCII.GetBytes("Jane's key:\r\n" + armour);
        Assert.Equal(message.WantedCards, MessageAssert.Parse(transcript.Message, armoured).WantedCards);

        using CardSession session = CardSession.Open(new ReplayTransport(transcript), false, [message], askVerified: true)!;
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(session.Unlock(Pins.Make("123456"))).Secret;
        Assert.Equal(transcript.Plain, secret.Span.ToArray());
    }

    [Theory]
    [InlineData("Jane Doe <jane@example.org>", "Jane Doe")]
    [InlineData("Jane Doe (at home) <jane@example.org>", "Jane Doe")]
    [InlineData("Jane Doe", "Jane Doe")]
    [InlineData("Zoë Ångström <z@example.org>", "Zoë Ångström")]
    [InlineData("\u001B[31mJane\u0007 <jane@example.org>", "[31mJane")]
    [InlineData("jane@example.org", null)]
    [InlineData("<jane@example.org>", null)]
    [InlineData("", null)]
    public void Name_is_the_user_ids_without_mail_and_comment(string userId, string? expected)
    {
        IReadOnlyList<WantedCard> wanted = MessageAssert.Parse(Message, Card.PublicKey(userId)).WantedCards;
        Assert.Equal(expected is null ? [] : [new WantedCard(expected, "")], wanted);
    }

    [Fact]
    public void Only_the_recipients_are_named_each_once_and_a_callers_own_word_goes_first()
    {
        var other = new SoftCard(SoftCard.X448, version: 6);
        byte[] both = [.. other.PublicKey("Other"), .. Card.PublicKey("Jane"), .. Card.PublicKey("Jane")];
        Assert.Equal([new WantedCard("Jane", "")], MessageAssert.Parse(Message, both).WantedCards);
        Assert.Empty(MessageAssert.Parse(Message, other.PublicKey("Other")).WantedCards);
        WantedCard[] own = [new("", "4711")];
        Assert.Equal(MessageFault.None, EncryptedKey.Parse(Message, both, own, out EncryptedKey? message));
        Assert.Equal(own, message!.WantedCards);
    }

    [Fact]
    public void Subkey_bears_its_primary_keys_first_name()
    {
        byte[] keys =
        [
            .. Packet(6, new SoftCard(SoftCard.Rsa).PublicPacketBody), .. Packet(13, "Jane <j@x.org>"u8.ToArray()),
            .. Packet(2, new byte[70]), .. Packet(13, "Second"u8.ToArray()), .. Packet(17, new byte[9]),
            .. Packet(14, new SoftCard(SoftCard.X25519).PublicPacketBody), .. Packet(14, Card.PublicPacketBody),
            .. Packet(12, 1, 2), .. Packet(2, new byte[70]),
        ];
        EncryptedKey message = MessageAssert.Parse(Message, keys);
        Assert.Equal([new WantedCard("Jane", "")], message.WantedCards);
        MessageAssert.Opens(message, Card, Card.Data, SessionKey, [1, 2, 3]);
    }

    [Fact]
    public void What_is_no_file_of_public_keys_is_named()
    {
        byte[] key = Card.PublicKey("Jane");
        Assert.Equal(MessageFault.NotOpenPgp, Fault("Jane's key"u8.ToArray()));
        Assert.Equal(MessageFault.NotOpenPgp, Fault(Message));
        Assert.Equal(MessageFault.NotOpenPgp, Fault(Packet(5, new byte[60])));
        Assert.Equal(MessageFault.Truncated, Fault(key[..^1]));
        Assert.Equal(MessageFault.TooLarge, Fault(new byte[EncryptedKey.MaxFileLength + 1]));
        Assert.Equal(MessageFault.TooLarge, Fault([.. Enumerable.Repeat(key, 300).SelectMany(bytes => bytes)]));
        Assert.Equal(MessageFault.NotOpenPgp, Fault(Encoding.ASCII.GetBytes(ArmourTests.Armour(key, ""))));
    }

    [Fact]
    public void Keys_of_unknown_versions_and_forms_are_left_out()
    {
        byte[] body = Card.PublicPacketBody;
        byte[] version3 = [3, .. body[1..]];
        byte[] cut = body[..^1];
        foreach (byte[] odd in (byte[][])[version3, cut, [4], [], [6, 0, 0, 0, 0, 25, 0, 0, 0, 1, 9], body[..7]])
        {
            EncryptedKey message = MessageAssert.Parse(Message, [.. Packet(6, odd), .. Packet(13, "Odd"u8.ToArray())]);
            Assert.Empty(message.WantedCards);
            MessageAssert.Opens(message, Card, Card.Data, SessionKey, [1, 2, 3]);
        }
    }

    [Fact]
    public void Damage_anywhere_never_crashes_and_never_gives_another_key()
    {
        byte[] keys = [.. new SoftCard(SoftCard.X25519).PublicKey("Other"), .. Card.PublicKey("Jane")];
        for (int bit = 0; bit < keys.Length * 8; bit++)
        {
            byte[] changed = [.. keys];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (EncryptedKey.Parse(Message, changed, out EncryptedKey? message) == MessageFault.None)
            {
                SessionKeyPacket packet = message!.CandidatesFor(Card.Data).Single();
                using SecretBuffer? secret = message.Open(packet, Card.Data, Card.Answer(packet.Cryptogram(Card.Data)), out _);
                Assert.True(secret is null || secret.Span.SequenceEqual<byte>([1, 2, 3]));
            }
        }
    }

    private static MessageFault Fault(byte[] publicKeys)
    {
        MessageFault fault = EncryptedKey.Parse(Message, publicKeys, out EncryptedKey? message);
        Assert.Null(message);
        return fault;
    }
}
