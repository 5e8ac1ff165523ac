// SPDX-License-Identifier: GPL-3.0-or-later
// Multitouch protocol A (Linux documentation, input/multi-touch-protocol): every frame lists all contacts, each closed by
// SYN_MT_REPORT, in no order. Contacts with tracking ids are told apart by them, others by nearest distance, and each
// gets a slot, as if the device spoke protocol B. Pure.

using Input.Native;

namespace Input;

/// <summary>Gives the contacts of one protocol A device slots that they keep while they are down.</summary>
internal sealed class FrameContacts
{
    /// <summary>More fingers than two hands have; further contacts of a frame are ignored.</summary>
    internal const int MaxContacts = 16;

    // Without any state to ask for, a device that has been silent for so long had no finger on it.
    private const long SilenceMilliseconds = 200;

    private readonly Found[] frame = GC.AllocateArray<Found>(MaxContacts, pinned: true);
    private readonly int?[] ids = new int?[MaxContacts];
    private readonly AxisMap mapX;
    private readonly AxisMap mapY;
    private Found next;
    private int count;
    private int nextTrackingId;
    private bool isListed;
    private bool isLifted;
    private long? doubtUntil;

    /// <param name="mapX">The horizontal axis: distances are measured in pixels.</param>
    /// <param name="mapY">The vertical axis.</param>
    internal FrameContacts(AxisMap mapX, AxisMap mapY)
    {
        this.mapX = mapX;
        this.mapY = mapY;
    }

    // A finger that is faster than this from one frame to the next is two: one lifted, the other put down.
    private long Reach => Math.Max(mapX.Pixels, mapY.Pixels) / 8;

    /// <summary>Takes one event within a frame.</summary>
    internal void Take(in input_event e)
    {
        switch (e.type)
        {
            case Evdev.EV_ABS:
                TakeAxis(e.code, e.value);
                break;
            case Evdev.EV_SYN when e.code == Evdev.SYN_MT_REPORT:
                isListed = true;
                EndContact();
                break;
            case Evdev.EV_KEY when e.code == Evdev.BTN_TOUCH:
                isLifted = e.value == 0;
                break;
            default:
                break;
        }
    }

    /// <summary>Ends the frame: puts its contacts into the slots. A frame that lists none and lifts none changes nothing.</summary>
    /// <param name="slots"><see cref="MaxContacts"/> slots, as the last frame left them.</param>
    /// <param name="milliseconds">When the frame ended.</param>
    /// <returns>
    /// False when the contacts that are down may have been down before events were lost: they must not count as new.
    /// </returns>
    internal bool Apply(Span<SlotState> slots, long milliseconds)
    {
        EndContact();
        if (!isListed && !isLifted)
        {
            return true;
        }

        Place(slots, isLifted ? [] : frame.AsSpan(0, count));
        bool trusted = doubtUntil is not { } until || milliseconds >= until;
        Array.Clear(frame);
        (count, isListed, isLifted, doubtUntil) = (0, false, false, null);
        return trusted;
    }

    /// <summary>Forgets the contacts, after events were lost.</summary>
    /// <param name="slots">All become free.</param>
    /// <param name="touched">Whether the device says that a finger is on it; null when it does not say.</param>
    /// <param name="milliseconds">When events were lost.</param>
    internal void Restart(Span<SlotState> slots, bool? touched, long milliseconds)
    {
        Place(slots, []);
        Array.Clear(frame);
        (next, count, isListed, isLifted) = (default, 0, false, false);
        doubtUntil = touched switch
        {
            true => long.MaxValue,
            false => null,
            null => milliseconds + SilenceMilliseconds,
        };
    }

    /// <summary>Forgets every position.</summary>
    internal void Wipe()
    {
        Array.Clear(frame);
        (next, count) = (default, 0);
    }

    private void TakeAxis(ushort code, int value)
    {
        switch (code)
        {
            case Evdev.ABS_MT_POSITION_X:
                next.X = value;
                break;
            case Evdev.ABS_MT_POSITION_Y:
                next.Y = value;
                break;
            case Evdev.ABS_MT_TRACKING_ID:
                next.Id = value;
                break;
            case Evdev.ABS_MT_TOUCH_MAJOR or Evdev.ABS_MT_PRESSURE when value == 0:
                next.IsAway = true;
                break;
            default:
                break;
        }
    }

    // The last contact of a frame may go without its SYN_MT_REPORT.
    private void EndContact()
    {
        isListed |= next.X is not null;
        if (next is { X: not null, Y: not null, IsAway: false } and not { Id: < 0 } && count < frame.Length)
        {
            frame[count++] = next;
        }

        next = default;
    }

    private void Place(Span<SlotState> slots, ReadOnlySpan<Found> found)
    {
        Span<bool> placed = stackalloc bool[MaxContacts];
        Span<bool> kept = stackalloc bool[MaxContacts];
        placed.Clear();
        kept.Clear();
        while (Nearest(slots, found, placed, kept) is (int contact, int slot))
        {
            (slots[slot].X, slots[slot].Y) = (found[contact].X!.Value, found[contact].Y!.Value);
            (placed[contact], kept[slot]) = (true, true);
        }

        for (int i = 0; i < slots.Length; i++)
        {
            if (!kept[i])
            {
                slots[i].TrackingId = -1;
            }
        }

        for (int contact = 0; contact < found.Length; contact++)
        {
            if (!placed[contact])
            {
                Begin(slots, kept, found[contact]);
            }
        }
    }

    /// <summary>The pair of a contact and a slot, both still alone, that most likely are the same finger.</summary>
    private (int Contact, int Slot)? Nearest(
        ReadOnlySpan<SlotState> slots, ReadOnlySpan<Found> found, ReadOnlySpan<bool> placed, ReadOnlySpan<bool> kept)
    {
        (int, int)? best = null;
        long least = long.MaxValue;
        for (int contact = 0; contact < found.Length; contact++)
        {
            for (int slot = 0; slot < slots.Length && !placed[contact]; slot++)
            {
                long distance = kept[slot] || slots[slot].TrackingId < 0 ? long.MaxValue
                    : Distance(found[contact], slots[slot], ids[slot]);
                if (distance < least)
                {
                    (best, least) = ((contact, slot), distance);
                }
            }
        }

        return best;
    }

    /// <summary>The squared distance in pixels; 0 for the same id, <see cref="long.MaxValue"/> for another finger.</summary>
    private long Distance(in Found contact, in SlotState slot, int? id)
    {
        if (contact.Id is not null || id is not null)
        {
            return contact.Id == id ? 0 : long.MaxValue;
        }

        long x = mapX.Map(contact.X!.Value) - mapX.Map(slot.X);
        long y = mapY.Map(contact.Y!.Value) - mapY.Map(slot.Y);
        long squared = (x * x) + (y * y);
        return squared <= Reach * Reach ? squared : long.MaxValue;
    }

    private void Begin(Span<SlotState> slots, Span<bool> kept, in Found contact)
    {
        int slot = kept.IndexOf(false);
        if (slot >= 0)
        {
            kept[slot] = true;
            ids[slot] = contact.Id;
            slots[slot] = new SlotState(nextTrackingId, contact.X!.Value, contact.Y!.Value);
            nextTrackingId = (nextTrackingId + 1) & int.MaxValue;
        }
    }

    private record struct Found(int? X, int? Y, int? Id, bool IsAway);
}
