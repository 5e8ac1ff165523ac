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

    /// <summary>4 bytes, little-endian: red in bits 20..29, green in 10..19, blue in 0..9.</summary>
    Xrgb2101010,

    /// <summary>4 bytes, little-endian: blue in bits 20..29, green in 10..19, red in 0..9.</summary>
    Xbgr2101010,

    /// <summary>4 bytes, little-endian: red in bits 22..31, green in 12..21, blue in 2..11.</summary>
    Rgbx1010102,

    /// <summary>4 bytes, little-endian: blue in bits 22..31, green in 12..21, red in 2..11.</summary>
    Bgrx1010102,

    /// <summary>3 bytes: B, G, R.</summary>
    Rgb888,

    /// <summary>3 bytes: R, G, B.</summary>
    Bgr888,

    /// <summary>2 bytes, little-endian: red in bits 11..15, green in 5..10, blue in 0..4.</summary>
    Rgb565,

    /// <summary>2 bytes, little-endian: blue in bits 11..15, green in 5..10, red in 0..4.</summary>
    Bgr565,

    /// <summary>2 bytes, little-endian: red in bits 10..14, green in 5..9, blue in 0..4.</summary>
    Xrgb1555,

    /// <summary>2 bytes, little-endian: blue in bits 10..14, green in 5..9, red in 0..4.</summary>
    Xbgr1555,
}
