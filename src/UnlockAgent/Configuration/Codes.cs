// SPDX-License-Identifier: GPL-3.0-or-later
// The names of languages, on-screen keyboards and colours, as the configuration and the kernel command line write them.
using System.Collections.Immutable;
using UnlockAgent.Keyboards;
using UnlockAgent.Machine;

namespace UnlockAgent.Configuration;

internal static class Codes
{
    /// <summary>The languages, in the order in which the screen lists them.</summary>
    public static ImmutableArray<string> Languages { get; } = [.. Text.Languages.All.Select(language => language.Code)];

    /// <summary>The on-screen keyboards, in the order in which the screen lists them.</summary>
    public static ImmutableArray<string> Keyboards { get; } = [.. KeyboardLayouts.All.Select(layout => layout.Name)];

    /// <summary>The colours, in the order of <see cref="ThemeName"/>.</summary>
    public static ImmutableArray<string> Themes { get; } = ["dark", "light", "high-contrast"];

    /// <summary>The name of some colours.</summary>
    public static string Of(ThemeName theme) => Themes[(int)theme];

    /// <summary>The colours of a name, or null.</summary>
    public static ThemeName? Theme(string name) => Themes.IndexOf(name) is >= 0 and var place ? (ThemeName)place : null;
}
