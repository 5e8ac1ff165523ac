// SPDX-License-Identifier: GPL-3.0-or-later
// Which finger holds which button, and for how long. A button answers on release inside itself; sliding off cancels. A key that is
// held offers its variants, and Backspace that is held clears. Nothing here is allocated once there is a finger.
using Input;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Shell;

internal sealed class Fingers
{
    /// <summary>Milliseconds until a held key offers its variants.</summary>
    public const long VariantsAfter = 450;

    /// <summary>Milliseconds until a held Backspace clears.</summary>
    public const long ClearAfter = 600;

    /// <summary>Milliseconds within which a second Shift is a double tap.</summary>
    public const long DoubleTap = 400;

    private const int MostFingers = 10;

    private readonly Finger[] fingers = new Finger[MostFingers];
    private Popup? popup;
    private long? lastShift;

    /// <summary>One bit for each held button, by its place in the layout that is shown.</summary>
    public ulong Pressed
    {
        get
        {
            ulong pressed = 0;
            foreach (ref var finger in fingers.AsSpan())
            {
                pressed |= finger is { Layout: not null, Shown: >= 0 } ? 1UL << finger.Shown : 0;
            }

            return pressed;
        }
    }

    /// <summary>The variants that a held key offers now.</summary>
    public Popup? Popup => popup;

    /// <summary>When <see cref="Expire"/> has something to do, in milliseconds of the clock that <see cref="Follow"/> is given.</summary>
    public long? Due
    {
        get
        {
            long? due = null;
            foreach (ref var finger in fingers.AsSpan())
            {
                due = finger.Layout is not null && finger.Due is { } own && !(own >= due) ? own : due;
            }

            return due;
        }
    }

    /// <summary>Follows one pointer event.</summary>
    /// <param name="e">The event.</param>
    /// <param name="layout">What is shown.</param>
    /// <param name="now">Milliseconds of a clock that never goes back.</param>
    /// <returns>The button that was just released inside itself, or the variant that was chosen.</returns>
    public Button? Follow(in PointerEvent e, PadLayout layout, long now)
    {
        int place = PlaceOf(e.Pointer);
        if (e.Phase == PointerPhase.Down)
        {
            PutDown(place >= 0 ? place : FreePlace(), e, layout, now);
        }

        if (place < 0 || e.Phase == PointerPhase.Down)
        {
            return null;
        }

        // Where it is lifted counts, whether or not it was seen to move there.
        ref var finger = ref fingers[place];
        Move(ref finger, e);
        var taken = e.Phase == PointerPhase.Up && finger.Layout is not null ? Taken(finger, now) : null;
        if (e.Phase != PointerPhase.Move)
        {
            Release(ref finger);
        }

        return taken;
    }

    /// <summary>Does what is due: variants are offered, and a held Backspace becomes Clear.</summary>
    public Button? Expire(long now)
    {
        foreach (ref var finger in fingers.AsSpan())
        {
            if (finger.Layout is null || !(finger.Due <= now))
            {
                continue;
            }

            finger.Due = null;
            if (finger.Held.Action == ButtonAction.Backspace)
            {
                // It stays lit until it is lifted, and does nothing more.
                finger.IsSpent = true;
                return new(ButtonAction.Clear);
            }

            // One at a time: whose key offers nothing types what stands on it.
            if (popup is null && finger.Layout.PopupOf(finger.Place) is { } offered)
            {
                finger.HasPopup = true;
                popup = offered with { Button = finger.Shown, Chosen = offered.At(finger.X, finger.Y) };
            }
        }

        return null;
    }

    /// <summary>
    /// Another layout is shown from here on. Whoever holds a key of another page of the same keyboard still types what stood on it when
    /// it was pressed; what any other finger holds is not there any more.
    /// </summary>
    public void Meet(PadLayout layout)
    {
        foreach (ref var finger in fingers.AsSpan())
        {
            if (finger.Layout is null)
            {
                continue;
            }

            if (!layout.IsAnotherPageOf(finger.Layout))
            {
                Release(ref finger);
                continue;
            }

            finger.Shown = layout.IndexOf(finger.Layout.Buttons[finger.Place].Bounds);
            popup = finger.HasPopup ? popup!.Value with { Button = finger.Shown } : popup;
        }
    }

    /// <summary>Forgets every finger: the buttons under them are gone.</summary>
    public void Clear()
    {
        fingers.AsSpan().Clear();
        (popup, lastShift) = (null, null);
    }

    private int PlaceOf(int pointer)
    {
        for (int i = 0; i < MostFingers; i++)
        {
            if (fingers[i].Layout is not null && fingers[i].Pointer == pointer)
            {
                return i;
            }
        }

        return -1;
    }

    private int FreePlace()
    {
        int place = MostFingers - 1;
        while (place >= 0 && fingers[place].Layout is not null)
        {
            place--;
        }

        return place;
    }

    private void PutDown(int place, in PointerEvent e, PadLayout layout, long now)
    {
        int under = layout.HitTest(e.X, e.Y);
        if (under < 0 || place < 0)
        {
            return;
        }

        ref var finger = ref fingers[place];
        Release(ref finger);
        var button = layout.Buttons[under];
        finger = new Finger { Layout = layout, Place = under, Shown = under, Pointer = e.Pointer, Held = button.Button, X = e.X, Y = e.Y };
        finger.Due = button switch
        {
            { Button.Action: ButtonAction.Backspace } => now + ClearAfter,
            { Variants.IsEmpty: false } => now + VariantsAfter,
            _ => null,
        };
    }

    private void Move(ref Finger finger, in PointerEvent e)
    {
        (finger.X, finger.Y) = (e.X, e.Y);
        if (finger.HasPopup)
        {
            popup = popup!.Value with { Chosen = popup.Value.At(e.X, e.Y) };
        }
        else if (finger.Layout!.HitTest(e.X, e.Y) != finger.Place)
        {
            Release(ref finger);
        }
    }

    private Button? Taken(in Finger finger, long now)
    {
        if (finger.IsSpent)
        {
            return null;
        }

        long? shift = lastShift;
        lastShift = null;
        if (finger.HasPopup)
        {
            return popup!.Value.Chosen is >= 0 and var chosen ? new(ButtonAction.Type, popup.Value.Characters[chosen]) : null;
        }

        if (finger.Held.Action == ButtonAction.Shift)
        {
            bool isSecond = now - shift <= DoubleTap;
            lastShift = isSecond ? null : now;
            return new(isSecond ? ButtonAction.ShiftLock : ButtonAction.Shift);
        }

        return finger.Held;
    }

    private void Release(ref Finger finger)
    {
        popup = finger.HasPopup ? null : popup;
        finger = default;
    }

    /// <summary>A finger that holds a button, where <see cref="Layout"/> is not null.</summary>
    private record struct Finger
    {
        /// <summary>What was shown when it went down.</summary>
        public PadLayout? Layout;

        /// <summary>The button's place there.</summary>
        public int Place;

        /// <summary>The place of the button that is lit for it in what is shown now, or -1.</summary>
        public int Shown;

        public int Pointer;
        public Button Held;
        public int X;
        public int Y;
        public long? Due;
        public bool HasPopup;
        public bool IsSpent;
    }
}
