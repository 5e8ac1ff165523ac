// SPDX-License-Identifier: GPL-3.0-or-later
// What lies over everything else: the variants of a held key, and the arrow of a mouse.
using SkiaSharp;

namespace UnlockAgent.Screen;

internal sealed partial class PadRenderer
{
    private const float ArrowHeight = 46;
    private const float LeastArrowHeight = 18;

    private void DrawPopup(PadLayout place, Popup popup)
    {
        var box = popup.Bounds;
        float unit = place.Unit, radius = 16 * unit;
        surface.Canvas.Save();
        surface.Canvas.ClipRect(Rect(box));
        fill.Color = theme.Key;
        surface.Canvas.DrawRoundRect(Rect(box), radius, radius, fill);
        for (int i = 0; i < popup.Characters.Length; i++)
        {
            DrawVariant(popup.Cell(i), popup.Characters[i], i == popup.Chosen, unit);
        }

        DrawOutline(box, radius, theme.Accent, 3 * unit);
        surface.Canvas.Restore();
    }

    private void DrawVariant(Box cell, int character, bool isChosen, float unit)
    {
        if (isChosen)
        {
            fill.Color = theme.Pressed;
            surface.Canvas.DrawRoundRect(Rect(cell), 16 * unit, 16 * unit, fill);
        }

        float size = Math.Min(LetterSize * unit, cell.Height * 0.6f), width = lettering.MeasureScalar(character, size);
        float x = (cell.Left + cell.Right - width) / 2, y = ((cell.Top + cell.Bottom) / 2f) + (size * Lettering.MiddleToBaseline);
        fill.Color = isChosen ? theme.OnPressed : theme.Text;
        lettering.DrawScalar(surface.Canvas, character, x, y, size, fill);
    }

    private static Box CursorBox(PadLayout place, CursorPosition cursor)
    {
        int height = (int)MathF.Ceiling(Math.Max(LeastArrowHeight, ArrowHeight * place.Unit));
        return new(cursor.X - 2, cursor.Y - 2, cursor.X + height, cursor.Y + height + 2);
    }

    private void DrawCursor(PadLayout place, CursorPosition cursor)
    {
        float grid = Math.Max(LeastArrowHeight, ArrowHeight * place.Unit) / 24;
        surface.Canvas.Save();
        surface.Canvas.ClipRect(Rect(CursorBox(place, cursor)));
        surface.Canvas.Translate(cursor.X, cursor.Y);
        surface.Canvas.Scale(grid);
        var arrow = PathOf(Sign.Arrow);
        fill.Color = SKColors.White;
        surface.Canvas.DrawPath(arrow, fill);
        stroke.Color = SKColors.Black;
        stroke.StrokeWidth = 1.6f;
        surface.Canvas.DrawPath(arrow, stroke);
        surface.Canvas.Restore();
    }
}
