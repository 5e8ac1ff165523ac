// SPDX-License-Identifier: GPL-3.0-or-later
// Our bzip2 decoder against what the bzip2 program writes, and against damage.

using System.Diagnostics;

namespace CardUnlock.Tests;

public sealed class Bzip2Tests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void Reads_what_the_program_wrote_at_each_level(int level)
    {
        var random = new Random(level);
        foreach (int size in (int[])[0, 1, 3, 4, 5, 255, 259, 260, 4096, 8192, 16384])
        {
            foreach (int alphabet in (int[])[1, 2, 4, 60, 256])
            {
                Check(Content(random, size, alphabet), level);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(1, 256)]
    [InlineData(9, 1)]
    [InlineData(9, 256)]
    public void Reads_several_blocks(int level, int alphabet) => Check(Content(new Random(level), 1_100_000, alphabet), level);

    [Fact]
    public void Reads_text_and_runs_of_every_length()
    {
        Check([.. string.Concat(Enumerable.Range(0, 900).Select(i => $"the line {i} of a text; ")).Select(c => (byte)c)], 9);
        Check([.. Enumerable.Range(1, 270).SelectMany(length => Enumerable.Repeat((byte)length, length))], 9);
    }

    [Fact]
    public void Works_in_memory_that_the_capacity_justifies_whatever_the_level_claims()
    {
        byte[] plain = Content(new Random(3), 900_000, 256);
        byte[] packed = Compress(plain, 9);
        using SecretBuffer small = SecretBuffer.Allocate(plain.Length - 1);
        Assert.False(Bzip2.TryDecompress(packed, small));
        Assert.Equal(0, small.Length);

        // Five bytes of the block stand for four here: the longest block that a capacity must take.
        byte[] fours = [.. Enumerable.Range(0, 1000).SelectMany(i => Enumerable.Repeat((byte)i, 4))];
        using SecretBuffer exact = SecretBuffer.Allocate(fours.Length);
        Assert.True(Bzip2.TryDecompress(Compress(fours, 9), exact));
        Assert.Equal(fours, exact.Span.ToArray());
        using SecretBuffer one = SecretBuffer.Allocate(1);
        Assert.False(Bzip2.TryDecompress(Compress(fours, 9), one));
        Assert.True(Bzip2.TryDecompress(Compress([7], 9), one));
        Assert.Equal([7], one.Span.ToArray());
    }

    [Fact]
    public void A_stream_that_ends_early_is_refused_at_each_byte()
    {
        byte[] packed = Compress(Content(new Random(4), 3000, 50), 9);
        using SecretBuffer result = SecretBuffer.Allocate(4000);
        for (int length = 0; length < packed.Length; length++)
        {
            Assert.False(Bzip2.TryDecompress(packed.AsSpan(0, length), result));
            Assert.Equal(0, result.Length);
        }

        Assert.True(Bzip2.TryDecompress(packed, result));
    }

    [Fact]
    public void A_flipped_bit_is_refused_or_changes_nothing()
    {
        byte[] plain = Content(new Random(5), 700, 9);
        byte[] packed = Compress(plain, 9);
        using SecretBuffer result = SecretBuffer.Allocate(1000);
        int taken = 0;
        for (int bit = 0; bit < packed.Length * 8; bit++)
        {
            byte[] damaged = [.. packed];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            if (Bzip2.TryDecompress(damaged, result))
            {
                Assert.Equal(plain, result.Span.ToArray());
                taken++;
            }
            else
            {
                Assert.Equal(0, result.Length);
            }
        }

        // The level's digit, selectors and codes that no group uses, and the last byte's filling.
        Assert.InRange(taken, 1, 200);
    }

    [Fact]
    public void No_damage_makes_it_crash()
    {
        var random = new Random(6);
        byte[][] samples = [Compress(Content(random, 900, 256), 1), Compress(Content(random, 2000, 3), 9), Compress(new byte[5000], 5)];
        using SecretBuffer result = SecretBuffer.Allocate(6000);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = [.. samples[i % samples.Length]];
            for (int changes = random.Next(1, 6); changes > 0; changes--)
            {
                damaged[random.Next(4, damaged.Length)] = (byte)random.Next(256);
            }

            bool read = Bzip2.TryDecompress(damaged, result);
            Assert.True(read || result.Length == 0);
            refused += read ? 0 : 1;
        }

        Assert.InRange(refused, 19_000, 20_000);
    }

    private static void Check(byte[] plain, int level)
    {
        using SecretBuffer result = SecretBuffer.Allocate(Math.Max(1, plain.Length));
        Assert.True(Bzip2.TryDecompress(Compress(plain, level), result));
        Assert.True(result.Span.SequenceEqual(plain));
    }

    private static byte[] Content(Random random, int size, int alphabet)
    {
        byte[] plain = new byte[size];
        for (int i = 0; i < size; i++)
        {
            plain[i] = (byte)(alphabet == 1 ? 'a' : random.Next(alphabet));
        }

        return plain;
    }

    private static byte[] Compress(byte[] plain, int level)
    {
        var start = new ProcessStartInfo("bzip2", ["--compress", "--stdout", $"-{level}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;

        // Both ends at once: the program writes while it still reads.
        using var output = new MemoryStream();
        var reader = new Thread(() => process.StandardOutput.BaseStream.CopyTo(output));
        reader.Start();
        process.StandardInput.BaseStream.Write(plain);
        process.StandardInput.Close();
        reader.Join();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }
}
