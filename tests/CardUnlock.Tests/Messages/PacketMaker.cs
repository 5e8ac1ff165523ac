// SPDX-License-Identifier: GPL-3.0-or-later
// Writes OpenPGP packets with other people's ciphers, so that messages which no gpg makes can be read here.

using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace CardUnlock.Tests;

internal static class PacketMaker
{
    public const byte Eax = 1;
    public const byte Ocb = 2;
    public const byte Gcm = 3;

    /// <summary>Cipher ids and the lengths of their keys.</summary>
    public static readonly IReadOnlyDictionary<byte, int> KeyLengths = new Dictionary<byte, int>
    {
        [1] = 16, [2] = 24, [3] = 16, [4] = 16, [7] = 16, [8] = 24, [9] = 32, [10] = 32, [11] = 16, [12] = 24, [13] = 32,
    };

    public static byte[] Packet(int tag, params byte[] body) =>
        [(byte)(0xC0 | tag), 0xFF, .. BigEndian((uint)body.Length), .. body];

    public static byte[] Literal(byte[] content, char format = 'b') =>
        Packet(11, [(byte)format, 3, (byte)'k', (byte)'e', (byte)'y', 1, 2, 3, 4, .. content]);

    /// <summary>Integrity protected data, version 1.</summary>
    /// <param name="hashHeader">What stands before the hash; null: what the specification wants.</param>
    public static byte[] Mdc(byte[] sessionKey, byte[] packets, byte[]? hashHeader = null)
    {
        byte[] prefix = RandomNumberGenerator.GetBytes(Engine(sessionKey[0]).GetBlockSize());
        return Hashed(sessionKey, [.. prefix, .. prefix[^2..], .. packets, .. hashHeader ?? [0xD3, 0x14]]);
    }

    /// <summary>The same of anything: it gets its hash, and is encrypted.</summary>
    public static byte[] Hashed(byte[] sessionKey, byte[] plain)
    {
        IBlockCipher engine = Engine(sessionKey[0]);
        int block = engine.GetBlockSize();
        plain = [.. plain, .. SHA1.HashData(plain)];
        engine.Init(true, Key(sessionKey));
        byte[] pad = new byte[block];
        byte[] encrypted = new byte[plain.Length];
        for (int at = 0; at < plain.Length; at++)
        {
            if (at % block == 0)
            {
                engine.ProcessBlock(at == 0 ? new byte[block] : encrypted[(at - block)..at], 0, pad, 0);
            }

            encrypted[at] = (byte)(plain[at] ^ pad[at % block]);
        }

        return Packet(18, [1, .. encrypted]);
    }

    /// <summary>Integrity protected data, version 2.</summary>
    public static byte[] Aead(byte aead, byte[] sessionKey, byte[] packets, byte chunkSize = 0)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(32);
        byte[] header = [2, sessionKey[0], aead, chunkSize];
        int nonceLength = NonceLength(aead);
        byte[] derived = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, sessionKey[1..], sessionKey.Length - 1 + nonceLength - 8, salt, [0xD2, .. header]);
        byte[] nonce = [.. derived[(sessionKey.Length - 1)..], .. new byte[8]];
        byte[] key = [sessionKey[0], .. derived[..(sessionKey.Length - 1)]];
        byte[] chunks = Chunks(aead, key, nonce, [0xD2, .. header], packets, chunkSize, countInData: false);
        return Packet(18, [.. header, .. salt, .. chunks]);
    }

    /// <summary>GnuPG's packet 20.</summary>
    public static byte[] GnuPgAead(byte aead, byte[] sessionKey, byte[] packets, byte chunkSize = 0)
    {
        byte[] nonce = RandomNumberGenerator.GetBytes(NonceLength(aead));
        byte[] header = [1, sessionKey[0], aead, chunkSize];
        byte[] chunks = Chunks(aead, sessionKey, nonce, [0xD4, .. header], packets, chunkSize, countInData: true);
        return Packet(20, [.. header, .. nonce, .. chunks]);
    }

    public static byte[] BigEndian(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] BigEndian(uint value) => BigEndian((ulong)value)[4..];

    public static byte[] Mpi(byte[] number)
    {
        int zeros = number.TakeWhile(b => b == 0).Count();
        byte[] bytes = number[zeros..];
        int bits = (bytes.Length * 8) - (bytes.Length == 0 ? 0 : byte.LeadingZeroCount(bytes[0]));
        return [(byte)(bits >> 8), (byte)bits, .. bytes];
    }

    private static byte[] Chunks(
        byte aead, byte[] key, byte[] nonce, byte[] associated, byte[] plain, byte chunkSize, bool countInData)
    {
        List<byte> body = [];
        ulong index = 0;
        int length = 1 << (Math.Min(chunkSize, (byte)14) + 6);
        for (int at = 0; at < plain.Length; at += length, index++)
        {
            byte[] data = countInData ? [.. associated, .. BigEndian(index)] : associated;
            body.AddRange(Seal(aead, key, Nonce(nonce, index), data, plain[at..Math.Min(plain.Length, at + length)]));
        }

        byte[] last = [.. associated, .. countInData ? BigEndian(index) : [], .. BigEndian((ulong)plain.Length)];
        body.AddRange(Seal(aead, key, Nonce(nonce, index), last, []));
        return [.. body];
    }

    private static byte[] Seal(byte aead, byte[] key, byte[] nonce, byte[] associated, byte[] plain)
    {
        IAeadBlockCipher cipher = aead switch
        {
            Eax => new EaxBlockCipher(Engine(key[0])),
            Ocb => new OcbBlockCipher(Engine(key[0]), Engine(key[0])),
            _ => new GcmBlockCipher(Engine(key[0])),
        };
        cipher.Init(true, new AeadParameters(Key(key), 128, nonce, associated));
        byte[] output = new byte[cipher.GetOutputSize(plain.Length)];
        int written = cipher.ProcessBytes(plain, 0, plain.Length, output, 0);
        cipher.DoFinal(output, written);
        return output;
    }

    private static byte[] Nonce(byte[] nonce, ulong index)
    {
        byte[] result = [.. nonce];
        byte[] number = BigEndian(index);
        for (int i = 0; i < 8; i++)
        {
            result[result.Length - 8 + i] ^= number[i];
        }

        return result;
    }

    private static int NonceLength(byte aead) => aead switch { Eax => 16, Ocb => 15, _ => 12 };

    private static KeyParameter Key(byte[] sessionKey) => new(sessionKey[1..]);

    private static IBlockCipher Engine(byte cipher) => cipher switch
    {
        1 => new IdeaEngine(),
        2 => new DesEdeEngine(),
        3 => new Cast5Engine(),
        4 => new BlowfishEngine(),
        7 or 8 or 9 => new AesEngine(),
        10 => new TwofishEngine(),
        _ => new CamelliaEngine(),
    };
}
