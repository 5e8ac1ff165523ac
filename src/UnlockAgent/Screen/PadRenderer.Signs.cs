// SPDX-License-Identifier: GPL-3.0-or-later
// The signs: one family, drawn with lines of one width on a grid of 24 × 24, round at their ends and corners.
using SkiaSharp;

namespace UnlockAgent.Screen;

/// <summary>A sign on a button or above a message.</summary>
internal enum Sign
{
    None,
    Card,
    Lock,
    LockOpen,
    Warning,
    Error,
    Touch,
    Backspace,
    Shift,
    ShiftLocked,
    Globe,
    Eye,
    EyeOff,
    Power,
    Restart,
    Menu,
    Contrast,
    Keyboard,
    Check,
    Battery,
    Charging,
    Arrow,
}

internal sealed partial class PadRenderer
{
    private const float Grid = 24;
    private const float SignStroke = 1.8f;

    private readonly SKPath?[] paths = new SKPath?[(int)Sign.Arrow + 1];

    // SVG path data (SVG 2 chapter 9.3).
    private static string DataOf(Sign sign) => sign switch
    {
        Sign.Card => "M4 5h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-16a2 2 0 0 1-2-2v-10a2 2 0 0 1 2-2z"
            + "M6.5 9h3a1 1 0 0 1 1 1v3a1 1 0 0 1-1 1h-3a1 1 0 0 1-1-1v-3a1 1 0 0 1 1-1zM5.5 11.5h5M15 15.5h3.5",
        Sign.Lock => Body + "M8 10.5v-3a4 4 0 0 1 8 0v3M12 14.5v2.5",
        Sign.LockOpen => Body + "M8 10.5v-3.5a4 4 0 0 1 7.6-1.7M12 14.5v2.5",
        Sign.Warning => "M12 3.8l9.2 16.2h-18.4zM12 10v4.6M12 17.2h0.01",
        Sign.Error => Circle + "M12 7.4v5.4M12 16.3h0.01",
        Sign.Touch => "M12 10.4a1.6 1.6 0 1 1 0 3.2a1.6 1.6 0 1 1 0-3.2zM12 6.7a5.3 5.3 0 1 1 0 10.6a5.3 5.3 0 1 1 0-10.6z" + Circle,
        Sign.Backspace => "M8.6 5.5h10.9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-10.9l-6.1-6.5zM11.7 9.5l5 5M16.7 9.5l-5 5",
        Sign.Shift => "M12 4l8 8.2h-4.3v6.8h-7.4v-6.8h-4.3z",
        Sign.ShiftLocked => "M12 2.5l8 8.2h-4.3v5.8h-7.4v-5.8h-4.3zM8.3 20.5h7.4",
        Sign.Globe => Circle + "M3 12h18M12 3c2.6 2.5 3.9 5.5 3.9 9s-1.3 6.5-3.9 9c-2.6-2.5-3.9-5.5-3.9-9s1.3-6.5 3.9-9z",
        Sign.Eye => Eye,
        Sign.EyeOff => Eye + "M4.5 3.5l15 17",
        Sign.Power => "M12 3.2v8.3M7.3 6.3a8 8 0 1 0 9.4 0",
        Sign.Restart => "M19.6 12.6a7.6 7.6 0 1 1-2.1-6M17.9 2.6v4.3h-4.3",
        Sign.Menu => "M4 7h16M4 12h16M4 17h16",
        Sign.Contrast => Circle + "M12 3v18M12 7.5h7.2M12 12h8.6M12 16.5h7.2",
        Sign.Keyboard => "M4 6h16a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-16a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z"
            + "M6.5 10h0.01M10.2 10h0.01M13.8 10h0.01M17.5 10h0.01M8 14.2h8",
        Sign.Check => "M4.5 12.6l5 5l10-11",
        Sign.Battery => Cell,
        Sign.Charging => Cell + "M11.6 9.2l-2.4 3.1h3.2l-2.2 2.7",
        Sign.Arrow => "M0 0l0 17l4-3.7l2.6 6.1l3-1.3l-2.6-6h5.5z",
        _ => string.Empty,
    };

    private const string Circle = "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z";
    private const string Body = "M6.5 10.5h11a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2z";
    private const string Eye =
        "M2.2 12c2-4.3 5.4-6.5 9.8-6.5s7.8 2.2 9.8 6.5c-2 4.3-5.4 6.5-9.8 6.5s-7.8-2.2-9.8-6.5zM12 9a3 3 0 1 1 0 6a3 3 0 1 1 0-6z";
    private const string Cell =
        "M4 7.5h13a1.8 1.8 0 0 1 1.8 1.8v5.4a1.8 1.8 0 0 1-1.8 1.8h-13a1.8 1.8 0 0 1-1.8-1.8v-5.4a1.8 1.8 0 0 1 1.8-1.8zM21.8 10.8v2.4";

    /// <summary>Draws a sign around its middle.</summary>
    /// <param name="sign">Which.</param>
    /// <param name="x">The middle.</param>
    /// <param name="y">The middle.</param>
    /// <param name="size">Pixels of the grid's side.</param>
    /// <param name="colour">Of its lines.</param>
    /// <param name="width">Of its lines, in the grid's units.</param>
    /// <param name="isFilled">Closed lines are filled.</param>
    private void DrawSign(Sign sign, float x, float y, float size, SKColor colour, float width = SignStroke, bool isFilled = false)
    {
        surface.Canvas.Save();
        surface.Canvas.Translate(x - (size / 2), y - (size / 2));
        surface.Canvas.Scale(size / Grid);
        var path = PathOf(sign);
        if (isFilled)
        {
            fill.Color = colour;
            surface.Canvas.DrawPath(path, fill);
        }

        stroke.Color = colour;
        stroke.StrokeWidth = width;
        surface.Canvas.DrawPath(path, stroke);
        surface.Canvas.Restore();
    }

    /// <summary>A sign's path, parsed when it is first drawn.</summary>
    private SKPath PathOf(Sign sign) => paths[(int)sign] ??= SKPath.ParseSvgPathData(DataOf(sign));

    private void DisposeSigns()
    {
        foreach (var path in paths)
        {
            path?.Dispose();
        }
    }
}
