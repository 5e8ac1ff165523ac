// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when nobody touches anything, and what wakes the device.
using Input;
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
