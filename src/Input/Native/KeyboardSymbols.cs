// SPDX-License-Identifier: GPL-3.0-or-later
// linux/keyboard.h: how the console's keymap says what a key means. A symbol is a type (KT_*) in bits 8..15 and a value
// in 0..7; beyond the last type it is a Unicode character, exclusive-or 0xf000. Native spelling; the tests hold every
// name against the C header.

namespace Input.Native;

internal static class KeyboardSymbols
{
    internal const int NR_KEYS = 256;

    internal const byte KG_SHIFT = 0;
    internal const byte KG_ALTGR = 1;
    internal const byte KG_CTRL = 2;
    internal const byte KG_ALT = 3;
    internal const byte KG_CTRLL = 6;
    internal const byte KG_CAPSSHIFT = 8;

    internal const byte KT_LATIN = 0;
    internal const byte KT_PAD = 3;
    internal const byte KT_DEAD = 4;
    internal const byte KT_SHIFT = 7;
    internal const byte KT_LOCK = 10;
    internal const byte KT_LETTER = 11;
    internal const byte KT_SLOCK = 12;
    internal const byte KT_DEAD2 = 13;
    internal const byte KT_BRL = 14;

    internal const ushort K_HOLE = 0x200;
    internal const ushort K_ENTER = 0x201;
    internal const ushort K_CAPS = 0x207;
    internal const ushort K_CAPSON = 0x20d;
    internal const ushort K_COMPOSE = 0x20e;
    internal const ushort K_PENTER = 0x30e;
}
