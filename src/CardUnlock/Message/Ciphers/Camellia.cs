// SPDX-License-Identifier: GPL-3.0-or-later
// Camellia (RFC 3713): blocks of 16 bytes, keys of 16, 24 and 32. Subkeys stand in the order of their use.

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CardUnlock;

internal sealed class Camellia : BlockCipher
{
    private const int MaxSubkeys = 34;

    // KL, KR, KA and KB of section 2.2, two words each, behind the subkeys.
    private const byte L = 0;
    private const byte R = 2;
    private const byte A = 4;
    private const byte B = 6;
    private const int SourceWords = 8;

    private readonly int subkeys;

    /// <param name="key">16, 24 or 32 bytes.</param>
    public Camellia(ReadOnlySpan<byte> key) : base(8 * (MaxSubkeys + SourceWords))
    {
        Span<ulong> source = Words[MaxSubkeys..];
        ReadSources(key, source);
        ReadOnlySpan<byte> plan = key.Length == 16 ? ShortPlan : LongPlan;
        subkeys = plan.Length / 2;
        for (int i = 0; i < subkeys; i++)
        {
            Words[i] = HighHalf(source.Slice(plan[2 * i], 2), plan[(2 * i) + 1]);
        }
    }

    public override int BlockLength => 16;

    private static ReadOnlySpan<ulong> Sigma =>
    [
        0xA09E667F3BCC908B, 0xB67AE8584CAA73B2, 0xC6EF372FE94F82BE,
        0x54FF53A5F1D36F1C, 0x10E527FADE682D1D, 0xB05688C2B3E6C1FD,
    ];

    // Section 2.4.1's P as columns: which of the 8 bytes each byte goes into.
    private static ReadOnlySpan<ulong> Spread =>
    [
        0x0101010001000001, 0x0001010101010000, 0x0100010100010100, 0x0101000100000101,
        0x0001010100010101, 0x0100010101000101, 0x0101000101010001, 0x0101010001010100,
    ];

    // Section 2.2: each subkey is the upper half of a source, rotated left; a lower half is one rotated by 64 more.
    private static ReadOnlySpan<byte> ShortPlan =>
    [
        L, 0, L, 64,
        A, 0, A, 64, L, 15, L, 79, A, 15, A, 79,
        A, 30, A, 94,
        L, 45, L, 109, A, 45, L, 124, A, 60, A, 124,
        L, 77, L, 13,
        L, 94, L, 30, A, 94, A, 30, L, 111, L, 47,
        A, 111, A, 47,
    ];

    private static ReadOnlySpan<byte> LongPlan =>
    [
        L, 0, L, 64,
        B, 0, B, 64, R, 15, R, 79, A, 15, A, 79,
        R, 30, R, 94,
        B, 30, B, 94, L, 45, L, 109, A, 45, A, 109,
        L, 60, L, 124,
        R, 60, R, 124, B, 60, B, 124, L, 77, L, 13,
        A, 77, A, 13,
        R, 94, R, 30, A, 94, A, 30, L, 111, L, 47,
        B, 111, B, 47,
    ];

