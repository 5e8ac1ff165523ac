// SPDX-License-Identifier: GPL-3.0-or-later
//
// A touchscreen that the touch-player plays: lines of its script for pixels of the screen.

using System.Globalization;

namespace EmulatedPhone;

/// <summary>A touchscreen over a screen; both begin at their upper left corner.</summary>
/// <param name="Name">Its name in the script.</param>
/// <param name="Kind">touch-player.c has the kinds: "slots", "packets", "single".</param>
/// <param name="Phone">Whose screen it lies on.</param>
/// <param name="MinX">The first axis at the left edge, in the axis' units.</param>
/// <param name="MaxX">The same at the right edge.</param>
/// <param name="MinY">The second axis at the upper edge.</param>
/// <param name="MaxY">The same at the lower edge.</param>
public sealed record Touchscreen(string Name, string Kind, Phone Phone, int MinX, int MaxX, int MinY, int MaxY)
{
    /// <summary>A touchscreen whose axes count pixels.</summary>
    public Touchscreen(string name, string kind, Phone phone)
        : this(name, kind, phone, 0, phone.Width - 1, 0, phone.Height - 1)
    {
    }

    /// <summary>Makes it.</summary>
    public string Device => Line($"device {Name} {Kind} {MinX} {MaxX} {MinY} {MaxY}");

    /// <summary>A finger comes down at a pixel.</summary>
    public string Down((int X, int Y) pixel, int finger = 0) =>
        Line($"down {Name} {finger} {On(pixel.X, Phone.Width, MinX, MaxX)} {On(pixel.Y, Phone.Height, MinY, MaxY)}");

    /// <summary>The finger goes up where it is.</summary>
    public string Up(int finger = 0) => Line($"up {Name} {finger}");

    /// <summary>A short touch.</summary>
    public IReadOnlyList<string> Tap((int X, int Y) pixel) => ["start", Down(pixel), "wait 60", Up(), "wait 60"];

    /// <summary>
    /// Two fingers in turn touch one pixel after the other, evenly in time; each goes down before the former goes up.
    /// </summary>
    /// <param name="pixels">Where.</param>
    /// <param name="perSecond">Touches a second.</param>
    public IReadOnlyList<string> Drum(IReadOnlyList<(int X, int Y)> pixels, int perSecond)
    {
        // A touch lasts from its turn until the next one's is a third over.
        var events = new List<(int Millisecond, string Line)>();
        for (int i = 0; i < pixels.Count; i++)
        {
            events.Add((i * 1000 / perSecond, Down(pixels[i], i % 2)));
            events.Add((((i * 3) + 4) * 1000 / (3 * perSecond), Up(i % 2)));
        }

        var lines = new List<string> { "start" };
        int now = 0;
        foreach ((int millisecond, string line) in events.OrderBy(e => e.Millisecond))
        {
            lines.AddRange([Line($"wait {millisecond - now}"), line]);
            now = millisecond;
        }

        return lines;
    }

    /// <summary>The middle of a pixel in an axis' units.</summary>
    private static int On(int pixel, int pixels, int minimum, int maximum) =>
        minimum + (int)(((2L * pixel) + 1) * (maximum - minimum + 1L) / (2L * pixels));

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
