// SPDX-License-Identifier: GPL-3.0-or-later
// Where everything stands on the screen: one computation, used to draw and to hit-test.
// All lengths are pixels, the origin is the top left corner.
using System.Collections.Immutable;
using Framebuffer;
using UnlockAgent.Keyboards;
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

    /// <summary>True where a pixel is in both.</summary>
    public bool Meets(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    /// <summary>The same rectangle, as a screen is told of it.</summary>
    public Area ToArea() => new(Left, Top, Right, Bottom);

    /// <summary>The same box with each side moved inwards.</summary>
    public Box Inset(int by) => new(Left + by, Top + by, Right - by, Bottom - by);
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

    /// <summary>A sign with no key around it.</summary>
    Bare,

    /// <summary>One of several answers or settings.</summary>
    Choice,
}

/// <summary>A button and its place.</summary>
internal sealed record PadButton(Box Bounds, Button Button, string Label, Look Look)
{
    /// <summary>The sign on it, instead of its label or before it.</summary>
    public Sign Sign { get; init; }

    /// <summary>What is set now, at the end of a setting's line.</summary>
    public string Value { get; init; } = string.Empty;

    /// <summary>The characters that it offers while it is held, as Unicode scalar values.</summary>
    public ImmutableArray<int> Variants { get; init; } = [];

    /// <summary>The one of a list that is set now.</summary>
    public bool IsChosen { get; init; }
}

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

    /// <summary>A question with its answers, or the menu.</summary>
    Dialog,

    /// <summary>A list to choose from.</summary>
    List,
}

/// <summary>One arrangement on one screen.</summary>
internal sealed partial class PadLayout
{
    private readonly Viewport viewport;
    private readonly Kind kind;

    private PadLayout(Viewport viewport, AgentState state)
    {
        this.viewport = viewport;
        kind = Kind.Of(state);
        Language = Languages.Of(state.Choices.Language);
        Unit = viewport.Unit;
        Touch = (int)MathF.Round(Math.Max(Scaled(92), Math.Min(viewport.Millimetres(9), viewport.Short / 6f)));
        var buttons = ImmutableArray.CreateBuilder<PadButton>(64);
        switch (Arrangement)
        {
            case Arrangement.PinPad when viewport.IsWide:
                PlacePadBeside(buttons, state);
                break;
            case Arrangement.PinPad:
                PlacePadBelow(buttons, state);
                break;
            case Arrangement.Keyboard or Arrangement.PinKeyboard when viewport.IsWide:
                PlaceKeyboardWide(buttons, state);
                break;
            case Arrangement.Keyboard or Arrangement.PinKeyboard:
                PlaceKeyboardBelow(buttons, state);
                break;
            case Arrangement.Dialog:
                PlaceDialog(buttons, state);
                break;
            case Arrangement.List:
                PlaceList(buttons, state);
                break;
            default:
                PlaceMessage(buttons);
                break;
        }

        Buttons = buttons.ToImmutable();
    }

    /// <summary>The screen.</summary>
    public Viewport Viewport => viewport;

    public int Width => viewport.Width;

    public int Height => viewport.Height;

    public Arrangement Arrangement => kind.Arrangement;

    public KeyboardPage Page => kind.Page;

    /// <summary>The language of the labels.</summary>
    public Language Language { get; }

    /// <summary>Pixels for each pixel of the design: see <see cref="Viewport.Unit"/>.</summary>
    public float Unit { get; }

    /// <summary>The least side of what a finger must meet: 9 mm, or a sixth of the screen where that is less.</summary>
    public int Touch { get; }

    /// <summary>The sign and the message.</summary>
    public Box Header { get; private set; }

    /// <summary>What was typed: dots, or the passphrase in the clear.</summary>
    public Box Entry { get; private set; }

    /// <summary>The battery, between the buttons in the corners.</summary>
    public Box Status { get; private set; }

    /// <summary>At most 64 buttons, so that a bit can stand for each.</summary>
    public ImmutableArray<PadButton> Buttons { get; }

    /// <summary>The layout for a state.</summary>
    public static PadLayout For(Viewport viewport, AgentState state) => new(viewport, state);

    /// <summary>The layout for a state on a screen whose dots per inch nobody knows.</summary>
    public static PadLayout For(int width, int height, AgentState state) => new(new(width, height), state);

    /// <summary>True where this layout serves that state too.</summary>
    public bool Serves(AgentState state) => kind == Kind.Of(state);

    /// <summary>
    /// The button at a point, as an index into <see cref="Buttons"/>, or -1. A touch in the gap between keys goes to the nearer one.
    /// </summary>
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

    /// <summary>Pixels for a length of the design.</summary>
    public int Scaled(float length) => (int)MathF.Round(length * Unit);

    /// <summary>True for the arrangements with a whole keyboard.</summary>
    public static bool HasKeyboard(Arrangement arrangement) => arrangement is Arrangement.Keyboard or Arrangement.PinKeyboard;

    /// <summary>All of a state that a layout depends on.</summary>
    private readonly record struct Kind(
        Arrangement Arrangement, Dialog Dialog, KeyboardPage Page, bool HasMenu, string Keyboard, string Language, ThemeName Theme)
    {
        /// <summary>One key goes from this keyboard to another.</summary>
        public bool HasOtherKeyboards { get; private init; }

        /// <summary>The order of scrambled digits, one of them in each four bits.</summary>
        private long Digits { get; init; }

        public static Kind Of(AgentState state)
        {
            var arrangement = ArrangementOf(state);
            bool hasKeyboard = HasKeyboard(arrangement), isDialog = arrangement is Arrangement.Dialog or Arrangement.List;
            return new(
                arrangement,
                state.Dialog,
                hasKeyboard ? state.Page : KeyboardPage.Lower,
                !isDialog && state.Mode is not (Mode.Opening or Mode.Checking),
                hasKeyboard || isDialog ? state.Choices.Keyboard : string.Empty,
                state.Choices.Language,
                isDialog ? state.Choices.Theme : ThemeName.Dark)
            {
                HasOtherKeyboards = hasKeyboard && KeyboardLayouts.After(state.Keyboards, state.Choices.Keyboard) != state.Choices.Keyboard,
                Digits = arrangement == Arrangement.PinPad && state.DigitOrder is { } order
                    ? order.Aggregate(1L, (sum, digit) => (sum << 4) | (uint)digit)
                    : 0,
            };
        }

        private static Arrangement ArrangementOf(AgentState state) => state switch
        {
            { Dialog: Dialog.Power or Dialog.Menu } => Arrangement.Dialog,
            { Dialog: Dialog.Languages or Dialog.Keyboards } => Arrangement.List,
            { Mode: Mode.Opening } => Arrangement.Bare,
            { Mode: Mode.Passphrase } => Arrangement.Keyboard,
            { ShowsPinEntry: true, Letters: true } => Arrangement.PinKeyboard,
            { ShowsPinEntry: true } => Arrangement.PinPad,
            { CanAskAgain: true } => Arrangement.Question,
            { AsksForResetCode: true } => Arrangement.Blocked,
            _ => Arrangement.Message,
        };
    }
}
