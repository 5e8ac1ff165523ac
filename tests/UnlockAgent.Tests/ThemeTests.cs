// SPDX-License-Identifier: GPL-3.0-or-later
using SkiaSharp;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Tests;

/// <summary>Contrast as WCAG 2.2 defines it: 7:1 is its level AAA for text, 4.5:1 its level AA.</summary>
public sealed class ThemeTests
{
    public static TheoryData<ThemeName> Names => [.. Enum.GetValues<ThemeName>()];

    [Theory]
    [MemberData(nameof(Names))]
    internal void Text_has_a_contrast_of_seven_to_one_on_every_ground_that_it_stands_on(ThemeName name)
    {
        var theme = Theme.Of(name);
        (string What, SKColor Text, SKColor Ground)[] pairs =
        [
            ("text", theme.Text, theme.Ground),
            ("detail", theme.DimText, theme.Ground),
            ("key", theme.Text, theme.Key),
            ("value", theme.DimText, theme.Key),
            ("function key, field", theme.Text, theme.Function),
            ("pressed", theme.OnPressed, theme.Pressed),
            ("OK", theme.OnPrimary, theme.Primary),
            ("link", theme.Accent, theme.Ground),
            ("warning", theme.Warning, theme.Ground),
            ("low battery", theme.Ground, theme.Warning),
            ("error", theme.Error, theme.Ground),
        ];
        Assert.All(pairs, pair => Assert.True(Contrast(pair.Text, pair.Ground) >= 7, $"{pair.What}: {Contrast(pair.Text, pair.Ground):F2}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    internal void Signs_and_what_cannot_be_pressed_have_a_contrast_of_four_and_a_half_to_one(ThemeName name)
    {
        var theme = Theme.Of(name);
        (string What, SKColor Sign, SKColor Ground)[] pairs =
        [
            ("sign of an answer", theme.Accent, theme.Key),
            ("caret", theme.Accent, theme.Function),
            ("OK that is off", theme.TextOff, theme.PrimaryOff),
            ("key that rests", theme.TextOff, theme.Key),
            ("ring for a digit", theme.TextOff, theme.Ground),
            ("sign in a corner", theme.DimText, theme.Ground),
        ];
        Assert.All(pairs, pair => Assert.True(Contrast(pair.Sign, pair.Ground) >= 4.5, $"{pair.What}: {Contrast(pair.Sign, pair.Ground):F2}"));
    }

    [Fact]
    public void High_contrast_is_black_white_and_yellow_with_outlines()
    {
        var theme = Theme.HighContrast;
        SKColor[] all =
        [
            theme.Ground, theme.Text, theme.DimText, theme.Key, theme.Function, theme.Pressed, theme.OnPressed, theme.Primary,
            theme.OnPrimary, theme.PrimaryOff, theme.TextOff, theme.Accent, theme.Warning, theme.Error,
        ];
        Assert.Subset(new HashSet<SKColor> { SKColors.Black, SKColors.White, SKColors.Yellow }, [.. all]);
        Assert.True(theme.HasOutlines);
    }

    private static double Contrast(SKColor one, SKColor other)
    {
        double[] luminances = [Luminance(one), Luminance(other)];
        return (luminances.Max() + 0.05) / (luminances.Min() + 0.05);
    }

    private static double Luminance(SKColor colour) =>
        (0.2126 * Linear(colour.Red)) + (0.7152 * Linear(colour.Green)) + (0.0722 * Linear(colour.Blue));

    private static double Linear(byte channel)
    {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }
}
