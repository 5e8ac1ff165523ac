// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that a person can set, with its default: docs/configuration.md says what each is for.
using System.Collections.Immutable;
using UnlockAgent.Machine;

namespace UnlockAgent.Configuration;

/// <summary>The settings of one boot.</summary>
internal sealed record Settings
{
    public static Settings Default { get; } = new();

    /// <summary>The colours to begin with.</summary>
    public ThemeName Theme { get; init; } = ThemeName.Dark;

    /// <summary>The language to begin with, as en or zh_CN; null: that of the initramfs' locale.</summary>
    public string? Language { get; init; }

    /// <summary>The on-screen keyboards, as us or de, in the order in which a key goes through them; at least one.</summary>
    public ImmutableArray<string> Keyboards { get; init; } = ["us"];

    /// <summary>The PIN pad's digits stand in another order for each PIN.</summary>
    public bool ScrambleDigits { get; init; }

    /// <summary>Nothing on the screen moves by itself.</summary>
    public bool ReducedMotion { get; init; }

    /// <summary>A pressed key can be felt.</summary>
    public bool Vibrate { get; init; } = true;

    /// <summary>The screen's dots per inch; null: as the screen itself says.</summary>
    public int? Dpi { get; init; }

    /// <summary>A line about the owner, or null.</summary>
    public string? Owner { get; init; }

    /// <summary>The path of a PNG picture, or null.</summary>
    public string? Logo { get; init; }

    /// <summary>The device to draw on, as /dev/fb0 or /dev/dri/card0; null: the first that is fit.</summary>
    public string? Screen { get; init; }

    /// <summary>Degrees clockwise, 0, 90, 180 or 270, that the picture is turned on the screen; null: as the kernel says.</summary>
    public int? Rotate { get; init; }

    /// <summary>The panel is told to refresh after each change; null: where its driver is known to need it.</summary>
    public bool? ForceRefresh { get; init; }

    /// <summary>Without a touch for this long, what is typed is wiped; zero: never.</summary>
    public TimeSpan WipeAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a touch for this long, the screen dims; zero: never.</summary>
    public TimeSpan DimAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a touch for this long, the screen goes dark; zero: never.</summary>
    public TimeSpan DarkAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Without a touch for this long, and without a charger, the device powers off; zero: never.</summary>
    public TimeSpan PowerOffAfter { get; init; } = TimeSpan.FromMinutes(5);
}
