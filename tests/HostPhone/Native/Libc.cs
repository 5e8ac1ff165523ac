// SPDX-License-Identifier: GPL-3.0-or-later
// kill(2), mkfifo(3), and ioctl(2) with FIONREAD: how many bytes wait in a FIFO.

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HostPhone.Native;

internal static unsafe partial class Libc
{
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int MakeFifo(string path, uint mode);

    /// <summary>Bytes that wait in a FIFO; negative: it does not say.</summary>
    internal static int CountUnread(SafeFileHandle fifo)
    {
        const nuint FIONREAD = 0x541B;
        int count;
        return Ioctl(fifo, FIONREAD, &count) < 0 ? -1 : count;
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle fd, nuint request, int* answer);
}
