// SPDX-License-Identifier: GPL-3.0-or-later
// CAST-128 (RFC 2144), which OpenPGP names CAST5: blocks of 8 bytes, a key of 16, hence 16 rounds.

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CardUnlock;

internal sealed class Cast5 : BlockCipher
{
    private const int Rounds = 16;
    private const int BoxLength = 256;

    // Behind the masking and the rotation keys the 16 bytes x and the 16 bytes z of section 2.4.
    private const int X = 4 * 2 * Rounds;
    private const int Z = X + 16;

    /// <param name="key">16 bytes.</param>
    public Cast5(ReadOnlySpan<byte> key) : base(Z + 16)
    {
        Span<byte> x = Memory.Slice(X, 16);
        Span<byte> z = Memory.Slice(Z, 16);
        key.CopyTo(x);
        for (int i = 0; i < 2 * Rounds; i += 8)
        {
            ReadOnlySpan<byte> rows = KeyRows.Slice(i % Rounds * 5, 8 * 5);
            Mix(x, z, MixToZ);
            KeyWords(z, rows[..20], Words.Slice(i, 4));
            Mix(z, x, MixToX);
            KeyWords(x, rows[20..], Words.Slice(i + 4, 4));
        }
    }

    public override int BlockLength => 8;

    // Section 2.4, each row a word of z out of x: which word it begins as, then bytes for S5 to S8, which in all rows but
    // the first are z's own, and one byte of x more.
    private static ReadOnlySpan<byte> MixToZ => [0, 13, 15, 12, 14, 8, 2, 0, 2, 1, 3, 10, 3, 7, 6, 5, 4, 9, 1, 10, 9, 11, 8, 11];

    private static ReadOnlySpan<byte> MixToX => [2, 5, 7, 4, 6, 0, 0, 0, 2, 1, 3, 2, 1, 7, 6, 5, 4, 1, 3, 10, 9, 11, 8, 3];

    // The same for K1 to K16: bytes for S5 to S8, then one for S5 in the first row, S6 in the second, and so on.
    private static ReadOnlySpan<byte> KeyRows =>
    [
        8, 9, 7, 6, 2, 10, 11, 5, 4, 6, 12, 13, 3, 2, 9, 14, 15, 1, 0, 12,
        3, 2, 12, 13, 8, 1, 0, 14, 15, 13, 7, 6, 8, 9, 3, 5, 4, 10, 11, 7,
        3, 2, 12, 13, 9, 1, 0, 14, 15, 12, 7, 6, 8, 9, 2, 5, 4, 10, 11, 6,
        8, 9, 7, 6, 3, 10, 11, 5, 4, 7, 12, 13, 3, 2, 8, 14, 15, 1, 0, 13,
    ];

    private Span<uint> Words => MemoryMarshal.Cast<byte, uint>(Memory[..X]);

    public override void Encrypt(ReadOnlySpan<byte> from, Span<byte> to) => Process(from, to, 0, 1);

    public override void Decrypt(ReadOnlySpan<byte> from, Span<byte> to) => Process(from, to, Rounds - 1, -1);

    private void Process(ReadOnlySpan<byte> from, Span<byte> to, int round, int step)
    {
        ReadOnlySpan<uint> keys = Words;
        uint left = BinaryPrimitives.ReadUInt32BigEndian(from);
        uint right = BinaryPrimitives.ReadUInt32BigEndian(from[4..]);
        for (int i = 0; i < Rounds; i++, round += step)
        {
            (left, right) = (right, left ^ F(round % 3, right, keys[round], (int)(keys[Rounds + round] & 31)));
        }

        BinaryPrimitives.WriteUInt32BigEndian(to, right);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], left);
    }

    // The three functions of section 2.2.
    private static uint F(int type, uint data, uint mask, int rotation)
    {
        uint sum = type switch
        {
            0 => mask + data,
            1 => mask ^ data,
            _ => mask - data,
        };
        sum = uint.RotateLeft(sum, rotation);
        uint a = Box(1, (byte)(sum >> 24));
        uint b = Box(2, (byte)(sum >> 16));
        uint c = Box(3, (byte)(sum >> 8));
        uint d = Box(4, (byte)sum);
        return type switch
        {
            0 => ((a ^ b) - c) + d,
            1 => ((a - b) + c) ^ d,
            _ => ((a + b) ^ c) - d,
        };
    }

    private static uint Box(int number, byte index) => Cast5Boxes.All[((number - 1) * BoxLength) + index];

    private static uint FourBoxes(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> row) =>
        Box(5, bytes[row[0]]) ^ Box(6, bytes[row[1]]) ^ Box(7, bytes[row[2]]) ^ Box(8, bytes[row[3]]);

    private static void Mix(ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<byte> rows)
    {
        for (int i = 0; i < 4; i++)
        {
            ReadOnlySpan<byte> row = rows.Slice(6 * i, 6);

            // The single byte meets S7, S8, S5, S6 in turn.
            uint word = BinaryPrimitives.ReadUInt32BigEndian(from[(4 * row[0])..])
                ^ FourBoxes(i == 0 ? from : to, row[1..])
                ^ Box(5 + ((i + 2) % 4), from[row[5]]);
            BinaryPrimitives.WriteUInt32BigEndian(to[(4 * i)..], word);
        }
    }

    private static void KeyWords(ReadOnlySpan<byte> from, ReadOnlySpan<byte> rows, Span<uint> keys)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            ReadOnlySpan<byte> row = rows.Slice(5 * i, 5);
            keys[i] = FourBoxes(from, row) ^ Box(5 + i, from[row[4]]);
        }
    }
}
