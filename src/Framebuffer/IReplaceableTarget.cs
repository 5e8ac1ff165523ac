// SPDX-License-Identifier: GPL-3.0-or-later
// A screen that another one can take the place of while it is drawn to.

using System.Runtime.InteropServices;

namespace Framebuffer;

/// <summary>A screen whose device can go away, or get another driver.</summary>
public interface IReplaceableTarget : IFrameTarget
{
    /// <summary>Readable when that may have happened: time to ask <see cref="IsGone"/>.</summary>
    SafeHandle ChangeHandle { get; }

    /// <summary>Whether it happened. Makes <see cref="ChangeHandle"/> wait for the next change.</summary>
    bool IsGone { get; }
}
