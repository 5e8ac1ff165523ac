// SPDX-License-Identifier: GPL-3.0-or-later
// The structs and constants of Framebuffer's Native/ folder against linux/fb.h and linux/kd.h.

using NativeLayout;

namespace Framebuffer.Tests;

public class NativeTests
{
    private static readonly string[] Headers = ["fcntl.h", "linux/fb.h", "linux/kd.h"];

    [Fact]
    public void Every_struct_and_constant_is_the_headers()
    {
        IReadOnlyList<string> assertions = CHeaders.Assertions(typeof(FbdevTarget).Assembly, "Framebuffer.Native");
        Assert.Contains("sizeof(struct fb_var_screeninfo) == 160", assertions);
        Assert.Contains("sizeof(struct fb_fix_screeninfo) == 80", assertions);
        Assert.Contains(assertions, a => a.StartsWith("FBIOGET_VSCREENINFO =="));
        Assert.Equal("", CHeaders.Judge(Headers, assertions));
    }

    [Fact]
    public void A_wrong_constant_is_noticed() => Assert.Contains("static assertion failed", CHeaders.Judge(Headers, ["KD_TEXT == 1"]));

    [Fact]
    public void A_struct_without_a_C_counterpart_is_noticed() =>
        Assert.NotEqual("", CHeaders.Judge(Headers, ["sizeof(struct no_such_struct) == 4"]));
}
