// SPDX-License-Identifier: GPL-3.0-or-later
// sys/inotify.h: how a directory says that its entries come and go. Native spelling; the tests hold every name against
// the C header. inotify_event 16 bytes, then len bytes of name, padded with zeros.

namespace Input.Native;

internal struct inotify_event
{
    public int wd;
    public uint mask;
    public uint cookie;
    public uint len;
}

internal static class Inotify
{
    internal const int IN_NONBLOCK = 0x800;
    internal const int IN_CLOEXEC = 0x80000;

    internal const uint IN_ATTRIB = 0x4;
    internal const uint IN_CREATE = 0x100;
    internal const uint IN_DELETE = 0x200;
    internal const uint IN_Q_OVERFLOW = 0x4000;
    internal const uint IN_ONLYDIR = 0x1000000;
}
