// SPDX-License-Identifier: GPL-3.0-or-later
// The bits and the Huffman codes of a bzip2 stream: the highest bit of a byte comes first; codes are canonical, 1 to 20
// bits long.

using System.Runtime.InteropServices;

namespace CardUnlock;

/// <summary>Reads bits; once the stream has ended every bit is 0 and <see cref="Failed"/> holds.</summary>
internal ref struct Bzip2Bits(ReadOnlySpan<byte> from)
{
    private readonly ReadOnlySpan<byte> from = from;
    private long at;

    public bool Failed { get; private set; }

    public int Bit()
    {
        int index = (int)(at >> 3);
        if (index >= from.Length)
        {
            Failed = true;
            return 0;
        }

        return (from[index] >> (7 - (int)(at++ & 7))) & 1;
    }

    /// <param name="count">0 to 32.</param>
    public uint Bits(int count)
    {
        uint value = 0;
        for (int i = 0; i < count; i++)
        {
            value = (value << 1) | (uint)Bit();
        }

        return value;
    }

    public void Fail() => Failed = true;
}

/// <summary>One Huffman code in <see cref="Size"/> bytes of the caller's memory: how many codes of each length, then the
/// symbols in the order of their codes.</summary>
internal readonly ref struct Bzip2Code(Span<byte> memory)
{
    public const int MaxSymbols = 258;
    public const int Size = 2 * (MaxBits + 1 + MaxSymbols);

    private const int MaxBits = 20;

    private readonly Span<ushort> counts = MemoryMarshal.Cast<byte, ushort>(memory[..(2 * (MaxBits + 1))]);
    private readonly Span<ushort> symbols = MemoryMarshal.Cast<byte, ushort>(memory[(2 * (MaxBits + 1))..Size]);

    /// <summary>Reads the code's lengths, each as its difference from the one before.</summary>
    /// <param name="lengths">As many as there are symbols; overwritten.</param>
    public void Read(ref Bzip2Bits bits, scoped Span<byte> lengths)
    {
        int length = (int)bits.Bits(5);
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            while (length is >= 1 and <= MaxBits && bits.Bit() == 1)
            {
                length += bits.Bit() == 0 ? 1 : -1;
            }

            if (length is < 1 or > MaxBits || bits.Failed)
            {
                bits.Fail();
                return;
            }

            lengths[symbol] = (byte)length;
        }

        Sort(lengths);
    }

    /// <summary>The next symbol; 0 when the bits are no code.</summary>
    public int Decode(ref Bzip2Bits bits)
    {
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= MaxBits; length++)
        {
            code |= bits.Bit();
            int count = counts[length];
            if (code - count < first)
            {
                return symbols[index + (code - first)];
            }

            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        bits.Fail();
        return 0;
    }

    private void Sort(scoped ReadOnlySpan<byte> lengths)
    {
        counts.Clear();
        foreach (byte length in lengths)
        {
            counts[length]++;
        }

        int next = 0;
        for (int length = 1; length <= MaxBits; length++)
        {
            for (int symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] == length)
                {
                    symbols[next++] = (ushort)symbol;
                }
            }
        }
    }
}
