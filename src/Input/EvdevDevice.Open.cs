// SPDX-License-Identifier: GPL-3.0-or-later
// How an evdev device is opened and held: what it is, who else reads it, and where its contacts stand.

using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input;

internal sealed partial class EvdevDevice
{
    /// <summary>Opens a node; an invalid handle where that fails.</summary>
    internal static SafeFileHandle Open(string path)
    {
        // To write is for a keyboard's lights, which are no reason to do without the keyboard.
        const int Flags = Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC;
        SafeFileHandle handle = Libc.Open(path, Libc.O_RDWR | Flags);
        return handle.IsInvalid ? Libc.Open(path, Libc.O_RDONLY | Flags) : handle;
    }

    /// <summary>Grabs a device, and learns what it is.</summary>
    /// <param name="handle">The open node, owned from here on; may be invalid.</param>
    /// <param name="name">Its name in its directory.</param>
    /// <param name="screen">The panel, and how the picture stands on it.</param>
    /// <param name="cursor">What a mouse moves.</param>
    /// <param name="firstPointer">The first of <see cref="EvdevQueries.MaxSlots"/> pointer ids for its contacts.</param>
    /// <returns>Null when it is not open, is no evdev device, or has nothing of use.</returns>
    internal static EvdevDevice? TryHold(SafeFileHandle handle, string name, ScreenMap screen, Cursor cursor, int firstPointer)
    {
        if (handle.IsInvalid || EvdevQueries.Capabilities(handle) is not { IsUsable: true } capabilities)
        {
            handle.Dispose();
            return null;
        }

        // Before its state is asked for: what another reader was told must not be told again. A device that another
        // program holds stays open, for it sends again once it is let go.
        bool isGrabbed = Libc.TrySet(handle, EvdevIoctl.EVIOCGRAB, 1);
        TouchTracker? touch = capabilities.Pointer is { } kind ? Track(handle, kind, screen, firstPointer) : null;
        MouseTracker? mouse = capabilities.IsMouse ? new MouseTracker(cursor, firstPointer) : null;
        if (touch is null && mouse is null && !capabilities.HasKeys)
        {
            handle.Dispose();
            return null;
        }

        var device = new EvdevDevice(name, handle, touch, mouse) { isGrabbed = isGrabbed };
        Span<byte> held = stackalloc byte[Evdev.KEY_CNT / 8];
        held.Clear();
        if (EvdevQueries.TryKeys(handle, held))
        {
            device.keys.Begin(held);
        }

        held.Clear();
        return device;
    }

    /// <summary>
    /// Lights the caps lock light or puts it out. A device that has none, or cannot be written to, does nothing.
    /// </summary>
    internal void ShowCapsLock(bool isOn) => Libc.TryWrite<input_event>(
        Handle,
        [
            new input_event { type = Evdev.EV_LED, code = Evdev.LED_CAPSL, value = isOn ? 1 : 0 },
            new input_event { type = Evdev.EV_SYN, code = Evdev.SYN_REPORT },
        ]);

    /// <summary>
    /// The kernel keeps the last events in a ring for each reader, a whole PIN as places on the glass, and frees it as it is. So that
    /// ring is filled: events that are written to a device come back to its readers, here to nobody but this one, and a key's repetition
    /// goes through whether the key is down or not and changes nothing.
    /// </summary>
    private void CoverEvents()
    {
        // The ring has 64 events, or 8 packets of as many as a device of ten fingers may send at once.
        const int RingEvents = 2048, EventsAtOnce = 64, Repeated = 2;
        if (!isGrabbed || EvdevQueries.AnyKey(Handle) is not { } key)
        {
            return;
        }

        Span<input_event> events = stackalloc input_event[EventsAtOnce];
        events.Fill(new input_event { type = Evdev.EV_KEY, code = key, value = Repeated });
        events[^1] = new input_event { type = Evdev.EV_SYN, code = Evdev.SYN_REPORT };
        for (int written = 0; written < RingEvents && Libc.TryWrite<input_event>(Handle, events); written += EventsAtOnce)
        {
        }
    }

    private static TouchTracker? Track(SafeFileHandle handle, PointerKind kind, ScreenMap screen, int firstPointer)
    {
        bool isMulti = kind is PointerKind.Slots or PointerKind.Frames;
        Span<SlotState> slots = stackalloc SlotState[EvdevQueries.SlotCount(handle, kind)];
        if (EvdevQueries.Axis(handle, isMulti ? Evdev.ABS_MT_POSITION_X : Evdev.ABS_X) is not { } x
            || EvdevQueries.Axis(handle, isMulti ? Evdev.ABS_MT_POSITION_Y : Evdev.ABS_Y) is not { } y
            || !EvdevQueries.TryPointer(handle, kind, slots, out int slot))
        {
            return null;
        }

        var mapX = new AxisMap(x.minimum, x.maximum, screen.Width);
        var mapY = new AxisMap(y.minimum, y.maximum, screen.Height);
        var tracker = new TouchTracker(kind, mapX, mapY, firstPointer, slots, slot, screen.QuarterTurns);
        slots.Clear();
        return tracker;
    }

    /// <summary>
    /// Whoever held the device has let it go, for events come: from here on it is held, and its contacts stand where
    /// they were moved meanwhile. Events that were read already say what has been pressed since.
    /// </summary>
    private void TakeOver()
    {
        isGrabbed = Libc.TrySet(Handle, EvdevIoctl.EVIOCGRAB, 1);
        if (touch is null or { Kind: PointerKind.Frames })
        {
            return;
        }

        Span<SlotState> slots = stackalloc SlotState[touch.SlotCount];
        if (EvdevQueries.TryPointer(Handle, touch.Kind, slots, out int slot))
        {
            touch.Reposition(slots, slot);
        }

        slots.Clear();
    }
}
