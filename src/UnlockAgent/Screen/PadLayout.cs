// SPDX-License-Identifier: GPL-3.0-or-later
// Where everything stands on the screen: one computation, used to draw and to hit-test.
// All lengths are pixels, the origin is the top left corner.
using System.Collections.Immutable;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

/// <summary>A rectangle in pixels, right and bottom exclusive.</summary>
internal readonly record struct Box(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public bool Contains(int x, int y) => x >= Left && x < Right && y >= Top && y < Bottom;

    /// <summary>Pixels from a point to this box along the farther axis; 0 inside.</summary>
    public int DistanceTo(int x, int y) =>
        Math.Max(Math.Max(Math.Max(Left - x, x - Right + 1), Math.Max(Top - y, y - Bottom + 1)), 0);
}

/// <summary>How a button is drawn.</summary>
internal enum Look
{
    /// <summary>A key with a character on it.</summary>
    Key,

    /// <summary>A key that changes the pad or the entry.</summary>
    Function,

    /// <summary>The one that confirms.</summary>
    Primary,

    /// <summary>A line of text with no key around it.</summary>
    Link,
}

/// <summary>A button and its place.</summary>
internal sealed record PadButton(Box Bounds, Button Button, string Label, Look Look);

/// <summary>The arrangements that differ in their buttons.</summary>
internal enum Arrangement
{
    /// <summary>A message, and the way to the passphrase.</summary>
    Message,

    /// <summary>A message that OK answers.</summary>
    Question,

    /// <summary>A message, and the way to the reset code.</summary>
    Blocked,

    /// <summary>Digits for a PIN or a reset code.</summary>
    PinPad,

    /// <summary>All characters for them.</summary>
    PinKeyboard,

    /// <summary>All characters for the passphrase.</summary>
    Keyboard,

    /// <summary>A message alone.</summary>
    Bare,
}

/// <summary>One arrangement at one screen size.</summary>
internal sealed partial class PadLayout
{
    private PadLayout(int width, int height, Arrangement arrangement, KeyboardPage page, Language language)
    {
        Language = language;
        (Width, Height) = (width, height);
        (Arrangement, Page) = (arrangement, page);
        bool wide = width > height;
        Unit = Math.Max(1, Math.Min(width / (wide ? 1440f : 720f), height / (wide ? 720f : 1440f)) * 100) / 100f;
        var (upper, lower) = Split(width, height, arrangement, wide);
        Header = new(upper.Left, upper.Top, upper.Right, upper.Bottom - Scaled(EntryHeight));
        Entry = new(upper.Left, upper.Bottom - Scaled(EntryHeight), upper.Right, upper.Bottom);
        Buttons = arrangement switch
        {
            Arrangement.PinPad => PinPad(lower),
            Arrangement.PinKeyboard =>
                [.. Keyboard(lower, page, language[Phrase.Ok]), .. PinLinks(lower, ButtonAction.Digits, language[Phrase.Digits])],
            Arrangement.Keyboard => [.. Keyboard(lower, page, language[Phrase.Open]), CardLink(LinkBox(lower))],
            Arrangement.Question => [WideButton(lower, language[Phrase.Ok]), PassphraseLink(LinkBox(lower))],
            Arrangement.Blocked => [WideButton(lower, language[Phrase.ResetCode]), PassphraseLink(LinkBox(lower))],
            Arrangement.Message => [PassphraseLink(LinkBox(lower))],
            _ => [],
        };
    }

    public int Width { get; }

    public int Height { get; }

    public Arrangement Arrangement { get; }

    public KeyboardPage Page { get; }

    /// <summary>The language of the labels.</summary>
    public Language Language { get; }

    /// <summary>Pixels for each pixel of the 720×1440 design.</summary>
    public float Unit { get; }

    /// <summary>The sign and the message.</summary>
    public Box Header { get; }

    /// <summary>The dots for what was typed.</summary>
    public Box Entry { get; }

    /// <summary>At most 64 buttons, so that a bit can stand for each.</summary>
    public ImmutableArray<PadButton> Buttons { get; }

    /// <summary>The layout for a state.</summary>
    public static PadLayout For(int width, int height, AgentState state) =>
        new(width, height, ArrangementOf(state), PageOf(state), Languages.Of(state.Choices.Language));

    /// <summary>True where this layout serves that state too.</summary>
    public bool Serves(AgentState state) =>
        Arrangement == ArrangementOf(state) && Page == PageOf(state) && Language == Languages.Of(state.Choices.Language);

    /// <summary>The button at a point, as an index into <see cref="Buttons"/>, or -1. A touch in the gap between keys goes to the nearer one.</summary>
    public int HitTest(int x, int y)
    {
        int nearest = -1, distance = Scaled(Gap) + 1;
        for (int i = 0; i < Buttons.Length; i++)
        {
            int away = Buttons[i].Bounds.DistanceTo(x, y);
            if (away < distance)
            {
                (nearest, distance) = (i, away);
            }
        }

        return nearest;
    }

    /// <summary>Pixels for a length of the 720×1440 design.</summary>
    public int Scaled(float length) => (int)MathF.Round(length * Unit);

    /// <summary>True for the arrangements with a whole keyboard.</summary>
    public static bool HasKeyboard(Arrangement arrangement) => arrangement is Arrangement.Keyboard or Arrangement.PinKeyboard;

    private static Arrangement ArrangementOf(AgentState state) => state switch
    {
        { Mode: Mode.Opening } => Arrangement.Bare,
        { Mode: Mode.Passphrase } => Arrangement.Keyboard,
        { ShowsPinEntry: true, Letters: true } => Arrangement.PinKeyboard,
        { ShowsPinEntry: true } => Arrangement.PinPad,
        { CanAskAgain: true } => Arrangement.Question,
        { AsksForResetCode: true } => Arrangement.Blocked,
        _ => Arrangement.Message,
    };

    private static KeyboardPage PageOf(AgentState state) => HasKeyboard(ArrangementOf(state)) ? state.Page : KeyboardPage.Lower;
}
