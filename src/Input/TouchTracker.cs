// SPDX-License-Identifier: GPL-3.0-or-later
// From evdev events to contacts (Linux documentation, input/multi-touch-protocol and input/event-codes): protocol B
// with its slots and tracking ids, protocol A by way of FrameContacts, and one contact made of a button and two axes.
// Pure: knows no device.

using Input.Native;

namespace Input;

/// <summary>Which events make a contact.</summary>
internal enum PointerKind
{
    /// <summary>Protocol B: a slot holds a contact while its tracking id is not negative.</summary>
    Slots,

    /// <summary>Protocol A: every frame lists all contacts.</summary>
    Frames,

    /// <summary>A touchscreen of one finger: down while BTN_TOUCH is.</summary>
    SingleTouch,

    /// <summary>A pointer that knows where on the screen it is: down while BTN_LEFT is.</summary>
    AbsolutePointer,
}

/// <summary>What the device holds in one slot, raw. A negative tracking id is no contact.</summary>
internal record struct SlotState(int TrackingId, int X, int Y);

/// <summary>
/// Follows the contacts of one device. A device sends only what changes, so the last raw position of each slot stays
/// here while no finger is down, as it does in the kernel; <see cref="Wipe"/> forgets it.
/// </summary>
internal sealed class TouchTracker
{
    private readonly AxisMap mapX;
    private readonly AxisMap mapY;
    private readonly ScreenMap screen;
    private readonly FrameContacts? frames;
    private readonly int firstPointer;
    private readonly SlotState[] reported;
    private readonly Contact[] contacts;
    private int slot;

    /// <summary>Starts from what the device holds; contacts already down are ignored until they are lifted.</summary>
    /// <param name="kind">Which events to follow.</param>
    /// <param name="mapX">The panel's horizontal axis.</param>
    /// <param name="mapY">The panel's vertical axis.</param>
    /// <param name="firstPointer">The first of as many pointer ids as there are slots.</param>
    /// <param name="slots">
    /// The device's slots; <see cref="FrameContacts.MaxContacts"/> for protocol A, of which the first stands for all that
    /// is down; exactly one for a single contact.
    /// </param>
    /// <param name="slot">The slot that the next events are for.</param>
    /// <param name="quarterTurns">How far the picture is turned clockwise on the panel, 0 to 3.</param>
    internal TouchTracker(
        PointerKind kind, AxisMap mapX, AxisMap mapY, int firstPointer, ReadOnlySpan<SlotState> slots, int slot,
        int quarterTurns = 0)
    {
        Kind = kind;
        this.mapX = mapX;
        this.mapY = mapY;
        this.firstPointer = firstPointer;
        this.slot = slot;
        screen = new ScreenMap(mapX.Pixels, mapY.Pixels, quarterTurns);
        frames = kind == PointerKind.Frames ? new FrameContacts(mapX, mapY) : null;
        reported = GC.AllocateArray<SlotState>(slots.Length, pinned: true);
        contacts = GC.AllocateArray<Contact>(slots.Length, pinned: true);
        slots.CopyTo(reported);
        if (slots[0].TrackingId >= 0)
        {
            frames?.Restart(reported, touched: true, 0);
        }

        KeepQuiet();
    }

    /// <summary>Which events are followed.</summary>
    internal PointerKind Kind { get; }

    /// <summary>How many contacts there can be at once.</summary>
    internal int SlotCount => reported.Length;

