// SPDX-License-Identifier: GPL-3.0-or-later
// DEFLATE (RFC 1951) into locked memory. A library's decoder would keep up to 32 KiB of plaintext in managed arrays of
// its own; here the output is the window.

namespace CardUnlock;

/// <summary>
/// Decodes one DEFLATE stream. The code tables (below 2 KiB) say how often byte values occur and live on the stack.
/// </summary>
internal ref struct Inflate
{
    private const int MaxBits = 15;
    private const int LiteralSymbols = 288;
    private const int DistanceSymbols = 30;
    private const int EndOfBlock = 256;

    private readonly ReadOnlySpan<byte> from;
    private readonly Span<byte> to;
    private int read;
    private int written;
    private uint bits;
    private int bitCount;
    private bool failed;

    private Inflate(ReadOnlySpan<byte> from, Span<byte> to)
    {
        this.from = from;
        this.to = to;
    }

    // Section 3.2.5: extra bits and bases of length codes 257 to 285 and of distance codes 0 to 29.
    private static ReadOnlySpan<ushort> LengthBase =>
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    private static ReadOnlySpan<byte> LengthExtra =>
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static ReadOnlySpan<ushort> DistanceBase =>
        [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];

    private static ReadOnlySpan<byte> DistanceExtra =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    // Section 3.2.7.
    private static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>
    /// Fills <paramref name="to"/>; false when the stream is malformed, ends early, or holds more than the capacity.
    /// </summary>
    public static bool TryInflate(ReadOnlySpan<byte> from, SecretBuffer to)
    {
        var inflate = new Inflate(from, to.Resize(to.Capacity));
        bool last = false;
        while (!last && !inflate.failed)
        {
            last = inflate.Bits(1) == 1;
            inflate.Block(inflate.Bits(2));
        }

        to.Truncate(inflate.failed ? 0 : inflate.written);
        return !inflate.failed;
    }

    private void Block(int type)
    {
        switch (type)
        {
            case 0:
                Stored();
                break;
            case 1:
                Fixed();
                break;
            case 2:
                Dynamic();
                break;
            default:
                failed = true;
                break;
        }
    }

    private int Bits(int count)
    {
        while (bitCount < count)
        {
            if (read == from.Length)
            {
                failed = true;
                return 0;
            }

            bits |= (uint)from[read++] << bitCount;
            bitCount += 8;
        }

        int value = (int)(bits & ((1u << count) - 1));
        bits >>= count;
        bitCount -= count;
        return value;
    }

    private void Put(byte b)
    {
        if (written == to.Length)
        {
            failed = true;
            return;
        }

        to[written++] = b;
    }

    private void Stored()
    {
        bits = 0;
        bitCount = 0;
        int length = Bits(16);
        if (Bits(16) != (~length & 0xFFFF))
        {
            failed = true;
        }

        for (int i = 0; i < length && !failed; i++)
        {
            Put((byte)Bits(8));
        }
    }

    private void Fixed()
    {
        Span<byte> lengths = stackalloc byte[LiteralSymbols];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..].Fill(8);
        Span<byte> distances = stackalloc byte[DistanceSymbols];
        distances.Fill(5);
        Codes(lengths, distances);
    }

    private void Dynamic()
    {
        int literals = Bits(5) + 257;
        int distances = Bits(5) + 1;
        int codes = Bits(4) + 4;
        Span<byte> lengths = stackalloc byte[LiteralSymbols + 32];
        Span<byte> codeLengths = stackalloc byte[19];
        codeLengths.Clear();
        for (int i = 0; i < codes; i++)
        {
            codeLengths[CodeLengthOrder[i]] = (byte)Bits(3);
        }

        if (literals > 286 || distances > DistanceSymbols || failed)
        {
            failed = true;
            return;
        }

        ReadLengths(codeLengths, lengths[..(literals + distances)]);
        if (!failed)
        {
            Codes(lengths[..literals], lengths.Slice(literals, distances));
        }
    }

    private void ReadLengths(scoped ReadOnlySpan<byte> codeLengths, scoped Span<byte> lengths)
    {
        scoped var code = new Huffman(codeLengths, stackalloc ushort[MaxBits + 1], stackalloc ushort[19]);
        for (int at = 0; at < lengths.Length && !failed;)
        {
            int symbol = Decode(code);
            if (symbol < 16)
            {
                lengths[at++] = (byte)symbol;
                continue;
            }

            byte value = symbol == 16 && at > 0 ? lengths[at - 1] : (byte)0;
            int count = symbol switch { 16 => 3 + Bits(2), 17 => 3 + Bits(3), _ => 11 + Bits(7) };
            if ((symbol == 16 && at == 0) || count > lengths.Length - at)
            {
                failed = true;
                return;
            }

            lengths.Slice(at, count).Fill(value);
            at += count;
        }
    }

    private void Codes(scoped ReadOnlySpan<byte> lengths, scoped ReadOnlySpan<byte> distances)
    {
        scoped var literalCode = new Huffman(lengths, stackalloc ushort[MaxBits + 1], stackalloc ushort[LiteralSymbols]);
        scoped var distanceCode = new Huffman(distances, stackalloc ushort[MaxBits + 1], stackalloc ushort[DistanceSymbols]);
        while (!failed)
        {
            int symbol = Decode(literalCode);
            if (symbol == EndOfBlock)
            {
                return;
            }

            if (symbol < EndOfBlock)
            {
                Put((byte)symbol);
            }
            else
            {
                Repeat(symbol - EndOfBlock - 1, distanceCode);
            }
        }
    }

    private void Repeat(int lengthCode, scoped Huffman distanceCode)
    {
        if (lengthCode >= LengthBase.Length)
        {
            failed = true;
            return;
        }

        int length = LengthBase[lengthCode] + Bits(LengthExtra[lengthCode]);
        int code = Decode(distanceCode);
        if (failed)
        {
            return;
        }

        int distance = DistanceBase[code] + Bits(DistanceExtra[code]);
        if (distance > written)
        {
            failed = true;
            return;
        }

        for (int i = 0; i < length && !failed; i++)
        {
            Put(to[written - distance]);
        }
    }

    // Canonical codes (section 3.2.2): of each length the first code and how many there are.
    private int Decode(scoped Huffman huffman)
    {
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= MaxBits && !failed; length++)
        {
            code |= Bits(1);
            int count = huffman.Counts[length];
            if (code - count < first)
            {
                return huffman.Symbols[index + (code - first)];
            }

            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        failed = true;
        return 0;
    }

    private readonly ref struct Huffman
    {
        public readonly Span<ushort> Counts;
        public readonly Span<ushort> Symbols;

        public Huffman(scoped ReadOnlySpan<byte> lengths, Span<ushort> counts, Span<ushort> symbols)
        {
            Counts = counts;
            Symbols = symbols;
            counts.Clear();
            symbols.Clear();
            foreach (byte length in lengths)
            {
                counts[length]++;
            }

            counts[0] = 0;
            Span<ushort> next = stackalloc ushort[MaxBits + 1];
            next.Clear();
            for (int length = 1; length < MaxBits; length++)
            {
                next[length + 1] = (ushort)(next[length] + counts[length]);
            }

            for (int symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] != 0)
                {
                    symbols[next[lengths[symbol]]++] = (ushort)symbol;
                }
            }
        }
    }
}
