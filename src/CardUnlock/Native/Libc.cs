// SPDX-License-Identifier: GPL-3.0-or-later
// Memory mapping calls of libc (mmap(2), mlock(2), madvise(2)) and getrandom(2), and the constants they take on Linux x86-64 and
// arm64.

using System.Runtime.InteropServices;

namespace CardUnlock.Native;

internal static partial class Libc
{
    public const int PROT_READ = 1;
    public const int PROT_WRITE = 2;
    public const int MAP_PRIVATE = 0x02;
    public const int MAP_ANONYMOUS = 0x20;
    public const int MADV_DONTDUMP = 16;

    public static readonly nint MAP_FAILED = -1;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint mmap(nint addr, nuint length, int prot, int flags, int fd, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int munmap(nint addr, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int mlock(nint addr, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int madvise(nint addr, nuint length, int advice);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint getrandom(byte* buf, nuint buflen, uint flags);

    /// <summary>errno of the last call above on this thread.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();
}