    // SBOX1 of section 2.4.2.
    private static ReadOnlySpan<byte> SBox =>
    [
        0x70, 0x82, 0x2C, 0xEC, 0xB3, 0x27, 0xC0, 0xE5, 0xE4, 0x85, 0x57, 0x35, 0xEA, 0x0C, 0xAE, 0x41,
        0x23, 0xEF, 0x6B, 0x93, 0x45, 0x19, 0xA5, 0x21, 0xED, 0x0E, 0x4F, 0x4E, 0x1D, 0x65, 0x92, 0xBD,
        0x86, 0xB8, 0xAF, 0x8F, 0x7C, 0xEB, 0x1F, 0xCE, 0x3E, 0x30, 0xDC, 0x5F, 0x5E, 0xC5, 0x0B, 0x1A,
        0xA6, 0xE1, 0x39, 0xCA, 0xD5, 0x47, 0x5D, 0x3D, 0xD9, 0x01, 0x5A, 0xD6, 0x51, 0x56, 0x6C, 0x4D,
        0x8B, 0x0D, 0x9A, 0x66, 0xFB, 0xCC, 0xB0, 0x2D, 0x74, 0x12, 0x2B, 0x20, 0xF0, 0xB1, 0x84, 0x99,
        0xDF, 0x4C, 0xCB, 0xC2, 0x34, 0x7E, 0x76, 0x05, 0x6D, 0xB7, 0xA9, 0x31, 0xD1, 0x17, 0x04, 0xD7,
        0x14, 0x58, 0x3A, 0x61, 0xDE, 0x1B, 0x11, 0x1C, 0x32, 0x0F, 0x9C, 0x16, 0x53, 0x18, 0xF2, 0x22,
        0xFE, 0x44, 0xCF, 0xB2, 0xC3, 0xB5, 0x7A, 0x91, 0x24, 0x08, 0xE8, 0xA8, 0x60, 0xFC, 0x69, 0x50,
        0xAA, 0xD0, 0xA0, 0x7D, 0xA1, 0x89, 0x62, 0x97, 0x54, 0x5B, 0x1E, 0x95, 0xE0, 0xFF, 0x64, 0xD2,
        0x10, 0xC4, 0x00, 0x48, 0xA3, 0xF7, 0x75, 0xDB, 0x8A, 0x03, 0xE6, 0xDA, 0x09, 0x3F, 0xDD, 0x94,
        0x87, 0x5C, 0x83, 0x02, 0xCD, 0x4A, 0x90, 0x33, 0x73, 0x67, 0xF6, 0xF3, 0x9D, 0x7F, 0xBF, 0xE2,
        0x52, 0x9B, 0xD8, 0x26, 0xC8, 0x37, 0xC6, 0x3B, 0x81, 0x96, 0x6F, 0x4B, 0x13, 0xBE, 0x63, 0x2E,
        0xE9, 0x79, 0xA7, 0x8C, 0x9F, 0x6E, 0xBC, 0x8E, 0x29, 0xF5, 0xF9, 0xB6, 0x2F, 0xFD, 0xB4, 0x59,
        0x78, 0x98, 0x06, 0x6A, 0xE7, 0x46, 0x71, 0xBA, 0xD4, 0x25, 0xAB, 0x42, 0x88, 0xA2, 0x8D, 0xFA,
        0x72, 0x07, 0xB9, 0x55, 0xF8, 0xEE, 0xAC, 0x0A, 0x36, 0x49, 0x2A, 0x68, 0x3C, 0x38, 0xF1, 0xA4,
        0x40, 0x28, 0xD3, 0x7B, 0xBB, 0xC9, 0x43, 0xC1, 0x15, 0xE3, 0xAD, 0xF4, 0x77, 0xC7, 0x80, 0x9E,
    ];

    private Span<ulong> Words => MemoryMarshal.Cast<byte, ulong>(Memory);

