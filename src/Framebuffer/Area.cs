// SPDX-License-Identifier: GPL-3.0-or-later
// A rectangle of pixels. Pure.

namespace Framebuffer;

/// <summary>
/// A half-open rectangle of pixels, counted from the frame's top left: columns [<paramref name="Left"/>,
/// <paramref name="Right"/>) of rows [<paramref name="Top"/>, <paramref name="Bottom"/>).
/// </summary>
public readonly record struct Area(int Left, int Top, int Right, int Bottom)
{
    /// <summary>Pixels per row; negative where the sides have crossed.</summary>
    public int Width => Right - Left;

    /// <summary>Rows; negative where the sides have crossed.</summary>
    public int Height => Bottom - Top;

    /// <summary>Whether no pixel lies in it.</summary>
    public bool IsEmpty => Right <= Left || Bottom <= Top;

    /// <summary>The part that lies in a frame of <paramref name="width"/> × <paramref name="height"/> pixels.</summary>
    /// <returns>The default area where there is none.</returns>
    public Area Clip(int width, int height)
    {
        var clipped = new Area(Math.Max(Left, 0), Math.Max(Top, 0), Math.Min(Right, width), Math.Min(Bottom, height));
        return clipped.IsEmpty ? default : clipped;
    }

    /// <summary>The smallest area that holds both; an empty one adds nothing.</summary>
    public Area Join(Area other) =>
        other.IsEmpty ? this
        : IsEmpty ? other
        : new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));
}
