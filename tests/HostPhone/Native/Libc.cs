// SPDX-License-Identifier: GPL-3.0-or-later
// kill(2), mkfifo(3).

using System.Runtime.InteropServices;

namespace HostPhone.Native;

internal static partial class Libc
{
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int MakeFifo(string path, uint mode);
}
