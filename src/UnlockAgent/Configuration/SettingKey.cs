// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the configuration, and what each value does. Pure.
using System.Collections.Immutable;
using System.Globalization;

namespace UnlockAgent.Configuration;

/// <summary>One key.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Default">The value that it has where nobody sets it.</param>
/// <param name="Values">What it can be, for a person who wrote something else.</param>
/// <param name="Take">The settings with a value taken over, or null where the value is none of this key's.</param>
internal sealed record SettingKey(string Name, string Default, string Values, Func<Settings, string, Settings?> Take)
{
    private const int LeastDpi = 50, MostDpi = 1000;
    private const int LongestOwner = 200;
    private const string Auto = "auto";
    private const string DurationValues = "seconds, minutes as 5m, or never; at most 24h";
    private static readonly TimeSpan LongestDuration = TimeSpan.FromHours(24);

    /// <summary>Every key, in the order of the file that is installed.</summary>
    public static ImmutableArray<SettingKey> All { get; } =
    [
        new("theme", "dark", "dark, light or high-contrast", static (s, v) =>
            Codes.Theme(v) is { } theme ? s with { Theme = theme } : null),
        new("language", "auto", "auto, or one of " + string.Join(' ', Codes.Languages), static (s, v) =>
            v == Auto ? s with { Language = null } : Codes.Languages.Contains(v) ? s with { Language = v } : null),
        new("keyboards", "us", "a list of some of " + string.Join(' ', Codes.Keyboards), static (s, v) =>
            List(v) is { IsEmpty: false } list ? s with { Keyboards = list } : null),
        new("scramble-digits", "no", "yes or no", static (s, v) => Truth(v) is { } yes ? s with { ScrambleDigits = yes } : null),
        new("reduced-motion", "no", "yes or no", static (s, v) => Truth(v) is { } yes ? s with { ReducedMotion = yes } : null),
        new("vibrate", "yes", "yes or no", static (s, v) => Truth(v) is { } yes ? s with { Vibrate = yes } : null),
        new("dpi", "auto", "auto, or 50 to 1000", static (s, v) => v == Auto ? s with { Dpi = null }
            : Number(v) is { } dpi and >= LeastDpi and <= MostDpi ? s with { Dpi = dpi } : null),
        new("owner", "", "a line of at most 200 characters", static (s, v) =>
            v.Length <= LongestOwner && !v.Any(char.IsControl) ? s with { Owner = v.Length == 0 ? null : v } : null),
        new("logo", "", "the whole path of a PNG file", static (s, v) =>
            v.Length == 0 ? s with { Logo = null } : IsPath(v, "/") ? s with { Logo = v } : null),
        new("screen", "auto", "auto, or a device as /dev/fb0", static (s, v) =>
            v == Auto ? s with { Screen = null } : IsPath(v, "/dev/") ? s with { Screen = v } : null),
        new("rotate", "auto", "auto, 0, 90, 180 or 270", static (s, v) => v == Auto ? s with { Rotate = null }
            : Number(v) is { } degrees and (0 or 90 or 180 or 270) ? s with { Rotate = degrees } : null),
        new("force-refresh", "auto", "auto, yes or no", static (s, v) => v == Auto ? s with { ForceRefresh = null }
            : Truth(v) is { } yes ? s with { ForceRefresh = yes } : null),
        new("wipe-after", "30", DurationValues, static (s, v) => Duration(v) is { } time ? s with { WipeAfter = time } : null),
        new("dim-after", "30", DurationValues, static (s, v) => Duration(v) is { } time ? s with { DimAfter = time } : null),
        new("dark-after", "60", DurationValues, static (s, v) => Duration(v) is { } time ? s with { DarkAfter = time } : null),
        new("power-off-after", "5m", DurationValues, static (s, v) => Duration(v) is { } time ? s with { PowerOffAfter = time } : null),
    ];

    /// <summary>The key of a name, or null.</summary>
    public static SettingKey? Find(string name)
    {
        foreach (var key in All)
        {
            if (key.Name == name)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>The settings with this key's default.</summary>
    public Settings Reset(Settings settings) =>
        Take(settings, Default) ?? throw new InvalidOperationException("A default that is no value.");

    private static bool? Truth(string value) => value switch
    {
        "yes" or "true" or "on" or "1" => true,
        "no" or "false" or "off" or "0" => false,
        _ => null,
    };

    private static int? Number(ReadOnlySpan<char> value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static bool IsPath(string value, string folder) =>
        value.StartsWith(folder, StringComparison.Ordinal) && value.Length > folder.Length && !value.Any(char.IsControl);

    private static TimeSpan? Duration(string value)
    {
        if (value == "never")
        {
            return TimeSpan.Zero;
        }

        int unit = value switch { [.., 's'] => 1, [.., 'm'] => 60, [.., 'h'] => 3600, _ => 0 };
        return Number(unit == 0 ? value : value.AsSpan()[..^1]) is { } number
            && number <= LongestDuration.TotalSeconds / Math.Max(unit, 1)
            ? TimeSpan.FromSeconds((long)number * Math.Max(unit, 1)) : null;
    }

    private static ImmutableArray<string> List(string value)
    {
        string[] names = value.Split((char[])[',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return Array.TrueForAll(names, name => Codes.Keyboards.Contains(name)) ? [.. names.Distinct()] : [];
    }
}
