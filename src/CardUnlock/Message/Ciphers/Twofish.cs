// SPDX-License-Identifier: GPL-3.0-or-later
// Twofish (Schneier, Kelsey, Whiting, Wagner, Hall, Ferguson: "Twofish: A 128-Bit Block Cipher", 1998): blocks of 16
// bytes, the key of 32 that OpenPGP has. The key's S-boxes, with the MDS matrix behind them, are computed once, 4 KiB.

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CardUnlock;

internal sealed class Twofish : BlockCipher
{
    private const int Rounds = 16;
    private const int SubkeyCount = 8 + (2 * Rounds);
    private const int BoxLength = 256;
    private const int Columns = 4;

    // Behind the subkeys and the boxes: even and odd words of the key, and its S vector; each first to last as h takes them.
    private const int WordCount = SubkeyCount + (Columns * BoxLength);
    private const int Parts = WordCount + 12;

    // Section 4.3.2 and 4.3.5: the polynomials of the two fields.
    private const int MdsPolynomial = 0x169;
    private const int RsPolynomial = 0x14D;

    private static readonly byte[] Q0 =
        Permutation([0x817D6F320B59ECA4, 0xECB81235F4A6709D, 0xBA5E6D90C8F32471, 0xD7F4126E9B3085CA]);
    private static readonly byte[] Q1 =
        Permutation([0x28BDF76E31940AC5, 0x1E2B4C376DA5F908, 0x4C75169A0ED82B3F, 0xB951C3DE647F208A]);
    private static readonly uint[] Mds = new uint[Columns * BoxLength];

    static Twofish()
    {
        for (int column = 0; column < Columns; column++)
        {
            for (int value = 0; value < BoxLength; value++)
            {
                for (int row = 0; row < Columns; row++)
                {
                    int product = Multiply(value, MdsMatrix[(row * Columns) + column], MdsPolynomial);
                    Mds[(column * BoxLength) + value] |= (uint)product << (8 * row);
                }
            }
        }
    }

    /// <param name="key">32 bytes.</param>
    public Twofish(ReadOnlySpan<byte> key) : base(4 * Parts)
    {
        Span<uint> even = Words.Slice(WordCount, 4);
        Span<uint> odd = Words.Slice(WordCount + 4, 4);
        Span<uint> vector = Words.Slice(WordCount + 8, 4);
        for (int i = 0; i < 4; i++)
        {
            ReadOnlySpan<byte> eight = key.Slice(8 * i, 8);
            even[i] = BinaryPrimitives.ReadUInt32LittleEndian(eight);
            odd[i] = BinaryPrimitives.ReadUInt32LittleEndian(eight[4..]);
            vector[3 - i] = ReedSolomon(eight);
        }

        Expand(even, odd);
        for (int column = 0; column < Columns; column++)
        {
            for (int value = 0; value < BoxLength; value++)
            {
                Words[SubkeyCount + (column * BoxLength) + value] = Substitute(column, value, vector);
            }
        }
    }

    public override int BlockLength => 16;

    private static ReadOnlySpan<byte> MdsMatrix =>
        [0x01, 0xEF, 0x5B, 0x5B, 0x5B, 0xEF, 0xEF, 0x01, 0xEF, 0x5B, 0x01, 0xEF, 0xEF, 0x01, 0xEF, 0x5B];

    private static ReadOnlySpan<byte> RsMatrix =>
    [
        0x01, 0xA4, 0x55, 0x87, 0x5A, 0x58, 0xDB, 0x9E,
        0xA4, 0x56, 0x82, 0xF3, 0x1E, 0xC6, 0x68, 0xE5,
        0x02, 0xA1, 0xFC, 0xC1, 0x47, 0xAE, 0x3D, 0x19,
        0xA4, 0x55, 0x87, 0x5A, 0x58, 0xDB, 0x9E, 0x03,
    ];

    // Figure 2 and section 4.3.2: which of q0 and q1 each byte of a word passes, from the key's last word to the matrix.
    private static ReadOnlySpan<byte> Order => [1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0];

    private Span<uint> Words => MemoryMarshal.Cast<byte, uint>(Memory);

