// SPDX-License-Identifier: GPL-3.0-or-later
// Panels that keep showing the old picture until FBIOPAN_DISPLAY is called. It is a call too many for the others, and on
// DRM's fbdev emulation one that waits for the panel, so it is made only for drivers known to need it. Pure.

namespace Framebuffer;

/// <summary>Whether each frame is followed by FBIOPAN_DISPLAY.</summary>
public enum ForceRefresh
{
    /// <summary>Where the driver is known to need it.</summary>
    Auto,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}

internal static class Refreshing
{
    // Vendor kernels of Qualcomm (msmfb20_..., mdssfb_...) and MediaTek phones, which show a frame when it is panned to;
    // and mainline's msm driver, whose DSI command-mode panels unl0kr's users run with its force-refresh quirk.
    private static readonly string[] Known = ["mdssfb_", "msmfb", "mtkfb", "msmdrmfb"];

    /// <summary>Whether a device is panned after each frame.</summary>
    /// <param name="policy">What is configured.</param>
    /// <param name="driver">fb_fix_screeninfo.id.</param>
    internal static bool IsNeeded(this ForceRefresh policy, string driver) => policy switch
    {
        ForceRefresh.Always => true,
        ForceRefresh.Never => false,
        _ => Array.Exists(Known, known => driver.StartsWith(known, StringComparison.Ordinal)),
    };
}
