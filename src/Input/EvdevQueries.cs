// SPDX-License-Identifier: GPL-3.0-or-later
// Asks an evdev device what it is and what it holds (the EVIOCG* requests of linux/input.h).

using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input;

internal static class EvdevQueries
{
    /// <summary>More fingers than any panel tracks; the kernel's own limit is 1024.</summary>
    internal const int MaxSlots = 64;

    /// <summary>What the device is; null when it is no evdev device.</summary>
    internal static DeviceCapabilities? Capabilities(SafeFileHandle device)
    {
        Span<byte> keys = stackalloc byte[Evdev.KEY_CNT / 8];
        Span<byte> movements = stackalloc byte[Evdev.REL_CNT / 8];
        Span<byte> axes = stackalloc byte[Evdev.ABS_CNT / 8];
        Span<byte> properties = stackalloc byte[Evdev.INPUT_PROP_CNT / 8];
        keys.Clear();
        movements.Clear();
        axes.Clear();
        properties.Clear();
        bool answers = Libc.TryGet(device, EvdevIoctl.EVIOCGBIT(Evdev.EV_KEY, keys.Length), keys)
            && Libc.TryGet(device, EvdevIoctl.EVIOCGBIT(Evdev.EV_REL, movements.Length), movements)
            && Libc.TryGet(device, EvdevIoctl.EVIOCGBIT(Evdev.EV_ABS, axes.Length), axes)
            && Libc.TryGet(device, EvdevIoctl.EVIOCGPROP(properties.Length), properties);
        return answers ? DeviceCapabilities.Judge(keys, movements, axes, properties) : null;
    }

    /// <summary>An axis' range; null when the device does not answer.</summary>
    internal static input_absinfo? Axis(SafeFileHandle device, int axis)
    {
        Span<input_absinfo> info = stackalloc input_absinfo[1];
        return Libc.TryGet(device, EvdevIoctl.EVIOCGABS(axis), info) ? info[0] : null;
    }

    /// <summary>How many slots the device needs: 1 for a single contact.</summary>
    internal static int SlotCount(SafeFileHandle device, PointerKind kind) => kind switch
    {
        PointerKind.Slots => Math.Clamp((Axis(device, Evdev.ABS_MT_SLOT)?.maximum ?? 0) + 1, 1, MaxSlots),
        PointerKind.Frames => FrameContacts.MaxContacts,
        _ => 1,
    };

    /// <summary>Whether a button of a pointer is down; null when the device does not say.</summary>
    internal static bool? IsDown(SafeFileHandle device, ushort button)
    {
        Span<byte> bits = stackalloc byte[Evdev.KEY_CNT / 8];
        bits.Clear();
        bool isKnown = Libc.TryGet(device, EvdevIoctl.EVIOCGBIT(Evdev.EV_KEY, bits.Length), bits)
            && BitSet.Has(bits, button) && TryKeys(device, bits);
        bool? isDown = isKnown ? BitSet.Has(bits, button) : null;
        bits.Clear();
        return isDown;
    }

    /// <summary>Some key or button that the device has; null when it has none, or does not say.</summary>
    internal static ushort? AnyKey(SafeFileHandle device)
    {
        Span<byte> bits = stackalloc byte[Evdev.KEY_CNT / 8];
        bits.Clear();
        _ = Libc.TryGet(device, EvdevIoctl.EVIOCGBIT(Evdev.EV_KEY, bits.Length), bits);
        for (ushort code = 1; code < Evdev.KEY_CNT; code++)
        {
            if (BitSet.Has(bits, code))
            {
                return code;
            }
        }

        return null;
    }

    /// <summary>The keys that are down, a bit each.</summary>
    internal static bool TryKeys(SafeFileHandle device, Span<byte> held) =>
        Libc.TryGet(device, EvdevIoctl.EVIOCGKEY(held.Length), held);

    /// <summary>
    /// What every slot holds now, and which slot the next events are for. Of protocol A's contacts the kernel keeps only
    /// whether there are any, and the first slot stands for them.
    /// </summary>
    internal static bool TryPointer(SafeFileHandle device, PointerKind kind, Span<SlotState> slots, out int slot)
    {
        if (kind == PointerKind.Frames)
        {
            slots.Fill(new SlotState(-1, 0, 0));
            slots[0].TrackingId = IsDown(device, Evdev.BTN_TOUCH) == true ? 0 : -1;
            slot = 0;
            return true;
        }

        return kind == PointerKind.Slots ? TrySlots(device, slots, out slot) : TrySingle(device, kind, slots, out slot);
    }

    private static bool TrySlots(SafeFileHandle device, Span<SlotState> slots, out int slot)
    {
        Span<int> ids = stackalloc int[1 + slots.Length];
        Span<int> xs = stackalloc int[1 + slots.Length];
        Span<int> ys = stackalloc int[1 + slots.Length];
        input_absinfo? current = Axis(device, Evdev.ABS_MT_SLOT);
        slot = current?.value ?? 0;
        if (current is null || !TryValues(device, Evdev.ABS_MT_TRACKING_ID, ids)
            || !TryValues(device, Evdev.ABS_MT_POSITION_X, xs) || !TryValues(device, Evdev.ABS_MT_POSITION_Y, ys))
        {
            return false;
        }

        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = new SlotState(ids[1 + i], xs[1 + i], ys[1 + i]);
        }

        xs.Clear();
        ys.Clear();
        return true;
    }

    private static bool TryValues(SafeFileHandle device, ushort code, Span<int> values)
    {
        values[0] = code;
        return Libc.TryGet(device, EvdevIoctl.EVIOCGMTSLOTS(values.Length * sizeof(int)), values);
    }

    private static bool TrySingle(SafeFileHandle device, PointerKind kind, Span<SlotState> slots, out int slot)
    {
        bool? down = IsDown(device, kind == PointerKind.SingleTouch ? Evdev.BTN_TOUCH : Evdev.BTN_LEFT);
        slot = 0;
        if (down is not { } isDown || Axis(device, Evdev.ABS_X) is not { } x || Axis(device, Evdev.ABS_Y) is not { } y)
        {
            return false;
        }

        slots[0] = new SlotState(isDown ? 0 : -1, x.value, y.value);
        return true;
    }
}
