// SPDX-License-Identifier: GPL-3.0-or-later
// bzip2 (the program's own format, version 1: its documentation and the "bzip2 Format Specification" of J. Tsai) into
// locked memory: "BZh", level 1 to 9, blocks, end. A block: magic 48 bits, CRC 32, a flag of versions before 0.9.5 (such
// streams are refused), origin 24, byte values in use, Huffman codes, symbols. Huffman, moving to front, Burrows-Wheeler
// and the runs of its first step are undone in this order.

using System.Runtime.InteropServices;

namespace CardUnlock;

/// <summary>Decodes one bzip2 stream; what it works with lies in locked memory, at most 5 bytes per byte of output
/// and 6 KiB.</summary>
internal ref struct Bzip2
{
    private const ulong BlockMagic = 0x314159265359;
    private const ulong EndMagic = 0x177245385090;
    private const int LevelUnit = 100_000;
    private const int MaxCodes = 6;
    private const int GroupLength = 50;
    private const int ByteValues = 256;
    private const int Fixed = (MaxCodes * Bzip2Code.Size) + (4 * ByteValues) + ByteValues + Bzip2Code.MaxSymbols;

    private readonly Span<byte> to;
    private readonly Span<uint> block;
    private readonly Span<uint> starts;
    private readonly Span<byte> codes;
    private readonly Span<byte> front;
    private readonly Span<byte> lengths;
    private readonly Span<byte> selectors;
    private Bzip2Bits bits;
    private int written;
    private uint crc;

    private Bzip2(Bzip2Bits bits, Span<byte> to, Span<byte> work, int maxBlock)
    {
        this.bits = bits;
        this.to = to;
        block = MemoryMarshal.Cast<byte, uint>(Take(ref work, 4 * maxBlock));
        starts = MemoryMarshal.Cast<byte, uint>(Take(ref work, 4 * ByteValues));
        codes = Take(ref work, MaxCodes * Bzip2Code.Size);
        front = Take(ref work, ByteValues);
        lengths = Take(ref work, Bzip2Code.MaxSymbols);
        selectors = work;
    }

    /// <summary>
    /// Fills <paramref name="to"/>; false, and nothing there, when the stream is malformed, ends early, or holds more
    /// than the capacity. What follows the stream is not looked at.
    /// </summary>
    public static bool TryDecompress(ReadOnlySpan<byte> from, SecretBuffer to)
    {
        Span<byte> output = to.Resize(to.Capacity);
        int written = Decompress(from, output);
        to.Truncate(Math.Max(written, 0));
        return written >= 0;
    }

    // The length of the output, or -1.
    private static int Decompress(ReadOnlySpan<byte> from, Span<byte> to)
    {
        var bits = new Bzip2Bits(from);
        if (bits.Bits(24) != 0x425A68 || bits.Bits(8) is not (>= '1' and <= '9' and uint level))
        {
            return -1;
        }

        // The first step writes 5 bytes for 4 equal ones at worst: a longer block cannot fit the output. Each group of
        // symbols but the last fills at least its own number of bytes.
        int maxBlock = (int)Math.Min((level - '0') * LevelUnit, to.Length + (to.Length / 4L));
        using SecretBuffer memory = SecretBuffer.Allocate((4 * maxBlock) + Fixed + (maxBlock / GroupLength) + 1);
        var bzip2 = new Bzip2(bits, to, memory.Resize(memory.Capacity), maxBlock);
        return bzip2.Blocks() ? bzip2.written : -1;
    }

    private static Span<byte> Take(scoped ref Span<byte> work, int length)
    {
        Span<byte> taken = work[..length];
        work = work[length..];
        return taken;
    }

    private bool Blocks()
    {
        uint all = 0;
        while (true)
        {
            ulong magic = ((ulong)bits.Bits(24) << 24) | bits.Bits(24);
            uint expected = bits.Bits(32);
            if (magic == EndMagic)
            {
                return expected == all && !bits.Failed;
            }

            crc = uint.MaxValue;
            if (magic != BlockMagic || !Block() || ~crc != expected)
            {
                return false;
            }

            all = uint.RotateLeft(all, 1) ^ expected;
        }
    }

    private bool Block()
    {
        bool isRandomised = bits.Bit() == 1;
        int origin = (int)bits.Bits(24);
        int inUse = ReadBytesInUse();
        if (isRandomised || inUse == 0 || !ReadCodes(inUse + 2))
        {
            return false;
        }

        int length = ReadSymbols(inUse + 1);
        return origin < length && Untransform(length, origin);
    }

    // 16 bits say which ranges of 16 byte values occur, then 16 bits for each that does.
    private int ReadBytesInUse()
    {
        uint ranges = bits.Bits(16);
        int count = 0;
        for (int range = 0; range < 16; range++)
        {
            uint values = ((ranges << range) & 0x8000) != 0 ? bits.Bits(16) : 0;
            for (int i = 0; i < 16; i++)
            {
                if (((values << i) & 0x8000) != 0)
                {
                    front[count++] = (byte)((range * 16) + i);
                }
            }
        }

        return count;
    }

    // 2 to 6 codes; which one each group of 50 symbols uses, moved to front and in unary; the codes themselves.
    private bool ReadCodes(int symbols)
    {
        int count = (int)bits.Bits(3);
        int groups = (int)bits.Bits(15);
        if (count is < 2 or > MaxCodes || groups == 0)
        {
            return false;
        }

        Span<byte> order = [0, 1, 2, 3, 4, 5];
        for (int i = 0; i < groups; i++)
        {
            int position = 0;
            while (bits.Bit() == 1)
            {
                if (++position == count)
                {
                    return false;
                }
            }

            byte code = MoveToFront(order, position);
            if (i < selectors.Length)
            {
                selectors[i] = code;
            }
        }

        selectors[Math.Min(groups, selectors.Length)..].Fill(MaxCodes);
        for (int i = 0; i < count && !bits.Failed; i++)
        {
            Code(i).Read(ref bits, lengths[..symbols]);
        }

        return !bits.Failed;
    }

    private readonly Bzip2Code Code(int index) => new(codes.Slice(index * Bzip2Code.Size, Bzip2Code.Size));

    // Fills the block with byte values; its length, or -1. Symbols 0 and 1 are the digits 1 and 2, the lowest first, of a
    // run's length to the base 2; the others are positions.
    private int ReadSymbols(int endOfBlock)
    {
        int at = 0;
        int run = 0;
        int weight = 1;
        foreach (byte selector in selectors)
        {
            if (selector == MaxCodes)
            {
                return -1;
            }

            Bzip2Code code = Code(selector);
            for (int i = 0; i < GroupLength; i++)
            {
                int symbol = code.Decode(ref bits);
                if (symbol <= 1)
                {
                    // A weight beyond the block ends it before it can overflow.
                    run += weight << symbol;
                    weight <<= 1;
                }
                else
                {
                    block.Slice(at, run).Fill(front[0]);
                    at += run;
                    run = 0;
                    weight = 1;
                }

                if (bits.Failed || run > block.Length - at || (symbol is > 1 && symbol != endOfBlock && at == block.Length))
                {
                    return -1;
                }

                if (symbol == endOfBlock)
                {
                    return at;
                }

                if (symbol > 1)
                {
                    block[at++] = MoveToFront(front, symbol - 1);
                }
            }
        }

        return -1;
    }

    private static byte MoveToFront(scoped Span<byte> list, int position)
    {
        byte value = list[position];
        list[..position].CopyTo(list[1..]);
        list[0] = value;
        return value;
    }

    // The block is the last column of the sorted rotations. Each entry gets, above its byte, where the row that follows
    // in the text stands.
    private bool Untransform(int length, int origin)
    {
        starts.Clear();
        Span<uint> column = block[..length];
        foreach (uint value in column)
        {
            starts[(int)value]++;
        }

        uint sum = 0;
        foreach (ref uint start in starts)
        {
            (start, sum) = (sum, sum + start);
        }

        for (int i = 0; i < length; i++)
        {
            column[(int)starts[(int)(column[i] & 0xFF)]++] |= (uint)i << 8;
        }

        uint at = column[origin] >> 8;
        int repeats = 0;
        int last = -1;
        for (int i = 0; i < length; i++)
        {
            uint entry = column[(int)at];
            at = entry >> 8;
            byte value = (byte)entry;
            if (repeats == 4)
            {
                // Behind four equal bytes stands how many more there are.
                repeats = 0;
                if (!Put((byte)last, value))
                {
                    return false;
                }

                continue;
            }

            repeats = value == last ? repeats + 1 : 1;
            last = value;
            if (!Put(value, 1))
            {
                return false;
            }
        }

        return true;
    }

    private bool Put(byte value, int count)
    {
        if (count > to.Length - written)
        {
            return false;
        }

        to.Slice(written, count).Fill(value);
        written += count;
        for (int i = 0; i < count; i++)
        {
            crc ^= (uint)value << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc << 1) ^ (0x04C11DB7 & (0 - (crc >> 31)));
            }
        }

        return true;
    }
}
