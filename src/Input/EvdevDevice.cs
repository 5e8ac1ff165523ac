// SPDX-License-Identifier: GPL-3.0-or-later
// One open /dev/input/eventN: reads input_event frames of 24 bytes each, feeds the trackers, and answers SYN_DROPPED by
// asking the device for its state (Linux documentation, input/event-codes, "SYN_DROPPED").

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input;

/// <summary>An input device, grabbed while open.</summary>
internal sealed partial class EvdevDevice : IDisposable
{
    // A device that sends faster than this is read no further while it is being brought back in step.
    private const int MaxDrainReads = 64;

    private readonly TouchTracker? touch;
    private readonly MouseTracker? mouse;
    private readonly KeyTracker keys = new();
    private bool isGrabbed;
    private bool outOfStep;
    private input_event lost;

    /// <param name="name">The node's name in its directory.</param>
    /// <param name="handle">The open node; owned from here on.</param>
    /// <param name="touch">Its contacts; null when it has none.</param>
    /// <param name="mouse">What it does as a mouse; null when it is none.</param>
    internal EvdevDevice(string name, SafeFileHandle handle, TouchTracker? touch, MouseTracker? mouse = null)
    {
        Name = name;
        Handle = handle;
        this.touch = touch;
        this.mouse = mouse;
    }

    internal string Name { get; }

    internal SafeFileHandle Handle { get; }

    internal bool IsMouse => mouse is not null;

    /// <summary>
    /// Reads what is there, at most one buffer of it, so that a flood leaves the other devices their turn.
    /// </summary>
    /// <param name="buffer">Scratch space; the caller wipes it.</param>
    /// <param name="sink">Told of what happened.</param>
    /// <returns>False when the device is gone.</returns>
    internal bool Read(Span<input_event> buffer, IInputSink sink)
    {
        int count = ReadEvents(buffer);
        if (count < 0)
        {
            return false;
        }

        if (count > 0 && !isGrabbed)
        {
            TakeOver();
        }

        foreach (ref readonly input_event e in buffer[..count])
        {
            if (!Take(e, sink))
            {
                // What is still unread is older than what the device holds: told after it, a tap would count twice.
                return Drain(buffer) && Resynchronise(sink);
            }
        }

        return true;
    }

    /// <summary>Whether the device still answers.</summary>
    internal bool IsPresent => EvdevQueries.Capabilities(Handle) is not null;

    /// <summary>Ends every contact and key, for a device that goes.</summary>
    internal void Release(IInputSink sink)
    {
        touch?.CancelAll(sink);
        mouse?.Cancel(sink);
        keys.ReleaseAllBut([], sink);
    }

    /// <summary>Forgets every position, in the kernel too, and closes the device, which ends the grab.</summary>
    public void Dispose()
    {
        touch?.Wipe();
        mouse?.Wipe();
        keys.Wipe();
        CoverEvents();
        Handle.Dispose();
    }

    /// <summary>Takes one event; false at the end of a frame that events are missing from.</summary>
    private bool Take(in input_event e, IInputSink sink)
    {
        if (e.type == Evdev.EV_SYN && e.code == Evdev.SYN_DROPPED)
        {
            (outOfStep, lost) = (true, e);
        }
        else if (!outOfStep)
        {
            keys.Take(e, sink);
            touch?.Take(e, sink);
            mouse?.Take(e, sink);
        }

        return !(outOfStep && e.type == Evdev.EV_SYN && e.code == Evdev.SYN_REPORT);
    }

    /// <summary>Reads the queue empty. False when the device is gone.</summary>
    private bool Drain(Span<input_event> buffer)
    {
        int count = 1;
        for (int reads = 0; count > 0 && reads < MaxDrainReads; reads++)
        {
            count = ReadEvents(buffer);
        }

        outOfStep = count > 0;
        return count >= 0;
    }

    /// <summary>Takes the device's state over, or nothing at all when it does not give it. Always true.</summary>
    private bool Resynchronise(IInputSink sink)
    {
        Span<byte> held = stackalloc byte[Evdev.KEY_CNT / 8];
        held.Clear();
        EvdevQueries.TryKeys(Handle, held);
        keys.ReleaseAllBut(held, sink);
        keys.PressModifiers(held, sink);
        mouse?.Resynchronise(BitSet.Has(held, Evdev.BTN_LEFT), sink);
        held.Clear();
        if (touch is { Kind: PointerKind.Frames })
        {
            touch.Restart(EvdevQueries.IsDown(Handle, Evdev.BTN_TOUCH), lost, sink);
        }
        else if (touch is not null)
        {
            Resynchronise(touch, sink);
        }

        return true;
    }

    private void Resynchronise(TouchTracker contacts, IInputSink sink)
    {
        Span<SlotState> slots = stackalloc SlotState[contacts.SlotCount];
        if (!outOfStep && EvdevQueries.TryPointer(Handle, contacts.Kind, slots, out int slot))
        {
            contacts.Resynchronise(slots, slot, sink);
        }
        else
        {
            contacts.CancelAll(sink);
        }

        slots.Clear();
    }

    /// <summary>One read: how many events, 0 when none waits, negative when the device is gone.</summary>
    private int ReadEvents(Span<input_event> buffer)
    {
        int bytes = Libc.Read(Handle, MemoryMarshal.AsBytes(buffer));
        if (bytes > 0)
        {
            return bytes / Unsafe.SizeOf<input_event>();
        }

        return bytes < 0 && (Libc.Errno is Libc.EAGAIN or Libc.EINTR) ? 0 : -1;
    }
}
