// SPDX-License-Identifier: GPL-3.0-or-later
// From a device's axis to the screen's pixels. Pure.

namespace Input;

/// <summary>
/// Maps an axis of [<paramref name="Minimum"/>, <paramref name="Maximum"/>] onto pixels 0 .. <paramref name="Pixels"/>
/// - 1.
/// </summary>
/// <param name="Minimum">The axis' value at the first pixel, device units.</param>
/// <param name="Maximum">The axis' value at the last pixel, device units.</param>
/// <param name="Pixels">The screen's size along the axis, at least 1.</param>
public readonly record struct AxisMap(int Minimum, int Maximum, int Pixels)
{
    /// <summary>The pixel nearest to an axis value; values out of range go to the edge.</summary>
    /// <param name="value">Device units.</param>
    public int Map(int value)
    {
        long range = (long)Maximum - Minimum;
        if (range <= 0)
        {
            // A driver that does not know its range reports pixels.
            return Math.Clamp(value, 0, Pixels - 1);
        }

        long distance = Math.Clamp(value, Minimum, Maximum) - (long)Minimum;
        return (int)(((distance * (Pixels - 1)) + (range / 2)) / range);
    }
}
