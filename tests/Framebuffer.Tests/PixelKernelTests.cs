// SPDX-License-Identifier: GPL-3.0-or-later
// Every pixel format, checked against its definition one pixel at a time.

namespace Framebuffer.Tests;

public class PixelKernelTests
{
    private const byte Guard = 0xA5;

    public static TheoryData<PixelFormat, int> FormatsAndWidths()
    {
        var data = new TheoryData<PixelFormat, int>();
        foreach (PixelFormat format in Enum.GetValues<PixelFormat>())
        {
            foreach (int width in (int[])[0, 1, 2, 3, 7, 8, 31, 33, 719, 720])
            {
                data.Add(format, width);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(FormatsAndWidths))]
    public void A_row_is_what_its_format_says_and_nothing_after_it_is_written(PixelFormat format, int width)
    {
        byte[] source = new byte[width * 4];
        new Random(width).NextBytes(source);
        byte[] target = new byte[(width * BytesPerPixel(format)) + 16];
        Array.Fill(target, Guard);

        PixelKernels.ConvertRow(format, source, target);

        for (int i = 0; i < width; i++)
        {
            byte[] expected = Expected(format, source[i * 4], source[(i * 4) + 1], source[(i * 4) + 2]);
            Assert.Equal(expected, target.AsSpan(i * expected.Length, expected.Length).ToArray());
        }

        Assert.All(target[(width * BytesPerPixel(format))..], b => Assert.Equal(Guard, b));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(720)]
    public void A_target_too_short_is_refused(int width)
    {
        foreach (PixelFormat format in Enum.GetValues<PixelFormat>())
        {
            byte[] target = new byte[(width * BytesPerPixel(format)) - 1];
            Assert.ThrowsAny<ArgumentException>(() => PixelKernels.ConvertRow(format, new byte[width * 4], target));
        }
    }

    internal static int BytesPerPixel(PixelFormat format) => Expected(format, 0, 0, 0).Length;

    internal static byte[] Expected(PixelFormat format, byte b, byte g, byte r) => format switch
    {
        PixelFormat.Xrgb8888 => [b, g, r, 0xFF],
        PixelFormat.Xbgr8888 => [r, g, b, 0xFF],
        PixelFormat.Rgbx8888 => [0xFF, b, g, r],
        PixelFormat.Bgrx8888 => [0xFF, r, g, b],
        PixelFormat.Xrgb2101010 => Deep(r, g, b, 0),
        PixelFormat.Xbgr2101010 => Deep(b, g, r, 0),
        PixelFormat.Rgbx1010102 => Deep(r, g, b, 2),
        PixelFormat.Bgrx1010102 => Deep(b, g, r, 2),
        PixelFormat.Rgb888 => [b, g, r],
        PixelFormat.Bgr888 => [r, g, b],
        PixelFormat.Rgb565 => Word(((r >> 3) << 11) | ((g >> 2) << 5) | (b >> 3)),
        PixelFormat.Bgr565 => Word(((b >> 3) << 11) | ((g >> 2) << 5) | (r >> 3)),
        PixelFormat.Xrgb1555 => Word(0x8000 | ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3)),
        PixelFormat.Xbgr1555 => Word(0x8000 | ((b >> 3) << 10) | ((g >> 3) << 5) | (r >> 3)),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    private static byte[] Word(int value) => [(byte)value, (byte)(value >> 8)];

    /// <summary>Three channels widened to 10 bits, from the most significant on, above <paramref name="shift"/> other bits.</summary>
    private static byte[] Deep(byte high, byte middle, byte low, int shift)
    {
        uint Wide(byte channel) => (uint)((channel << 2) | (channel >> 6));
        uint colour = (Wide(high) << 20) | (Wide(middle) << 10) | Wide(low);
        return BitConverter.GetBytes(shift == 0 ? 0xC0000000 | colour : (colour << shift) | 3);
    }
}
