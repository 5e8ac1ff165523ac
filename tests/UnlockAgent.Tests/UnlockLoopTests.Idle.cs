// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when nobody touches anything, and what wakes the device.
using Input;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed partial class UnlockLoopTests
{
    [Fact]
    public void The_touch_that_wakes_a_dark_screen_types_nothing_and_the_next_one_does()
    {
        Begin(Screens.PinPad);
        Pass(30_000);
        Assert.Equal(Light.Dim, Loop.State.Light);
        Pass(30_000);
        Assert.Equal((Light.Dark, true), (Loop.State.Light, screen.IsBlack));

        var five = Button(b => b.Button == new Button(ButtonAction.Type, '5'));
        Touch(1, PointerPhase.Down, five);
        Assert.Equal((Light.Full, false), (Loop.State.Light, screen.IsBlack));
        Touch(2, PointerPhase.Down, five);
        Touch(1, PointerPhase.Up, five);
        Touch(2, PointerPhase.Up, five);
        Assert.Equal(0, Loop.State.Typed);
        Tap(five);
        Assert.Equal(1, Loop.State.Typed);

        // On a dimmed screen every key counts.
        Pass(29_000);
        Tap(five);
        Pass(30_000);
        Assert.Equal((Light.Dim, 0, Notice.Forgotten), (Loop.State.Light, Loop.State.Typed, Loop.State.Notice));
        Tap(five);
        Assert.Equal((Light.Full, 1), (Loop.State.Light, Loop.State.Typed));
    }

    [Fact]
    public void The_key_that_wakes_a_dark_screen_does_nothing_else()
    {
        Begin(Screens.Keyboard);
        foreach (ushort code in (ushort[])[KeyA, KeyCode.Enter, KeyCode.VolumeDown, KeyCode.Power])
        {
            Pass(30_000);
            Pass(30_000);
            Assert.Equal(Light.Dark, Loop.State.Light);
            Strike(code);
            Assert.Equal((Light.Full, 0, Dialog.None), (Loop.State.Light, Loop.State.Typed, Loop.State.Dialog));
        }

        Strike(KeyA);
        Assert.Equal(1, Loop.State.Typed);
    }

    [Fact]
    public void A_key_that_something_lies_on_keeps_nothing_awake()
    {
        Begin(Screens.Keyboard);
        Key(KeyCode.LeftCtrl, isDown: true);
        Pass(59_000);
        Key(KeyCode.LeftCtrl, isDown: true, repeats: true);
        Pass(1000);
        Key(KeyCode.LeftCtrl, isDown: true, repeats: true);
        Assert.Equal(Light.Dark, Loop.State.Light);
        Key(KeyCode.LeftCtrl, isDown: false);
        Assert.Equal(Light.Full, Loop.State.Light);
    }

    /// <summary>Its end is told, whatever was swallowed of it: else it would be held for ever, and no key type any more.</summary>
    [Fact]
    public void A_modifier_that_is_let_go_in_the_dark_is_not_held_any_more()
    {
        Begin(Screens.Keyboard);
        Key(KeyCode.LeftCtrl, isDown: true);
        Pass(60_000);
        Key(KeyCode.LeftCtrl, isDown: true, repeats: true);
        Key(KeyCode.LeftCtrl, isDown: false);
        Strike(KeyA);
        Assert.Equal(1, Loop.State.Typed);
    }

    /// <summary>A finger that lies still is nobody's touch, and what it lies on is not seen when it is lifted.</summary>
    [Fact]
    public void What_a_finger_lies_on_when_the_screen_goes_dark_is_not_pressed_when_it_is_lifted()
    {
        Begin(Screens.PinPad with { Dialog = Dialog.Power });
        var off = Button(b => b.Button.Action == ButtonAction.PowerOff);
        Touch(1, PointerPhase.Down, off);
        Pass(60_000);
        Assert.Equal(Light.Dark, Loop.State.Light);
        Touch(1, PointerPhase.Up, off);
        Assert.Equal((Light.Full, Mode.Card, Dialog.Power), (Loop.State.Light, Loop.State.Mode, Loop.State.Dialog));
    }

    [Fact]
    public void What_a_finger_lies_on_when_the_entry_is_wiped_is_not_typed_into_the_next()
    {
        Begin(Screens.PinPad);
        var five = Button(b => b.Button == new Button(ButtonAction.Type, '5'));
        Tap(five);
        Touch(1, PointerPhase.Down, five);
        Pass(30_000);
        Assert.Equal(Notice.Forgotten, Loop.State.Notice);
        Touch(1, PointerPhase.Up, five);
        Assert.Equal(0, Loop.State.Typed);
    }

    /// <summary>A phone's side keys are pressed in a pocket: there the frame begins anew each time that the screen went dark.</summary>
    [Fact]
    public void A_dark_screen_takes_the_frame_away()
    {
        Begin(Screens.PinPad);
        Strike(KeyCode.VolumeDown);
        Assert.Equal(0, Loop.FocusPlace);
        Pass(60_000);
        Strike(KeyCode.Power);
        Strike(KeyCode.Power);
        Assert.Equal((-1, 0, Dialog.Power), (Loop.FocusPlace, Loop.State.Typed, Loop.State.Dialog));
    }

    [Fact]
    public void Nobody_finds_a_field_that_shows_what_is_typed()
    {
        Begin(Screens.Keyboard, Settings.Default with { DarkAfter = TimeSpan.Zero });
        Tap(Button(b => b.Button.Action == ButtonAction.Reveal));
        Assert.True(Loop.State.Revealed);
        Pass(30_000);
        Assert.False(Loop.State.Revealed);
    }

    /// <summary>With the pad's letters as with its digits: the warning is answered by whoever goes to OK again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_warning_of_a_last_try_takes_the_frame_away(bool letters)
    {
        Begin(Screens.All["13-last-try"] with { Letters = letters });
        for (int i = 0; i < 6; i++)
        {
            Strike(KeyA);
        }

        FocusOn(b => b.Button.Action == ButtonAction.Confirm);
        Strike(KeyCode.Power);
        Assert.Equal(Notice.LastTryUnconfirmed, Loop.State.Notice);
        now += 1000;
        Strike(KeyCode.Power);
        Assert.Equal((Mode.Card, Dialog.Power), (Loop.State.Mode, Loop.State.Dialog));
    }

    /// <summary>Keyboards differ in how many keys they have: the frame keeps to its key, for whoever presses on.</summary>
    [Fact]
    public void The_frame_stays_on_the_key_that_changes_the_keyboard()
    {
        Begin(Screens.Keyboard with { Keyboards = ["us", "de", "pl"] });
        FocusOn(b => b.Button.Action == ButtonAction.NextKeyboard);
        foreach (string next in (string[])["de", "pl", "us"])
        {
            Strike(KeyCode.Power);
            Assert.Equal((next, 0), (Loop.State.Choices.Keyboard, Loop.State.Typed));
        }

        FocusOn(b => b.Button.Action == ButtonAction.Symbols);
        Strike(KeyCode.Power);
        Assert.Equal(ButtonAction.Letters, Layout.Buttons[Loop.FocusPlace].Button.Action);
    }

    /// <summary>Nothing wakes the processor where nobody touches anything but what is due.</summary>
    [Fact]
    public void The_loop_sleeps_until_something_is_due()
    {
        Begin(Screens.PinPad);
        Loop.Turn(0);
        List<long> wakes = [];
        while (Loop.Due is { } due && due < 1_000_000 + 301_000)
        {
            wakes.Add(due - 1_000_000);
            Pass(due - now);
        }

        Assert.Equal([30_000, 60_000, 300_000], wakes);
    }

    [Fact]
    public void A_device_on_its_battery_powers_off_and_one_on_a_charger_asks_again()
    {
        Begin(Screens.PinPad);
        battery = new(50, Charging: true);
        Pass(30_000);
        Pass(30_000);
        Pass(240_000);
        Assert.Equal((new Battery(50, Charging: true), Light.Dark), (Loop.State.Battery, Loop.State.Light));
        battery = battery with { Charging = false };
        Pass(299_999);
        Assert.Equal(Mode.Card, Loop.State.Mode);
        Pass(1);
        Assert.Equal(LoopEnd.PowerOff, Loop.Run());
    }

    [Fact]
    public void A_device_without_a_battery_waits_for_ever()
    {
        battery = null;
        Begin(Screens.PinPad);
        for (int minute = 0; minute < 60; minute++)
        {
            Pass(60_000);
        }

        Assert.Equal((Mode.Card, Light.Dark), (Loop.State.Mode, Loop.State.Light));
    }
}
