// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a screen: message, entry, buttons. Sizes are those of the 720×1440 design, times PadLayout.Unit.
using SkiaSharp;
using UnlockAgent.Machine;

namespace UnlockAgent.Screen;

internal sealed partial class PadRenderer
{
    private const float HeadlineSize = 46;
    private const float DetailSize = 34;
    private const float KeySize = 60;
    private const float LetterSize = 42;
    private const float FunctionSize = 30;
    private const float LinkSize = 32;
    private const float SignSize = 96;
    private const float LineHeight = 1.3f;
    private const float DetailGap = 8;
    private const float Shrink = 0.85f;
    private const int MostShrinks = 4;
    private const int MostDots = 48;

    private void DrawMessage(PadLayout place, Message message)
    {
        var box = place.Header;
        float unit = place.Unit;
        var headline = Wrap(message.Headline, HeadlineSize * unit, box.Width);
        var detail = Wrap(message.Detail, DetailSize * unit, box.Width);
        for (int i = 0; i < MostShrinks && TextHeight(headline.Count, detail.Count) * unit > box.Height; i++)
        {
            // Above a keyboard on a wide screen there is more width than height.
            message = message with { Detail = message.Detail.Replace("\n", " · ", StringComparison.Ordinal) };
            unit *= i == 0 ? 1 : Shrink;
            headline = Wrap(message.Headline, HeadlineSize * unit, box.Width);
            detail = Wrap(message.Detail, DetailSize * unit, box.Width);
        }

        float text = TextHeight(headline.Count, detail.Count) * unit;
        float sign = (SignSize + 36) * unit;
        bool signFits = text + sign <= box.Height;
        float y = box.Top + Math.Max(0, (box.Height - text - (signFits ? sign : 0)) / 2);
        if (signFits)
        {
            DrawSign(message.Tone, place.Arrangement == Arrangement.Keyboard, box.Left + (box.Width / 2f), y, SignSize * unit);
            y += sign;
        }

        surface.Canvas.Save();
        surface.Canvas.ClipRect(new(box.Left, box.Top, box.Right, box.Bottom));
        var colour = message.Tone is Tone.Warning or Tone.Error ? Theme.For(message.Tone) : Theme.Text;
        y = DrawLines(headline, HeadlineSize * unit, colour, box, y);
        DrawLines(detail, DetailSize * unit, Theme.DimText, box, y + (DetailGap * unit));
        surface.Canvas.Restore();
    }

    private static float TextHeight(int headlines, int details) =>
        (((headlines * HeadlineSize) + (details * DetailSize)) * LineHeight) + DetailGap;

    private float DrawLines(List<string> lines, float size, SKColor colour, Box box, float y)
    {
        font.Size = size;
        fill.Color = colour;
        foreach (string line in lines)
        {
            surface.Canvas.DrawText(line, box.Left + (box.Width / 2f), y + size, SKTextAlign.Center, font, fill);
            y += size * LineHeight;
        }

        return y;
    }

    private List<string> Wrap(string text, float size, float width)
    {
        font.Size = size;
        var lines = new List<string>();
        foreach (string paragraph in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string line = string.Empty;
            foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                string whole = Cut(word, width);
                string longer = line.Length == 0 ? whole : line + " " + whole;
                if (line.Length > 0 && font.MeasureText(longer) > width)
                {
                    lines.Add(line);
                    longer = whole;
                }

                line = longer;
            }

            lines.Add(line);
        }

        return lines;
    }

    /// <summary>A word that is wider than a line ends in an ellipsis.</summary>
    private string Cut(string word, float width)
    {
        string cut = word;
        for (int length = word.Length - 1; length > 0 && font.MeasureText(cut) > width; length--)
        {
            cut = word[..length] + "…";
        }

        return cut;
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
                DrawShift(x, y, 26 * place.Unit, colour, state.Page is KeyboardPage.Upper or KeyboardPage.Capitals);
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
        font.Size = size;
        float width = font.MeasureText(button.Label);
        font.Size = width > most ? size * most / width : size;
        fill.Color = colour;

        // Inter's capitals and digits are 0.727 em high: half of it below the middle centres them.
        surface.Canvas.DrawText(button.Label, x, y + (font.Size * 0.3635f), SKTextAlign.Center, font, fill);
    }
}