    /// <summary>Takes one event; SYN_REPORT closes a frame and sends what changed in it.</summary>
    internal void Take(in input_event e, IInputSink sink)
    {
        bool ends = e.type == Evdev.EV_SYN && e.code == Evdev.SYN_REPORT;
        if (frames is not null && !ends)
        {
            frames.Take(e);
            return;
        }

        switch (e.type)
        {
            case Evdev.EV_SYN when ends:
                if (frames?.Apply(reported, Milliseconds(e)) == false)
                {
                    KeepQuiet();
                }

                Report(sink);
                break;
            case Evdev.EV_ABS when Kind == PointerKind.Slots:
                TakeSlotAxis(e.code, e.value);
                break;
            case Evdev.EV_ABS:
                TakeAxis(e.code, e.value);
                break;
            case Evdev.EV_KEY when Kind != PointerKind.Slots && e.code == Button && e.value is 0 or 1:
                reported[0].TrackingId = e.value - 1;
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Continues from what the device holds, after events were lost. A contact that is gone or was replaced is
    /// cancelled and not lifted, as where it was lifted is not known; a new one goes down where it is now. Without
    /// tracking ids a button that is down may be a second press: that contact is cancelled too.
    /// </summary>
    internal void Resynchronise(ReadOnlySpan<SlotState> slots, int currentSlot, IInputSink sink)
    {
        slot = currentSlot;
        for (int i = 0; i < reported.Length; i++)
        {
            reported[i] = slots[i];
            if (Kind != PointerKind.Slots || contacts[i].TrackingId != slots[i].TrackingId)
            {
                End(i, PointerPhase.Cancel, sink);
            }
        }

        Report(sink);
    }

    /// <summary>
    /// Continues a protocol A device after events were lost: what is down now counts only once it is put down anew.
    /// </summary>
    /// <param name="touched">Whether the device says that a finger is on it; null when it does not say.</param>
    /// <param name="lost">The event that told of the loss, for its time.</param>
    /// <param name="sink">Told that every contact is cancelled.</param>
    internal void Restart(bool? touched, in input_event lost, IInputSink sink)
    {
        CancelAll(sink);
        frames?.Restart(reported, touched, Milliseconds(lost));
        KeepQuiet();
    }

    /// <summary>
    /// Takes over where the slots stand, and not what is down in them: events that are still to come say that.
    /// </summary>
    internal void Reposition(ReadOnlySpan<SlotState> slots, int currentSlot)
    {
        slot = currentSlot;
        for (int i = 0; i < reported.Length; i++)
        {
            reported[i] = slots[i] with { TrackingId = reported[i].TrackingId };
        }
    }

    /// <summary>Cancels every contact; none begins again before its finger is lifted and put down.</summary>
    internal void CancelAll(IInputSink sink)
    {
        for (int i = 0; i < contacts.Length; i++)
        {
            End(i, PointerPhase.Cancel, sink);
        }
    }

    /// <summary>Forgets every position.</summary>
    internal void Wipe()
    {
        Array.Clear(reported);
        Array.Clear(contacts);
        frames?.Wipe();
    }

    private static long Milliseconds(in input_event e) => (e.input_event_sec * 1000L) + (e.input_event_usec / 1000);

    private ushort Button => Kind == PointerKind.SingleTouch ? Evdev.BTN_TOUCH : Evdev.BTN_LEFT;

    private void TakeSlotAxis(ushort code, int value)
    {
        if (code == Evdev.ABS_MT_SLOT)
        {
            slot = value;
        }

        // The slots of a device that claims more than it declared lead nowhere.
        if ((uint)slot >= (uint)reported.Length)
        {
            return;
        }

        switch (code)
        {
            case Evdev.ABS_MT_TRACKING_ID:
                reported[slot].TrackingId = value;
                break;
            case Evdev.ABS_MT_POSITION_X:
                reported[slot].X = value;
                break;
            case Evdev.ABS_MT_POSITION_Y:
                reported[slot].Y = value;
                break;
            default:
                break;
        }
    }

    private void TakeAxis(ushort code, int value)
    {
        if (code == Evdev.ABS_X)
        {
            reported[0].X = value;
        }
        else if (code == Evdev.ABS_Y)
        {
            reported[0].Y = value;
        }
    }

    /// <summary>What is down is known and not told.</summary>
    private void KeepQuiet()
    {
        for (int i = 0; i < reported.Length; i++)
        {
            contacts[i].TrackingId = reported[i].TrackingId;
        }
    }

    private void Report(IInputSink sink)
    {
        for (int i = 0; i < reported.Length; i++)
        {
            if (contacts[i].TrackingId != reported[i].TrackingId)
            {
                End(i, PointerPhase.Up, sink);
                contacts[i].TrackingId = reported[i].TrackingId;
                if (reported[i].TrackingId >= 0)
                {
                    Place(i);
                    contacts[i].Shown = true;
                    Send(i, PointerPhase.Down, sink);
                }
            }
            else if (contacts[i].Shown && Place(i))
            {
                Send(i, PointerPhase.Move, sink);
            }
        }
    }

    private void End(int index, PointerPhase phase, IInputSink sink)
    {
        if (contacts[index].Shown)
        {
            contacts[index].Shown = false;
            Send(index, phase, sink);
        }
    }

    /// <summary>Moves a contact to where its slot was last reported; false when that is the same pixel.</summary>
    private bool Place(int index)
    {
        ref Contact contact = ref contacts[index];
        (int x, int y) = screen.ToPicture(mapX.Map(reported[index].X), mapY.Map(reported[index].Y));
        bool moved = (x, y) != (contact.X, contact.Y);
        (contact.X, contact.Y) = (x, y);
        return moved;
    }

    private void Send(int index, PointerPhase phase, IInputSink sink) =>
        sink.OnPointer(new PointerEvent(firstPointer + index, phase, contacts[index].X, contacts[index].Y));

    /// <summary>
    /// What the sink has been told: a contact is shown from its Down to its Up or Cancel, in the picture's pixels.
    /// </summary>
    private record struct Contact(int TrackingId, bool Shown, int X, int Y);
}
