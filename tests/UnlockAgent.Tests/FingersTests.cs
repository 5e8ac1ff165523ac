// SPDX-License-Identifier: GPL-3.0-or-later
using Input;
using UnlockAgent.Screen;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class FingersTests
{
    private static readonly PadLayout Pad = PadLayout.For(720, 1440, Screens.PinPad);
    private readonly Fingers fingers = new();

    [Fact]
    public void A_key_lights_on_touch_and_answers_on_release()
    {
        Assert.Equal(-1, Touch(0, PointerPhase.Down, 4));
        Assert.Equal(1UL << 4, fingers.Pressed);
        Assert.Equal(4, Touch(0, PointerPhase.Up, 4));
        Assert.Equal(0UL, fingers.Pressed);
    }

    [Fact]
    public void Sliding_off_cancels_and_coming_back_does_not_revive_it()
    {
        Touch(0, PointerPhase.Down, 4);
        Assert.Equal(-1, Touch(0, PointerPhase.Move, 5));
        Assert.Equal(0UL, fingers.Pressed);
        Touch(0, PointerPhase.Move, 4);
        Assert.Equal(-1, Touch(0, PointerPhase.Up, 4));
    }

    [Fact]
    public void Two_thumbs_each_hold_their_own_key()
    {
        Touch(0, PointerPhase.Down, 0);
        Touch(1, PointerPhase.Down, 8);
        Assert.Equal((1UL << 0) | (1UL << 8), fingers.Pressed);
        Assert.Equal(0, Touch(0, PointerPhase.Up, 0));
        Assert.Equal(8, Touch(1, PointerPhase.Up, 8));
    }

    [Fact]
    public void A_finger_that_vanishes_types_nothing()
    {
        Touch(0, PointerPhase.Down, 4);
        Assert.Equal(-1, Touch(0, PointerPhase.Cancel, 4));
        Assert.Equal(-1, Touch(0, PointerPhase.Up, 4));
        Assert.Equal(0UL, fingers.Pressed);
    }

    /// <returns>The place of the PIN pad's button that answered, or -1.</returns>
    private int Touch(int pointer, PointerPhase phase, int button)
    {
        var box = Pad.Buttons[button].Bounds;
        var answered = fingers.Follow(new PointerEvent(pointer, phase, box.Left + 10, box.Top + 10), Pad, now: 0);
        return answered is { } taken ? Pad.Buttons.Select(b => b.Button).ToList().IndexOf(taken) : -1;
    }
}
