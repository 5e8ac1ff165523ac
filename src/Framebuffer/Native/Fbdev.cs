// SPDX-License-Identifier: GPL-3.0-or-later
// linux/fb.h: what a frame buffer device says of itself. Native spelling; the tests hold every name against the C
// header. fb_bitfield 12 bytes, fb_var_screeninfo 160 bytes, fb_fix_screeninfo 80 bytes (64-bit).

using System.Runtime.CompilerServices;

namespace Framebuffer.Native;

internal struct fb_bitfield
{
    public uint offset;
    public uint length;
    public uint msb_right;
}

internal struct fb_var_screeninfo
{
    public uint xres;
    public uint yres;
    public uint xres_virtual;
    public uint yres_virtual;
    public uint xoffset;
    public uint yoffset;
    public uint bits_per_pixel;
    public uint grayscale;
    public fb_bitfield red;
    public fb_bitfield green;
    public fb_bitfield blue;
    public fb_bitfield transp;
    public uint nonstd;
    public uint activate;
    public uint height;
    public uint width;
    public uint accel_flags;
    public uint pixclock;
    public uint left_margin;
    public uint right_margin;
    public uint upper_margin;
    public uint lower_margin;
    public uint hsync_len;
    public uint vsync_len;
    public uint sync;
    public uint vmode;
    public uint rotate;
    public uint colorspace;
    public Reserved reserved;

    [InlineArray(4)]
    internal struct Reserved
    {
        private uint element;
    }
}

internal struct fb_fix_screeninfo
{
    public Id id;
    public nuint smem_start;
    public uint smem_len;
    public uint type;
    public uint type_aux;
    public uint visual;
    public ushort xpanstep;
    public ushort ypanstep;
    public ushort ywrapstep;
    public uint line_length;
    public nuint mmio_start;
    public uint mmio_len;
    public uint accel;
    public ushort capabilities;
    public Reserved reserved;

    [InlineArray(16)]
    internal struct Id
    {
        private byte element;
    }

    [InlineArray(2)]
    internal struct Reserved
    {
        private ushort element;
    }
}

internal static class Fbdev
{
    internal const uint FBIOGET_VSCREENINFO = ('F' << 8) | 0x00;
    internal const uint FBIOGET_FSCREENINFO = ('F' << 8) | 0x02;
    internal const uint FBIOPAN_DISPLAY = ('F' << 8) | 0x06;
    internal const uint FB_TYPE_PACKED_PIXELS = 0;
    internal const uint FB_VISUAL_TRUECOLOR = 2;
    internal const uint FB_VISUAL_DIRECTCOLOR = 4;
}
