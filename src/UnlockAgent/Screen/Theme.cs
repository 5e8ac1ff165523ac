// SPDX-License-Identifier: GPL-3.0-or-later
// The colours. Text on its ground keeps a contrast of at least 7:1; signs, links and what cannot be pressed now 4.5:1.
using SkiaSharp;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

/// <summary>One set of colours.</summary>
internal sealed record Theme
{
    public static Theme Dark { get; } = new()
    {
        Ground = new(0x0E, 0x11, 0x16),
        Text = new(0xF2, 0xF5, 0xF9),
        DimText = new(0xB6, 0xC0, 0xCE),
        Key = new(0x24, 0x2A, 0x34),
        Function = new(0x18, 0x1D, 0x25),
        Pressed = new(0x8F, 0xB6, 0xFF),
        OnPressed = new(0x0A, 0x13, 0x26),
        Primary = new(0x8F, 0xB6, 0xFF),
        OnPrimary = new(0x0A, 0x13, 0x26),
        PrimaryOff = new(0x18, 0x1D, 0x25),
        TextOff = new(0x8E, 0x9A, 0xAC),
        Accent = new(0x9D, 0xBF, 0xFF),
        Warning = new(0xF5, 0xC2, 0x5B),
        Error = new(0xFF, 0x9B, 0x92),
    };

    public static Theme Light { get; } = new()
    {
        Ground = new(0xEF, 0xF1, 0xF6),
        Text = new(0x10, 0x15, 0x1D),
        DimText = new(0x3D, 0x47, 0x56),
        Key = new(0xFF, 0xFF, 0xFF),
        Function = new(0xDC, 0xE1, 0xEA),
        Pressed = new(0x1B, 0x49, 0xA8),
        OnPressed = new(0xFF, 0xFF, 0xFF),
        Primary = new(0x1B, 0x49, 0xA8),
        OnPrimary = new(0xFF, 0xFF, 0xFF),
        PrimaryOff = new(0xDC, 0xE1, 0xEA),
        TextOff = new(0x52, 0x5C, 0x6B),
        Accent = new(0x1B, 0x49, 0xA8),
        Warning = new(0x6A, 0x41, 0x00),
        Error = new(0x98, 0x12, 0x12),
    };

    public static Theme HighContrast { get; } = new()
    {
        Ground = SKColors.Black,
        Text = SKColors.White,
        DimText = SKColors.White,
        Key = SKColors.Black,
        Function = SKColors.Black,
        Pressed = SKColors.White,
        OnPressed = SKColors.Black,
        Primary = SKColors.Yellow,
        OnPrimary = SKColors.Black,
        PrimaryOff = SKColors.Black,
        TextOff = SKColors.White,
        Accent = SKColors.Yellow,
        Warning = SKColors.Yellow,
        Error = SKColors.Yellow,
        HasOutlines = true,
    };

    public required SKColor Ground { get; init; }

    /// <summary>On the ground, and on keys that nobody holds.</summary>
    public required SKColor Text { get; init; }

    /// <summary>What is said beside the headline.</summary>
    public required SKColor DimText { get; init; }

    public required SKColor Key { get; init; }

    /// <summary>Keys that type nothing, and the field that shows what was typed.</summary>
    public required SKColor Function { get; init; }

    public required SKColor Pressed { get; init; }

    public required SKColor OnPressed { get; init; }

    /// <summary>The button that confirms.</summary>
    public required SKColor Primary { get; init; }

    public required SKColor OnPrimary { get; init; }

    public required SKColor PrimaryOff { get; init; }

    /// <summary>On buttons that do nothing now.</summary>
    public required SKColor TextOff { get; init; }

    /// <summary>Links, signs, and the ring around the button in focus.</summary>
    public required SKColor Accent { get; init; }

    public required SKColor Warning { get; init; }

    public required SKColor Error { get; init; }

    /// <summary>Keys have an outline: their ground is the screen's.</summary>
    public bool HasOutlines { get; init; }

    public static Theme Of(ThemeName name) => name switch
    {
        ThemeName.Light => Light,
        ThemeName.HighContrast => HighContrast,
        _ => Dark,
    };

    /// <summary>The colour of a message's sign, and of its headline where it warns.</summary>
    public SKColor For(Tone tone) => tone switch
    {
        Tone.Warning => Warning,
        Tone.Error => Error,
        _ => Accent,
    };
}
