// SPDX-License-Identifier: GPL-3.0-or-later
// The device's shell: what reaches the memory (a plain file stands in for it: pwrite is the same call) and what is
// refused.

using Framebuffer.Native;
using Microsoft.Win32.SafeHandles;

namespace Framebuffer.Tests;

public sealed class FbdevTargetTests : IDisposable
{
    private const byte Guard = 0x5A;
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("/dev/no-such-frame-buffer", "open", 2)]
    [InlineData("/dev", "open", 21)]
    [InlineData("/dev/null", "FBIOGET_VSCREENINFO", 25)]
    public void What_is_no_frame_buffer_is_refused_with_a_sentence(string node, string operation, int errno)
    {
        var e = Assert.Throws<FramebufferException>(() => FbdevTarget.Open(node));
        Assert.Equal((operation, node, errno), (e.Operation, e.Path, e.Errno));
        Assert.StartsWith($"The screen {node} cannot be used: it ", e.Message);
        Assert.EndsWith(".", e.Message);
    }

    [Fact]
    public void A_plain_file_is_refused() =>
        Assert.Equal(25, Assert.Throws<FramebufferException>(() => FbdevTarget.Open(path)).Errno);

    public static TheoryData<int, int, PixelFormat> Layouts()
    {
        var data = new TheoryData<int, int, PixelFormat>();
        foreach (PixelFormat format in Enum.GetValues<PixelFormat>())
        {
            data.Add(0, 0, format);
            data.Add(5, 0, format);
            data.Add(0, 24, format);
            data.Add(3, 64, format);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Only_damaged_visible_pixels_are_written(int xOffset, int padding, PixelFormat format)
    {
        const int width = 37;
        const int height = 20;
        const int sourceStride = (width * 4) + 12;
        FramebufferGeometry geometry = Layout(format, width, height, xOffset, padding);
        byte[] source = new byte[sourceStride * height];
        new Random(1).NextBytes(source);
        for (int x = 3; x < source.Length; x += 4)
        {
            source[x] = 0xFF;
        }

        WriteGuards(geometry);

        using (FbdevTarget target = Open(geometry))
        {
            target.Present(source, sourceStride, new Area(0, 4, width, 4));
            target.Present(source, sourceStride, new Area(0, 3, width, 9));
            target.Present(source, sourceStride, new Area(-9, 18, 99, 99));
            target.Present(source, sourceStride, new Area(5, 10, 12, 14));
        }

        byte[] memory = File.ReadAllBytes(path);
        int pixel = geometry.BytesPerPixel;
        for (int y = 0; y < height; y++)
        {
            int start = (int)geometry.PixelOffset(0, y);
            for (int x = 0; x < width; x++)
            {
                bool damaged = y is >= 3 and < 9 or >= 18 || (y is >= 10 and < 14 && x is >= 5 and < 12);
                int s = (y * sourceStride) + (x * 4);
                byte[] expected = damaged
                    ? PixelKernelTests.Expected(format, source[s], source[s + 1], source[s + 2])
                    : [.. Enumerable.Repeat(Guard, pixel)];
                Assert.Equal(expected, memory.AsSpan(start + (x * pixel), pixel).ToArray());
            }

            Assert.All(memory.AsSpan(start - (xOffset * pixel), xOffset * pixel).ToArray(), b => Assert.Equal(Guard, b));
            Assert.All(memory.AsSpan(start + (width * pixel), padding).ToArray(), b => Assert.Equal(Guard, b));
        }
    }

    [Fact]
    public void A_frame_of_the_screens_own_layout_is_written_as_it_is()
    {
        FramebufferGeometry geometry = Layout(PixelFormat.Xrgb8888, 16, 8, 0, 0);
        byte[] source = new byte[16 * 4 * 8];
        new Random(2).NextBytes(source);
        using (FbdevTarget target = Open(geometry))
        {
            target.Present(source, 64, new Area(0, 0, 16, 8));
        }

        Assert.Equal(source, File.ReadAllBytes(path)[(int)geometry.PixelOffset(0, 0)..]);
    }

    [Fact]
    public void An_opacity_channel_is_made_opaque()
    {
        FramebufferGeometry geometry = Layout(PixelFormat.Xrgb8888, 16, 8, 0, 0) with { Alpha = new(24, 8) };
        using (FbdevTarget target = Open(geometry))
        {
            target.Present(new byte[16 * 4 * 8], 64, new Area(0, 0, 16, 8));
        }

        byte[] shown = File.ReadAllBytes(path)[(int)geometry.PixelOffset(0, 0)..];
        Assert.All(shown.Where((_, i) => i % 4 == 3), b => Assert.Equal(0xFF, b));
    }

    [Fact]
    public void A_present_allocates_nothing()
    {
        byte[] source = new byte[64 * 64 * 4];
        foreach (PixelFormat format in Enum.GetValues<PixelFormat>())
        {
            foreach (Rotation rotation in Enum.GetValues<Rotation>())
            {
                using var target = new TurnedTarget(Open(Layout(format, 64, 64, 0, 0)), rotation);
                target.Present(source, 64 * 4, new Area(0, 0, 64, 64));
                target.Present(source, 64 * 4, new Area(3, 3, 40, 40));
                long before = GC.GetAllocatedBytesForCurrentThread();
                target.Present(source, 64 * 4, new Area(0, 0, 64, 64));
                target.Present(source, 64 * 4, new Area(3, 3, 40, 40));
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }
    }

    [Fact]
    public void A_screen_that_takes_no_pixels_says_so()
    {
        using FbdevTarget target = Open(Layout(PixelFormat.Xrgb8888, 16, 8, 0, 0), "/dev/full");
        var e = Assert.Throws<FramebufferException>(() => target.Present(new byte[512], 64, new Area(0, 0, 16, 8)));
        Assert.Equal(("pwrite", 28), (e.Operation, e.Errno));
    }

    [Fact]
    public void A_screen_that_cannot_pan_shows_the_pixels_all_the_same()
    {
        FramebufferGeometry geometry = Layout(PixelFormat.Xrgb8888, 16, 8, 0, 0);
        byte[] source = new byte[16 * 4 * 8];
        new Random(3).NextBytes(source);
        using (var target = new FbdevTarget(OpenFile(path), path, geometry, PixelFormat.Xrgb8888, default, pans: true))
        {
            target.Present(source, 64, new Area(0, 0, 16, 8));
        }

        Assert.Equal(source, File.ReadAllBytes(path)[(int)geometry.PixelOffset(0, 0)..]);
    }

    [Theory]
    [InlineData(68u, 136u, 68, 136)]
    [InlineData(uint.MaxValue, 0u, 0, 0)]
    public void A_size_that_the_device_does_not_know_is_0(uint width, uint height, int knownWidth, int knownHeight)
    {
        FramebufferGeometry geometry = Layout(PixelFormat.Xrgb8888, 16, 8, 0, 0);
        var mode = new fb_var_screeninfo { width = width, height = height };
        using var target = new FbdevTarget(OpenFile(path), path, geometry, PixelFormat.Xrgb8888, mode, pans: false);
        Assert.Equal((knownWidth, knownHeight), target.Millimetres);
        Assert.False(target.IsGone);
    }

    private static FramebufferGeometry Layout(PixelFormat format, int width, int height, int xOffset, int padding)
    {
        FramebufferGeometry of = Formats.Of(format);
        uint stride = (uint)(((width + xOffset) * of.BytesPerPixel) + padding);
        return of with { Width = (uint)width, Height = (uint)height, XOffset = (uint)xOffset, YOffset = 2, Stride = stride };
    }

    private void WriteGuards(FramebufferGeometry geometry)
    {
        byte[] memory = new byte[geometry.PixelOffset(0, (int)geometry.Height) + geometry.Stride];
        Array.Fill(memory, Guard);
        File.WriteAllBytes(path, memory);
    }

    private FbdevTarget Open(FramebufferGeometry geometry, string? node = null)
    {
        Assert.Null(geometry.Refusal(out PixelFormat format));
        return new FbdevTarget(OpenFile(node ?? path), node ?? path, geometry, format);
    }

    private static SafeFileHandle OpenFile(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
}
