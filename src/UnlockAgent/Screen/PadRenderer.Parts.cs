// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a screen: message, entry, buttons. Sizes are those of the 720×1440 design, times PadLayout.Unit.
using SkiaSharp;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

internal sealed partial class PadRenderer
{
    private const float KeySize = 60;
    private const float LetterSize = 42;
    private const float FunctionSize = 30;
    private const float LinkSize = 32;
    private const float SignSize = 96;
    private const int MostDots = 48;

    private void DrawMessage(PadLayout place, Message message)
    {
        var box = place.Header;
        var block = MessageBlock.Fit(lettering, message, box, place.Unit);
        float sign = (SignSize + 36) * block.Unit;
        bool signFits = block.Height + sign <= box.Height;
        float y = box.Top + Math.Max(0, (box.Height - block.Height - (signFits ? sign : 0)) / 2);
        if (signFits)
        {
            DrawSign(message.Tone, place.Arrangement == Arrangement.Keyboard, box.Left + (box.Width / 2f), y, SignSize * block.Unit);
            y += sign;
        }

        surface.Canvas.Save();
        surface.Canvas.ClipRect(new(box.Left, box.Top, box.Right, box.Bottom));
        var colour = message.Tone is Tone.Warning or Tone.Error ? Theme.For(message.Tone) : Theme.Text;
        y = DrawLines(block.Headline, block.HeadlineSize, colour, box, y);
        DrawLines(block.Detail, block.DetailSize, Theme.DimText, box, y + block.Gap);
        surface.Canvas.Restore();
    }

    private float DrawLines(IReadOnlyList<string> lines, float size, SKColor colour, Box box, float y)
    {
        fill.Color = colour;
        foreach (string line in lines)
        {
            lettering.Draw(surface.Canvas, line, box.Left + (box.Width / 2f), y + size, size, fill);
            y += MessageBlock.Step(size);
        }

        return y;
    }

    private void DrawEntry(PadLayout place, AgentState state)
    {
        var box = place.Entry;
        float unit = place.Unit, middle = box.Top + (box.Height / 2f);
        if (PadLayout.HasKeyboard(place.Arrangement))
        {
            fill.Color = Theme.Function;
            float half = 42 * unit;
            surface.Canvas.DrawRoundRect(new SKRect(box.Left, middle - half, box.Right, middle + half), 20 * unit, 20 * unit, fill);
        }

        if (state.Typed > 0 && (place.Arrangement == Arrangement.PinPad || PadLayout.HasKeyboard(place.Arrangement)))
        {
            int dots = Math.Min(state.Typed, MostDots);
            float step = Math.Min(40 * unit, (box.Width - (60 * unit)) / dots);
            float radius = Math.Min(12 * unit, step * 0.38f);
            float x = box.Left + ((box.Width - (step * (dots - 1))) / 2f);
            fill.Color = Theme.Text;
            for (int i = 0; i < dots; i++)
            {
                surface.Canvas.DrawCircle(x + (i * step), middle, radius, fill);
            }
        }
    }

    private void DrawButton(PadLayout place, PadButton button, AgentState state, bool pressed)
    {
        var box = button.Bounds;

        // An anti-aliased edge may spill one pixel: what a button draws outside of its box would outlive it.
        surface.Canvas.Save();
        surface.Canvas.ClipRect(new(box.Left, box.Top, box.Right, box.Bottom));
        DrawButton(place, button, box, state, pressed);
        surface.Canvas.Restore();
    }

    private void DrawButton(PadLayout place, PadButton button, Box box, AgentState state, bool pressed)
    {
        bool off = button.Look == Look.Primary && !state.CanConfirm;
        if (button.Look != Look.Link || pressed)
        {
            fill.Color = Ground(button, off, pressed);
            float radius = Math.Min(28 * place.Unit, Math.Min(box.Height / 4f, box.Width / 5f));
            surface.Canvas.DrawRoundRect(new SKRect(box.Left, box.Top, box.Right, box.Bottom), radius, radius, fill);
        }

        var colour = off ? Theme.TextOff : button.Look == Look.Link && !pressed ? Theme.Accent : Theme.Text;
        float x = box.Left + (box.Width / 2f), y = box.Top + (box.Height / 2f);
        switch (button.Button.Action)
        {
            case ButtonAction.Backspace:
                DrawBackspace(x, y, 30 * place.Unit, colour);
                break;
            case ButtonAction.Shift:
                DrawShift(x, y, 26 * place.Unit, colour, state.Page == KeyboardPage.Upper);
                break;
            default:
                DrawLabel(button, x, y, LabelSize(place, button) * place.Unit, colour, box.Width * 0.92f);
                break;
        }
    }

    private static SKColor Ground(PadButton button, bool off, bool pressed) => button.Look switch
    {
        _ when off => Theme.PrimaryOff,
        _ when pressed => Theme.Pressed,
        Look.Primary => Theme.Primary,
        Look.Key => Theme.Key,
        _ => Theme.Function,
    };

    private static float LabelSize(PadLayout place, PadButton button) => button.Look switch
    {
        Look.Link => LinkSize,
        Look.Key when button.Label.Length == 1 => place.Arrangement == Arrangement.PinPad ? KeySize : LetterSize,
        Look.Primary when !PadLayout.HasKeyboard(place.Arrangement) => LetterSize,
        _ => FunctionSize,
    };

    private void DrawLabel(PadButton button, float x, float y, float size, SKColor colour, float most)
    {
        size = lettering.SizeToFit(button.Label, size, most);
        fill.Color = colour;
        lettering.Draw(surface.Canvas, button.Label, x, y + (size * Lettering.MiddleToBaseline), size, fill);
    }
}
