// SPDX-License-Identifier: GPL-3.0-or-later
// A device made of a FIFO: the same bytes through the same read(2), without what only an evdev node answers.

using System.Diagnostics;
using System.Runtime.InteropServices;
using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input.Tests;

internal sealed class Fifo : IDisposable
{
    private readonly FileStream writer;

    /// <summary>Makes the FIFO and opens it at both ends.</summary>
    internal Fifo(string path)
    {
        Make(path);
        Reader = Libc.Open(path, Libc.O_RDONLY | Libc.O_NONBLOCK);
        writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }

    /// <summary>The device's end; whoever makes a device of it owns it.</summary>
    internal SafeFileHandle Reader { get; }

    internal static void Make(string path)
    {
        using Process mkfifo = Process.Start("mkfifo", [path]);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
    }

    internal void Write(params input_event[] events) => writer.Write(MemoryMarshal.AsBytes(events.AsSpan()));

    public void Dispose() => writer.Dispose();
}
