// SPDX-License-Identifier: GPL-3.0-or-later
// The one exception of this boundary: the screen cannot be used, and why.

using System.Diagnostics.CodeAnalysis;
using Framebuffer.Native;

namespace Framebuffer;

/// <summary>The screen cannot be used. <see cref="Exception.Message"/> is a plain sentence fit for a log.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made only where a device failed, which is always known.")]
public sealed class FramebufferException : Exception
{
    internal FramebufferException(string operation, string path, int errno, string reason)
        : base($"The screen {path} cannot be used: {reason}.")
    {
        Operation = operation;
        Path = path;
        Errno = errno;
    }

    /// <summary>
    /// The call that failed, as "open", "FBIOGET_VSCREENINFO" or "pwrite"; "geometry" when its answer cannot be used.
    /// </summary>
    public string Operation { get; }

    /// <summary>The device node.</summary>
    public string Path { get; }

    /// <summary>The errno of the failed call; 0 where no call failed.</summary>
    public int Errno { get; }

    /// <summary>
    /// Whether the device went away or another driver took its place (ENODEV, ENXIO): look for a screen again.
    /// </summary>
    public bool IsGone => Errno is Libc.ENODEV or Libc.ENXIO;
}
