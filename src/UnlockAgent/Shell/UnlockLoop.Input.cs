// SPDX-License-Identifier: GPL-3.0-or-later
// What fingers, keys and a mouse come to: first they wake the device, then they press a button.
using Input;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

internal sealed partial class UnlockLoop
{
    public void OnPointer(in PointerEvent e)
    {
        bool isSwallowed = attention.Swallows(e, state.Light);
        Attend();
        if (isSwallowed)
        {
            return;
        }

        focus.Hide();
        ulong before = fingers.Pressed;
        var taken = fingers.Follow(e, stage.Renderer.Layout, clock());
        if (settings.Vibrate && (fingers.Pressed & ~before) != 0)
        {
            stage.Buzz();
        }

        if (taken is { } button)
        {
            Press(button);
        }
    }

    public void OnKey(in KeyEvent e)
    {
        if (e.Code == KeyCode.Power)
        {
            var press = attention.Follow(e, state.Light, clock());
            Attend(e);
            PressPower(press);
            return;
        }

        bool isSwallowed = attention.Swallows(e, state.Light);
        Attend(e);
        if (isSwallowed || focus.Follow(e, stage.Renderer.Layout))
        {
            return;
        }

        if (focus.Presses(e))
        {
            PressFocused();
            return;
        }

        Strike(e);
    }

    public void OnCursor(in CursorEvent e)
    {
        Attend();
        cursor = e.Visible && !state.IsOver ? new(e.X, e.Y) : null;
    }

    private void PressPower(PowerPress press)
    {
        switch (press)
        {
            case PowerPress.Short when focus.Place >= 0:
                PressFocused();
                break;
            case PowerPress.Short:
                Press(new(ButtonAction.Power));
                break;
            case PowerPress.Long when state.Dialog != Dialog.Power:
                focus.Hide();
                Press(new(ButtonAction.Power));
                break;
            case PowerPress.Off:
                Step(new AgentEvent.PowerHeld());
                break;
        }
    }

    private void PressFocused() => Press(stage.Renderer.Layout.Buttons[focus.Place].Button);

    private void Strike(in KeyEvent e)
    {
        Span<Button> struck = stackalloc Button[Keyboard.MostButtons];
        foreach (var button in struck[..keyboard.Translate(e, state, struck)])
        {
            focus.Hide();
            Press(button);
        }

        struck.Clear();
        if (keyboard.IsCapsLock != state.CapsLock)
        {
            Step(new AgentEvent.CapsLockChanged(keyboard.IsCapsLock));
            stage.Input.ShowCapsLock(keyboard.IsCapsLock);
        }
    }

    /// <summary>A key that something lies on repeats for ever: that is nobody.</summary>
    private void Attend(in KeyEvent e)
    {
        if (!e.Repeat)
        {
            Attend();
        }
    }

    /// <summary>Somebody is there.</summary>
    private void Attend()
    {
        if (attention.Touch(clock(), state) is { } wakes)
        {
            Step(wakes);
        }
    }
}