    public override void Encrypt(ReadOnlySpan<byte> from, Span<byte> to)
    {
        ReadOnlySpan<uint> words = Words;
        uint a = BinaryPrimitives.ReadUInt32LittleEndian(from) ^ words[0];
        uint b = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]) ^ words[1];
        uint c = BinaryPrimitives.ReadUInt32LittleEndian(from[8..]) ^ words[2];
        uint d = BinaryPrimitives.ReadUInt32LittleEndian(from[12..]) ^ words[3];
        for (int k = 8; k < SubkeyCount; k += 2)
        {
            uint t0 = G(words, a);
            uint t1 = G(words, uint.RotateLeft(b, 8));
            uint nextA = uint.RotateRight(c ^ (t0 + t1 + words[k]), 1);
            uint nextB = uint.RotateLeft(d, 1) ^ (t0 + (2 * t1) + words[k + 1]);
            (a, b, c, d) = (nextA, nextB, a, b);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(to, c ^ words[4]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], d ^ words[5]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], a ^ words[6]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], b ^ words[7]);
    }

    public override void Decrypt(ReadOnlySpan<byte> from, Span<byte> to)
    {
        ReadOnlySpan<uint> words = Words;
        uint c = BinaryPrimitives.ReadUInt32LittleEndian(from) ^ words[4];
        uint d = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]) ^ words[5];
        uint a = BinaryPrimitives.ReadUInt32LittleEndian(from[8..]) ^ words[6];
        uint b = BinaryPrimitives.ReadUInt32LittleEndian(from[12..]) ^ words[7];
        for (int k = SubkeyCount - 2; k >= 8; k -= 2)
        {
            uint t0 = G(words, c);
            uint t1 = G(words, uint.RotateLeft(d, 8));
            uint lastC = uint.RotateLeft(a, 1) ^ (t0 + t1 + words[k]);
            uint lastD = uint.RotateRight(b ^ (t0 + (2 * t1) + words[k + 1]), 1);
            (a, b, c, d) = (c, d, lastC, lastD);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(to, a ^ words[0]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], b ^ words[1]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], c ^ words[2]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], d ^ words[3]);
    }

    // Section 4.3.5: a permutation of bytes out of four of half bytes, each given as 16 digits.
    private static byte[] Permutation(ReadOnlySpan<ulong> t)
    {
        var q = new byte[BoxLength];
        for (int x = 0; x < BoxLength; x++)
        {
            int a = x >> 4;
            int b = x & 15;
            for (int i = 0; i < t.Length; i += 2)
            {
                (a, b) = (a ^ b, a ^ ((b >> 1) | ((b & 1) << 3)) ^ ((a << 3) & 15));
                a = (int)(t[i] >> (60 - (4 * a))) & 15;
                b = (int)(t[i + 1] >> (60 - (4 * b))) & 15;
            }

            q[x] = (byte)((b << 4) | a);
        }

        return q;
    }

    private static int Multiply(int a, int b, int polynomial)
    {
        int product = 0;
        for (; b != 0; b >>= 1)
        {
            product ^= a & -(b & 1);
            a <<= 1;
            a ^= polynomial & -(a >> 8);
        }

        return product;
    }

    // Section 4.3: a word of the S vector from 8 bytes of the key.
    private static uint ReedSolomon(ReadOnlySpan<byte> eight)
    {
        uint word = 0;
        for (int row = 0; row < 4; row++)
        {
            int sum = 0;
            for (int i = 0; i < eight.Length; i++)
            {
                sum ^= Multiply(eight[i], RsMatrix[(row * eight.Length) + i], RsPolynomial);
            }

            word |= (uint)sum << (8 * row);
        }

        return word;
    }

    // One byte's way through h (section 4.3.2) with the key's words, and its column of the matrix.
    private static uint Substitute(int column, int value, ReadOnlySpan<uint> key)
    {
        ReadOnlySpan<byte> order = Order.Slice(column * 5, 5);
        for (int i = 0; i < 4; i++)
        {
            value = (order[i] == 0 ? Q0 : Q1)[value] ^ (int)((key[3 - i] >> (8 * column)) & 0xFF);
        }

        return Mds[(column * BoxLength) + (order[4] == 0 ? Q0 : Q1)[value]];
    }

    // h of a word whose bytes are all the same.
    private static uint H(int value, ReadOnlySpan<uint> key) =>
        Substitute(0, value, key) ^ Substitute(1, value, key) ^ Substitute(2, value, key) ^ Substitute(3, value, key);

    private static uint G(ReadOnlySpan<uint> words, uint x) =>
        words[SubkeyCount + (int)(x & 0xFF)]
        ^ words[SubkeyCount + BoxLength + (int)((x >> 8) & 0xFF)]
        ^ words[SubkeyCount + (2 * BoxLength) + (int)((x >> 16) & 0xFF)]
        ^ words[SubkeyCount + (3 * BoxLength) + (int)(x >> 24)];

    // Section 4.3.4.
    private void Expand(ReadOnlySpan<uint> even, ReadOnlySpan<uint> odd)
    {
        Span<uint> words = Words;
        for (int i = 0; i < SubkeyCount; i += 2)
        {
            uint a = H(i, even);
            uint b = uint.RotateLeft(H(i + 1, odd), 8);
            words[i] = a + b;
            words[i + 1] = uint.RotateLeft(a + (2 * b), 9);
        }
    }
}
