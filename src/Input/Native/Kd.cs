// SPDX-License-Identifier: GPL-3.0-or-later
// linux/kd.h and linux/vt.h: the console's keymap and its accents. Native spelling; the tests hold every name against
// the C headers. kbentry 4 bytes, kbdiacruc 12, kbdiacrsuc 3076.

using System.Runtime.CompilerServices;

namespace Input.Native;

internal struct @kbentry
{
    public byte kb_table;
    public byte kb_index;
    public ushort kb_value;
}

internal struct @kbdiacruc
{
    public uint diacr;
    public uint @base;
    public uint result;
}

[InlineArray(256)]
internal struct kbdiacruc_256
{
    private kbdiacruc first;
}

internal struct @kbdiacrsuc
{
    public uint kb_cnt;
    public kbdiacruc_256 kbdiacruc;
}

internal static class Kd
{
    internal const uint KDSKBMODE = 0x4b45;
    internal const uint KDGKBENT = 0x4b46;
    internal const uint KDGKBDIACRUC = 0x4bfa;
    internal const int K_UNICODE = 3;

    internal const uint VT_DISALLOCATE = 0x5608;
}
