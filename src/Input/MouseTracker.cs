// SPDX-License-Identifier: GPL-3.0-or-later
// From a mouse's movements and its left button to the cursor and a contact at the cursor's place. Pure. No acceleration:
// one count is one pixel. Wheels and other buttons mean nothing here.

using Input.Native;

namespace Input;

/// <summary>Follows one mouse.</summary>
internal sealed class MouseTracker
{
    private readonly Cursor cursor;
    private readonly int pointer;
    private long dx;
    private long dy;
    private bool moved;
    private bool button;
    private bool isDown;
    private bool isShown;
    private int x;
    private int y;

    /// <param name="cursor">The cursor that it moves, with other mice.</param>
    /// <param name="pointer">The pointer id of its contact.</param>
    internal MouseTracker(Cursor cursor, int pointer)
    {
        this.cursor = cursor;
        this.pointer = pointer;
    }

    /// <summary>Takes one event; SYN_REPORT closes a frame and sends what changed in it.</summary>
    internal void Take(in input_event e, IInputSink sink)
    {
        switch (e.type)
        {
            case Evdev.EV_REL when e.code == Evdev.REL_X:
                (dx, moved) = (dx + e.value, true);
                break;
            case Evdev.EV_REL when e.code == Evdev.REL_Y:
                (dy, moved) = (dy + e.value, true);
                break;
            case Evdev.EV_KEY when e.code == Evdev.BTN_LEFT && e.value is 0 or 1:
                button = e.value == 1;
                break;
            case Evdev.EV_SYN when e.code == Evdev.SYN_REPORT:
                Report(sink);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Cancels the contact: its end was not seen, or the mouse is gone. None begins before the button is pressed anew.
    /// </summary>
    internal void Cancel(IInputSink sink)
    {
        (dx, dy, moved) = (0, 0, false);
        End(PointerPhase.Cancel, sink);
    }

    /// <summary>Forgets where it pressed.</summary>
    internal void Wipe() => (dx, dy, x, y) = (0, 0, 0, 0);

    /// <summary>After lost events: what the button does now, where that is known. A contact is cancelled.</summary>
    internal void Resynchronise(bool isButtonDown, IInputSink sink)
    {
        Cancel(sink);
        (button, isDown) = (isButtonDown, isButtonDown);
    }

    private void Report(IInputSink sink)
    {
        // A press before the first movement is aimed at nothing that could be seen.
        bool wasVisible = cursor.IsVisible;
        if (moved || (button && !wasVisible))
        {
            cursor.MoveBy(dx, dy, sink);
            (dx, dy, moved) = (0, 0, false);
        }

        if (isShown && (x, y) != (cursor.X, cursor.Y))
        {
            Send(PointerPhase.Move, sink);
        }

        if (button != isDown)
        {
            isDown = button;
            if (!button)
            {
                End(PointerPhase.Up, sink);
            }
            else if (wasVisible)
            {
                isShown = true;
                Send(PointerPhase.Down, sink);
            }
        }
    }

    private void End(PointerPhase phase, IInputSink sink)
    {
        if (isShown)
        {
            isShown = false;
            Send(phase, sink);
        }
    }

    private void Send(PointerPhase phase, IInputSink sink)
    {
        (x, y) = (cursor.X, cursor.Y);
        sink.OnPointer(new PointerEvent(pointer, phase, x, y));
    }
}
