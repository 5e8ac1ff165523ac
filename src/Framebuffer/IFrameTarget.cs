// SPDX-License-Identifier: GPL-3.0-or-later
// Where finished frames go.

namespace Framebuffer;

/// <summary>
/// A half-open range of rows, [<paramref name="Top"/>, <paramref name="Bottom"/>), in pixels from the frame's top.
/// </summary>
public readonly record struct RowRange(int Top, int Bottom)
{
    /// <summary>
    /// The part of this range that lies in a frame of <paramref name="height"/> rows; empty ranges come back as (0, 0).
    /// </summary>
    public RowRange Clip(int height)
    {
        int top = Math.Max(Top, 0);
        int bottom = Math.Min(Bottom, height);
        return top < bottom ? new RowRange(top, bottom) : default;
    }
}

/// <summary>A screen of <see cref="Width"/> × <see cref="Height"/> pixels that shows frames.</summary>
public interface IFrameTarget : IDisposable
{
    /// <summary>Visible pixels per row.</summary>
    int Width { get; }

    /// <summary>Visible rows.</summary>
    int Height { get; }

    /// <summary>Shows the damaged rows of a frame; the others are neither read nor written.</summary>
    /// <param name="bgrx">The whole frame, 32 bits per pixel, bytes B, G, R, X.</param>
    /// <param name="stride">Bytes from one row of <paramref name="bgrx"/> to the next, at least 4 × <see cref="Width"/>.</param>
    /// <param name="damage">The rows that changed; what lies outside of the frame is ignored.</param>
    /// <exception cref="FramebufferException">The device refused the pixels.</exception>
    void Present(ReadOnlySpan<byte> bgrx, int stride, RowRange damage);
}
