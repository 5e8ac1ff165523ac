// SPDX-License-Identifier: GPL-3.0-or-later
// Blowfish (Schneier: "Description of a New Variable-Length Key, 64-Bit Block Cipher (Blowfish)", 1993): blocks of 8
// bytes, keys of 1 to 56, in OpenPGP 16. The key's P-array and S-boxes are 4168 bytes.

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CardUnlock;

internal sealed class Blowfish : BlockCipher
{
    private const int SubkeyCount = 18;
    private const int BoxLength = 256;
    private const int WordCount = SubkeyCount + (4 * BoxLength);

    /// <param name="key">1 to 56 bytes.</param>
    public Blowfish(ReadOnlySpan<byte> key) : base(4 * WordCount)
    {
        Span<uint> words = Words;
        BlowfishPi.Words.CopyTo(words);
        int at = 0;
        for (int i = 0; i < SubkeyCount; i++)
        {
            for (int shift = 24; shift >= 0; shift -= 8)
            {
                words[i] ^= (uint)key[at] << shift;
                at = (at + 1) % key.Length;
            }
        }

        uint left = 0;
        uint right = 0;
        for (int i = 0; i < WordCount; i += 2)
        {
            Encrypt(words, ref left, ref right);
            words[i] = left;
            words[i + 1] = right;
        }
    }

    public override int BlockLength => 8;

    private Span<uint> Words => MemoryMarshal.Cast<byte, uint>(Memory);

    public override void Encrypt(ReadOnlySpan<byte> from, Span<byte> to)
    {
        uint left = BinaryPrimitives.ReadUInt32BigEndian(from);
        uint right = BinaryPrimitives.ReadUInt32BigEndian(from[4..]);
        Encrypt(Words, ref left, ref right);
        BinaryPrimitives.WriteUInt32BigEndian(to, left);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], right);
    }

    public override void Decrypt(ReadOnlySpan<byte> from, Span<byte> to)
    {
        ReadOnlySpan<uint> words = Words;
        uint left = BinaryPrimitives.ReadUInt32BigEndian(from);
        uint right = BinaryPrimitives.ReadUInt32BigEndian(from[4..]);
        for (int i = SubkeyCount - 1; i > 1; i--)
        {
            left ^= words[i];
            right ^= F(words, left);
            (left, right) = (right, left);
        }

        BinaryPrimitives.WriteUInt32BigEndian(to, right ^ words[0]);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], left ^ words[1]);
    }

    private static void Encrypt(ReadOnlySpan<uint> words, ref uint left, ref uint right)
    {
        for (int i = 0; i < SubkeyCount - 2; i++)
        {
            left ^= words[i];
            right ^= F(words, left);
            (left, right) = (right, left);
        }

        (left, right) = (right ^ words[SubkeyCount - 1], left ^ words[SubkeyCount - 2]);
    }

    private static uint F(ReadOnlySpan<uint> words, uint x) =>
        ((words[SubkeyCount + (int)(x >> 24)] + words[SubkeyCount + BoxLength + (int)((x >> 16) & 0xFF)])
            ^ words[SubkeyCount + (2 * BoxLength) + (int)((x >> 8) & 0xFF)])
        + words[SubkeyCount + (3 * BoxLength) + (int)(x & 0xFF)];
}