    public override void Encrypt(ReadOnlySpan<byte> from, Span<byte> to)
    {
        ReadOnlySpan<ulong> k = Words;
        ulong left = BinaryPrimitives.ReadUInt64BigEndian(from) ^ k[0];
        ulong right = BinaryPrimitives.ReadUInt64BigEndian(from[8..]) ^ k[1];
        Rounds(k, 2, 1, ref left, ref right);
        BinaryPrimitives.WriteUInt64BigEndian(to, right ^ k[subkeys - 2]);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], left ^ k[subkeys - 1]);
    }

    public override void Decrypt(ReadOnlySpan<byte> from, Span<byte> to)
    {
        ReadOnlySpan<ulong> k = Words;
        ulong left = BinaryPrimitives.ReadUInt64BigEndian(from) ^ k[subkeys - 2];
        ulong right = BinaryPrimitives.ReadUInt64BigEndian(from[8..]) ^ k[subkeys - 1];
        Rounds(k, subkeys - 3, -1, ref left, ref right);
        BinaryPrimitives.WriteUInt64BigEndian(to, right ^ k[0]);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], left ^ k[1]);
    }

    // Section 2.3: six rounds, FL and its inverse, six rounds, and so on.
    private void Rounds(ReadOnlySpan<ulong> k, int at, int step, ref ulong left, ref ulong right)
    {
        for (int round = 1; round <= subkeys - 4; round++, at += step)
        {
            switch (round % 8)
            {
                case 7:
                    left = Fl(left, k[at]);
                    break;
                case 0:
                    right = InverseFl(right, k[at]);
                    break;
                default:
                    right ^= F(left, k[at]);
                    (left, right) = (right, left);
                    break;
            }
        }
    }

    private static ulong F(ulong x, ulong key)
    {
        x ^= key;
        ReadOnlySpan<byte> box = SBox;
        byte t1 = box[(byte)(x >> 56)];
        byte t2 = byte.RotateLeft(box[(byte)(x >> 48)], 1);
        byte t3 = byte.RotateLeft(box[(byte)(x >> 40)], 7);
        byte t4 = box[byte.RotateLeft((byte)(x >> 32), 1)];
        byte t5 = byte.RotateLeft(box[(byte)(x >> 24)], 1);
        byte t6 = byte.RotateLeft(box[(byte)(x >> 16)], 7);
        byte t7 = box[byte.RotateLeft((byte)(x >> 8), 1)];
        byte t8 = box[(byte)x];
        return (t1 * Spread[0]) ^ (t2 * Spread[1]) ^ (t3 * Spread[2]) ^ (t4 * Spread[3])
            ^ (t5 * Spread[4]) ^ (t6 * Spread[5]) ^ (t7 * Spread[6]) ^ (t8 * Spread[7]);
    }

    private static ulong Fl(ulong x, ulong key)
    {
        uint left = (uint)(x >> 32);
        uint right = (uint)x ^ uint.RotateLeft(left & (uint)(key >> 32), 1);
        left ^= right | (uint)key;
        return ((ulong)left << 32) | right;
    }

    private static ulong InverseFl(ulong y, ulong key)
    {
        uint right = (uint)y;
        uint left = (uint)(y >> 32) ^ (right | (uint)key);
        right ^= uint.RotateLeft(left & (uint)(key >> 32), 1);
        return ((ulong)left << 32) | right;
    }

    private static ulong HighHalf(ReadOnlySpan<ulong> pair, int rotation) =>
        (ulong)((((UInt128)pair[rotation >> 6] << 64) | pair[1 - (rotation >> 6)]) << (rotation & 63) >> 64);

    private static void ReadSources(ReadOnlySpan<byte> key, Span<ulong> source)
    {
        source[L] = BinaryPrimitives.ReadUInt64BigEndian(key);
        source[L + 1] = BinaryPrimitives.ReadUInt64BigEndian(key[8..]);
        if (key.Length > 16)
        {
            source[R] = BinaryPrimitives.ReadUInt64BigEndian(key[16..]);
            source[R + 1] = key.Length == 24 ? ~source[R] : BinaryPrimitives.ReadUInt64BigEndian(key[24..]);
        }

        ulong left = source[L] ^ source[R];
        ulong right = source[L + 1] ^ source[R + 1];
        TwoRounds(0, ref left, ref right);
        left ^= source[L];
        right ^= source[L + 1];
        TwoRounds(2, ref left, ref right);
        source[A] = left;
        source[A + 1] = right;
        left ^= source[R];
        right ^= source[R + 1];
        TwoRounds(4, ref left, ref right);
        source[B] = left;
        source[B + 1] = right;
    }

    private static void TwoRounds(int sigma, ref ulong left, ref ulong right)
    {
        right ^= F(left, Sigma[sigma]);
        left ^= F(right, Sigma[sigma + 1]);
    }
}
