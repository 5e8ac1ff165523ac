// SPDX-License-Identifier: GPL-3.0-or-later
// The EVIOC* requests of linux/input.h, composed as asm-generic/ioctl.h composes them:
// direction in bits 30..31, argument size in 16..29, type 'E' in 8..15, number in 0..7.

namespace Input.Native;

internal static class EvdevIoctl
{
    internal const uint EVIOCSFF = (Write << 30) | (48 << 16) | ('E' << 8) | 0x80;
    internal const uint EVIOCRMFF = (Write << 30) | (sizeof(int) << 16) | ('E' << 8) | 0x81;
    internal const uint EVIOCGRAB = (Write << 30) | (sizeof(int) << 16) | ('E' << 8) | 0x90;

    private const uint Write = 1;
    private const uint Read = 2;

    /// <summary>The device's name, at most <paramref name="bytes"/> of it.</summary>
    internal static uint EVIOCGNAME(int bytes) => Request(0x06, bytes);

    /// <summary>The device's properties, a bit set.</summary>
    internal static uint EVIOCGPROP(int bytes) => Request(0x09, bytes);

    /// <summary>One ABS_MT_* value of every slot: the code in the first int, then an int per slot.</summary>
    internal static uint EVIOCGMTSLOTS(int bytes) => Request(0x0a, bytes);

    /// <summary>The keys and buttons that are down, a bit set.</summary>
    internal static uint EVIOCGKEY(int bytes) => Request(0x18, bytes);

    /// <summary>
    /// The codes that the device can send for an event type (type 0: the types themselves), a bit set.
    /// </summary>
    internal static uint EVIOCGBIT(int type, int bytes) => Request(0x20 + type, bytes);

    /// <summary>An axis' range and value, an input_absinfo.</summary>
    internal static unsafe uint EVIOCGABS(int axis) => Request(0x40 + axis, sizeof(input_absinfo));

    private static uint Request(int number, int bytes) => (Read << 30) | ((uint)bytes << 16) | ('E' << 8) | (uint)number;
}
