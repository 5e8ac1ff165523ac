// SPDX-License-Identifier: GPL-3.0-or-later
// open(2), read(2), write(2), ioctl(2), inotify(7), eventfd(2), with the errno of the last call. read(2) is declared because FileStream
// answers EAGAIN, the everyday answer of a non-blocking device, with an exception.

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Input.Native;

internal static unsafe partial class Libc
{
    internal const int O_RDONLY = 0;
    internal const int O_RDWR = 2;
    internal const int O_NOCTTY = 0x100;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int EFD_CLOEXEC = 0x80000;
    internal const int EFD_NONBLOCK = 0x800;
    internal const int EINTR = 4;
    internal const int EAGAIN = 11;

    internal static int Errno => Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    internal static partial SafeFileHandle InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8,
        SetLastError = true)]
    internal static partial int InotifyAddWatch(SafeFileHandle fd, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial SafeFileHandle EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle fd, void* buffer, nuint bytes);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle fd, void* buffer, nuint bytes);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle fd, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle fd, nuint request, nint argument);

    /// <summary>One read(2): bytes read, 0 at the end, -1 with the reason in <see cref="Errno"/>.</summary>
    internal static int Read(SafeFileHandle fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)Read(fd, start, (nuint)buffer.Length);
        }
    }

    /// <summary>One write(2): whether all of it was taken.</summary>
    internal static bool TryWrite<T>(SafeFileHandle fd, ReadOnlySpan<T> items)
        where T : unmanaged
    {
        fixed (T* start = items)
        {
            nint bytes = items.Length * sizeof(T);
            return Write(fd, start, (nuint)bytes) == bytes;
        }
    }

    /// <summary>An ioctl that fills <paramref name="answer"/>.</summary>
    internal static bool TryGet<T>(SafeFileHandle fd, uint request, Span<T> answer)
        where T : unmanaged
    {
        fixed (T* start = answer)
        {
            return Ioctl(fd, request, start) >= 0;
        }
    }

    /// <summary>An ioctl whose argument is a plain number.</summary>
    internal static bool TrySet(SafeFileHandle fd, uint request, int value) => Ioctl(fd, request, (nint)value) >= 0;
}
