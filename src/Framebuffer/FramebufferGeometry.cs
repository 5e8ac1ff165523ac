// SPDX-License-Identifier: GPL-3.0-or-later
// What fb_var_screeninfo and fb_fix_screeninfo say (linux/fb.h), judged: the visible area, where it lies in the
// device's memory, and the pixel format, or the reason why it cannot be drawn to. Pure.

namespace Framebuffer;

/// <summary>One colour channel: its lowest bit's position in the pixel and its width, in bits.</summary>
public readonly record struct ChannelField(uint Offset, uint Length);

/// <summary>A frame buffer's layout as the device reports it, unjudged.</summary>
/// <param name="Width">Visible pixels per row.</param>
/// <param name="Height">Visible rows.</param>
/// <param name="XOffset">Pixels from the start of a row in memory to its visible part.</param>
/// <param name="YOffset">Rows from the start of the memory to the first visible one.</param>
/// <param name="BitsPerPixel">Bits from one pixel to the next.</param>
/// <param name="Stride">Bytes from one row to the next.</param>
/// <param name="MemoryLength">Bytes of memory; 0 where the device does not say.</param>
/// <param name="Red">The red channel.</param>
/// <param name="Green">The green channel.</param>
/// <param name="Blue">The blue channel.</param>
/// <param name="Alpha">The opacity channel; length 0 where there is none.</param>
public readonly record struct FramebufferGeometry(
    uint Width,
    uint Height,
    uint XOffset,
    uint YOffset,
    uint BitsPerPixel,
    uint Stride,
    uint MemoryLength,
    ChannelField Red,
    ChannelField Green,
    ChannelField Blue,
    ChannelField Alpha)
{
    /// <summary>The largest width and height taken seriously, in pixels; products of two stay within 32 bits.</summary>
    public const uint MaxSide = 16384;

    /// <summary>Bytes from one pixel to the next.</summary>
    public int BytesPerPixel => (int)(BitsPerPixel / 8);

    /// <summary>Bytes of a row that can be seen.</summary>
    public int RowBytes => (int)Width * BytesPerPixel;

    /// <summary>Whether rows follow one another with nothing between them.</summary>
    public bool IsPacked => Stride == RowBytes;

    /// <summary>Byte offset in the device's memory of the visible pixel <paramref name="x"/> of row <paramref name="y"/>.</summary>
    public long PixelOffset(int x, int y) => ((YOffset + (long)y) * Stride) + (((long)XOffset + x) * BytesPerPixel);

    /// <summary>Judges the layout.</summary>
    /// <param name="format">The pixel format, when null is returned.</param>
    /// <returns>Null, or why nothing can be drawn, as the end of a sentence without its full stop.</returns>
    public string? Refusal(out PixelFormat format)
    {
        format = default;
        if (Width == 0 || Height == 0)
        {
            return $"its size is {Width}x{Height}";
        }

        if (Width > MaxSide || Height > MaxSide || XOffset > MaxSide || YOffset > MaxSide * 2)
        {
            return $"its size {Width}x{Height} at {XOffset},{YOffset} is beyond {MaxSide} pixels";
        }

        if (FormatOf() is not { } known)
        {
            return $"its pixel format is unknown ({BitsPerPixel} bits per pixel, " +
                $"red {Red.Length}@{Red.Offset}, green {Green.Length}@{Green.Offset}, blue {Blue.Length}@{Blue.Offset})";
        }

        format = known;
        return MemoryRefusal();
    }

    private string? MemoryRefusal()
    {
        long rowEnd = ((long)XOffset * BytesPerPixel) + RowBytes;
        if (Stride < rowEnd)
        {
            return $"its rows of {rowEnd} bytes do not fit its stride of {Stride} bytes";
        }

        long end = PixelOffset(0, (int)Height - 1) + RowBytes;
        return MemoryLength != 0 && MemoryLength < end
            ? $"its picture of {end} bytes does not fit its memory of {MemoryLength} bytes"
            : null;
    }

    private PixelFormat? FormatOf() => (BitsPerPixel, Shape(Red), Shape(Green), Shape(Blue)) switch
    {
        (32, (16, 8), (8, 8), (0, 8)) => PixelFormat.Xrgb8888,
        (32, (0, 8), (8, 8), (16, 8)) => PixelFormat.Xbgr8888,
        (32, (24, 8), (16, 8), (8, 8)) => PixelFormat.Rgbx8888,
        (32, (8, 8), (16, 8), (24, 8)) => PixelFormat.Bgrx8888,
        (32, (20, 10), (10, 10), (0, 10)) => PixelFormat.Xrgb2101010,
        (32, (0, 10), (10, 10), (20, 10)) => PixelFormat.Xbgr2101010,
        (32, (22, 10), (12, 10), (2, 10)) => PixelFormat.Rgbx1010102,
        (32, (2, 10), (12, 10), (22, 10)) => PixelFormat.Bgrx1010102,
        (24, (16, 8), (8, 8), (0, 8)) => PixelFormat.Rgb888,
        (24, (0, 8), (8, 8), (16, 8)) => PixelFormat.Bgr888,
        (16, (11, 5), (5, 6), (0, 5)) => PixelFormat.Rgb565,
        (16, (0, 5), (5, 6), (11, 5)) => PixelFormat.Bgr565,
        (16, (10, 5), (5, 5), (0, 5)) => PixelFormat.Xrgb1555,
        (16, (0, 5), (5, 5), (10, 5)) => PixelFormat.Xbgr1555,
        _ => null,
    };

    private static (uint Offset, uint Length) Shape(ChannelField field) => (field.Offset, field.Length);
}
