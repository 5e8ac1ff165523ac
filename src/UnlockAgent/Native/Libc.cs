// SPDX-License-Identifier: GPL-3.0-or-later
// The few libc functions that the loop needs: poll(2), eventfd(2), and those that keep the process' memory to itself.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace UnlockAgent.Native;

/// <summary>struct pollfd, 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct @pollfd
{
    public int fd;
    public short events;
    public short revents;
}

/// <summary>struct rlimit, 16 bytes on 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct @rlimit
{
    public ulong rlim_cur;
    public ulong rlim_max;
}

internal static partial class Libc
{
    public const short POLLIN = 0x001;
    public const int EINTR = 4;
    public const int EFD_CLOEXEC = 0x80000;
    public const int RLIMIT_CORE = 4;
    public const int PR_SET_DUMPABLE = 4;
    public const int MADV_POPULATE_WRITE = 23;

    private const string Library = "libc";

    /// <summary>poll(2).</summary>
    /// <returns>How many entries are ready, or -1 with errno in <see cref="Marshal.GetLastPInvokeError"/>.</returns>
    public static unsafe int Poll(Span<pollfd> entries, int timeoutMilliseconds)
    {
        fixed (pollfd* first = entries)
        {
            return PollNative(first, (nuint)entries.Length, timeoutMilliseconds);
        }
    }

    /// <summary>A new counter that wakes poll: eventfd(2).</summary>
    /// <exception cref="InvalidOperationException">The kernel gives none.</exception>
    public static SafeFileHandle NewEventFd()
    {
        var counter = new SafeFileHandle(EventFdNative(0, EFD_CLOEXEC), ownsHandle: true);
        return counter.IsInvalid
            ? throw new InvalidOperationException($"eventfd failed with error {Marshal.GetLastPInvokeError()}.")
            : counter;
    }

    /// <summary>Forbids core dumps and reading of this process by others of the same user.</summary>
    public static unsafe void ForbidDumps()
    {
        var none = default(rlimit);
        if (SetLimitNative(RLIMIT_CORE, &none) != 0 || ProcessControlNative(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        {
            throw new InvalidOperationException("Core dumps cannot be forbidden.");
        }
    }

    /// <summary>
    /// Has the kernel map all of a range for writing at once (madvise(2), Linux 5.14), instead of at a page fault for each 4096 bytes.
    /// Only a hint: an older kernel goes on without.
    /// </summary>
    /// <param name="start">The first byte.</param>
    /// <param name="length">Bytes.</param>
    public static void Populate(nint start, int length)
    {
        nint page = Environment.SystemPageSize;
        nint first = start & -page, last = (start + length + page - 1) & -page;
        _ = AdviseNative(first, (nuint)(last - first), MADV_POPULATE_WRITE);
    }

    [LibraryImport(Library, EntryPoint = "madvise")]
    private static partial int AdviseNative(nint start, nuint length, int advice);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int PollNative(pollfd* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFdNative(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "setrlimit", SetLastError = true)]
    private static unsafe partial int SetLimitNative(int resource, rlimit* limit);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    private static partial int ProcessControlNative(int option, nuint two, nuint three, nuint four, nuint five);
}
