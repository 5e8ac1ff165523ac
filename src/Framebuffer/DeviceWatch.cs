// SPDX-License-Identifier: GPL-3.0-or-later
// Watches for nodes of screens that come and go (inotify(7)): /dev, and /dev/dri, which comes with the first card.

using Framebuffer.Native;
using Microsoft.Win32.SafeHandles;

namespace Framebuffer;

internal sealed class DeviceWatch : IDisposable
{
    private const uint Mask = Inotify.IN_CREATE | Inotify.IN_ATTRIB | Inotify.IN_DELETE | Inotify.IN_ONLYDIR;

    private readonly string devices;

    /// <param name="devices">The folder of the device nodes.</param>
    /// <exception cref="FramebufferException">It cannot be watched.</exception>
    internal DeviceWatch(string devices)
    {
        this.devices = devices;
        Handle = Libc.InotifyInit(Inotify.IN_NONBLOCK | Inotify.IN_CLOEXEC);
        if (Handle.IsInvalid || Libc.InotifyAddWatch(Handle, devices, Mask) < 0)
        {
            int errno = Libc.Errno;
            Handle.Dispose();
            throw new FramebufferException("inotify_add_watch", devices, errno, $"its folder cannot be watched (errno {errno})");
        }

        WatchCards();
    }

    /// <summary>Readable when something changed.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>Sleeps until something changes or the time is over, and forgets what changed.</summary>
    internal void Wait(TimeSpan timeout)
    {
        Libc.WaitReadable(Handle, (int)Math.Ceiling(timeout.TotalMilliseconds));
        Drain();
    }

    /// <summary>Forgets what changed.</summary>
    internal void Drain()
    {
        Span<byte> events = stackalloc byte[4096];
        while (Libc.Read(Handle, events) > 0)
        {
        }

        WatchCards();
    }

    public void Dispose() => Handle.Dispose();

    // A folder that is watched already stays so.
    private void WatchCards() => Libc.InotifyAddWatch(Handle, Path.Join(devices, "dri"), Mask);
}
