// SPDX-License-Identifier: GPL-3.0-or-later
// What is typed on the screen and on a keyboard, from the touch or the key to the bytes for cryptsetup.
using System.Text;
using Input;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed partial class UnlockLoopTests
{
    private const ushort KeyE = 18;
    private const ushort Key1 = 2;
    private const ushort Key2 = 3;
    private const ushort KeyCircumflex = 26;

    [Fact]
    public void A_passphrase_of_a_french_keyboard_is_what_its_keys_type()
    {
        Begin(Screens.Keyboard, keymap: new(new HardwareKeyboardTests.FrenchSymbols()));
        Array.ForEach([Key1, Key2, KeyCircumflex, KeyE, KeyCircumflex, KeyCode.Backspace, KeyE, KeyCode.Backspace, KeyCircumflex], Strike);
        Assert.Equal((3, 5), (Loop.State.Typed, Loop.State.TypedBytes));
        Strike(KeyCode.Enter);
        Assert.Equal("&éê^", KeyText());
    }

    [Fact]
    public void An_accent_that_waits_goes_with_what_was_typed()
    {
        Begin(Screens.Keyboard, keymap: new(new HardwareKeyboardTests.FrenchSymbols()));
        Strike(KeyCircumflex);
        Strike(KeyCode.Escape);
        Strike(KeyE);
        Strike(KeyCircumflex);
        Tap(Button(b => b.Button.Action == ButtonAction.Backspace));
        Strike(KeyE);
        Strike(KeyCode.Enter);
        Assert.Equal("e", KeyText());
    }

    [Fact]
    public void Caps_lock_of_a_keyboard_is_shown()
    {
        Begin(Screens.Keyboard);
        Assert.False(Loop.State.CapsLock);
        Strike(KeyCode.CapsLock);
        Assert.True(Loop.State.CapsLock);
        Strike(KeyA);
        Strike(KeyCode.CapsLock);
        Assert.False(Loop.State.CapsLock);
        Strike(KeyA);
        Strike(KeyCode.Enter);
        Assert.Equal("Aa", KeyText());
    }

    [Fact]
    public void A_held_key_types_its_variant_and_a_held_backspace_clears()
    {
        Begin(KeyboardLayoutTests.With("de", KeyboardPage.Lower));
        Hold('a', 450);
        Hold('ü', 2000);
        Assert.Equal((2, 4), (Loop.State.Typed, Loop.State.TypedBytes));
        var backspace = Button(b => b.Button.Action == ButtonAction.Backspace);
        Tap(backspace);
        Assert.Equal((1, 2), (Loop.State.Typed, Loop.State.TypedBytes));
        Hold('s', 449);

        Touch(7, PointerPhase.Down, backspace);
        Pass(599);
        Assert.Equal(2, Loop.State.Typed);
        Pass(1);
        Assert.Equal(0, Loop.State.Typed);
        Hold('s', 449);
        Touch(7, PointerPhase.Up, backspace);
        Assert.Equal(1, Loop.State.Typed);

        Hold('o', 450);
        Tap(Button(b => b.Button.Action == ButtonAction.Confirm));
        Assert.Equal("s9", KeyText());

        void Hold(int character, long milliseconds)
        {
            var key = Button(b => b.Button == new Button(ButtonAction.Type, character));
            Touch(3, PointerPhase.Down, key);
            Pass(milliseconds);
            Touch(3, PointerPhase.Up, key);
        }
    }

    /// <summary>The other thumb presses OK meanwhile: what is held was meant for the reset code.</summary>
    [Fact]
    public void What_a_finger_holds_when_its_entry_ends_is_not_typed_into_the_next()
    {
        Begin(Screens.ResetCode);
        for (int i = 0; i < 8; i++)
        {
            Tap(Button(b => b.Button == new Button(ButtonAction.Type, '1')));
        }

        var five = Button(b => b.Button == new Button(ButtonAction.Type, '5'));
        Touch(1, PointerPhase.Down, five);
        Tap(Button(b => b.Button.Action == ButtonAction.Confirm));
        Touch(1, PointerPhase.Up, five);
        Assert.Equal((Mode.NewPin, 0), (Loop.State.Mode, Loop.State.Typed));
    }

    /// <summary>From the card to the passphrase and back without a touch, and without a way through all the keys.</summary>
    [Fact]
    public void Shift_tab_and_enter_change_between_card_and_passphrase()
    {
        Begin(Screens.PinPad);
        foreach (var mode in (Mode[])[Mode.Passphrase, Mode.Card])
        {
            Key(KeyCode.LeftShift, isDown: true);
            Strike(KeyCode.Tab);
            Key(KeyCode.LeftShift, isDown: false);
            Strike(KeyCode.Enter);
            Assert.Equal(mode, Loop.State.Mode);
        }
    }

    private string KeyText()
    {
        Assert.Equal(LoopEnd.Key, Loop.Run());
        using var key = Loop.TakeKey();
        return Encoding.UTF8.GetString(key.Span);
    }
}
