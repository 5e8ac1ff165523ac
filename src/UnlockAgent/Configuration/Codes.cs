// SPDX-License-Identifier: GPL-3.0-or-later
// The names of languages, on-screen keyboards and colours, as the configuration and the kernel command line write them.
using System.Collections.Immutable;
using UnlockAgent.Machine;

namespace UnlockAgent.Configuration;

internal static class Codes
{
    /// <summary>The languages, in the order in which the screen lists them.</summary>
    public static ImmutableArray<string> Languages { get; } =
        ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "cs", "ru", "uk", "el", "ja", "zh_CN"];

    /// <summary>The on-screen keyboards, in the order in which the screen lists them.</summary>
    public static ImmutableArray<string> Keyboards { get; } =
        ["us", "gb", "de", "fr", "es", "it", "se", "no", "dk", "pt", "pl", "cz", "ru", "ua", "gr"];

    /// <summary>The colours, in the order of <see cref="ThemeName"/>.</summary>
    public static ImmutableArray<string> Themes { get; } = ["dark", "light", "high-contrast"];

    /// <summary>The name of some colours.</summary>
    public static string Of(ThemeName theme) => Themes[(int)theme];

    /// <summary>The colours of a name, or null.</summary>
    public static ThemeName? Theme(string name) => Themes.IndexOf(name) is >= 0 and var place ? (ThemeName)place : null;
}
