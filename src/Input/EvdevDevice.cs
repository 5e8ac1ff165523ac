// SPDX-License-Identifier: GPL-3.0-or-later
// One open /dev/input/eventN: reads input_event frames of 24 bytes each, feeds the trackers, and answers SYN_DROPPED by
// asking the device for its state (Linux documentation, input/event-codes, "SYN_DROPPED").

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input;

/// <summary>An input device, grabbed while open.</summary>
internal sealed class EvdevDevice : IDisposable
{
    // A device that sends faster than this is read no further while it is being brought back in step.
    private const int MaxDrainReads = 64;

    private readonly TouchTracker? touch;
    private readonly KeyTracker keys = new();
    private bool outOfStep;

    /// <param name="name">The node's name in its directory.</param>
    /// <param name="handle">The open node; owned from here on.</param>
    /// <param name="touch">Its contacts; null when it has none.</param>
    internal EvdevDevice(string name, SafeFileHandle handle, TouchTracker? touch)
    {
        Name = name;
        Handle = handle;
        this.touch = touch;
    }

    internal string Name { get; }

    internal SafeFileHandle Handle { get; }

    /// <summary>Opens and grabs a device.</summary>
    /// <param name="path">The node.</param>
    /// <param name="name">Its name in its directory.</param>
    /// <param name="screenWidth">Pixels.</param>
    /// <param name="screenHeight">Pixels.</param>
    /// <param name="firstPointer">The first of <see cref="EvdevQueries.MaxSlots"/> pointer ids for its contacts.</param>
    /// <returns>Null when it does not open, is no evdev device, or has neither contacts nor keys.</returns>
    internal static EvdevDevice? TryOpen(string path, string name, int screenWidth, int screenHeight, int firstPointer)
    {
        SafeFileHandle handle = Libc.Open(path, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC);
        if (handle.IsInvalid || EvdevQueries.Capabilities(handle) is not { IsUsable: true } capabilities)
        {
            handle.Dispose();
            return null;
        }

        // Before its state is asked for: what another reader was told must not be told again. A device that another
        // program holds stays open, for it sends again once it is let go.
        Libc.TrySet(handle, EvdevIoctl.EVIOCGRAB, 1);
        TouchTracker? touch = capabilities.Pointer is { } kind
            ? Track(handle, kind, screenWidth, screenHeight, firstPointer)
            : null;
        if (touch is null && !capabilities.HasKeys)
        {
            handle.Dispose();
            return null;
        }

        return new EvdevDevice(name, handle, touch);
    }

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
        keys.ReleaseAllBut([], sink);
    }

    /// <summary>Forgets every position and closes the device, which ends the grab.</summary>
    public void Dispose()
    {
        touch?.Wipe();
        keys.Wipe();
        Handle.Dispose();
    }

    private static TouchTracker? Track(
        SafeFileHandle handle, PointerKind kind, int screenWidth, int screenHeight, int firstPointer)
    {
        bool hasSlots = kind == PointerKind.Slots;
        Span<SlotState> slots = stackalloc SlotState[EvdevQueries.SlotCount(handle, kind)];
        if (EvdevQueries.Axis(handle, hasSlots ? Evdev.ABS_MT_POSITION_X : Evdev.ABS_X) is not { } x
            || EvdevQueries.Axis(handle, hasSlots ? Evdev.ABS_MT_POSITION_Y : Evdev.ABS_Y) is not { } y
            || !EvdevQueries.TryPointer(handle, kind, slots, out int slot))
        {
            return null;
        }

        var mapX = new AxisMap(x.minimum, x.maximum, screenWidth);
        var mapY = new AxisMap(y.minimum, y.maximum, screenHeight);
        var tracker = new TouchTracker(kind, mapX, mapY, firstPointer, slots, slot);
        slots.Clear();
        return tracker;
    }

    /// <summary>Takes one event; false at the end of a frame that events are missing from.</summary>
    private bool Take(in input_event e, IInputSink sink)
    {
        if (e.type == Evdev.EV_SYN && e.code == Evdev.SYN_DROPPED)
        {
            outOfStep = true;
        }
        else if (!outOfStep)
        {
            keys.Take(e, sink);
            touch?.Take(e, sink);
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
        held.Clear();
        if (touch is null)
        {
            return true;
        }

        Span<SlotState> slots = stackalloc SlotState[touch.SlotCount];
        if (!outOfStep && EvdevQueries.TryPointer(Handle, touch.Kind, slots, out int slot))
        {
            touch.Resynchronise(slots, slot, sink);
        }
        else
        {
            touch.CancelAll(sink);
        }

        slots.Clear();
        return true;
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
