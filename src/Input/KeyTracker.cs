// SPDX-License-Identifier: GPL-3.0-or-later
// From evdev key events to key steps that pair: every Up has its Down, whatever was lost or unplugged. Pure.

using Input.Native;

namespace Input;

/// <summary>Follows the keys of one device. Buttons of pointers and joysticks are not keys.</summary>
internal sealed class KeyTracker
{
    private readonly byte[] down = GC.AllocateArray<byte>(Evdev.KEY_CNT / 8, pinned: true);
    private byte[] heldBefore = [];

    /// <summary>Whether a code is a key and not a button (BTN_*).</summary>
    internal static bool IsKey(int code) => code switch
    {
        0 or >= Evdev.KEY_CNT => false,
        >= Evdev.BTN_MISC and < Evdev.KEY_OK => false,
        >= Evdev.BTN_DPAD_UP and <= Evdev.BTN_DPAD_RIGHT => false,
        >= Evdev.BTN_TRIGGER_HAPPY => false,
        _ => true,
    };

    private static ReadOnlySpan<ushort> Modifiers =>
    [
        KeyCode.LeftShift, KeyCode.RightShift, KeyCode.LeftCtrl, KeyCode.RightCtrl, KeyCode.LeftAlt, KeyCode.AltGr,
    ];

    /// <summary>
    /// Modifiers that are down when the device is opened count, for what is typed meanwhile depends on them. They are told
    /// before the first event.
    /// </summary>
    /// <param name="held">A bit per key that the device says is down; only modifiers are kept.</param>
    internal void Begin(ReadOnlySpan<byte> held)
    {
        heldBefore = new byte[Evdev.KEY_CNT / 8];
        foreach (ushort code in Modifiers)
        {
            heldBefore[code / 8] |= (byte)(BitSet.Has(held, code) ? 1 << (code % 8) : 0);
        }
    }

    /// <summary>
    /// Takes one event. Any other key that was down before the device was opened is ignored until it is pressed anew.
    /// </summary>
    internal void Take(in input_event e, IInputSink sink)
    {
        if (heldBefore.Length > 0)
        {
            PressModifiers(heldBefore, sink);
        }

        if (e.type != Evdev.EV_KEY || !IsKey(e.code))
        {
            return;
        }

        if (e.value == 2)
        {
            if (BitSet.Has(down, e.code))
            {
                sink.OnKey(new KeyEvent(e.code, Down: true, Repeat: true));
            }
        }
        else
        {
            Set(e.code, e.value != 0, sink);
        }
    }

    /// <summary>
    /// Releases the keys that are not down any more, after events were lost. What was pressed meanwhile is lost, see
    /// <see cref="PressModifiers"/>.
    /// </summary>
    /// <param name="held">A bit per key that the device says is down; empty when there is none.</param>
    /// <param name="sink">Told of each release.</param>
    internal void ReleaseAllBut(ReadOnlySpan<byte> held, IInputSink sink)
    {
        for (int code = 0; code < Evdev.KEY_CNT; code++)
        {
            if (!BitSet.Has(held, code))
            {
                Set((ushort)code, false, sink);
            }
        }
    }

    /// <summary>Presses the modifiers that are down and were not known to be.</summary>
    /// <param name="held">A bit per key that the device says is down.</param>
    /// <param name="sink">Told of each press.</param>
    internal void PressModifiers(ReadOnlySpan<byte> held, IInputSink sink)
    {
        heldBefore = [];
        foreach (ushort code in Modifiers)
        {
            if (BitSet.Has(held, code))
            {
                Set(code, true, sink);
            }
        }
    }

    /// <summary>Forgets which keys are down.</summary>
    internal void Wipe() => Array.Clear(down);

    private void Set(ushort code, bool isDown, IInputSink sink)
    {
        if (BitSet.Has(down, code) != isDown)
        {
            down[code / 8] ^= (byte)(1 << (code % 8));
            sink.OnKey(new KeyEvent(code, isDown, Repeat: false));
        }
    }
}
