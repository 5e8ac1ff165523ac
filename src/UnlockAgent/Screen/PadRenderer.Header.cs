// SPDX-License-Identifier: GPL-3.0-or-later
// What is read: sign, message, the owner's picture and line, the battery. Sizes are those of the design, times PadLayout.Unit.
using System.Globalization;
using SkiaSharp;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

internal sealed partial class PadRenderer
{
    private const float SignSize = 104;
    private const float LargeSignSize = 168;
    private const float LeastSignSize = 72;
    private const float RoomForLargeSign = 700;
    private const float SignGap = 30;
    private const float FootnoteSize = 28;
    private const float FootnoteGap = 22;
    private const float LogoHeight = 150;
    private const float BatterySize = 46;
    private const float BatteryTextSize = 27;

    private (PadLayout Place, Message Message, MessageBlock Block)? broken;

    /// <summary>The message of a state, or the title of what stands in front of it.</summary>
    internal static Message MessageOf(PadLayout place, AgentState state) => state.Dialog switch
    {
        Dialog.Power => new(place.Language[Phrase.PowerQuestion], string.Empty, Tone.Plain),
        Dialog.Menu => new(string.Empty, string.Empty, Tone.Plain),
        Dialog.Languages => new(place.Language[Phrase.Language], string.Empty, Tone.Plain),
        Dialog.Keyboards => new(place.Language[Phrase.Keyboard], string.Empty, Tone.Plain),
        _ => Messages.For(state, place.Language),
    };

    /// <summary>What stands small below a message: that capitals are typed, that the battery is low, or whose device this is.</summary>
    private string FootnoteOf(PadLayout place, AgentState state) => state switch
    {
        { Dialog: not Dialog.None } => string.Empty,
        { CapsLock: true } when PadLayout.HasKeyboard(place.Arrangement) => place.Language[Phrase.CapsLock],
        _ => Messages.ForBattery(state.Battery, place.Language) ?? Owner,
    };

    private void DrawHeader(PadLayout place, AgentState state)
    {
        var box = place.Header;
        var message = MessageOf(place, state);
        var block = BlockOf(place, message);
        float text = message.Headline.Length == 0 ? 0 : block.Height, room = box.Height - text;
        bool isLarge = box.Height > RoomForLargeSign * place.Unit;
        float signGap = SignGap * place.Unit, sign = Math.Min((isLarge ? LargeSignSize : SignSize) * place.Unit, room - signGap);
        var which = SignOf(state, message.Tone);
        bool hasSign = which != Sign.None && sign >= LeastSignSize * place.Unit;
        room -= hasSign ? sign + signGap : 0;
        float footnote = FootnoteHeight(place, state, box, room);
        room -= footnote;
        float logo = LogoFits(place, state, room) ? (LogoHeight * place.Unit) + signGap : 0;
        room -= logo;

        surface.Canvas.Save();
        surface.Canvas.ClipRect(Rect(box));

        // What stands at the foot leaves the message in the middle, where it can.
        float y = box.Top + (Math.Max(0, room + (IsAtFoot(place) && room >= footnote ? footnote : 0)) / 2);
        y = DrawLogo(place, box, y, logo - signGap);
        if (hasSign)
        {
            DrawSign(which, box.Left + (box.Width / 2f), y + (sign / 2), sign, theme.For(message.Tone), isLarge ? 1.2f : 1.4f);
            y += sign + signGap;
        }

        fill.Color = message.Tone is Tone.Warning or Tone.Error ? theme.For(message.Tone) : theme.Text;
        y = DrawLines(block.Headline, block.HeadlineSize, box, y);
        fill.Color = theme.DimText;
        y = DrawLines(block.Detail, block.DetailSize, box, y + block.Gap);
        if (footnote > 0)
        {
            DrawFootnote(place, state, box, y);
        }

        surface.Canvas.Restore();
    }

    private MessageBlock BlockOf(PadLayout place, Message message)
    {
        if (broken is { } known && known.Place == place && known.Message == message)
        {
            return known.Block;
        }

        var block = MessageBlock.Fit(lettering, message, place.Header, place.Unit);
        broken = (place, message, block);
        return block;
    }

    private float DrawLines(IReadOnlyList<string> lines, float size, Box box, float y)
    {
        foreach (string line in lines)
        {
            lettering.Draw(surface.Canvas, line, box.Left + (box.Width / 2f), y + size, size, fill);
            y += MessageBlock.Step(size);
        }

        return y;
    }

