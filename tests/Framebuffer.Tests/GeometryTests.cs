// SPDX-License-Identifier: GPL-3.0-or-later
// Which layouts can be drawn to, and the sentences for those that cannot.

using Framebuffer.Native;

namespace Framebuffer.Tests;

public class GeometryTests
{
    internal static readonly FramebufferGeometry Phone = new(
        720, 1440, 0, 0, 32, 2880, 2880 * 1440, new(16, 8), new(8, 8), new(0, 8), default);

    [Theory]
    [InlineData(32, 16, 8, 0, 8, 8, PixelFormat.Xrgb8888)]
    [InlineData(32, 0, 8, 16, 8, 8, PixelFormat.Xbgr8888)]
    [InlineData(32, 24, 16, 8, 8, 8, PixelFormat.Rgbx8888)]
    [InlineData(32, 8, 16, 24, 8, 8, PixelFormat.Bgrx8888)]
    [InlineData(32, 20, 10, 0, 10, 10, PixelFormat.Xrgb2101010)]
    [InlineData(32, 0, 10, 20, 10, 10, PixelFormat.Xbgr2101010)]
    [InlineData(32, 22, 12, 2, 10, 10, PixelFormat.Rgbx1010102)]
    [InlineData(32, 2, 12, 22, 10, 10, PixelFormat.Bgrx1010102)]
    [InlineData(24, 16, 8, 0, 8, 8, PixelFormat.Rgb888)]
    [InlineData(24, 0, 8, 16, 8, 8, PixelFormat.Bgr888)]
    [InlineData(16, 11, 5, 0, 5, 6, PixelFormat.Rgb565)]
    [InlineData(16, 0, 5, 11, 5, 6, PixelFormat.Bgr565)]
    [InlineData(16, 10, 5, 0, 5, 5, PixelFormat.Xrgb1555)]
    [InlineData(16, 0, 5, 10, 5, 5, PixelFormat.Xbgr1555)]
    public void The_channels_decide_the_format(
        uint bits, uint red, uint green, uint blue, uint length, uint greenLength, PixelFormat expected)
    {
        FramebufferGeometry geometry = Phone with
        {
            BitsPerPixel = bits,
            Red = new(red, length),
            Green = new(green, greenLength),
            Blue = new(blue, length),
        };
        Assert.Null(geometry.Refusal(out PixelFormat format));
        Assert.Equal(expected, format);
    }

    [Fact]
    public void Other_layouts_are_refused_with_a_reason()
    {
        (FramebufferGeometry Geometry, string Reason)[] bad =
        [
            (Phone with { Width = 0 }, "its size is 0x1440"),
            (Phone with { Height = 0 }, "its size is 720x0"),
            (Phone with { Width = 20000 }, "beyond 16384 pixels"),
            (Phone with { Height = uint.MaxValue }, "beyond 16384 pixels"),
            (Phone with { YOffset = uint.MaxValue }, "beyond 16384 pixels"),
            (Phone with { BitsPerPixel = 8 }, "its pixel format is unknown (8 bits"),
            (Phone with { Red = new(21, 10), Green = new(11, 10), Blue = new(1, 10) }, "red 10@21, green 10@11, blue 10@1"),
            (Phone with { Green = new(16, 8) }, "its pixel format is unknown"),
            (Phone with { BitsPerPixel = 16, Red = new(11, 5), Green = new(6, 5), Blue = new(1, 5) }, "unknown (16 bits"),
            (Phone with { BitsPerPixel = 30, Red = new(20, 10), Green = new(10, 10), Blue = new(0, 10) }, "unknown (30 bits"),
            (Phone with { Stride = 2879 }, "its rows of 2880 bytes do not fit its stride of 2879 bytes"),
            (Phone with { XOffset = 1 }, "its rows of 2884 bytes do not fit"),
            (Phone with { YOffset = 1 }, "its picture of 4150080 bytes does not fit its memory of 4147200 bytes"),
            (Phone with { MemoryLength = 100 }, "does not fit its memory of 100 bytes"),
        ];
        Assert.All(bad, one => Assert.Contains(one.Reason, one.Geometry.Refusal(out _)));
    }

    [Fact]
    public void Memory_of_unknown_length_is_believed() => Assert.Null((Phone with { MemoryLength = 0 }).Refusal(out _));

    [Fact]
    public void A_pixel_lies_after_the_offsets()
    {
        FramebufferGeometry panned = Phone with { XOffset = 3, YOffset = 1440, Stride = 3072, MemoryLength = 0 };
        Assert.Equal((1440L * 3072) + 12, panned.PixelOffset(0, 0));
        Assert.Equal((1449L * 3072) + 12, panned.PixelOffset(0, 9));
        Assert.Equal((1449L * 3072) + 12 + 28, panned.PixelOffset(7, 9));
        Assert.Equal(2880, panned.RowBytes);
    }

    [Fact]
    public void The_kernels_structs_become_a_geometry()
    {
        (fb_var_screeninfo variable, fb_fix_screeninfo fixedInfo) = KernelPhone();
        Assert.Equal(Phone, ScreenInfo.ToGeometry(variable, fixedInfo));

        fixedInfo.line_length = 0;
        Assert.Equal(Phone.Stride, ScreenInfo.ToGeometry(variable, fixedInfo)!.Value.Stride);
    }

    [Fact]
    public void Planes_palettes_grey_and_reversed_bits_are_no_geometry()
    {
        (fb_var_screeninfo variable, fb_fix_screeninfo fixedInfo) = KernelPhone();
        Assert.Null(ScreenInfo.ToGeometry(variable, fixedInfo with { type = 1 }));
        Assert.Null(ScreenInfo.ToGeometry(variable, fixedInfo with { visual = 3 }));
        Assert.Null(ScreenInfo.ToGeometry(variable with { grayscale = 1 }, fixedInfo));
        Assert.Null(ScreenInfo.ToGeometry(variable with { nonstd = 1 }, fixedInfo));
        var reversed = new fb_bitfield { offset = 8, length = 8, msb_right = 1 };
        Assert.Null(ScreenInfo.ToGeometry(variable with { green = reversed }, fixedInfo));
    }

    private static (fb_var_screeninfo Variable, fb_fix_screeninfo Fixed) KernelPhone()
    {
        fb_bitfield At(uint offset) => new() { offset = offset, length = 8 };
        var variable = new fb_var_screeninfo
        {
            xres = 720, yres = 1440, xres_virtual = 720, yres_virtual = 1440, bits_per_pixel = 32,
            red = At(16), green = At(8), blue = At(0),
        };
        return (variable, new fb_fix_screeninfo { visual = Fbdev.FB_VISUAL_TRUECOLOR, line_length = 2880, smem_len = 2880 * 1440 });
    }
}
