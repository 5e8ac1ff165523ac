// SPDX-License-Identifier: GPL-3.0-or-later
// What was typed: a dot for each character, or the passphrase in the clear, character by character from the locked page.
using System.Buffers;
using System.Text;
using UnlockAgent.Machine;

namespace UnlockAgent.Screen;

internal sealed partial class PadRenderer
{
    private const int MostDots = 48;
    private const int MostRings = 16;
    private const float DotStep = 42;
    private const float DotRadius = 12;
    private const float ClearSize = 38;
    private const float FieldPadding = 26;

    /// <summary>The field around a keyboard's entry, with the button at its end.</summary>
    private static Box FieldOf(PadLayout place)
    {
        if (place.Arrangement == Arrangement.Keyboard)
        {
            foreach (var button in place.Buttons)
            {
                if (button.Button.Action == ButtonAction.Reveal)
                {
                    return place.Entry with { Right = button.Bounds.Right };
                }
            }
        }

        return place.Entry;
    }

    private void DrawEntry(PadLayout place, AgentState state, ReadOnlySpan<byte> revealed)
    {
        if (PadLayout.HasKeyboard(place.Arrangement))
        {
            DrawField(place);
            var inner = Inner(place, state);
            surface.Canvas.Save();
            surface.Canvas.ClipRect(Rect(inner));
            float end = state.Revealed && place.Arrangement == Arrangement.Keyboard
                ? DrawClear(place, inner, revealed)
                : DrawDots(place, inner, state.Typed);
            DrawCaret(place, inner, end, state);
            surface.Canvas.Restore();
        }
        else if (place.Arrangement == Arrangement.PinPad)
        {
            DrawPinDots(place, state);
        }

        if (state.CapsLock && place.Entry.Height > 0)
        {
            float size = 44 * place.Unit;
            float x = place.Entry.Left + (14 * place.Unit) + (size / 2), y = (place.Entry.Top + place.Entry.Bottom) / 2f;
            DrawSign(Sign.ShiftLocked, x, y, size, theme.Accent, isFilled: true);
        }
    }

    private void DrawField(PadLayout place)
    {
        var field = FieldOf(place);
        float radius = Math.Min(24 * place.Unit, field.Height / 3f);
        fill.Color = theme.Function;
        surface.Canvas.DrawRoundRect(Rect(field), radius, radius, fill);
        if (theme.HasOutlines)
        {
            DrawOutline(field, radius, theme.Text, 2 * place.Unit);
        }
    }

    private static Box Inner(PadLayout place, AgentState state)
    {
        int padding = place.Scaled(FieldPadding), sign = state.CapsLock ? place.Scaled(48) : 0;
        return place.Entry with { Left = place.Entry.Left + padding + sign, Right = place.Entry.Right - (padding / 2) };
    }

    /// <summary>Dots from the left; where they are too many, the last ones.</summary>
    /// <returns>Where the next one would stand.</returns>
    private float DrawDots(PadLayout place, Box box, int typed)
    {
        float step = DotStep * 0.72f * place.Unit, radius = DotRadius * 0.8f * place.Unit, middle = (box.Top + box.Bottom) / 2f;
        int most = Math.Max(1, (int)((box.Width - (16 * place.Unit)) / step)), dots = Math.Min(typed, most);
        fill.Color = theme.Text;
        for (int i = 0; i < dots; i++)
        {
            surface.Canvas.DrawCircle(box.Left + radius + (i * step), middle, radius, fill);
        }

        return box.Left + (dots * step) + (4 * place.Unit);
    }

    /// <summary>The passphrase, scrolled to its end.</summary>
    private float DrawClear(PadLayout place, Box box, ReadOnlySpan<byte> utf8)
    {
        float size = ClearSize * place.Unit, width = 0;
        for (var rest = utf8; Next(ref rest, out int scalar);)
        {
            width += lettering.MeasureScalar(scalar, size);
        }

        float room = box.Width - (12 * place.Unit);
        float x = box.Left + Math.Min(0, room - width), y = ((box.Top + box.Bottom) / 2f) + (size * Lettering.MiddleToBaseline);
        fill.Color = theme.Text;
        for (var rest = utf8; Next(ref rest, out int scalar);)
        {
            float wide = lettering.MeasureScalar(scalar, size);
            if (x + wide > box.Left)
            {
                lettering.DrawScalar(surface.Canvas, scalar, x, y, size, fill);
            }

            x += wide;
        }

        return x + (4 * place.Unit);
    }

    private static bool Next(ref ReadOnlySpan<byte> utf8, out int scalar)
    {
        scalar = 0;
        if (utf8.IsEmpty)
        {
            return false;
        }

        bool known = Rune.DecodeFromUtf8(utf8, out var rune, out int length) == OperationStatus.Done;
        scalar = known ? rune.Value : '?';
        utf8 = utf8[length..];
        return true;
    }

    private void DrawCaret(PadLayout place, Box box, float x, AgentState state)
    {
        if (!IsResting(state))
        {
            float middle = (box.Top + box.Bottom) / 2f, half = 24 * place.Unit, width = Math.Max(2, 4 * place.Unit);
            fill.Color = theme.Accent;
            surface.Canvas.DrawRect(x, middle - half, width, 2 * half, fill);
        }
    }

    /// <summary>Dots in the middle, and rings for those that a PIN wants at least.</summary>
    private void DrawPinDots(PadLayout place, AgentState state)
    {
        var box = place.Entry;
        int least = IsResting(state) || state.EntryLength.Least > MostRings ? 0 : state.EntryLength.Least;
        int dots = Math.Min(state.Typed, MostDots), all = Math.Max(dots, least);
        float unit = place.Unit, middle = (box.Top + box.Bottom) / 2f;
        float step = all < 2 ? 0 : Math.Min(DotStep * unit, (box.Width - (60 * unit)) / all);
        float radius = all < 2 ? DotRadius * unit : Math.Min(DotRadius * unit, step * 0.38f);
        float x = box.Left + ((box.Width - (step * (all - 1))) / 2f);
        fill.Color = theme.Text;
        stroke.Color = theme.TextOff;
        stroke.StrokeWidth = Math.Max(1, 2.5f * unit);
        for (int i = 0; i < all; i++)
        {
            surface.Canvas.DrawCircle(x + (i * step), middle, i < dots ? radius : radius - (stroke.StrokeWidth / 2), i < dots ? fill : stroke);
        }
    }
}
