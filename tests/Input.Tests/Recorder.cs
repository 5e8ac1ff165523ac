// SPDX-License-Identifier: GPL-3.0-or-later
// A sink that keeps what it is told, and holds it to the contract of IInputSink while it listens.

using Input.Native;

namespace Input.Tests;

internal sealed class Recorder : IInputSink
{
    private readonly HashSet<int> contactsDown = [];
    private readonly HashSet<ushort> keysDown = [];
    private int cursorsTaken;

    public List<PointerEvent> Pointers { get; } = [];

    public List<KeyEvent> Keys { get; } = [];

    public IReadOnlySet<int> ContactsDown => contactsDown;

    public IReadOnlySet<ushort> KeysDown => keysDown;

    public void OnPointer(in PointerEvent e)
    {
        bool paired = e.Phase == PointerPhase.Down ? contactsDown.Add(e.Pointer)
            : e.Phase == PointerPhase.Move ? contactsDown.Contains(e.Pointer)
            : contactsDown.Remove(e.Pointer);
        Assert.True(paired, $"{e} does not fit what came before it");
        Pointers.Add(e);
    }

    public void OnKey(in KeyEvent e)
    {
        bool paired = e switch
        {
            { Repeat: true } => e.Down && keysDown.Contains(e.Code),
            { Down: true } => keysDown.Add(e.Code),
            _ => keysDown.Remove(e.Code),
        };
        Assert.True(paired, $"{e} does not fit what came before it");
        Keys.Add(e);
    }

    public List<CursorEvent> Cursors { get; } = [];

    public void OnCursor(in CursorEvent e)
    {
        Assert.True(Cursors.Count == 0 ? e.Visible : e != Cursors[^1], $"{e} does not fit what came before it");
        Cursors.Add(e);
    }

    /// <summary>The cursor's steps so far as one line, and starts anew; the last one is kept to compare with.</summary>
    internal string TakeCursors()
    {
        string line = string.Join(" ", Cursors.Skip(cursorsTaken).Select(e => $"{(e.Visible ? "" : "hidden")}{e.X},{e.Y}"));
        cursorsTaken = Cursors.Count;
        return line;
    }

    /// <summary>The pointer steps so far as one line, and starts anew.</summary>
    internal string TakePointers()
    {
        string line = string.Join(" ", Pointers.Select(e => $"{e.Phase}{e.Pointer}@{e.X},{e.Y}"));
        Pointers.Clear();
        return line;
    }
}

/// <summary>Events as a device sends them.</summary>
internal static class Send
{
    internal static input_event Sync => new() { type = Evdev.EV_SYN, code = Evdev.SYN_REPORT };

    internal static input_event MtSync => new() { type = Evdev.EV_SYN, code = Evdev.SYN_MT_REPORT };

    internal static input_event Rel(ushort code, int value) => new() { type = Evdev.EV_REL, code = code, value = value };

    internal static input_event Dropped => new() { type = Evdev.EV_SYN, code = Evdev.SYN_DROPPED };

    internal static input_event Slot(int slot) => Abs(Evdev.ABS_MT_SLOT, slot);

    internal static input_event Id(int id) => Abs(Evdev.ABS_MT_TRACKING_ID, id);

    internal static input_event MtX(int x) => Abs(Evdev.ABS_MT_POSITION_X, x);

    internal static input_event MtY(int y) => Abs(Evdev.ABS_MT_POSITION_Y, y);

    internal static input_event Abs(ushort code, int value) => new() { type = Evdev.EV_ABS, code = code, value = value };

    internal static input_event Key(ushort code, int value) => new() { type = Evdev.EV_KEY, code = code, value = value };
}
