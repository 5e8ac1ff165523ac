// SPDX-License-Identifier: GPL-3.0-or-later
// open(2) and ioctl(2), with the errno of the last call.

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Framebuffer.Native;

internal static unsafe partial class Libc
{
    internal const int O_RDWR = 2;
    internal const int O_NOCTTY = 0x100;
    internal const int O_CLOEXEC = 0x80000;

    internal static int Errno => Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial SafeFileHandle Open(string path, int flags);

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
}
