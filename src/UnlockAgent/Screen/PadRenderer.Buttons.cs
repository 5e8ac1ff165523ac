// SPDX-License-Identifier: GPL-3.0-or-later
// Keys, links and answers. A pressed one lights; one that does nothing now is dull; one in focus has a ring.
using SkiaSharp;
using UnlockAgent.Machine;

namespace UnlockAgent.Screen;

internal sealed partial class PadRenderer
{
    private const float LetterSize = 42;
    private const float KeySignSize = 52;
    private const float CornerSignSize = 50;

    private void DrawButton(PadLayout place, PadButton button, AgentState state, bool isPressed, bool isFocused)
    {
        var box = button.Bounds;
        bool isOff = IsOff(button, state);
        float radius = Radius(place, button);
        var colour = Colour(button, isOff, isPressed);

        // An anti-aliased edge may spill one pixel: what a button draws outside of its box would outlive it.
        surface.Canvas.Save();
        surface.Canvas.ClipRect(Rect(box));
        if (isPressed || button.Look is not (Look.Link or Look.Bare))
        {
            fill.Color = Ground(button, isOff, isPressed);
            surface.Canvas.DrawRoundRect(Rect(box), radius, radius, fill);
            if (theme.HasOutlines)
            {
                DrawOutline(box, radius, isOff ? theme.Accent : theme.Text, (isOff ? 1.5f : 3) * place.Unit);
            }
        }

        if (button.Look == Look.Choice)
        {
            DrawChoice(place, button, colour, isPressed);
        }
        else
        {
            DrawFace(place, button, state, colour);
        }

        if (isFocused)
        {
            DrawFocus(place, box, radius);
        }

        surface.Canvas.Restore();
    }

    private static bool IsOff(PadButton button, AgentState state) =>
        (button.Look == Look.Primary && !state.CanConfirm)
        || (IsResting(state) && state.Dialog == Dialog.None && button.Look is Look.Key or Look.Function or Look.Primary);

    private SKColor Ground(PadButton button, bool isOff, bool isPressed) => button.Look switch
    {
        _ when isOff => theme.PrimaryOff,
        _ when isPressed => theme.Pressed,
        Look.Primary => theme.Primary,
        Look.Key or Look.Choice => theme.Key,
        _ => theme.Function,
    };

    private SKColor Colour(PadButton button, bool isOff, bool isPressed) => button.Look switch
    {
        _ when isOff => theme.TextOff,
        _ when isPressed => theme.OnPressed,
        Look.Primary => theme.OnPrimary,
        Look.Link => theme.Accent,
        Look.Bare => theme.DimText,
        _ => theme.Text,
    };

    private static float Radius(PadLayout place, PadButton button)
    {
        float most = PadLayout.HasKeyboard(place.Arrangement) && button.Look is not (Look.Link or Look.Bare) ? 16 : 34;
        return Math.Min(most * place.Unit, Math.Min(button.Bounds.Height, button.Bounds.Width) / 2f);
    }

    /// <summary>A label or a sign in the middle.</summary>
    private void DrawFace(PadLayout place, PadButton button, AgentState state, SKColor colour)
    {
        var box = button.Bounds;
        float x = (box.Left + box.Right) / 2f, y = (box.Top + box.Bottom) / 2f;
        if (button.Sign == Sign.None)
        {
            DrawText(button.Label, x, y, LabelFit.Of(lettering, place, button).Size, colour);
            return;
        }

        float size = Math.Min((button.Look == Look.Bare ? CornerSignSize : KeySignSize) * place.Unit, Math.Min(box.Width, box.Height) * 0.8f);
        var sign = button.Button.Action switch
        {
            ButtonAction.Reveal when state.Revealed => Sign.EyeOff,
            ButtonAction.Shift when state.Page == KeyboardPage.Capitals => Sign.ShiftLocked,
            _ => button.Sign,
        };
        bool isOn = sign == Sign.ShiftLocked || (sign == Sign.Shift && state.Page == KeyboardPage.Upper);
        DrawSign(sign, x, y, size, colour, isFilled: isOn);
    }

    /// <summary>A sign, a label and what is set, in a line.</summary>
    private void DrawChoice(PadLayout place, PadButton button, SKColor colour, bool isPressed)
    {
        var box = button.Bounds;
        var fit = LabelFit.Of(lettering, place, button);
        float y = (box.Top + box.Bottom) / 2f, sign = LabelFit.SignOf(place, button);
        if (sign > 0)
        {
            DrawSign(button.Sign, box.Left + LabelFit.PaddingOf(place, button) + (sign / 2), y, sign, isPressed ? colour : theme.Accent);
        }

        if (button.IsChosen)
        {
            DrawOutline(box, Radius(place, button), theme.Accent, 4 * place.Unit);
        }

        if (fit.Check > 0)
        {
            float middle = box.Right - LabelFit.PaddingOf(place, button) - (fit.Check / 2);
            DrawSign(Sign.Check, middle, y, fit.Check, isPressed ? colour : theme.Accent, 2.4f);
        }

        if (fit.Value > 0)
        {
            float middle = fit.Right - (lettering.Measure(button.Value, fit.Value) / 2);
            DrawText(button.Value, middle, y, fit.Value, isPressed ? colour : theme.DimText);
        }

        DrawText(button.Label, fit.Left + (lettering.Measure(button.Label, fit.Size) / 2), y, fit.Size, colour);
    }

    /// <summary>Draws a text around its middle.</summary>
    private void DrawText(string text, float x, float y, float size, SKColor colour)
    {
        fill.Color = colour;
        lettering.Draw(surface.Canvas, text, x, y + (size * Lettering.MiddleToBaseline), size, fill);
    }

    /// <summary>A ring in the text's colour, and within it one in the ground's: seen on every colour of a button.</summary>
    private void DrawFocus(PadLayout place, Box box, float radius)
    {
        float wide = Math.Max(2, 5 * place.Unit);
        DrawOutline(box, radius, theme.HasOutlines ? theme.Accent : theme.Text, wide);
        DrawOutline(box.Inset((int)wide), Math.Max(1, radius - wide), theme.Ground, Math.Max(1, 3 * place.Unit));
    }

    private void DrawOutline(Box box, float radius, SKColor colour, float width)
    {
        float half = Math.Max(1, width) / 2;
        stroke.Color = colour;
        stroke.StrokeWidth = half * 2;
        var line = new SKRect(box.Left + half, box.Top + half, box.Right - half, box.Bottom - half);
        surface.Canvas.DrawRoundRect(line, radius - half, radius - half, stroke);
    }
}
