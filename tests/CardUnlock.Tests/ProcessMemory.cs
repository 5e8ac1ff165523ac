// SPDX-License-Identifier: GPL-3.0-or-later
// Another process' memory, read from outside through /proc/PID/maps and /proc/PID/mem (proc(5)).

using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace CardUnlock.Tests;

/// <summary>Where some bytes stand in a process: the region's name in maps, and the address.</summary>
internal sealed record MemoryHit(string Region, long Address);

internal static class ProcessMemory
{
    private const int ChunkLength = 1 << 20;

    /// <summary>Every place where <paramref name="needle"/> stands in readable memory.</summary>
    public static List<MemoryHit> Find(int process, byte[] needle)
    {
        List<MemoryHit> hits = [];
        using SafeFileHandle memory = File.OpenHandle(
            $"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] chunk = new byte[ChunkLength + needle.Length];
        foreach (string line in File.ReadAllLines($"/proc/{process}/maps"))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[1][0] != 'r' || (fields.Length > 5 && fields[5] is "[vvar]" or "[vsyscall]" or "[vvar_vclock]"))
            {
                continue;
            }

            string[] range = fields[0].Split('-');
            long end = long.Parse(range[1], NumberStyles.HexNumber);
            for (long at = long.Parse(range[0], NumberStyles.HexNumber); at < end; at += ChunkLength)
            {
                int length = Read(memory, at, chunk.AsSpan(0, (int)Math.Min(chunk.Length, end - at)));
                Search(hits, fields.Length > 5 ? fields[5] : $"anonymous {fields[1]}", at, chunk.AsSpan(0, length), needle);
            }
        }

        return hits;
    }

    private static void Search(List<MemoryHit> hits, string region, long start, ReadOnlySpan<byte> bytes, byte[] needle)
    {
        int from = 0;
        for (int at = bytes.IndexOf(needle); at >= 0; at = bytes[from..].IndexOf(needle))
        {
            // The next chunk begins with what reaches beyond this one's length.
            if (from + at < ChunkLength)
            {
                hits.Add(new MemoryHit(region, start + from + at));
            }

            from += at + 1;
        }
    }

    private static int Read(SafeFileHandle memory, long address, Span<byte> to)
    {
        try
        {
            return RandomAccess.Read(memory, to, address);
        }
        catch (IOException)
        {
            // Reserved and never filled.
            return 0;
        }
    }
}
