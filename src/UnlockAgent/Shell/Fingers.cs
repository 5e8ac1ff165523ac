// SPDX-License-Identifier: GPL-3.0-or-later
// Which finger holds which button. A button answers on release inside itself; sliding off cancels.
using Input;
using UnlockAgent.Screen;

namespace UnlockAgent.Shell;

internal sealed class Fingers
{
    private readonly Dictionary<int, int> held = [];

    /// <summary>One bit for each held button, by its place in the layout.</summary>
    public ulong Pressed
    {
        get
        {
            ulong pressed = 0;
            foreach (int button in held.Values)
            {
                pressed |= 1UL << button;
            }

            return pressed;
        }
    }

    /// <summary>Follows one pointer event.</summary>
    /// <returns>The place of the button that was just released inside itself, or -1.</returns>
    public int Follow(in PointerEvent e, PadLayout layout)
    {
        int under = layout.HitTest(e.X, e.Y);
        switch (e.Phase)
        {
            case PointerPhase.Down when under >= 0:
                held[e.Pointer] = under;
                return -1;
            case PointerPhase.Move when held.TryGetValue(e.Pointer, out int button) && button != under:
            case PointerPhase.Cancel:
                held.Remove(e.Pointer);
                return -1;
            case PointerPhase.Up when held.Remove(e.Pointer, out int released) && released == under:
                return released;
            default:
                return -1;
        }
    }

    /// <summary>Forgets every finger: the buttons under them are gone.</summary>
    public void Clear() => held.Clear();
}
