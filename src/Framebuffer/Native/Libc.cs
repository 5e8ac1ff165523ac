// SPDX-License-Identifier: GPL-3.0-or-later
// open(2), ioctl(2), mmap(2), poll(2) and inotify(7), with the errno of the last call.

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Framebuffer.Native;

internal static unsafe partial class Libc
{
    internal const int O_RDWR = 2;
    internal const int O_NOCTTY = 0x100;
    internal const int O_CLOEXEC = 0x80000;
    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int MAP_SHARED = 1;
    internal const int ENOENT = 2;
    internal const int EINTR = 4;
    internal const int ENXIO = 6;
    internal const int ENODEV = 19;
    internal const int ENOSYS = 38;

    internal static int Errno => Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    internal static partial Mapping Map(void* address, nuint length, int protection, int flags, SafeFileHandle fd, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    internal static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    internal static partial SafeFileHandle InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8,
        SetLastError = true)]
    internal static partial int InotifyAddWatch(SafeFileHandle fd, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle fd, void* buffer, nuint bytes);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(pollfd* fds, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle fd, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle fd, nuint request, nint argument);

    /// <summary>
    /// An ioctl that fills <paramref name="answer"/>; false leaves the reason in <see cref="Errno"/>.
    /// </summary>
    internal static bool TryGet<T>(SafeFileHandle fd, uint request, out T answer)
        where T : unmanaged
    {
        T value = default;
        bool done = Ioctl(fd, request, &value) >= 0;
        answer = value;
        return done;
    }

    /// <summary>An ioctl whose argument is a plain number.</summary>
    internal static bool TrySet(SafeFileHandle fd, uint request, int value) => Ioctl(fd, request, (nint)value) >= 0;

    /// <summary>An ioctl that reads and fills <paramref name="argument"/>; asked again where a signal came between.</summary>
    internal static bool TryExchange<T>(SafeFileHandle fd, uint request, ref T argument)
        where T : unmanaged
    {
        fixed (T* start = &argument)
        {
            int result;
            do
            {
                result = Ioctl(fd, request, start);
            }
            while (result < 0 && Errno == EINTR);

            return result >= 0;
        }
    }

    /// <summary>One read(2): bytes read, 0 at the end, -1 with the reason in <see cref="Errno"/>.</summary>
    internal static int Read(SafeFileHandle fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)Read(fd, start, (nuint)buffer.Length);
        }
    }

    /// <summary>Sleeps until <paramref name="fd"/> is readable, a signal comes, or the time is over.</summary>
    internal static bool WaitReadable(SafeFileHandle fd, int timeoutMilliseconds)
    {
        var polled = new pollfd { fd = (int)fd.DangerousGetHandle(), events = Inotify.POLLIN };
        return Poll(&polled, 1, timeoutMilliseconds) > 0;
    }
}
