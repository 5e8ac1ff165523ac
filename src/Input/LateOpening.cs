// SPDX-License-Identifier: GPL-3.0-or-later
// Devices that open slowly, each in a thread of its own: the kernel holds up for 50 ms whoever is the first to open a USB mouse, tablet,
// touchscreen, or a USB keyboard where it has no console of its own (usbhid_open, Linux 6.1).

using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input;

/// <summary>Opens and holds devices in the background. What they send from there on waits for the caller in the kernel.</summary>
internal sealed class LateOpening : IDisposable
{
    private readonly Lock gate = new();
    private readonly Queue<(string Name, EvdevDevice? Device)> opened = new();
    private bool isClosed;

    private LateOpening(SafeFileHandle handle) => Handle = handle;

    /// <summary>Readable when a device was opened, or could not be.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>Null where the kernel gives nothing to wake the caller with.</summary>
    internal static LateOpening? TryCreate()
    {
        SafeFileHandle handle = Libc.EventFd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            return null;
        }

        return new LateOpening(handle);
    }

    /// <summary>Begins to open a device.</summary>
    /// <param name="name">What it is told of by.</param>
    /// <param name="open">Opens its node; slow.</param>
    /// <param name="hold">Grabs what was opened at once: what a device sends before it is held, it sends to others too.</param>
    /// <returns>False where there is no thread for it: nothing was begun.</returns>
    internal bool TryBegin(string name, Func<SafeFileHandle> open, Func<SafeFileHandle, EvdevDevice?> hold)
    {
        var thread = new Thread(() => Run(name, open, hold)) { IsBackground = true, Name = "late opening" };
        try
        {
            thread.Start();
            return true;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
    }

    /// <summary>Says that the caller looks now; call before taking.</summary>
    internal void Acknowledge()
    {
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        _ = Libc.Read(Handle, counter);
    }

    /// <summary>Takes one that was opened: null where that failed, or is of no use. It is the caller's from there on.</summary>
    internal bool TryTake(out (string Name, EvdevDevice? Device) one)
    {
        lock (gate)
        {
            return opened.TryDequeue(out one);
        }
    }

    /// <summary>Closes what nobody took, also what is opened after this.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            while (opened.TryDequeue(out var one))
            {
                one.Device?.Dispose();
            }
        }

        Handle.Dispose();
    }

    private void Run(string name, Func<SafeFileHandle> open, Func<SafeFileHandle, EvdevDevice?> hold)
    {
        SafeFileHandle node = open();

        // Who opened the same device anew meanwhile is not to find it held.
        lock (gate)
        {
            if (isClosed)
            {
                node.Dispose();
                return;
            }
        }

        EvdevDevice? device = hold(node);
        lock (gate)
        {
            if (isClosed)
            {
                device?.Dispose();
                return;
            }

            opened.Enqueue((name, device));
            _ = Libc.TryWrite<ulong>(Handle, [1]);
        }
    }
}
