// SPDX-License-Identifier: GPL-3.0-or-later
// The frame around the button that the next press of a hardware key presses: Tab, Shift+Tab, the arrows and the volume keys move it.
// Where it stands could tell a PIN, and so it is kept in one place that is written over, and never in a state.
using Input;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Shell;

internal sealed class FocusKeys
{
    private bool leftShift;
    private bool rightShift;

    /// <summary>The button's place in the layout, or -1 where no frame is shown.</summary>
    public int Place { get; private set; } = -1;

    /// <summary>A bit for it, as for buttons that are held.</summary>
    public ulong Bit => Place >= 0 ? 1UL << Place : 0;

    /// <summary>Follows a key.</summary>
    /// <returns>True where it moves the frame, and does nothing else.</returns>
    public bool Follow(in KeyEvent e, PadLayout layout)
    {
        leftShift = e.Code == KeyCode.LeftShift ? e.Down : leftShift;
        rightShift = e.Code == KeyCode.RightShift ? e.Down : rightShift;
        switch (e.Code)
        {
            case KeyCode.VolumeDown:
            case KeyCode.Tab when !leftShift && !rightShift:
                return Move(e.Down, layout, Place < 0 ? First(layout) : (Place + 1) % Math.Max(layout.Buttons.Length, 1));
            case KeyCode.VolumeUp:
            case KeyCode.Tab:
                return Move(e.Down, layout, Place < 0 ? OtherWay(layout) : Place == 0 ? layout.Buttons.Length - 1 : Place - 1);
            case KeyCode.Left:
                return Move(e.Down, layout, Beside(layout, -1, 0));
            case KeyCode.Right:
                return Move(e.Down, layout, Beside(layout, 1, 0));
            case KeyCode.Up:
                return Move(e.Down, layout, Beside(layout, 0, -1));
            case KeyCode.Down:
                return Move(e.Down, layout, Beside(layout, 0, 1));
            default:
                return false;
        }
    }

    /// <summary>True for the keys that press the button with the frame.</summary>
    public bool Presses(in KeyEvent e) => Place >= 0 && e is { Down: true, Repeat: false }
        && e.Code is KeyCode.Enter or KeyCode.KpEnter or KeyCode.Ok or KeyCode.Select;

    /// <summary>Takes the frame away.</summary>
    public void Hide() => Place = -1;

    /// <summary>Another layout is shown: the frame stays in its place on another page of a keyboard, where a button stands there.</summary>
    public void Meet(PadLayout before, PadLayout after) =>
        Place = Place >= 0 && after.IsAnotherPageOf(before) ? after.IndexOf(before.Buttons[Place].Bounds) : -1;

    private bool Move(bool isDown, PadLayout layout, int place)
    {
        Place = isDown && layout.Buttons.Length > 0 ? place : Place;
        return true;
    }

    /// <summary>From the card to the passphrase or back: two keys do it. Where neither is offered, the last button.</summary>
    private static int OtherWay(PadLayout layout)
    {
        int place = layout.Buttons.Length - 1;
        while (place >= 0 && layout.Buttons[place].Button.Action is not (ButtonAction.UsePassphrase or ButtonAction.UseCard))
        {
            place--;
        }

        return place >= 0 ? place : layout.Buttons.Length - 1;
    }

    /// <summary>Where the frame begins. In the power dialog that is the way back: keys that something presses in a pocket end no device.</summary>
    private static int First(PadLayout layout)
    {
        bool ends = layout.Buttons.Any(button => button.Button.Action == ButtonAction.PowerOff);
        for (int i = 0; ends && i < layout.Buttons.Length; i++)
        {
            if (layout.Buttons[i].Button.Action == ButtonAction.Cancel)
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary>The nearest button on one side: what lies straight that way is nearer than what lies across.</summary>
    private int Beside(PadLayout layout, int dx, int dy)
    {
        if (Place < 0)
        {
            return First(layout);
        }

        var (fromX, fromY) = Middle(layout.Buttons[Place].Bounds);
        int nearest = Place, distance = int.MaxValue;
        for (int i = 0; i < layout.Buttons.Length; i++)
        {
            var (x, y) = Middle(layout.Buttons[i].Bounds);
            int along = ((x - fromX) * dx) + ((y - fromY) * dy);
            int across = Math.Abs(((x - fromX) * dy) + ((y - fromY) * dx));
            int away = along + (2 * across);
            if (along > 0 && along >= across / 2 && away < distance)
            {
                (nearest, distance) = (i, away);
            }
        }

        return nearest;
    }

    private static (int X, int Y) Middle(Box box) => ((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2);
}
