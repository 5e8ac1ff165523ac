// SPDX-License-Identifier: GPL-3.0-or-later
// The colours of the dark theme. Text on its ground keeps a contrast of at least 7:1, signs and links 4.5:1.
using SkiaSharp;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

internal static class Theme
{
    public static readonly SKColor Ground = new(0x0E, 0x11, 0x16);
    public static readonly SKColor Text = new(0xF2, 0xF5, 0xF9);
    public static readonly SKColor DimText = new(0xA8, 0xB3, 0xC2);
    public static readonly SKColor Key = new(0x24, 0x2A, 0x34);
    public static readonly SKColor Function = new(0x18, 0x1D, 0x25);
    public static readonly SKColor Pressed = new(0x4A, 0x86, 0xF7);
    public static readonly SKColor Primary = new(0x2F, 0x6B, 0xE0);
    public static readonly SKColor PrimaryOff = new(0x1C, 0x25, 0x35);
    public static readonly SKColor TextOff = new(0x6C, 0x78, 0x8A);
    public static readonly SKColor Accent = new(0x7D, 0xAA, 0xFF);
    public static readonly SKColor Warning = new(0xF5, 0xC2, 0x5B);
    public static readonly SKColor Error = new(0xFF, 0x8A, 0x80);

    public static SKColor For(Tone tone) => tone switch
    {
        Tone.Warning => Warning,
        Tone.Error => Error,
        _ => Accent,
    };
}
