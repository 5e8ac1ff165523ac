// SPDX-License-Identifier: GPL-3.0-or-later
// linux/vt.h: virtual terminals (ioctl_console(2)). Native spelling; the tests hold every name against the C header.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace UnlockControl.Native;

/// <summary>What VT_GETSTATE tells; 6 bytes.</summary>
internal struct vt_stat
{
    internal ushort v_active;
    internal ushort v_signal;
    internal ushort v_state;
}

internal static unsafe partial class Vt
{
    internal const uint VT_OPENQRY = 0x5600;
    internal const uint VT_GETSTATE = 0x5603;
    internal const uint VT_ACTIVATE = 0x5606;
    internal const uint VT_WAITACTIVE = 0x5607;
    internal const uint VT_DISALLOCATE = 0x5608;

    /// <summary>An ioctl that fills <paramref name="answer"/>.</summary>
    internal static bool TryGet<T>(SafeFileHandle terminal, uint request, out T answer)
        where T : unmanaged
    {
        T value = default;
        bool isDone = Ioctl(terminal, request, &value) >= 0;
        answer = value;
        return isDone;
    }

    /// <summary>An ioctl whose argument is a plain number.</summary>
    internal static bool TrySet(SafeFileHandle terminal, uint request, int value) => Ioctl(terminal, request, (nint)value) >= 0;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle terminal, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle terminal, nuint request, nint argument);
}
