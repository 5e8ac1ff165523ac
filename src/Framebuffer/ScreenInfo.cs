// SPDX-License-Identifier: GPL-3.0-or-later
// From the kernel's two structs (linux/fb.h) to a FramebufferGeometry. Pure.

using System.Text;
using Framebuffer.Native;

namespace Framebuffer;

internal static class ScreenInfo
{
    /// <summary>
    /// The layout, or null when pixels are not packed words of three colour channels (planes, palettes, grey, bits
    /// reversed).
    /// </summary>
    internal static FramebufferGeometry? ToGeometry(in fb_var_screeninfo variable, in fb_fix_screeninfo fixedInfo)
    {
        bool trueColour = fixedInfo.visual is Fbdev.FB_VISUAL_TRUECOLOR or Fbdev.FB_VISUAL_DIRECTCOLOR;
        bool reversed = (variable.red.msb_right | variable.green.msb_right | variable.blue.msb_right) != 0;
        bool packed = fixedInfo.type == Fbdev.FB_TYPE_PACKED_PIXELS && variable.grayscale == 0 && variable.nonstd == 0;
        if (!packed || !trueColour || reversed)
        {
            return null;
        }

        // Old drivers leave line_length at 0: rows then follow one another without padding.
        uint stride = fixedInfo.line_length != 0
            ? fixedInfo.line_length
            : unchecked(variable.xres_virtual * variable.bits_per_pixel) / 8;
        return new FramebufferGeometry(
            variable.xres,
            variable.yres,
            variable.xoffset,
            variable.yoffset,
            variable.bits_per_pixel,
            stride,
            fixedInfo.smem_len,
            Field(variable.red),
            Field(variable.green),
            Field(variable.blue),
            Field(variable.transp));
    }

    /// <summary>The driver's name for itself.</summary>
    internal static string Driver(in fb_fix_screeninfo fixedInfo)
    {
        ReadOnlySpan<byte> id = fixedInfo.id;
        int end = id.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? id : id[..end]);
    }

    private static ChannelField Field(in fb_bitfield field) => new(field.offset, field.length);
}
