// SPDX-License-Identifier: GPL-3.0-or-later
// Copies an area of the picture to where a turned panel shows it. Sideways in blocks of 4x4 pixels, four of them above
// one another at a time: then a cache line of the target is written whole, and 16 rows of the source stay in the cache.
// Pure.

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Framebuffer;

internal static class TurnKernels
{
    private const int Side = 4;
    private const int BlockRows = 16;

    /// <summary>Turns an area.</summary>
    /// <param name="rotation">Any but <see cref="Rotation.None"/>.</param>
    /// <param name="source">The whole picture, one word per pixel.</param>
    /// <param name="sourceStride">Words from one row of it to the next.</param>
    /// <param name="area">The area of the picture.</param>
    /// <param name="target">The whole panel, without gaps between its rows.</param>
    /// <param name="width">The picture's width, in pixels.</param>
    /// <param name="height">The picture's height, in pixels.</param>
    /// <returns>The part of the area outside of which the target held the same before: exact to 4 pixels sideways, all of it upside down.</returns>
    internal static Area Turn(
        Rotation rotation, ReadOnlySpan<uint> source, int sourceStride, Area area, Span<uint> target, int width, int height)
    {
        if (rotation == Rotation.UpsideDown)
        {
            TurnOver(source, sourceStride, area, target, width, height);
            return area;
        }

        bool clockwise = rotation == Rotation.Clockwise;
        var changed = default(Area);
        for (int top = area.Top; top < area.Bottom; top += BlockRows)
        {
            var band = area with { Top = top, Bottom = Math.Min(top + BlockRows, area.Bottom) };
            int right = band.Left + (band.Width / Side * Side);
            int bottom = band.Top + (band.Height / Side * Side);
            for (int x = band.Left; x < right; x += Side)
            {
                for (int y = band.Top; y < bottom; y += Side)
                {
                    if (TurnBlock(clockwise, source, sourceStride, x, y, target, width, height))
                    {
                        changed = changed.Join(new(x, y, x + Side, y + Side));
                    }
                }
            }

            changed = changed.Join(
                TurnPixels(clockwise, source, sourceStride, band with { Left = right, Bottom = bottom }, target, width, height));
            changed = changed.Join(TurnPixels(clockwise, source, sourceStride, band with { Top = bottom }, target, width, height));
        }

        return changed;
    }

    private static void TurnOver(
        ReadOnlySpan<uint> source, int sourceStride, Area area, Span<uint> target, int width, int height)
    {
        for (int y = area.Top; y < area.Bottom; y++)
        {
            Span<uint> row = target.Slice(((height - 1 - y) * width) + width - area.Right, area.Width);
            source.Slice((y * sourceStride) + area.Left, area.Width).CopyTo(row);
            row.Reverse();
        }
    }

    /// <returns>True where the target held something else.</returns>
    private static bool TurnBlock(
        bool clockwise, ReadOnlySpan<uint> source, int sourceStride, int x, int y, Span<uint> target, int width, int height)
    {
        // Clockwise the lowest row becomes the leftmost column.
        int first = ((clockwise ? y + Side - 1 : y) * sourceStride) + x;
        int step = clockwise ? -sourceStride : sourceStride;
        var a = Vector128.Create(source.Slice(first, Side));
        var b = Vector128.Create(source.Slice(first + step, Side));
        var c = Vector128.Create(source.Slice(first + (2 * step), Side));
        var d = Vector128.Create(source.Slice(first + (3 * step), Side));
        Vector128<uint> acLow = ZipLow(a, c), bdLow = ZipLow(b, d), acHigh = ZipHigh(a, c), bdHigh = ZipHigh(b, d);

        int place = clockwise ? (x * height) + height - y - Side : ((width - 1 - x) * height) + y;
        int down = clockwise ? height : -height;
        var differences = Put(ZipLow(acLow, bdLow), target.Slice(place, Side))
            | Put(ZipHigh(acLow, bdLow), target.Slice(place + down, Side))
            | Put(ZipLow(acHigh, bdHigh), target.Slice(place + (2 * down), Side))
            | Put(ZipHigh(acHigh, bdHigh), target.Slice(place + (3 * down), Side));
        return differences != Vector128<uint>.Zero;
    }

    private static Vector128<uint> Put(Vector128<uint> pixels, Span<uint> place)
    {
        var differences = pixels ^ Vector128.Create((ReadOnlySpan<uint>)place);
        pixels.CopyTo(place);
        return differences;
    }

    /// <returns>The area, or nothing where the target held the same.</returns>
    private static Area TurnPixels(
        bool clockwise, ReadOnlySpan<uint> source, int sourceStride, Area area, Span<uint> target, int width, int height)
    {
        uint differences = 0;
        for (int x = area.Left; x < area.Right; x++)
        {
            for (int y = area.Top; y < area.Bottom; y++)
            {
                ref uint place = ref target[clockwise ? (x * height) + height - 1 - y : ((width - 1 - x) * height) + y];
                uint pixel = source[(y * sourceStride) + x];
                differences |= place ^ pixel;
                place = pixel;
            }
        }

        return differences != 0 ? area : default;
    }

    private static Vector128<uint> ZipLow(Vector128<uint> a, Vector128<uint> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    private static Vector128<uint> ZipHigh(Vector128<uint> a, Vector128<uint> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
