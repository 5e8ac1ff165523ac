// SPDX-License-Identifier: GPL-3.0-or-later
// How the picture is turned on a panel that is built in sideways or upside down: which area of the panel shows which
// area of the picture. Pure.

namespace Framebuffer;

/// <summary>
/// Quarter turns of the picture on the panel, clockwise; the numbers are those of the kernel's fbcon=rotate.
/// </summary>
public enum Rotation
{
    /// <summary>The picture's top is at the panel's top.</summary>
    None = 0,

    /// <summary>The picture's top is at the panel's right side.</summary>
    Clockwise = 1,

    /// <summary>The picture's top is at the panel's bottom.</summary>
    UpsideDown = 2,

    /// <summary>The picture's top is at the panel's left side.</summary>
    CounterClockwise = 3,
}

/// <summary>Where turned pixels lie.</summary>
public static class Turning
{
    /// <summary>Whether the picture's width is the panel's height.</summary>
    public static bool IsSideways(this Rotation rotation) => rotation is Rotation.Clockwise or Rotation.CounterClockwise;

    /// <summary>Where an area of the picture lies on the panel.</summary>
    /// <param name="area">The area in the picture, within it.</param>
    /// <param name="rotation">How the picture is turned.</param>
    /// <param name="width">The picture's width (not the panel's), in pixels.</param>
    /// <param name="height">The picture's height, in pixels.</param>
    /// <returns>The area on the panel.</returns>
    public static Area Turn(this Area area, Rotation rotation, int width, int height) => rotation switch
    {
        Rotation.None => area,
        Rotation.Clockwise => new(height - area.Bottom, area.Left, height - area.Top, area.Right),
        Rotation.UpsideDown => new(width - area.Right, height - area.Bottom, width - area.Left, height - area.Top),
        Rotation.CounterClockwise => new(area.Top, width - area.Right, area.Bottom, width - area.Left),
        _ => throw new ArgumentOutOfRangeException(nameof(rotation)),
    };
}
