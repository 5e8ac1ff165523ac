// SPDX-License-Identifier: GPL-3.0-or-later
// TripleDES with three keys (FIPS 46-3, NIST SP 800-67): blocks of 8 bytes, a key of 24 whose parity bits are not looked
// at. The three passes run as one of 48 rounds: between two passes final and initial permutation cancel out.

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CardUnlock;

internal sealed class TripleDes : BlockCipher
{
    private const int Passes = 3;
    private const int Rounds = 16;
    private const int Half = 28;
    private const int BoxLength = 64;

    // Each S-box with the permutation P behind it.
    private static readonly uint[] Boxes = new uint[8 * BoxLength];

    static TripleDes()
    {
        for (int box = 0; box < 8; box++)
        {
            for (int value = 0; value < BoxLength; value++)
            {
                // The outer two of the six bits choose the row, the inner four the column.
                int row = ((value >> 4) & 2) | (value & 1);
                ulong nibble = (Rows[(box * 4) + row] >> (60 - (4 * ((value >> 1) & 15)))) & 15;
                Boxes[(box * BoxLength) + value] = (uint)Permute(nibble << (28 - (4 * box)), 32, P);
            }
        }
    }

    /// <param name="key">24 bytes.</param>
    public TripleDes(ReadOnlySpan<byte> key) : base(8 * Passes * Rounds)
    {
        for (int pass = 0; pass < Passes; pass++)
        {
            Expand(BinaryPrimitives.ReadUInt64BigEndian(key[(8 * pass)..]), Words.Slice(pass * Rounds, Rounds));
        }

        // The second pass decrypts.
        Words.Slice(Rounds, Rounds).Reverse();
    }

    public override int BlockLength => 8;

    // S1 to S8, four rows of 16 hexadecimal digits each.
    private static ReadOnlySpan<ulong> Rows =>
    [
        0xE4D12FB83A6C5907, 0x0F74E2D1A6CB9538, 0x41E8D62BFC973A50, 0xFC8249175B3EA06D,
        0xF18E6B34972DC05A, 0x3D47F28EC01A69B5, 0x0E7BA4D158C6932F, 0xD8A13F42B67C05E9,
        0xA09E63F51DC7B428, 0xD709346A285ECBF1, 0xD6498F30B12C5AE7, 0x1AD069874FE3B52C,
        0x7DE3069A1285BC4F, 0xD8B56F03472C1AE9, 0xA690CB7DF13E5284, 0x3F06A1D8945BC72E,
        0x2C417AB6853FD0E9, 0xEB2C47D150FA3986, 0x421BAD78F9C5630E, 0xB8C71E2D6F09A453,
        0xC1AF92680D34E75B, 0xAF427C9561DE0B38, 0x9EF528C3704A1DB6, 0x432C95FABE17608D,
        0x4B2EF08D3C975A61, 0xD0B7491AE35C2F86, 0x14BDC37EAF680592, 0x6BD814A7950FE23C,
        0xD2846FB1A93E50C7, 0x1FD8A374C56B0E92, 0x7B419CE206ADF358, 0x21E74A8DFC90356B,
    ];

    private static ReadOnlySpan<byte> P =>
        [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25];

    private static ReadOnlySpan<byte> Initial =>
    [
        58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4,
        62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16, 8,
        57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3,
        61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
    ];

    private static ReadOnlySpan<byte> Final =>
    [
        40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31,
        38, 6, 46, 14, 54, 22, 62, 30, 37, 5, 45, 13, 53, 21, 61, 29,
        36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27,
        34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25,
    ];

    // PC-1 and PC-2 of the key schedule.
    private static ReadOnlySpan<byte> Choice1 =>
    [
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
        63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
    ];

    private static ReadOnlySpan<byte> Choice2 =>
    [
        14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
        41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
    ];

    private static ReadOnlySpan<byte> Shifts => [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

    private Span<ulong> Words => MemoryMarshal.Cast<byte, ulong>(Memory);

    public override void Encrypt(ReadOnlySpan<byte> from, Span<byte> to) => Process(from, to, 0, 1);

    public override void Decrypt(ReadOnlySpan<byte> from, Span<byte> to) => Process(from, to, (Passes * Rounds) - 1, -1);

    private void Process(ReadOnlySpan<byte> from, Span<byte> to, int first, int step)
    {
        ReadOnlySpan<ulong> keys = Words;
        ulong block = Permute(BinaryPrimitives.ReadUInt64BigEndian(from), 64, Initial);
        uint left = (uint)(block >> 32);
        uint right = (uint)block;
        for (int round = 0; round < Passes * Rounds; round++)
        {
            left ^= F(right, keys[first + (round * step)]);

            // The last round of a pass does not change sides.
            if (round % Rounds != Rounds - 1)
            {
                (left, right) = (right, left);
            }
        }

        BinaryPrimitives.WriteUInt64BigEndian(to, Permute(((ulong)left << 32) | right, 64, Final));
    }

    // E takes for each box its four bits and one on either side; the first bit is the highest.
    private static uint F(uint right, ulong key)
    {
        uint result = 0;
        for (int box = 0; box < 8; box++)
        {
            uint six = uint.RotateLeft(right, (4 * box) - 1) >> 26;
            result ^= Boxes[(box * BoxLength) + (int)(six ^ ((key >> (42 - (6 * box))) & 63))];
        }

        return result;
    }

    // Bits are numbered from 1, the highest of the width.
    private static ulong Permute(ulong value, int width, ReadOnlySpan<byte> bits)
    {
        ulong result = 0;
        foreach (byte bit in bits)
        {
            result = (result << 1) | ((value >> (width - bit)) & 1);
        }

        return result;
    }

    private static void Expand(ulong key, Span<ulong> schedule)
    {
        const uint Mask = (1u << Half) - 1;
        ulong chosen = Permute(key, 64, Choice1);
        uint c = (uint)(chosen >> Half);
        uint d = (uint)chosen & Mask;
        for (int round = 0; round < Rounds; round++)
        {
            c = ((c << Shifts[round]) | (c >> (Half - Shifts[round]))) & Mask;
            d = ((d << Shifts[round]) | (d >> (Half - Shifts[round]))) & Mask;
            schedule[round] = Permute(((ulong)c << Half) | d, 2 * Half, Choice2);
        }
    }
}
