// SPDX-License-Identifier: GPL-3.0-or-later
// What an input device is, judged by what it can send, along the rules of udev's input_id. Pure.

using Input.Native;

namespace Input;

/// <summary>The parts of a device that are of use.</summary>
/// <param name="Pointer">How its contacts are read; null when it has none.</param>
/// <param name="HasKeys">Whether it has keys.</param>
/// <param name="IsMouse">Whether it moves the cursor.</param>
internal readonly record struct DeviceCapabilities(PointerKind? Pointer, bool HasKeys, bool IsMouse)
{
    internal bool IsUsable => Pointer is not null || HasKeys || IsMouse;

    /// <summary>Judges a device by its bit sets.</summary>
    /// <param name="keys">EVIOCGBIT of EV_KEY.</param>
    /// <param name="movements">EVIOCGBIT of EV_REL.</param>
    /// <param name="axes">EVIOCGBIT of EV_ABS.</param>
    /// <param name="properties">EVIOCGPROP.</param>
    internal static DeviceCapabilities Judge(
        ReadOnlySpan<byte> keys, ReadOnlySpan<byte> movements, ReadOnlySpan<byte> axes, ReadOnlySpan<byte> properties)
    {
        bool hasKeys = false;
        for (int code = 0; code < Evdev.KEY_CNT && !hasKeys; code++)
        {
            hasKeys = KeyTracker.IsKey(code) && BitSet.Has(keys, code);
        }

        bool moves = BitSet.Has(movements, Evdev.REL_X) && BitSet.Has(movements, Evdev.REL_Y)
            && BitSet.Has(keys, Evdev.BTN_LEFT);
        PointerKind? pointer = IsTouchpad(keys, properties) ? null : PointerOf(keys, axes);
        if (moves && pointer is PointerKind.Slots or PointerKind.Frames && !BitSet.Has(properties, Evdev.INPUT_PROP_DIRECT))
        {
            // A mouse whose back feels fingers.
            pointer = null;
        }

        return new DeviceCapabilities(pointer, hasKeys, moves && pointer is null);
    }

    private static PointerKind? PointerOf(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> axes)
    {
        if (BitSet.Has(axes, Evdev.ABS_MT_POSITION_X) && BitSet.Has(axes, Evdev.ABS_MT_POSITION_Y))
        {
            if (!BitSet.Has(axes, Evdev.ABS_MT_SLOT))
            {
                return PointerKind.Frames;
            }

            if (BitSet.Has(axes, Evdev.ABS_MT_TRACKING_ID))
            {
                return PointerKind.Slots;
            }
        }

        if (!BitSet.Has(axes, Evdev.ABS_X) || !BitSet.Has(axes, Evdev.ABS_Y))
        {
            return null;
        }

        return BitSet.Has(keys, Evdev.BTN_TOUCH) ? PointerKind.SingleTouch
            : BitSet.Has(keys, Evdev.BTN_LEFT) ? PointerKind.AbsolutePointer
            : null;
    }

    // A touchpad's finger is not where the screen's pixel is.
    private static bool IsTouchpad(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> properties) =>
        BitSet.Has(keys, Evdev.BTN_TOOL_FINGER) && !BitSet.Has(keys, Evdev.BTN_TOOL_PEN)
        && !BitSet.Has(properties, Evdev.INPUT_PROP_DIRECT);
}
