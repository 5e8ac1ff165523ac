// SPDX-License-Identifier: GPL-3.0-or-later
// Key files that are damaged, cut short, or not key files; and GnuPG's AEAD packets.

using System.Buffers.Binary;

namespace CardUnlock.Tests;

public sealed class MessageTests
{
    private const string Recording = "pico-cv25519";

    [Fact]
    public void Every_changed_byte_of_the_encrypted_data_is_noticed()
    {
        Transcript transcript = Transcript.Load(Recording);
        int data = EncryptedDataStart(transcript.Message);
        for (int at = data; at < transcript.Message.Length; at++)
        {
            foreach (byte flip in (byte[])[0x01, 0x80, 0xFF])
            {
                byte[] changed = [.. transcript.Message];
                changed[at] ^= flip;
                if (EncryptedKey.Parse(changed, out EncryptedKey? message) == MessageFault.None)
                {
                    Assert.NotEqual(Opening.Opened, message!.Decrypt(transcript.SessionKey, out _));
                }
            }
        }
    }

    [Fact]
    public void Every_wrong_session_key_is_noticed()
    {
        Transcript transcript = Transcript.Load(Recording);
        EncryptedKey message = transcript.Parse();
        for (int at = 1; at < transcript.SessionKey.Length; at++)
        {
            byte[] wrong = [.. transcript.SessionKey];
            wrong[at] ^= 0x10;
            Assert.Equal(Opening.Damaged, message.Decrypt(wrong, out _));
        }
    }

    [Theory]
    [InlineData("pico-cv25519")]
    [InlineData("smartpgp-chain-rsa2048")]
    public void Every_shorter_file_is_truncated(string name)
    {
        byte[] file = Transcript.Load(name).Message;
        Assert.Equal(MessageFault.Empty, EncryptedKey.Parse(default, out _));
        for (int length = 1; length < file.Length; length++)
        {
            Assert.Equal(MessageFault.Truncated, EncryptedKey.Parse(file.AsSpan(0, length), out EncryptedKey? message));
            Assert.Null(message);
        }
    }

    [Fact]
    public void Damage_anywhere_never_crashes_the_parser()
    {
        byte[] file = Transcript.Load(Recording).Message;
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = [.. file];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            MessageFault fault = EncryptedKey.Parse(damaged, out EncryptedKey? message);
            Assert.Equal(fault == MessageFault.None, message is not null);
        }
    }

    [Fact]
    public void What_is_no_key_file_is_named()
    {
        byte[] good = Transcript.Load(Recording).Message;
        Assert.Equal(MessageFault.NotOpenPgp, EncryptedKey.Parse("correct horse battery staple"u8, out _));
        Assert.Equal(MessageFault.NotOpenPgp, EncryptedKey.Parse([0xCB, 0x03, 0x62, 0x00, 0x00], out _));
        Assert.Equal(MessageFault.TooLarge, EncryptedKey.Parse(new byte[EncryptedKey.MaxFileLength + 1], out _));
        Assert.Equal(MessageFault.NotOpenPgp, EncryptedKey.Parse([.. good, 0x00], out _));

        // Without recipients; without integrity protection; of an unknown version.
        int data = EncryptedDataStart(good);
        Assert.Equal(MessageFault.NotOpenPgp, EncryptedKey.Parse(good.AsSpan(data), out _));
        byte[] old = [.. good];
        old[data] = 0xC9;
        Assert.Equal(MessageFault.NoIntegrity, EncryptedKey.Parse(old, out _));
        byte[] next = [.. good];
        next[data + 2] = 3;
        Assert.Equal(MessageFault.UnsupportedAlgorithm, EncryptedKey.Parse(next, out _));
        byte[] version4 = [.. good];
        version4[2] = 4;
        Assert.Equal(MessageFault.UnsupportedAlgorithm, EncryptedKey.Parse(version4, out _));
    }

    [Fact]
    public void Recipients_are_listed() =>
        Assert.Equal([0xC7A2A84396B44E70], Transcript.Load(Recording).Parse().RecipientKeyIds);

    [Theory]
    [InlineData(0, 64)]
    [InlineData(0, 63)]
    [InlineData(0, 1000)]
    [InlineData(10, 64)]
    public void Gnupg_aead_message_opens_and_every_changed_byte_is_noticed(int chunkSize, int keyLength)
    {
        byte[] key = new byte[keyLength];
        new Random(4).NextBytes(key);
        byte[] sessionKey = [9, .. key.Concat(new byte[32]).Take(32)];
        byte[] literal = [0xCB, 0xFF, .. BigEndian((uint)(6 + keyLength)), 0x62, 0, 0, 0, 0, 0, .. key];
        byte[] packet = AeadPacket(sessionKey[1..], chunkSize, literal);
        byte[] good = Transcript.Load(Recording).Message;
        byte[] file = [.. good[..EncryptedDataStart(good)], .. packet];
        Assert.Equal(MessageFault.None, EncryptedKey.Parse(file, out EncryptedKey? message));
        Assert.Equal(Opening.Opened, message!.Decrypt(sessionKey, out SecretBuffer? secret));
        using (secret)
        {
            Assert.Equal(key, secret!.Span.ToArray());
        }

        for (int at = EncryptedDataStart(good); at < file.Length; at++)
        {
            byte[] changed = [.. file];
            changed[at] ^= 0x04;
            if (EncryptedKey.Parse(changed, out EncryptedKey? other) == MessageFault.None)
            {
                Assert.Equal(Opening.Damaged, other!.Decrypt(sessionKey, out _));
            }
        }
    }

    private static byte[] AeadPacket(byte[] key, int chunkSize, byte[] plain)
    {
        byte[] header = [1, 9, 2, (byte)chunkSize];
        byte[] nonce = new byte[15];
        new Random(5).NextBytes(nonce);
        List<byte> body = [.. header, .. nonce];
        ulong index = 0;
        for (int at = 0; at < plain.Length; at += 1 << (chunkSize + 6), index++)
        {
            byte[] chunk = plain[at..Math.Min(plain.Length, at + (1 << (chunkSize + 6)))];
            body.AddRange(CipherTests.OcbSeal(key, Nonce(nonce, index), [0xD4, .. header, .. BigEndian(index)], chunk));
        }

        byte[] last = [0xD4, .. header, .. BigEndian(index), .. BigEndian((ulong)plain.Length)];
        body.AddRange(CipherTests.OcbSeal(key, Nonce(nonce, index), last, []));
        return [0xD4, 0xFF, .. BigEndian((uint)body.Count), .. body];
    }

    private static byte[] Nonce(byte[] nonce, ulong index)
    {
        byte[] result = [.. nonce];
        byte[] number = BigEndian(index);
        for (int i = 0; i < 8; i++)
        {
            result[7 + i] ^= number[i];
        }

        return result;
    }

    private static byte[] BigEndian(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] BigEndian(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    // The session key packet has an old header with a one-byte length.
    private static int EncryptedDataStart(byte[] file) => 2 + file[1];
}
