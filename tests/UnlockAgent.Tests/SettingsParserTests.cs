// SPDX-License-Identifier: GPL-3.0-or-later
using System.Text;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;

namespace UnlockAgent.Tests;

public sealed class SettingsParserTests
{
    private const string Name = "test.conf";
    private readonly SettingFaults faults = new();

    [Fact]
    public void Every_key_takes_its_values()
    {
        var settings = Parse(
            """
            # a comment
            theme = high-contrast
              language=zh_CN
            keyboards = de, us fr,de
            scramble-digits = yes
            reduced_motion = on
            vibrate = off
            dpi = 282
            owner = "If found, call = 123 # not a comment"
            logo = /etc/logo.png
            screen = /dev/fb1
            rotate = 270
            force-refresh = true
            wipe-after = 45s
            dim-after = never
            dark-after = 2m
            power-off-after = 24h
            """);
        Assert.Empty(faults.Sentences);
        Assert.Equal((ThemeName.HighContrast, "zh_CN"), (settings.Theme, settings.Language));
        Assert.Equal(["de", "us", "fr"], settings.Keyboards);
        Assert.True(settings is { ScrambleDigits: true, ReducedMotion: true, Vibrate: false, Dpi: 282, Rotate: 270, ForceRefresh: true });
        Assert.Equal("If found, call = 123 # not a comment", settings.Owner);
        Assert.Equal(("/etc/logo.png", "/dev/fb1"), (settings.Logo, settings.Screen));
        int[] expected = [45, 0, 120, 86400];
        TimeSpan[] times = [settings.WipeAfter, settings.DimAfter, settings.DarkAfter, settings.PowerOffAfter];
        Assert.Equal(expected, times.Select(time => (int)time.TotalSeconds));
    }

    [Theory]
    [InlineData("theme = blue", "theme cannot be \"blue\"")]
    [InlineData("language = xx", "language cannot be")]
    [InlineData("keyboards = us, xx", "keyboards cannot be")]
    [InlineData("keyboards =", "keyboards cannot be")]
    [InlineData("vibrate = maybe", "vibrate cannot be")]
    [InlineData("dpi = 49", "dpi cannot be")]
    [InlineData("dpi = 1e3", "dpi cannot be")]
    [InlineData("dpi = -282", "dpi cannot be")]
    [InlineData("rotate = 45", "rotate cannot be")]
    [InlineData("screen = fb0", "screen cannot be")]
    [InlineData("logo = logo.png", "logo cannot be")]
    [InlineData("wipe-after = 25h", "wipe-after cannot be")]
    [InlineData("wipe-after = 99999999999", "wipe-after cannot be")]
    [InlineData("wipe-after = m", "wipe-after cannot be")]
    [InlineData("wipe-after = 1 m", "wipe-after cannot be")]
    [InlineData("owner = a\u0007b", "owner cannot be \"a?b\"")]
    [InlineData("themes = dark", "\"themes\" is no key")]
    [InlineData("= dark", "\"\" is no key")]
    [InlineData("theme dark", "\"theme dark\" is not a key")]
    public void What_is_wrong_is_named_with_its_line_and_the_default_stays(string line, string says)
    {
        var settings = Parse("\n# two\n" + line + "\nforce-refresh = yes\n");
        Assert.StartsWith("test.conf, line 3: ", Assert.Single(faults.Sentences), StringComparison.Ordinal);
        Assert.Contains(says, faults.Sentences[0], StringComparison.Ordinal);
        AssertSame(Settings.Default with { ForceRefresh = true }, settings);
    }

    [Fact]
    public void Of_two_lines_the_last_counts_and_the_file_is_told_of_it()
    {
        Assert.Equal(ThemeName.Light, Parse("theme = high-contrast\ntheme = light\n").Theme);
        Assert.Equal("test.conf, line 2: theme stands in line 1 already; the last one counts", Assert.Single(faults.Sentences));

        // Nobody wants what they wrote over any more.
        Assert.Equal(ThemeName.Dark, Parse("theme = light\ntheme = blue\n").Theme);
    }

    [Fact]
    public void A_mark_and_carriage_returns_of_another_system_do_no_harm()
    {
        var settings = SettingsParser.ParseFile([.. "\uFEFFtheme = light\r\n\r\n\tdpi\t=\t100 \r\n"u8], Name, Settings.Default, faults);
        Assert.Empty(faults.Sentences);
        Assert.Equal((ThemeName.Light, 100), (settings.Theme, settings.Dpi));
    }

