// SPDX-License-Identifier: GPL-3.0-or-later
// What .NET has no call for: a file's owner (statx(2), chown(2)), a folder's way to the disk (fsync(2)), a signal for a group (kill(2)).
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace UnlockControl.Native;

/// <summary>struct statx_timestamp, 16 bytes: since 1970.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct @statx_timestamp
{
    public long tv_sec;
    public uint tv_nsec;
}

/// <summary>struct statx, 256 bytes on every machine.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct @statx
{
    public uint stx_mask;
    public uint stx_blksize;
    public ulong stx_attributes;
    public uint stx_nlink;
    public uint stx_uid;
    public uint stx_gid;
    public ushort stx_mode;
    public ulong stx_ino;
    public ulong stx_size;
    public ulong stx_blocks;
    public ulong stx_attributes_mask;
    public statx_timestamp stx_atime;
    public statx_timestamp stx_btime;
    public statx_timestamp stx_ctime;
    public statx_timestamp stx_mtime;
}

internal static partial class LibcFiles
{
    public const int AT_FDCWD = -100;
    public const int O_RDONLY = 0;
    public const int O_CLOEXEC = 0x80000;
    public const uint STATX_BASIC_STATS = 0x7FF;
    public const int SIGTERM = 15;

    private const string Library = "libc";

    /// <summary>A file's owner, mode and kind, links followed; false: not there, or no access.</summary>
    public static unsafe bool TryGetStatus(string path, out statx status)
    {
        fixed (statx* to = &status)
        {
            *to = default;
            return StatusNative(AT_FDCWD, path, 0, STATX_BASIC_STATS, to) == 0;
        }
    }

    /// <summary>When a file was last written, renamed, or given another mode or owner (UTC); null: not there, or no access.</summary>
    public static DateTime? ChangeTime(string path) => TryGetStatus(path, out statx status)
        ? DateTime.UnixEpoch.AddSeconds(status.stx_ctime.tv_sec).AddTicks(status.stx_ctime.tv_nsec / 100)
        : null;

    /// <summary>Gives a file to a user and a group.</summary>
    /// <returns>0, or the errno.</returns>
    public static int SetOwner(string path, uint user, uint group) =>
        ChownNative(path, user, group) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Has a folder's entries, or a file's content, written to the disk.</summary>
    /// <returns>0, or the errno.</returns>
    public static int Sync(string path)
    {
        using var handle = new SafeFileHandle(OpenNative(path, O_RDONLY | O_CLOEXEC), ownsHandle: true);
        return !handle.IsInvalid && SyncNative(handle) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Asks every process of a group to end.</summary>
    public static void EndGroup(int group) => _ = KillNative(-group, SIGTERM);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatusNative(int folder, string path, int flags, uint mask, statx* status);

    [LibraryImport(Library, EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChownNative(string path, uint user, uint group);

    // open(2) is variadic, but on Linux' x86-64 and arm64 the arguments that are named travel as in any other function.
    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncNative(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int process, int signal);
}
