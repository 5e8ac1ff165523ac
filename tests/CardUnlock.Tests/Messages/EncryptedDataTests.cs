// SPDX-License-Identifier: GPL-3.0-or-later
// Encrypted data packets of every kind with every cipher, and what may lie inside them.

using System.IO.Compression;
using static CardUnlock.Tests.PacketMaker;

namespace CardUnlock.Tests;

public sealed class EncryptedDataTests
{
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 11))];
    private static readonly SoftCard Card = new(SoftCard.X25519);

    public static TheoryData<byte> Ciphers => [.. KeyLengths.Keys];

    public static TheoryData<byte, byte> AeadCiphers =>
        [.. from mode in (byte[])[1, 2, 3] from cipher in (byte[])[7, 8, 9, 10, 11, 12, 13] select (mode, cipher)];

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Mdc_opens_with_every_cipher(byte cipher)
    {
        byte[] sessionKey = SessionKey(cipher);
        AssertOpens(sessionKey, 3, Mdc(sessionKey, Literal(Plain)));
    }

    [Theory]
    [MemberData(nameof(AeadCiphers))]
    public void Authenticated_modes_open_with_every_cipher_and_any_number_of_chunks(byte mode, byte cipher)
    {
        byte[] sessionKey = SessionKey(cipher);
        foreach (int length in (int[])[1, 50, 51, 52, 200, 8192])
        {
            byte[] plain = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 3))];
            byte[] literal = Literal(plain);
            AssertOpens(sessionKey, 6, Aead(mode, sessionKey, literal, (byte)(length % 3)), plain);
            if (mode != Gcm)
            {
                AssertOpens(sessionKey, 3, GnuPgAead(mode, sessionKey, literal, (byte)(length % 3)), plain);
            }
        }
    }

    [Fact]
    public void Chunk_sizes_end_where_their_specifications_end()
    {
        byte[] sessionKey = SessionKey(9);
        byte[] literal = Literal(Plain);
        AssertOpens(sessionKey, 6, Aead(Ocb, sessionKey, literal, 16));
        AssertOpens(sessionKey, 3, GnuPgAead(Ocb, sessionKey, literal, 56));
        Assert.Equal(MessageFault.UnsupportedAlgorithm, Fault(6, Aead(Ocb, sessionKey, literal, 17)));
        Assert.Equal(MessageFault.UnsupportedAlgorithm, Fault(3, GnuPgAead(Ocb, sessionKey, literal, 57)));
    }

    [Fact]
    public void What_is_not_known_is_named_before_and_after_the_card_was_asked()
    {
        byte[] sessionKey = SessionKey(9);
        byte[] aead = Aead(Ocb, sessionKey, Literal(Plain));
        byte[] mode = [.. aead];
        mode[8] = 4;
        Assert.Equal(MessageFault.UnsupportedAlgorithm, Fault(6, mode));
        byte[] cipher = [.. aead];
        cipher[7] = 99;
        Assert.Equal(MessageFault.UnsupportedAlgorithm, Fault(6, cipher));
        byte[] version = [.. aead];
        version[6] = 3;
        Assert.Equal(MessageFault.UnsupportedAlgorithm, Fault(6, version));

        // A block of 8 bytes has no authenticated mode.
        byte[] small = [.. aead];
        small[7] = 4;
        Assert.Equal(Opening.Unsupported, Decrypted(6, small, [0, .. new byte[16]]));
        Assert.Equal(Opening.Unsupported, Decrypted(3, Mdc(sessionKey, Literal(Plain)), [77, .. sessionKey[1..]]));
        Assert.Equal(Opening.Damaged, Decrypted(3, Mdc(sessionKey, Literal(Plain)), [7, .. sessionKey[1..]]));
        Assert.Equal(Opening.Damaged, Decrypted(6, aead, [7, .. sessionKey[1..]]));
        Assert.Equal(Opening.Damaged, Decrypted(6, aead, [0, .. sessionKey[1..^1]]));
        Assert.Equal(Opening.Unsupported, Decrypted(3, Mdc(sessionKey, Packet(8, 9, 1, 2, 3)), sessionKey));
    }

    [Fact]
    public void Session_key_for_an_unknown_cipher_is_unsupported_and_not_damaged()
    {
        var card = new SoftCard(SoftCard.Ecdh);
        byte[] data = Mdc(SessionKey(7), Literal(Plain));
        byte[] packet = card.SessionKeyPacket([110, .. new byte[16]]);
        Assert.Equal(Opening.Unsupported, MessageAssert.Fails(MessageAssert.Parse([.. packet, .. data]), card, card.Data));
    }

    [Fact]
    public void Data_without_integrity_are_refused_wherever_they_stand()
    {
        byte[] sessionKey = SessionKey(9);
        byte[] mdc = Mdc(sessionKey, Literal(Plain));
        byte[] bare = Packet(9, new byte[60]);
        Assert.Equal(MessageFault.NoIntegrity, Fault(3, bare));
        Assert.Equal(MessageFault.NoIntegrity, Fault(3, [.. mdc, .. bare]));
        Assert.Equal(MessageFault.NoIntegrity, Fault(3, [.. bare, .. mdc]));
        Assert.Equal(MessageFault.NoIntegrity, Fault(3, [.. mdc, .. mdc, .. bare]));
        Assert.Equal(MessageFault.NoIntegrity, EncryptedKey.Parse([.. bare, .. Recipient(3), .. mdc], out _));
        Assert.Equal(MessageFault.NotOpenPgp, Fault(3, [.. mdc, .. mdc]));
        Assert.Equal(Opening.Damaged, Decrypted(3, Mdc(sessionKey, bare), sessionKey));
    }

    [Fact]
    public void Unknown_packets_that_may_be_skipped_are_skipped()
    {
        byte[] sessionKey = SessionKey(9);
        byte[] aead = Aead(
            Ocb, sessionKey, [.. Packet(21, 1, 2), .. Packet(60, 1), .. Literal(Plain), .. Packet(21, 0)]);
        byte[] file = [.. Packet(10, "PGP"u8.ToArray()), .. Packet(60, 1), .. Recipient(6), .. Packet(21, 7), .. aead];
        Assert.Equal(Opening.Opened, Opened(file, sessionKey, Plain));
        Assert.Equal(MessageFault.NotOpenPgp, Fault(6, [.. Packet(38, 1), .. aead]));
    }

    [Theory]
    [InlineData('b')]
    [InlineData('l')]
    [InlineData('1')]
    [InlineData('m')]
    public void Literal_of_any_format_keeps_its_bytes(char format)
    {
        byte[] content = "a\r\nb\r\r\n\nc\r\n"u8.ToArray();
        byte[] sessionKey = SessionKey(7);
        AssertOpens(sessionKey, 3, Mdc(sessionKey, Literal(content, format)), content);
    }

    [Theory]
    [InlineData('t')]
    [InlineData('u')]
    public void Text_gets_the_line_ends_of_this_system(char format)
    {
        byte[] sessionKey = SessionKey(7);
        byte[] mdc = Mdc(sessionKey, Literal("a\r\nb\rc\n\r\n"u8.ToArray(), format));
        AssertOpens(sessionKey, 3, mdc, "a\nb\rc\n\n"u8.ToArray());
    }

    [Fact]
    public void Compressed_data_open_in_each_other_but_not_without_end()
    {
        byte[] sessionKey = SessionKey(7);
        byte[] packets = [.. Packet(4, new byte[13]), .. Literal(Plain), .. Packet(2, new byte[70])];
        for (int depth = 1; depth <= 5; depth++)
        {
            packets = depth % 2 == 0 ? Packet(8, [0, .. packets]) : Packet(8, [2, .. Zlib(packets)]);
            Opening expected = depth < 4 ? Opening.Opened : Opening.Damaged;
            Assert.Equal(expected, Opened([.. Recipient(3), .. Mdc(sessionKey, packets)], sessionKey, Plain));
        }
    }

    [Fact]
    public void Partial_and_old_lengths_are_read()
    {
        byte[] sessionKey = SessionKey(7);
        byte[] content = [.. Enumerable.Range(0, 1100).Select(i => (byte)i)];
        byte[] body = [(byte)'b', 0, 0, 0, 0, 0, .. content];
        byte[] partial = [0xCB, 0xE9, .. body[..512], 0xE0, body[512], 0xE5, .. body[513..545], 0xC1, 0x71, .. body[545..]];
        Assert.Equal(1106 - 545, ((0xC1 - 192) << 8) + 0x71 + 192);
        byte[][] forms =
        [
            partial,
            [0xAE, .. BigEndian((uint)body.Length), .. body],
            [0xAD, .. BigEndian((uint)body.Length)[2..], .. body],
            [0xAF, .. body],
            [0xA3, 0, 0xAF, .. body],
        ];
        foreach (byte[] form in forms)
        {
            AssertOpens(sessionKey, 3, Mdc(sessionKey, form), content);
        }
    }

    [Fact]
    public void Every_flipped_bit_of_the_data_is_noticed()
    {
        byte[] literal = Literal([1, 2, 3, 4, 5]);
        byte[] sessionKey = SessionKey(7);
        foreach (byte cipher in (byte[])[2, 4, 7, 9, 10, 13])
        {
            AssertEveryFlipIsNoticed(3, SessionKey(cipher), Mdc(SessionKey(cipher), literal));
        }

        foreach (byte mode in (byte[])[1, 2, 3])
        {
            AssertEveryFlipIsNoticed(6, sessionKey, Aead(mode, sessionKey, literal));
        }

        AssertEveryFlipIsNoticed(3, sessionKey, GnuPgAead(Ocb, sessionKey, literal));
        AssertEveryFlipIsNoticed(3, sessionKey, GnuPgAead(Eax, sessionKey, literal));
    }

    [Fact]
    public void Chunks_cannot_be_left_out_or_exchanged()
    {
        byte[] sessionKey = SessionKey(9);
        byte[] plain = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        byte[] whole = Aead(Ocb, sessionKey, Literal(plain));
        byte[] body = whole[6..];
        const int Start = 36;
        const int Chunk = 80;
        AssertOpens(sessionKey, 6, Packet(18, body), plain);
        byte[] without = [.. body[..Start], .. body[(Start + Chunk)..]];
        byte[] first = body[Start..(Start + Chunk)];
        byte[] rest = body[(Start + (2 * Chunk))..];
        byte[] exchanged = [.. body[..Start], .. body[(Start + Chunk)..(Start + (2 * Chunk))], .. first, .. rest];
        byte[] cut = [.. body[..(Start + (2 * Chunk))], .. body[^16..]];
        foreach (byte[] wrong in (byte[][])[without, exchanged, cut, body[..^16], body[..^1]])
        {
            Assert.Equal(Opening.Damaged, Decrypted(6, Packet(18, wrong), sessionKey));
        }
    }

    private static void AssertEveryFlipIsNoticed(byte version, byte[] sessionKey, byte[] data)
    {
        byte[] recipient = Recipient(version);
        for (int bit = 0; bit < data.Length * 8; bit++)
        {
            byte[] file = [.. recipient, .. data];
            file[recipient.Length + (bit / 8)] ^= (byte)(1 << (bit % 8));
            if (EncryptedKey.Parse(file, out EncryptedKey? message) == MessageFault.None)
            {
                Assert.NotEqual(Opening.Opened, message!.Decrypt(sessionKey, out SecretBuffer? key));
                Assert.Null(key);
            }
        }
    }

    private static byte[] SessionKey(byte cipher) =>
        [cipher, .. Enumerable.Range(cipher, KeyLengths[cipher]).Select(i => (byte)(i * 7))];

    private static byte[] Recipient(byte version) => Card.SessionKeyPacket(SessionKey(9), version);

    private static MessageFault Fault(byte version, byte[] data)
    {
        MessageFault fault = EncryptedKey.Parse([.. Recipient(version), .. data], out EncryptedKey? message);
        Assert.Equal(fault == MessageFault.None, message is not null);
        return fault;
    }

    private static Opening Decrypted(byte version, byte[] data, byte[] sessionKey)
    {
        Opening opening = MessageAssert.Parse([.. Recipient(version), .. data]).Decrypt(sessionKey, out SecretBuffer? key);
        Assert.Null(key);
        return opening;
    }

    private static Opening Opened(byte[] file, byte[] sessionKey, byte[] plain)
    {
        Opening opening = MessageAssert.Parse(file).Decrypt(sessionKey, out SecretBuffer? key);
        using (key)
        {
            Assert.Equal(opening == Opening.Opened ? plain : null, key?.Span.ToArray());
        }

        return opening;
    }

    private static void AssertOpens(byte[] sessionKey, byte version, byte[] data, byte[]? plain = null) =>
        Assert.Equal(Opening.Opened, Opened([.. Recipient(version), .. data], sessionKey, plain ?? Plain));

    private static byte[] Zlib(byte[] plain)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(plain);
        }

        return stream.ToArray();
    }
}