    [Fact]
    public void A_value_that_is_no_text_is_no_value()
    {
        var settings = SettingsParser.ParseFile([.. "owner = "u8, 0xFF, 0xFE, (byte)'\n'], Name, Settings.Default, faults);
        Assert.Null(settings.Owner);
        Assert.Contains("no UTF-8", Assert.Single(faults.Sentences), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_and_owners_of_any_length_are_bounded()
    {
        Assert.Null(Parse("owner = " + new string('x', 2000)).Owner);
        Assert.Contains("longer than 1024 bytes", Assert.Single(faults.Sentences), StringComparison.Ordinal);
        Assert.Null(Parse("owner = " + new string('x', 201)).Owner);
        Assert.Equal(2, faults.Sentences.Count);
        Assert.NotNull(Parse("owner = " + new string('x', 200)).Owner);
    }

    /// <summary>Junk in, defaults out, and a log that it cannot fill.</summary>
    [Fact]
    public void A_megabyte_of_anything_is_bounded_in_what_is_read_and_said()
    {
        byte[] junk = new byte[1 << 20];
        new Random(4).NextBytes(junk);
        AssertSame(Settings.Default, SettingsParser.ParseFile(junk, Name, Settings.Default, faults));
        AssertSame(Settings.Default, SettingsParser.ParseCommandLine(junk, Settings.Default, faults));
        Assert.Equal(21, faults.Sentences.Count);
        Assert.Contains("longer than 64 KiB", faults.Sentences[0], StringComparison.Ordinal);
        Assert.EndsWith("more faults", faults.Sentences[^1], StringComparison.Ordinal);
        Assert.All(faults.Sentences, sentence => Assert.True(sentence.Length < 400 && !sentence.Any(char.IsControl), sentence));

        // What stands within the bound is read.
        string file = "theme = light\n" + new string('\n', SettingsParser.MaxLength) + "dpi = 100\n";
        var settings = Parse(file);
        Assert.Equal((ThemeName.Light, null), (settings.Theme, settings.Dpi));
    }

    [Fact]
    public void The_kernel_command_line_overrides_with_the_kernels_quotes()
    {
        const string Line =
            "BOOT_IMAGE=/vmlinuz  root=/dev/x quiet unlock-agent.theme=light \"unlock-agent.owner=If found, call 1\" "
            + "unlock_agent.wipe_after=5m unlock-agent.logo=\"/etc/a logo.png\" unlock-agentx.dpi=100 unlock-agent\n";
        var settings = CommandLine(Line, Settings.Default with { Theme = ThemeName.HighContrast });
        Assert.Empty(faults.Sentences);
        var expected = Settings.Default with
        {
            Theme = ThemeName.Light,
            Owner = "If found, call 1",
            WipeAfter = TimeSpan.FromMinutes(5),
            Logo = "/etc/a logo.png",
        };
        AssertSame(expected, settings);
    }

    [Fact]
    public void A_wrong_override_leaves_the_files_value()
    {
        var light = Settings.Default with { Theme = ThemeName.Light };
        var settings = CommandLine("unlock-agent.theme=blue unlock-agent.what=1 unlock-agent.dpi", light);
        Assert.Equal(ThemeName.Light, settings.Theme);
        Assert.Equal(3, faults.Sentences.Count);
        Assert.All(faults.Sentences, sentence => Assert.StartsWith("the kernel command line: ", sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("unlock-agent.owner=\"unclosed and on", "unclosed and on")]
    [InlineData("unlock-agent.owner=a\"b c\"d", "a\"b c\"d")]
    [InlineData("unlock-agent.owner=\"\"", null)]
    [InlineData("unlock-agent.owner=a=b", "a=b")]
    [InlineData("\"unlock-agent.owner=\"", null)]
    [InlineData("\"unlock-agent.owner=\"x", "x")]
    [InlineData("unlock-agent.owner=\"a\"b", "a\"b")]
    public void Quotes_are_taken_as_the_kernel_takes_them(string line, string? owner) =>
        Assert.Equal(owner, CommandLine(line, Settings.Default).Owner);

    [Theory]
    [InlineData("de_AT.UTF-8", "de")]
    [InlineData("zh_CN.UTF-8", "zh_CN")]
    [InlineData("zh", "zh_CN")]
    [InlineData("sv", "sv")]
    [InlineData("el_GR@euro", "el")]
    [InlineData("C.UTF-8", "en")]
    [InlineData("POSIX", "en")]
    [InlineData("", "en")]
    [InlineData(null, "en")]
    public void A_locale_means_a_language(string? locale, string language) => Assert.Equal(language, Locale.ToLanguage(locale));

    [Fact]
    public void The_language_is_that_of_the_file_then_the_environment_then_the_images_locale()
    {
        string root = Directory.CreateTempSubdirectory("settings").FullName;
        try
        {
            Directory.CreateDirectory(root + "/etc/default");
            Directory.CreateDirectory(root + "/proc");
            Assert.Equal("en", Read(root, null).Language);
            File.WriteAllText(root + "/etc/default/locale", "#  File generated by update-locale\nLANG=\"pl_PL.UTF-8\"\n");
            Assert.Equal("pl", Read(root, null).Language);
            File.WriteAllText(root + "/etc/locale.conf", "LANG=de_DE.UTF-8\nLC_MESSAGES=it_IT.UTF-8\n");
            Assert.Equal("it", Read(root, null).Language);
            Assert.Equal("fr", Read(root, "fr_FR.UTF-8").Language);
            File.WriteAllText(root + "/etc/unlock-agent.conf", "language = ru\n");
            Assert.Equal("ru", Read(root, "fr_FR.UTF-8").Language);
            File.WriteAllText(root + "/proc/cmdline", "unlock-agent.language=ja\n");
            Assert.Equal(("ja", "ja"), (Read(root, null).Language, Read(root, null).FirstChoices.Language));
            Assert.Equal("ru", SettingsReader.Read(root, withCommandLine: false, _ => null).Language);

            File.WriteAllBytes(root + "/etc/unlock-agent.conf", new byte[1 << 20]);
            Assert.Contains("longer than 64 KiB", Read(root, null).Faults[0], StringComparison.Ordinal);
            File.Delete(root + "/etc/unlock-agent.conf");
            Directory.CreateDirectory(root + "/etc/unlock-agent.conf");
            Assert.Contains("cannot be read", Assert.Single(Read(root, null).Faults), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void The_images_check_warns_of_every_fault_and_of_a_picture_that_is_missing()
    {
        string root = Directory.CreateTempSubdirectory("settings").FullName;
        try
        {
            Directory.CreateDirectory(root + "/etc");
            File.WriteAllText(root + "/etc/unlock-agent.conf", "logo = /etc/logo.png\ntheme = blue\n");
            const string Theme =
                "/etc/unlock-agent.conf, line 2: theme cannot be \"blue\" (dark, light or high-contrast); the default is used";
            var warnings = Shell.ImageCheck.ConfigurationWarnings(root);
            Assert.Equal((2, Theme), (warnings.Count, warnings[0]));
            Assert.Contains("/etc/logo.png cannot be read", warnings[1], StringComparison.Ordinal);
            File.WriteAllText(root + "/etc/logo.png", "no picture");
            Assert.Contains("/etc/logo.png is no PNG picture", Shell.ImageCheck.ConfigurationWarnings(root)[1], StringComparison.Ordinal);

            // The smallest PNG that there is: one pixel.
            File.WriteAllBytes(root + "/etc/logo.png", Convert.FromBase64String(
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
            Assert.Equal([Theme], Shell.ImageCheck.ConfigurationWarnings(root));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static Configured Read(string root, string? lang) =>
        SettingsReader.Read(root, withCommandLine: true, variable => variable == "LANG" ? lang : null);

    private static void AssertSame(Settings expected, Settings actual)
    {
        Assert.Equal(expected.Keyboards, actual.Keyboards.AsEnumerable());
        Assert.Equal(expected, actual with { Keyboards = expected.Keyboards });
    }

    private Settings Parse(string file) => SettingsParser.ParseFile(Encoding.UTF8.GetBytes(file), Name, Settings.Default, faults);

    private Settings CommandLine(string line, Settings start) =>
        SettingsParser.ParseCommandLine(Encoding.UTF8.GetBytes(line), start, faults);
}
