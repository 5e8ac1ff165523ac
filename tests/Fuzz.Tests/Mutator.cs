// SPDX-License-Identifier: GPL-3.0-or-later
// Changes inputs as fuzzers do: bits, bytes, numbers at the edges of their ranges, lengths that are off by a little, parts
// left out, repeated, exchanged with another input's. The same seed gives the same inputs.

using System.Buffers.Binary;

namespace Fuzz.Tests;

/// <summary>Makes new inputs of at most <see cref="MaxLength"/> bytes out of known ones.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> words)
{
    public const int MaxLength = 8192;
    private const int MaxSteps = 6;
    private const int MaxDelta = 16;

    private static readonly uint[] Edges =
    [
        0, 1, 2, 0x1F, 0x20, 0x3F, 0x40, 0x7F, 0x80, 0x81, 0x82, 0xBF, 0xC0, 0xDF, 0xE0, 0xFE, 0xFF, 0x100, 0x1FFF, 0x7FFF,
        0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
    ];

    private readonly Random random = new(seed);
    private readonly byte[] bytes = new byte[MaxLength];
    private int length;

    /// <summary>One to six changes to one of <paramref name="pool"/>; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next(IReadOnlyList<byte[]> pool)
    {
        byte[] start = pool[random.Next(pool.Count)];
        length = Math.Min(start.Length, MaxLength);
        start.AsSpan(0, length).CopyTo(bytes);
        for (int step = random.Next(1, MaxSteps + 1); step > 0; step--)
        {
            Change(pool[random.Next(pool.Count)]);
        }

        return bytes.AsSpan(0, length);
    }

    private void Change(byte[] other)
    {
        switch (random.Next(words.Count > 0 ? 10 : 9))
        {
            case 0 when length > 0:
                bytes[random.Next(length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when length > 0:
                bytes[random.Next(length)] = (byte)random.Next(256);
                break;
            case 2 when length > 0:
                bytes[random.Next(length)] += (byte)random.Next(-MaxDelta, MaxDelta + 1);
                break;
            case 3 when length > 0:
                PutEdge(random.Next(length));
                break;
            case 4:
                Cut(random.Next(length + 1), random.Next(length + 1));
                break;
            case 5:
                length = random.Next(length + 1);
                break;
            case 6:
                Insert(Part(bytes.AsSpan(0, length).ToArray()));
                break;
            case 7:
                Insert(Part(other));
                break;
            case 8:
                Overwrite(Part(other));
                break;
            case 9:
                Insert(words[random.Next(words.Count)]);
                break;
            default:
                Insert([(byte)random.Next(256)]);
                break;
        }
    }

    private void PutEdge(int at)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, Edges[random.Next(Edges.Length)]);
        ReadOnlySpan<byte> low = number[^(1 << random.Next(3))..];
        low[..Math.Min(low.Length, length - at)].CopyTo(bytes.AsSpan(at));
    }

    private void Cut(int from, int to)
    {
        (from, to) = (Math.Min(from, to), Math.Max(from, to));
        bytes.AsSpan(to, length - to).CopyTo(bytes.AsSpan(from));
        length -= to - from;
    }

    private ReadOnlySpan<byte> Part(byte[] of)
    {
        int from = random.Next(of.Length + 1);
        return of.AsSpan(from, random.Next(of.Length - from + 1));
    }

    private void Insert(ReadOnlySpan<byte> part)
    {
        part = part[..Math.Min(part.Length, MaxLength - length)];
        int at = random.Next(length + 1);
        bytes.AsSpan(at, length - at).CopyTo(bytes.AsSpan(at + part.Length));
        part.CopyTo(bytes.AsSpan(at));
        length += part.Length;
    }

    private void Overwrite(ReadOnlySpan<byte> part)
    {
        int at = random.Next(length + 1);
        part[..Math.Min(part.Length, length - at)].CopyTo(bytes.AsSpan(at));
    }
}
