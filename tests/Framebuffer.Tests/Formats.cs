// SPDX-License-Identifier: GPL-3.0-or-later
// What a device reports for each pixel format.

namespace Framebuffer.Tests;

internal static class Formats
{
    /// <summary>A layout of the format without a size.</summary>
    internal static FramebufferGeometry Of(PixelFormat format) => format switch
    {
        PixelFormat.Xrgb8888 => Of(32, new(16, 8), new(8, 8), new(0, 8)),
        PixelFormat.Xbgr8888 => Of(32, new(0, 8), new(8, 8), new(16, 8)),
        PixelFormat.Rgbx8888 => Of(32, new(24, 8), new(16, 8), new(8, 8)),
        PixelFormat.Bgrx8888 => Of(32, new(8, 8), new(16, 8), new(24, 8)),
        PixelFormat.Xrgb2101010 => Of(32, new(20, 10), new(10, 10), new(0, 10)),
        PixelFormat.Xbgr2101010 => Of(32, new(0, 10), new(10, 10), new(20, 10)),
        PixelFormat.Rgbx1010102 => Of(32, new(22, 10), new(12, 10), new(2, 10)),
        PixelFormat.Bgrx1010102 => Of(32, new(2, 10), new(12, 10), new(22, 10)),
        PixelFormat.Rgb888 => Of(24, new(16, 8), new(8, 8), new(0, 8)),
        PixelFormat.Bgr888 => Of(24, new(0, 8), new(8, 8), new(16, 8)),
        PixelFormat.Rgb565 => Of(16, new(11, 5), new(5, 6), new(0, 5)),
        PixelFormat.Bgr565 => Of(16, new(0, 5), new(5, 6), new(11, 5)),
        PixelFormat.Xrgb1555 => Of(16, new(10, 5), new(5, 5), new(0, 5)),
        PixelFormat.Xbgr1555 => Of(16, new(0, 5), new(5, 5), new(10, 5)),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    private static FramebufferGeometry Of(uint bits, ChannelField red, ChannelField green, ChannelField blue) =>
        new(0, 0, 0, 0, bits, 0, 0, red, green, blue, default);
}
