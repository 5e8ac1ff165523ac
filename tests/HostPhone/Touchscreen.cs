// SPDX-License-Identifier: GPL-3.0-or-later
// The touchscreen: a FIFO that stands for /dev/input/event0 and carries input_event (linux/input.h, 24 bytes on 64-bit Linux).

using System.Buffers.Binary;

namespace HostPhone;

/// <summary>An absolute single-touch panel of the screen's size.</summary>
public sealed class Touchscreen : IDisposable
{
    /// <summary>Bytes of an event.</summary>
    public const int EventSize = 24;

    /// <summary>Event types.</summary>
    public const int Sync = 0, Key = 1, Absolute = 3;

    /// <summary>Event codes.</summary>
    public const int Report = 0, Dropped = 3, AxisX = 0, AxisY = 1, Touch = 0x14A;

    private readonly Control control;
    private FileStream fifo;

    internal Touchscreen(string path, Control control)
    {
        (Path, this.control) = (path, control);
        fifo = Make();
    }

    /// <summary>The node.</summary>
    public string Path { get; }

    /// <summary>Takes the node away, as a cable that breaks; what was sent and not read is lost.</summary>
    public void Unplug()
    {
        File.Delete(Path);
        fifo.Dispose();
    }

    /// <summary>Brings it back.</summary>
    public void Plug() => fifo = Make();

    /// <summary>Whether the node is there.</summary>
    public bool IsPlugged => File.Exists(Path);

    /// <summary>Puts a finger on and takes it off.</summary>
    public void Tap(int x, int y)
    {
        Press(x, y);
        Lift();
    }

    /// <summary>Puts a finger on.</summary>
    public void Press(int x, int y)
    {
        control.SetFinger(true, x, y);
        Send((Absolute, AxisX, x), (Absolute, AxisY, y), (Key, Touch, 1), (Sync, Report, 0));
    }

    /// <summary>Takes it off.</summary>
    public void Lift()
    {
        control.SetFinger(false, 0, 0);
        Send((Key, Touch, 0), (Sync, Report, 0));
    }

    /// <summary>Sends events as they are; waits where the agent does not read.</summary>
    public void Send(params ReadOnlySpan<(int Type, int Code, int Value)> events)
    {
        byte[] bytes = new byte[events.Length * EventSize];
        for (int i = 0; i < events.Length; i++)
        {
            Span<byte> one = bytes.AsSpan(i * EventSize, EventSize);
            BinaryPrimitives.WriteUInt16LittleEndian(one[16..], (ushort)events[i].Type);
            BinaryPrimitives.WriteUInt16LittleEndian(one[18..], (ushort)events[i].Code);
            BinaryPrimitives.WriteInt32LittleEndian(one[20..], events[i].Value);
        }

        Send(bytes);
    }

    /// <summary>Sends bytes.</summary>
    public void Send(ReadOnlySpan<byte> bytes) => fifo.Write(bytes);

    /// <summary>Waits until the agent has read all that was sent.</summary>
    public void AwaitRead() => SpinWait.SpinUntil(() => Native.Libc.CountUnread(fifo.SafeFileHandle) == 0, TimeSpan.FromSeconds(10));

    public void Dispose() => fifo.Dispose();

    /// <summary>What nobody has read is lost: whoever opens a touchscreen hears of what happens from then on.</summary>
    internal void Forget()
    {
        if (IsPlugged)
        {
            Unplug();
            Plug();
        }
    }

    // Open for both directions, it waits for no reader and outlives each.
    private FileStream Make()
    {
        if (Native.Libc.MakeFifo(Path, Convert.ToUInt32("600", 8)) != 0)
        {
            throw new IOException($"No FIFO can be made at {Path}.");
        }

        return new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }
}
