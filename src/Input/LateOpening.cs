// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes that open slowly, each in a thread of its own: the kernel holds up for 50 ms whoever is the first to open a USB keyboard or mouse
// (usbhid_open, Linux 6.1), and a keyboard may be three of them.

using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input;

/// <summary>Opens nodes in the background. All but the opening itself happens in the caller's thread.</summary>
internal sealed class LateOpening : IDisposable
{
    private const int StackBytes = 128 * 1024;

    private readonly Lock gate = new();
    private readonly Queue<(string Name, SafeFileHandle Node)> opened = new();
    private readonly Func<string, SafeFileHandle> open;
    private bool isClosed;

    private LateOpening(SafeFileHandle handle, Func<string, SafeFileHandle> open) => (Handle, this.open) = (handle, open);

    /// <summary>Readable when a node was opened, or could not be.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>Null where the kernel gives nothing to wake the caller with.</summary>
    internal static LateOpening? TryCreate(Func<string, SafeFileHandle> open)
    {
        SafeFileHandle handle = Libc.EventFd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            return null;
        }

        return new LateOpening(handle, open);
    }

    /// <summary>Begins to open a node.</summary>
    /// <returns>False where there is no thread for it: nothing was begun.</returns>
    internal bool TryBegin(string name, string path)
    {
        var thread = new Thread(() => Tell(name, open(path)), StackBytes) { IsBackground = true, Name = "late opening" };
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

    /// <summary>Takes one that was opened; the node is the caller's from there on, and invalid where it could not be opened.</summary>
    internal bool TryTake(out (string Name, SafeFileHandle Node) one)
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
                one.Node.Dispose();
            }
        }

        Handle.Dispose();
    }

    private void Tell(string name, SafeFileHandle node)
    {
        lock (gate)
        {
            if (isClosed)
            {
                node.Dispose();
                return;
            }

            opened.Enqueue((name, node));
            _ = Libc.TryWrite<ulong>(Handle, [1]);
        }
    }
}
