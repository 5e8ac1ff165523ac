// SPDX-License-Identifier: GPL-3.0-or-later

using System.Globalization;
using System.Runtime.InteropServices;

namespace CardUnlock.Tests;

public sealed class SecretBufferTests
{
    // One of those that are had together and kept, and one with pages of its own.
    [Theory]
    [InlineData(16)]
    [InlineData(5000)]
    public unsafe void Pages_are_locked_and_left_out_of_dumps(int capacity)
    {
        using SecretBuffer buffer = SecretBuffer.Allocate(capacity);
        Span<byte> span = buffer.Resize(1);
        string[] smaps = Mapping((nint)(byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(span)));
        string locked = smaps.Single(line => line.StartsWith("Locked:", StringComparison.Ordinal));
        string flags = smaps.Single(line => line.StartsWith("VmFlags:", StringComparison.Ordinal));
        Assert.True(int.Parse(locked.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 >= capacity, locked);
        Assert.Contains(" lo", flags, StringComparison.Ordinal);
        Assert.Contains(" dd", flags, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_keeps_to_the_capacity_all_or_nothing()
    {
        using SecretBuffer buffer = SecretBuffer.Allocate(4);
        Assert.True(buffer.TryAppend([1, 2, 3]));
        Assert.False(buffer.TryAppend([4, 5]));
        Assert.Equal([1, 2, 3], buffer.Span.ToArray());
        Assert.True(buffer.TryAppend([4]));
        Assert.Equal(4, buffer.Length);
        Assert.Equal(4, buffer.Capacity);
    }

    [Fact]
    public void Truncate_and_clear_zero_what_they_drop()
    {
        using SecretBuffer buffer = SecretBuffer.Allocate(8);
        buffer.TryAppend([1, 2, 3, 4, 5]);
        Span<byte> all = buffer.Span;
        buffer.Truncate(2);
        Assert.Equal([1, 2, 0, 0, 0], all.ToArray());
        buffer.Clear();
        Assert.Equal([0, 0, 0, 0, 0], all.ToArray());
        Assert.Equal(0, buffer.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(1));
    }

    [Fact]
    public void Move_gives_the_pages_away()
    {
        using SecretBuffer first = SecretBuffer.Allocate(8);
        first.TryAppend([7, 8]);
        using SecretBuffer second = first.Move();
        Assert.Equal([7, 8], second.Span.ToArray());
        Assert.True(first.IsClosed);
        Assert.Equal(0, first.Length);
        Assert.Throws<ObjectDisposedException>(() => first.Span.ToArray());
        Assert.Throws<ObjectDisposedException>(first.Move);
    }

    [Fact]
    public void Dispose_ends_every_use_and_may_be_repeated()
    {
        SecretBuffer buffer = SecretBuffer.Allocate(8);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.TryAppend([1]));
        Assert.Throws<ObjectDisposedException>(buffer.Clear);
    }

    [Fact]
    public void Its_text_tells_nothing()
    {
        using SecretBuffer buffer = SecretBuffer.Allocate(8);
        buffer.TryAppend("secret"u8);
        Assert.Equal(typeof(SecretBuffer).FullName, buffer.ToString());
    }

    private static string[] Mapping(nint address)
    {
        string[] lines = File.ReadAllLines("/proc/self/smaps");
        int start = Array.FindIndex(lines, line =>
        {
            string[] range = line.Split(' ')[0].Split('-');
            return range.Length == 2
                && long.TryParse(range[0], NumberStyles.HexNumber, null, out long from)
                && long.TryParse(range[1], NumberStyles.HexNumber, null, out long to)
                && from <= address && address < to;
        });
        return [.. lines.Skip(start + 1).TakeWhile(line => !line.Split(' ')[0].Contains('-', StringComparison.Ordinal))];
    }
}
