// SPDX-License-Identifier: GPL-3.0-or-later
// One row of pixels from B, G, R, X bytes to each format of PixelFormat. Pure; writes exactly the row and nothing after
// it.

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Framebuffer;

/// <summary>
/// Row conversions. X bytes of the result are 0xFF, so that an opacity channel in their place is opaque.
/// </summary>
public static class PixelKernels
{
    /// <summary>Converts one row.</summary>
    /// <param name="format">The target's format.</param>
    /// <param name="bgrx">The source row, 4 bytes per pixel; a whole number of pixels.</param>
    /// <param name="target">Receives as many pixels as the source holds; the rest of it is left alone.</param>
    public static void ConvertRow(PixelFormat format, ReadOnlySpan<byte> bgrx, Span<byte> target)
    {
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(bgrx);
        switch (format)
        {
            case PixelFormat.Xrgb8888:
                ToXrgb8888(pixels, MemoryMarshal.Cast<byte, uint>(target));
                break;
            case PixelFormat.Xbgr8888:
                ToXbgr8888(pixels, MemoryMarshal.Cast<byte, uint>(target));
                break;
            case PixelFormat.Rgbx8888:
                ToRgbx8888(pixels, MemoryMarshal.Cast<byte, uint>(target));
                break;
            case PixelFormat.Bgrx8888:
                ToBgrx8888(pixels, MemoryMarshal.Cast<byte, uint>(target));
                break;
            case PixelFormat.Rgb888:
                ToRgb888(bgrx, target);
                break;
            case PixelFormat.Bgr888:
                ToBgr888(bgrx, target);
                break;
            case PixelFormat.Rgb565:
                ToRgb565(pixels, MemoryMarshal.Cast<byte, ushort>(target));
                break;
            case PixelFormat.Bgr565:
                ToBgr565(pixels, MemoryMarshal.Cast<byte, ushort>(target));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }
    }

    private static void ToXrgb8888(ReadOnlySpan<uint> source, Span<uint> target)
    {
        target = target[..source.Length];
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = source[i] | 0xFF000000;
        }
    }

    private static void ToXbgr8888(ReadOnlySpan<uint> source, Span<uint> target)
    {
        target = target[..source.Length];
        for (int i = 0; i < source.Length; i++)
        {
            uint p = source[i];
            target[i] = 0xFF000000 | (p & 0xFF00) | ((p & 0xFF) << 16) | ((p >> 16) & 0xFF);
        }
    }

    private static void ToRgbx8888(ReadOnlySpan<uint> source, Span<uint> target)
    {
        target = target[..source.Length];
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = (source[i] << 8) | 0xFF;
        }
    }

    private static void ToBgrx8888(ReadOnlySpan<uint> source, Span<uint> target)
    {
        target = target[..source.Length];
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = BinaryPrimitives.ReverseEndianness(source[i]) | 0xFF;
        }
    }

    private static void ToRgb888(ReadOnlySpan<byte> source, Span<byte> target)
    {
        target = target[..(source.Length / 4 * 3)];
        for (int s = 0, t = 0; s < source.Length; s += 4, t += 3)
        {
            source.Slice(s, 3).CopyTo(target[t..]);
        }
    }

    private static void ToBgr888(ReadOnlySpan<byte> source, Span<byte> target)
    {
        target = target[..(source.Length / 4 * 3)];
        for (int s = 0, t = 0; s < source.Length; s += 4, t += 3)
        {
            target[t] = source[s + 2];
            target[t + 1] = source[s + 1];
            target[t + 2] = source[s];
        }
    }

    private static void ToRgb565(ReadOnlySpan<uint> source, Span<ushort> target)
    {
        target = target[..source.Length];
        for (int i = 0; i < source.Length; i++)
        {
            uint p = source[i];
            target[i] = (ushort)(((p >> 8) & 0xF800) | ((p >> 5) & 0x07E0) | ((p >> 3) & 0x001F));
        }
    }

    private static void ToBgr565(ReadOnlySpan<uint> source, Span<ushort> target)
    {
        target = target[..source.Length];
        for (int i = 0; i < source.Length; i++)
        {
            uint p = source[i];
            target[i] = (ushort)(((p << 8) & 0xF800) | ((p >> 5) & 0x07E0) | ((p >> 19) & 0x001F));
        }
    }
}
