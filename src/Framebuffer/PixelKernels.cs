// SPDX-License-Identifier: GPL-3.0-or-later
// One row of pixels from B, G, R, X bytes to each format of PixelFormat. Pure; writes exactly the row and nothing after
// it.

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Framebuffer;

/// <summary>
/// Row conversions. Bits of the result that hold no colour are set, so that an opacity channel in their place is opaque.
/// </summary>
public static class PixelKernels
{
    private interface IWord<TWord>
    {
        static abstract TWord Of(uint pixel);
    }

    /// <summary>Converts one row.</summary>
    /// <param name="format">The target's format.</param>
    /// <param name="bgrx">The source row, 4 bytes per pixel; a whole number of pixels.</param>
    /// <param name="target">Receives as many pixels as the source holds; the rest of it is left alone.</param>
    public static void ConvertRow(PixelFormat format, ReadOnlySpan<byte> bgrx, Span<byte> target)
    {
        switch (format)
        {
            case PixelFormat.Xrgb8888:
                Convert<uint, Xrgb8888>(bgrx, target);
                break;
            case PixelFormat.Xbgr8888:
                Convert<uint, Xbgr8888>(bgrx, target);
                break;
            case PixelFormat.Rgbx8888:
                Convert<uint, Rgbx8888>(bgrx, target);
                break;
            case PixelFormat.Bgrx8888:
                Convert<uint, Bgrx8888>(bgrx, target);
                break;
            case PixelFormat.Xrgb2101010:
                Convert<uint, Xrgb2101010>(bgrx, target);
                break;
            case PixelFormat.Xbgr2101010:
                Convert<uint, Xbgr2101010>(bgrx, target);
                break;
            case PixelFormat.Rgbx1010102:
                Convert<uint, Rgbx1010102>(bgrx, target);
                break;
            case PixelFormat.Bgrx1010102:
                Convert<uint, Bgrx1010102>(bgrx, target);
                break;
            case PixelFormat.Rgb565:
                Convert<ushort, Rgb565>(bgrx, target);
                break;
            case PixelFormat.Bgr565:
                Convert<ushort, Bgr565>(bgrx, target);
                break;
            case PixelFormat.Xrgb1555:
                Convert<ushort, Xrgb1555>(bgrx, target);
                break;
            case PixelFormat.Xbgr1555:
                Convert<ushort, Xbgr1555>(bgrx, target);
                break;
            case PixelFormat.Rgb888:
                ToRgb888(bgrx, target);
                break;
            case PixelFormat.Bgr888:
                ToBgr888(bgrx, target);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }
    }

    private static void Convert<TWord, TFormat>(ReadOnlySpan<byte> bgrx, Span<byte> target)
        where TWord : unmanaged
        where TFormat : struct, IWord<TWord>
    {
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(bgrx);
        Span<TWord> words = MemoryMarshal.Cast<byte, TWord>(target)[..pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            words[i] = TFormat.Of(pixels[i]);
        }
    }

    private static void ToRgb888(ReadOnlySpan<byte> source, Span<byte> target)
    {
        target = target[..(source.Length / 4 * 3)];
        while (target.Length >= 3)
        {
            target[2] = source[2];
            target[1] = source[1];
            target[0] = source[0];
            source = source[4..];
            target = target[3..];
        }
    }

    private static void ToBgr888(ReadOnlySpan<byte> source, Span<byte> target)
    {
        target = target[..(source.Length / 4 * 3)];
        while (target.Length >= 3)
        {
            target[2] = source[0];
            target[1] = source[1];
            target[0] = source[2];
            source = source[4..];
            target = target[3..];
        }
    }

    /// <summary>The pixel with red and blue in each other's place.</summary>
    private static uint Mirror(uint p) => (p & 0xFF00) | ((p & 0xFF) << 16) | ((p >> 16) & 0xFF);

    /// <summary>30 bits: the channels widened from 8 to 10 bits, 0 staying 0 and 255 becoming 1023.</summary>
    private static uint Widen(uint p) => Wide((p >> 16) & 0xFF) << 20 | Wide((p >> 8) & 0xFF) << 10 | Wide(p & 0xFF);

    private static uint Wide(uint channel) => channel << 2 | channel >> 6;

    private readonly struct Xrgb8888 : IWord<uint>
    {
        public static uint Of(uint pixel) => pixel | 0xFF000000;
    }

    private readonly struct Xbgr8888 : IWord<uint>
    {
        public static uint Of(uint pixel) => Mirror(pixel) | 0xFF000000;
    }

    private readonly struct Rgbx8888 : IWord<uint>
    {
        public static uint Of(uint pixel) => (pixel << 8) | 0xFF;
    }

    private readonly struct Bgrx8888 : IWord<uint>
    {
        public static uint Of(uint pixel) => BinaryPrimitives.ReverseEndianness(pixel) | 0xFF;
    }

    private readonly struct Xrgb2101010 : IWord<uint>
    {
        public static uint Of(uint pixel) => Widen(pixel) | 0xC0000000;
    }

    private readonly struct Xbgr2101010 : IWord<uint>
    {
        public static uint Of(uint pixel) => Widen(Mirror(pixel)) | 0xC0000000;
    }

    private readonly struct Rgbx1010102 : IWord<uint>
    {
        public static uint Of(uint pixel) => (Widen(pixel) << 2) | 3;
    }

    private readonly struct Bgrx1010102 : IWord<uint>
    {
        public static uint Of(uint pixel) => (Widen(Mirror(pixel)) << 2) | 3;
    }

    private readonly struct Rgb565 : IWord<ushort>
    {
        public static ushort Of(uint pixel) =>
            (ushort)(((pixel >> 8) & 0xF800) | ((pixel >> 5) & 0x07E0) | ((pixel >> 3) & 0x001F));
    }

    private readonly struct Bgr565 : IWord<ushort>
    {
        public static ushort Of(uint pixel) => Rgb565.Of(Mirror(pixel));
    }

    private readonly struct Xrgb1555 : IWord<ushort>
    {
        public static ushort Of(uint pixel) =>
            (ushort)(0x8000 | ((pixel >> 9) & 0x7C00) | ((pixel >> 6) & 0x03E0) | ((pixel >> 3) & 0x001F));
    }

    private readonly struct Xbgr1555 : IWord<ushort>
    {
        public static ushort Of(uint pixel) => Xrgb1555.Of(Mirror(pixel));
    }
}
