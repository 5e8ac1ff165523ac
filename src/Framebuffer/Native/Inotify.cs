// SPDX-License-Identifier: GPL-3.0-or-later
// sys/inotify.h and poll.h: to sleep until a device node appears. Native spelling; the tests hold every name against the
// C headers. inotify_event 16 bytes and a name, pollfd 8 bytes.

namespace Framebuffer.Native;

internal struct inotify_event
{
    public int wd;
    public uint mask;
    public uint cookie;
    public uint len;
}

internal struct @pollfd
{
    public int fd;
    public short events;
    public short revents;
}

internal static class Inotify
{
    internal const uint IN_ATTRIB = 0x4;
    internal const uint IN_CREATE = 0x100;
    internal const uint IN_DELETE = 0x200;
    internal const uint IN_ONLYDIR = 0x1000000;
    internal const int IN_NONBLOCK = 0x800;
    internal const int IN_CLOEXEC = 0x80000;
    internal const short POLLIN = 1;
}
