// SPDX-License-Identifier: GPL-3.0-or-later
// A device that frames go to, as the screen that wraps it needs to know it.

namespace Framebuffer;

/// <summary>A device with pixels.</summary>
internal interface IPanel : IFrameTarget
{
    /// <summary>The panel's size, unturned; 0 where the device does not know it.</summary>
    (int Width, int Height) Millimetres { get; }

    /// <summary>Whether the device went away or another driver took its place.</summary>
    bool IsGone { get; }

    /// <summary>From here on the last frame stays when the device is closed, where the kernel can do that.</summary>
    void KeepPicture();
}
