// SPDX-License-Identifier: GPL-3.0-or-later
// What the keys of a hardware keyboard stand for.
using Input;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class HardwareKeyboardTests
{
    private const ushort A = 30;
    private const ushort E = 18;
    private const ushort One = 2;
    private const ushort Two = 3;
    private const ushort Zero = 11;
    private const ushort Minus = 12;
    private const ushort Keypad7 = 71;
    private const ushort Circumflex = 26;

    public static TheoryData<ushort, string> Actions => new()
    {
        { KeyCode.Enter, nameof(ButtonAction.Confirm) },
        { KeyCode.KpEnter, nameof(ButtonAction.Confirm) },
        { KeyCode.Backspace, nameof(ButtonAction.Backspace) },
        { KeyCode.Escape, nameof(ButtonAction.Clear) },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public void Hardware_keys_do_what_the_buttons_do(ushort code, string action)
    {
        using var keyboard = Us();
        Assert.Equal([new Button(Enum.Parse<ButtonAction>(action))], Strike(keyboard, Screens.PinPad, code));
        Assert.Empty(Step(keyboard, Screens.PinPad, new KeyEvent(code, Down: false, Repeat: false)));
        Assert.Equal(code == KeyCode.Backspace ? 1 : 0, Step(keyboard, Screens.PinPad, new KeyEvent(code, Down: true, Repeat: true)).Length);
    }

    /// <summary>Tab moves the focus and is looked at before; a space is a character like others.</summary>
    [Fact]
    public void Tab_and_modifiers_type_nothing_and_a_space_types()
    {
        using var keyboard = Us();
        Assert.Empty(Strike(keyboard, Screens.Keyboard, KeyCode.Tab));
        Assert.Equal("A", Text(keyboard, Screens.Keyboard, -KeyCode.LeftShift, A, KeyCode.LeftShift));
        Assert.Equal(" a", Text(keyboard, Screens.Keyboard, KeyCode.Space, A));
        Assert.Equal("", Text(keyboard, Screens.Keyboard, -KeyCode.LeftCtrl, A, KeyCode.LeftCtrl, -KeyCode.LeftAlt, A, KeyCode.LeftAlt));
        Assert.Equal("", Text(keyboard, Screens.Keyboard, KeyCode.VolumeUp, KeyCode.VolumeDown, KeyCode.Power, KeyCode.Up));
        Assert.Empty(Step(keyboard, Screens.Keyboard, new KeyEvent(A, Down: true, Repeat: true)));
        Assert.False(keyboard.IsCapsLock);
        Assert.Equal("A", Text(keyboard, Screens.Keyboard, KeyCode.CapsLock, A));
        Assert.True(keyboard.IsCapsLock);
    }

    [Fact]
    public void A_pin_pad_takes_keypad_letters_and_signs()
    {
        using var keyboard = Us();
        Assert.Equal("7a1!0-", Text(
            keyboard, Screens.PinPad, Keypad7, A, One, -KeyCode.RightShift, One, KeyCode.RightShift, Zero, Minus));
    }

    /// <summary>In France the top row types signs and letters unless it is shifted; at a PIN pad nobody means them.</summary>
    [Fact]
    public void At_a_pin_pad_the_top_row_types_its_digits_shifted_or_not()
    {
        using var keyboard = new Keyboard(new(new FrenchSymbols()));
        foreach (var pad in (AgentState[])[Screens.PinPad, Screens.ResetCode, Screens.NewPin, Screens.RepeatPin])
        {
            Assert.Equal("12012", Text(keyboard, pad, One, Two, Zero, -KeyCode.LeftShift, One, Two, KeyCode.LeftShift));
            Assert.Equal("~)e", Text(keyboard, pad, -KeyCode.AltGr, Two, KeyCode.AltGr, Minus, E));
        }

        // Whoever sees letters, or a passphrase, means what the layout says.
        foreach (var letters in (AgentState[])[Screens.Keyboard, Screens.PinPad with { Letters = true }])
        {
            Assert.Equal("&éà1", Text(keyboard, letters, One, Two, Zero, -KeyCode.LeftShift, One, KeyCode.LeftShift));
        }
    }

    [Fact]
    public void Accents_make_letters_and_backspace_takes_a_waiting_one_back()
    {
        using var keyboard = new Keyboard(new(new FrenchSymbols()));
        Assert.Equal("êe", Text(keyboard, Screens.Keyboard, Circumflex, E, Circumflex, KeyCode.Backspace, E));
        Assert.Equal("^&^a", Text(keyboard, Screens.Keyboard, Circumflex, One, Circumflex, A));
        Assert.Equal(
            [new(ButtonAction.Type, '^'), new(ButtonAction.Confirm)],
            [.. Strike(keyboard, Screens.Keyboard, Circumflex), .. Strike(keyboard, Screens.Keyboard, KeyCode.Enter)]);

        Strike(keyboard, Screens.Keyboard, Circumflex);
        keyboard.DropAccent();
        Assert.Equal("e", Text(keyboard, Screens.Keyboard, E));
    }

    private static Keyboard Us() => new(new(new UsSymbols()));

    private static Button[] Step(Keyboard keyboard, AgentState state, KeyEvent e)
    {
        var buttons = new Button[Keyboard.MostButtons];
        return buttons[..keyboard.Translate(e, state, buttons)];
    }

    private static Button[] Strike(Keyboard keyboard, AgentState state, ushort code)
    {
        var struck = Step(keyboard, state, new KeyEvent(code, Down: true, Repeat: false));
        Assert.Empty(Step(keyboard, state, new KeyEvent(code, Down: false, Repeat: false)));
        return struck;
    }

    /// <summary>Strikes keys; a negative one goes down and stays so until it comes again.</summary>
    private static string Text(Keyboard keyboard, AgentState state, params int[] codes)
    {
        var typed = new List<Button>();
        var held = new HashSet<int>();
        foreach (int code in codes)
        {
            bool isHeld = held.Contains(code);
            if (code < 0)
            {
                held.Add(-code);
            }

            typed.AddRange(code < 0 ? Step(keyboard, state, new KeyEvent((ushort)-code, Down: true, Repeat: false))
                : isHeld ? Step(keyboard, state, new KeyEvent((ushort)code, Down: false, Repeat: false))
                : Strike(keyboard, state, (ushort)code));
            if (isHeld)
            {
                held.Remove(code);
            }
        }

        Assert.All(typed, button => Assert.Equal(ButtonAction.Type, button.Action));
        return string.Concat(typed.Select(button => char.ConvertFromUtf32(button.Character)));
    }

    /// <summary>The keys of the French console keymap that the tests strike.</summary>
    internal sealed class FrenchSymbols : IKeySymbols
    {
        private const int Shift = 1;
        private const int AltGr = 2;

        public ushort At(int modifiers, int code) => (modifiers, code) switch
        {
            (_, KeyCode.LeftShift or KeyCode.RightShift) => 0x700,
            (_, KeyCode.AltGr) => 0x701,
            (0, One) => '&',
            (Shift, One) => '1',
            (0, Two) => 'é',
            (Shift, Two) => '2',
            (AltGr, Two) => '~',
            (0, Zero) => 'à',
            (Shift, Zero) => '0',
            (0, Minus) => ')',
            (0, E) => 0xB00 | 'e',
            (0, A) => 0xB00 | 'a',
            (0, Circumflex) => 0x402,
            (_, KeyCode.CapsLock) => 0x207,
            _ => 0x200,
        };

        public int Compose(int accent, int character) => (accent, character) == ('^', 'e') ? 'ê' : 0;
    }
}
