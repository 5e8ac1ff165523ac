// SPDX-License-Identifier: GPL-3.0-or-later
// Where finished frames go.

namespace Framebuffer;

/// <summary>A screen of <see cref="Width"/> × <see cref="Height"/> pixels that shows frames.</summary>
public interface IFrameTarget : IDisposable
{
    /// <summary>Visible pixels per row.</summary>
    int Width { get; }

    /// <summary>Visible rows.</summary>
    int Height { get; }

    /// <summary>Shows the damaged part of a frame; the rest is neither read nor written.</summary>
    /// <param name="bgrx">The whole frame, 32 bits per pixel, bytes B, G, R, X.</param>
    /// <param name="stride">Bytes from one row of <paramref name="bgrx"/> to the next, at least 4 × <see cref="Width"/>.</param>
    /// <param name="damage">The pixels that changed; what lies outside of the frame is ignored.</param>
    /// <exception cref="FramebufferException">The device refused the pixels.</exception>
    void Present(ReadOnlySpan<byte> bgrx, int stride, Area damage);
}
