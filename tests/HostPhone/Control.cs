// SPDX-License-Identifier: GPL-3.0-or-later
// The page that a running agent's hardware shares with its test: shim/phone.c's struct control, field by field.

using System.IO.MemoryMappedFiles;

namespace HostPhone;

/// <summary>What the hardware is, what it breaks, and what was asked of it. Every change counts at once.</summary>
public sealed class Control : IDisposable
{
    private const int Size = 4096;
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor page;

    internal Control(string path, int width, int height)
    {
        file = MemoryMappedFile.CreateFromFile(path, FileMode.CreateNew, null, Size);
        page = file.CreateViewAccessor();
        (this[Field.Width], this[Field.Height]) = (width, height);
        Mend();
    }

    private enum Field
    {
        Width,
        Height,
        ScreenWrite,
        ScreenAsk,
        InputRead,
        InputAsk,
        Lock,
        Maps,
        Down,
        X,
        Y,
        Console,
        Keyboard,
        Grabs,
        Frames,
        Spare,
        RealTime,
    }

    /// <summary>The errno of every write to the screen; 0: none.</summary>
    public int ScreenWriteErrno
    {
        get => this[Field.ScreenWrite];
        set => this[Field.ScreenWrite] = value;
    }

    /// <summary>The errno of every question to the screen; 0: none. ENODEV is a driver that went away.</summary>
    public int ScreenAskErrno
    {
        get => this[Field.ScreenAsk];
        set => this[Field.ScreenAsk] = value;
    }

    /// <summary>The errno of every read of the touchscreen; 0: none.</summary>
    public int InputReadErrno
    {
        get => this[Field.InputRead];
        set => this[Field.InputRead] = value;
    }

    /// <summary>The errno of every question to the touchscreen; 0: none.</summary>
    public int InputAskErrno
    {
        get => this[Field.InputAsk];
        set => this[Field.InputAsk] = value;
    }

    /// <summary>The errno of every mlock(2); 0: none.</summary>
    public int LockErrno
    {
        get => this[Field.Lock];
        set => this[Field.Lock] = value;
    }

    /// <summary>1 + the mappings that the agent still gets before it gets none; 0: no end.</summary>
    public int MapsLeft
    {
        get => this[Field.Maps];
        set => this[Field.Maps] = value;
    }

    /// <summary>What the clock of the day is ahead, in seconds.</summary>
    public long RealTimeOffset
    {
        get => page.ReadInt64((int)Field.RealTime * sizeof(int));
        set => page.Write((int)Field.RealTime * sizeof(int), value);
    }

    /// <summary>The console paints text (KD_TEXT) and takes keys (K_UNICODE).</summary>
    public bool IsConsoleText => this[Field.Console] == 0 && this[Field.Keyboard] == UnicodeKeyboard;

    /// <summary>The console takes no keys (K_OFF).</summary>
    public bool IsKeyboardOff => this[Field.Keyboard] == 4;

    /// <summary>How often a touchscreen was grabbed or let go.</summary>
    public int Grabs => this[Field.Grabs];

    /// <summary>How many writes the screen has taken.</summary>
    public int Frames => this[Field.Frames];

    private const int UnicodeKeyboard = 3;

    private int this[Field field]
    {
        get => page.ReadInt32((int)field * sizeof(int));
        set => page.Write((int)field * sizeof(int), value);
    }

    /// <summary>Nothing is broken, and the console is as a boot leaves it.</summary>
    public void Mend()
    {
        (ScreenWriteErrno, ScreenAskErrno, InputReadErrno, InputAskErrno) = (0, 0, 0, 0);
        (LockErrno, MapsLeft, RealTimeOffset) = (0, 0, 0);
        (this[Field.Console], this[Field.Keyboard]) = (0, UnicodeKeyboard);
        (this[Field.Down], this[Field.X], this[Field.Y]) = (0, 0, 0);
    }

    public void Dispose()
    {
        page.Dispose();
        file.Dispose();
    }

    /// <summary>What the touchscreen says of itself when it is asked.</summary>
    internal void SetFinger(bool isDown, int x, int y) => (this[Field.Down], this[Field.X], this[Field.Y]) = (isDown ? 1 : 0, x, y);
}
