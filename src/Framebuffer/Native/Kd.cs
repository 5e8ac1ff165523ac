// SPDX-License-Identifier: GPL-3.0-or-later
// linux/kd.h and termios.h: the virtual terminal's display and keyboard modes, and its input queue. Native spelling; the tests hold every name against the
// C header.

namespace Framebuffer.Native;

internal static class Kd
{
    internal const uint KDSETMODE = ('K' << 8) | 0x3A;
    internal const uint KDGKBMODE = ('K' << 8) | 0x44;
    internal const uint KDSKBMODE = ('K' << 8) | 0x45;
    internal const uint TCFLSH = 0x540B;
    internal const int TCIFLUSH = 0;
    internal const int KD_TEXT = 0;
    internal const int KD_GRAPHICS = 1;
    internal const int K_UNICODE = 3;
    internal const int K_OFF = 4;
}
