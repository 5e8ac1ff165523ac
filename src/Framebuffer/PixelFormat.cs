// SPDX-License-Identifier: GPL-3.0-or-later
// The pixel formats that can be written, named as DRM names them: channels from the most to the least significant bit
// of a little-endian word. In memory the bytes stand the other way round.

namespace Framebuffer;

/// <summary>How a pixel lies in the frame buffer's memory.</summary>
public enum PixelFormat
{
    /// <summary>4 bytes: B, G, R, X.</summary>
    Xrgb8888,

    /// <summary>4 bytes: R, G, B, X.</summary>
    Xbgr8888,

    /// <summary>4 bytes: X, B, G, R.</summary>
    Rgbx8888,

    /// <summary>4 bytes: X, R, G, B.</summary>
    Bgrx8888,

    /// <summary>3 bytes: B, G, R.</summary>
    Rgb888,

    /// <summary>3 bytes: R, G, B.</summary>
    Bgr888,

    /// <summary>2 bytes, little-endian: red in bits 11..15, green in 5..10, blue in 0..4.</summary>
    Rgb565,

    /// <summary>2 bytes, little-endian: blue in bits 11..15, green in 5..10, red in 0..4.</summary>
    Bgr565,
}
