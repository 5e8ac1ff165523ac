// SPDX-License-Identifier: GPL-3.0-or-later
// From the panel's pixels to the picture's, where the picture is turned on the panel. Pure.

namespace Input;

/// <summary>A panel, and how the picture stands on it.</summary>
/// <param name="Width">The panel's own width in pixels, at least 1.</param>
/// <param name="Height">The panel's own height in pixels, at least 1.</param>
/// <param name="QuarterTurns">How far the picture is turned clockwise, 0 to 3 times 90 degrees.</param>
public readonly record struct ScreenMap(int Width, int Height, int QuarterTurns = 0)
{
    /// <summary>The picture's width as a person sees it, pixels.</summary>
    public int PictureWidth => IsSideways ? Height : Width;

    /// <summary>The picture's height as a person sees it, pixels.</summary>
    public int PictureHeight => IsSideways ? Width : Height;

    private bool IsSideways => QuarterTurns % 2 != 0;

    /// <summary>Where on the picture a pixel of the panel is.</summary>
    /// <param name="x">Panel pixels from the left of the panel itself.</param>
    /// <param name="y">Panel pixels from its top.</param>
    public (int X, int Y) ToPicture(int x, int y) => QuarterTurns switch
    {
        0 => (x, y),
        1 => (y, Width - 1 - x),
        2 => (Width - 1 - x, Height - 1 - y),
        3 => (Height - 1 - y, x),
        _ => throw new InvalidOperationException("A picture is turned 0 to 3 times."),
    };
}
