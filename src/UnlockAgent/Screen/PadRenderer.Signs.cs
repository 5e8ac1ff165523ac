// SPDX-License-Identifier: GPL-3.0-or-later
// The vector signs: card, lock, touch, warning, error, backspace, shift. Strokes are a share of the sign's size.
using SkiaSharp;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

internal sealed partial class PadRenderer
{
    /// <summary>Draws a message's sign, <paramref name="size"/> pixels high, hung from (x, top).</summary>
    private void DrawSign(Tone tone, bool forPassphrase, float x, float top, float size)
    {
        stroke.Color = fill.Color = Theme.For(tone);
        stroke.StrokeWidth = size * 0.06f;
        float half = size / 2, y = top + half;
        switch (tone)
        {
            case Tone.Warning:
                using (var triangle = Polygon([new(x, top + (size * 0.06f)), new(x + half, top + (size * 0.94f)), new(x - half, top + (size * 0.94f))]))
                {
                    surface.Canvas.DrawPath(triangle, stroke);
                }

                DrawExclamation(x, y + (size * 0.1f), size * 0.5f);
                break;
            case Tone.Error:
                surface.Canvas.DrawCircle(x, y, half * 0.94f, stroke);
                DrawExclamation(x, y, size * 0.56f);
                break;
            case Tone.Touch:
                stroke.StrokeWidth = size * 0.05f;
                surface.Canvas.DrawCircle(x, y, half * 0.26f, fill);
                surface.Canvas.DrawCircle(x, y, half * 0.58f, stroke);
                surface.Canvas.DrawCircle(x, y, half * 0.92f, stroke);
                break;
            default:
                if (forPassphrase)
                {
                    DrawLock(x, y, size);
                }
                else
                {
                    DrawCard(x, y, size);
                }

                break;
        }
    }

    private void DrawExclamation(float x, float y, float height)
    {
        surface.Canvas.DrawLine(x, y - (height * 0.45f), x, y + (height * 0.12f), stroke);
        surface.Canvas.DrawCircle(x, y + (height * 0.42f), stroke.StrokeWidth * 0.62f, fill);
    }

    private void DrawCard(float x, float y, float size)
    {
        float w = size * 0.66f, h = size * 0.43f, r = size * 0.1f;
        surface.Canvas.DrawRoundRect(new SKRect(x - w, y - h, x + w, y + h), r, r, stroke);
        var chip = new SKRect(x - (w * 0.66f), y - (h * 0.4f), x - (w * 0.14f), y + (h * 0.4f));
        surface.Canvas.DrawRoundRect(chip, r * 0.5f, r * 0.5f, stroke);
        surface.Canvas.DrawLine(chip.Left, y, chip.Right, y, stroke);
    }

    private void DrawLock(float x, float y, float size)
    {
        float w = size * 0.36f, r = size * 0.1f, shoulder = size * 0.24f;
        surface.Canvas.DrawRoundRect(new SKRect(x - w, y - (size * 0.06f), x + w, y + (size * 0.46f)), r, r, stroke);
        float arch = y - (size * 0.22f);
        surface.Canvas.DrawLine(x - shoulder, y - (size * 0.06f), x - shoulder, arch, stroke);
        surface.Canvas.DrawLine(x + shoulder, y - (size * 0.06f), x + shoulder, arch, stroke);
        surface.Canvas.DrawArc(new SKRect(x - shoulder, arch - shoulder, x + shoulder, arch + shoulder), 180, 180, false, stroke);
        surface.Canvas.DrawCircle(x, y + (size * 0.2f), stroke.StrokeWidth, fill);
    }

    private void DrawBackspace(float x, float y, float half, SKColor colour)
    {
        stroke.Color = colour;
        stroke.StrokeWidth = half * 0.16f;
        float top = y - (half * 0.68f), bottom = y + (half * 0.68f);
        using var outline = Polygon([new(x - half, y), new(x - (half * 0.4f), top), new(x + half, top), new(x + half, bottom), new(x - (half * 0.4f), bottom)]);
        surface.Canvas.DrawPath(outline, stroke);
        float arm = half * 0.26f, centre = x + (half * 0.28f);
        surface.Canvas.DrawLine(centre - arm, y - arm, centre + arm, y + arm, stroke);
        surface.Canvas.DrawLine(centre - arm, y + arm, centre + arm, y - arm, stroke);
    }

    private void DrawShift(float x, float y, float half, SKColor colour, bool on)
    {
        stroke.Color = fill.Color = colour;
        stroke.StrokeWidth = half * 0.18f;
        float stem = half * 0.42f;
        using var arrow = Polygon(
        [
            new(x, y - half), new(x + half, y + (half * 0.1f)), new(x + stem, y + (half * 0.1f)), new(x + stem, y + (half * 0.85f)),
            new(x - stem, y + (half * 0.85f)), new(x - stem, y + (half * 0.1f)), new(x - half, y + (half * 0.1f)),
        ]);
        if (on)
        {
            surface.Canvas.DrawPath(arrow, fill);
        }

        surface.Canvas.DrawPath(arrow, stroke);
    }

    private static SKPath Polygon(ReadOnlySpan<SKPoint> corners)
    {
        using var builder = new SKPathBuilder();
        builder.AddPoly(corners, close: true);
        return builder.Detach();
    }
}
