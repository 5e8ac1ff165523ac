// SPDX-License-Identifier: GPL-3.0-or-later
// The structs and constants of Framebuffer's Native/ folder against linux/fb.h, linux/kd.h, drm/drm.h and the C library's.

using Framebuffer.Native;
using NativeLayout;

namespace Framebuffer.Tests;

public class NativeTests
{
    private static readonly string[] Headers = [
        "errno.h", "fcntl.h", "poll.h", "sys/inotify.h", "sys/ioctl.h", "sys/mman.h", "termios.h", "linux/fb.h", "linux/kd.h", "libdrm/drm.h",
    ];

    [Fact]
    public void Every_struct_and_constant_is_the_headers()
    {
        IReadOnlyList<string> assertions = CHeaders.Assertions(typeof(FbdevTarget).Assembly, "Framebuffer.Native");
        Assert.Contains("sizeof(struct fb_var_screeninfo) == 160", assertions);
        Assert.Contains("sizeof(struct fb_fix_screeninfo) == 80", assertions);
        Assert.Contains("sizeof(struct drm_mode_crtc) == 104", assertions);
        Assert.Contains(assertions, a => a.StartsWith("FBIOGET_VSCREENINFO =="));
        Assert.Contains(assertions, a => a.StartsWith("DRM_IOCTL_MODE_SETCRTC =="));
        Assert.Equal("", CHeaders.Judge(Headers, assertions));
    }

    /// <summary>Where the headers are of Linux 6.8 or later; the request is made of the same parts as the others.</summary>
    [Fact]
    public void Closing_a_frame_buffer_is_the_headers_where_they_know_it()
    {
        bool isKnown = CHeaders.Macros("libdrm/drm.h").ContainsKey("DRM_IOCTL_MODE_CLOSEFB");
        string request = isKnown ? "DRM_IOCTL_MODE_CLOSEFB" : "_IOWR('d', 0xD0, unsigned long)";
        Assert.Equal("", CHeaders.Judge([.. Headers, "sys/ioctl.h"], [$"{request} == {Drm.CloseFramebuffer}u"]));
    }

    [Fact]
    public void A_wrong_constant_is_noticed() => Assert.Contains("static assertion failed", CHeaders.Judge(Headers, ["KD_TEXT == 1"]));

    [Fact]
    public void A_struct_without_a_C_counterpart_is_noticed() =>
        Assert.NotEqual("", CHeaders.Judge(Headers, ["sizeof(struct no_such_struct) == 4"]));
}