    private static Sign SignOf(AgentState state, Tone tone) => (state.Dialog, tone, state.Mode) switch
    {
        (Dialog.Power, _, _) => Sign.Power,
        (not Dialog.None, _, _) => Sign.None,
        (_, Tone.Warning, _) => Sign.Warning,
        (_, Tone.Error, _) => Sign.Error,
        (_, Tone.Touch, _) => Sign.Touch,
        (_, _, Mode.Opening) => Sign.LockOpen,
        (_, _, Mode.Passphrase) => Sign.Lock,
        _ => Sign.Card,
    };

    private float FootnoteHeight(PadLayout place, AgentState state, Box box, float room)
    {
        string footnote = FootnoteOf(place, state);
        if (footnote.Length == 0)
        {
            return 0;
        }

        float size = FootnoteSize * place.Unit;
        float height = (FootnoteGap * place.Unit) + (lettering.Wrap(footnote, size, box.Width).Count * MessageBlock.Step(size));
        return height <= room ? height : 0;
    }

    private void DrawFootnote(PadLayout place, AgentState state, Box box, float y)
    {
        float size = FootnoteSize * place.Unit;
        var lines = lettering.Wrap(FootnoteOf(place, state), size, box.Width);

        float top = IsAtFoot(place) ? box.Bottom - (lines.Count * MessageBlock.Step(size)) : y + (FootnoteGap * place.Unit);
        fill.Color = state.Battery is { IsLow: true } ? theme.Warning : theme.DimText;
        DrawLines(lines, size, box, top);
    }

    /// <summary>The room that a logo is given, in pixels.</summary>
    public static (int Width, int Height) LogoBounds(Viewport viewport) =>
        (viewport.Short * 4 / 5, Math.Max(1, (int)(LogoHeight * viewport.Unit)));

    /// <summary>Where nothing is typed, the line stands at the foot, as on a door plate.</summary>
    private static bool IsAtFoot(PadLayout place) => place.Arrangement is Arrangement.Message or Arrangement.Question or Arrangement.Blocked;

    private bool LogoFits(PadLayout place, AgentState state, float room) =>
        Logo is not null && Logo.Width <= place.Header.Width && state.Dialog == Dialog.None && room >= (LogoHeight + SignGap) * place.Unit;

    private float DrawLogo(PadLayout place, Box box, float y, float height)
    {
        if (Logo is null || height <= 0)
        {
            return y;
        }

        float x = box.Left + ((box.Width - Logo.Width) / 2f), top = y + ((height - Logo.Height) / 2);
        surface.Canvas.DrawImage(Logo, MathF.Round(x), MathF.Round(top), new SKSamplingOptions(SKFilterMode.Nearest));
        return y + height + (SignGap * place.Unit);
    }

    /// <summary>A battery that is as full as it looks, and how full in numbers; below 5 % on a ground that warns.</summary>
    private void DrawBattery(PadLayout place, Battery? battery)
    {
        var box = place.Status;
        if (battery is null || box.Width <= 0)
        {
            return;
        }

        float unit = place.Unit, size = BatterySize * unit, text = BatteryTextSize * unit, middle = (box.Top + box.Bottom) / 2f;
        string percent = string.Create(CultureInfo.InvariantCulture, $"{battery.Percent} %");
        float width = lettering.Measure(percent, text), right = box.Right - (14 * unit);
        float left = right - width - (8 * unit) - size;
        var colour = theme.DimText;
        if (battery.IsLow)
        {
            float pad = 12 * unit, high = size * 0.56f;
            fill.Color = theme.Warning;
            surface.Canvas.DrawRoundRect(new SKRect(left - pad, middle - high, right + pad, middle + high), high, high, fill);
            colour = theme.Ground;
        }

        DrawSign(battery.Charging ? Sign.Charging : Sign.Battery, left + (size / 2), middle, size, colour, 1.8f);
        fill.Color = colour;
        if (!battery.Charging)
        {
            float grid = size / 24, full = 11.5f * grid * Math.Clamp(battery.Percent, 0, 100) / 100;
            float x = left + (4.75f * grid);
            surface.Canvas.DrawRect(x, middle - (2.25f * grid), full, 4.5f * grid, fill);
        }

        lettering.Draw(surface.Canvas, percent, right - (width / 2), middle + (text * Lettering.MiddleToBaseline), text, fill);
    }
}
