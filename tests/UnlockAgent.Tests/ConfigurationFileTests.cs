// SPDX-License-Identifier: GPL-3.0-or-later
// The file that is installed, its page in docs/ and the parser say the same.
using System.Text;
using System.Text.RegularExpressions;
using UnlockAgent.Configuration;

namespace UnlockAgent.Tests;

public sealed partial class ConfigurationFileTests
{
    private static readonly string Installed = File.ReadAllText(Path.Combine(Repository.Root, "initramfs-hooks", "unlock-agent.conf"));
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));

    [Fact]
    public void The_installed_file_is_all_comment_and_its_values_are_the_defaults()
    {
        Assert.All(Installed.Split('\n'), line => Assert.True(line.Length == 0 || line[0] == '#', line));
        string[] lines = [.. Installed.Split('\n').Where(line => KeyLine().IsMatch(line)).Select(line => line[1..])];
        Assert.Equal(SettingKey.All.Select(key => key.Name), lines.Select(line => line.Split('=')[0].Trim()));
        Assert.Equal(SettingKey.All.Select(key => key.Default), lines.Select(line => line.Split('=', 2)[1].Trim()));
        AssertDefault(string.Join('\n', lines));
    }

    [Fact]
    public void The_page_has_each_key_with_its_default_and_an_example_that_changes_it()
    {
        var sections = Page.Split("\n### ")[1..].ToDictionary(section => section.Split('`')[1]);
        Assert.Equal(SettingKey.All.Select(key => key.Name).Order(StringComparer.Ordinal), sections.Keys.Order(StringComparer.Ordinal));
        foreach (var key in SettingKey.All)
        {
            string section = sections[key.Name];
            string assigned = $"Default: `{key.Name} ={(key.Default.Length == 0 ? string.Empty : " " + key.Default)}`";
            Assert.Contains(assigned + "\n", section, StringComparison.Ordinal);
            AssertDefault(key.Name + " = " + key.Default);

            string example = Example().Match(section).Groups[1].Value;
            var faults = new SettingFaults();
            var settings = SettingsParser.ParseFile(Encoding.UTF8.GetBytes(example), "example", Settings.Default, faults);
            Assert.Empty(faults.Sentences);
            Assert.NotEqual(Settings.Default, settings);
        }
    }

    [Fact]
    public void The_page_and_the_file_name_every_language_keyboard_and_theme()
    {
        foreach (string code in Codes.Languages.Concat(Codes.Keyboards).Concat(Codes.Themes))
        {
            Assert.Contains("`" + code + "`", Page, StringComparison.Ordinal);
            Assert.Matches(@"[ :]" + Regex.Escape(code) + "[ ,.]", Installed);
        }
    }

    [Fact]
    public void The_manual_page_has_each_key_in_the_file_s_order_with_its_default_and_the_page_s_example()
    {
        string[] sections = File.ReadAllText(Path.Combine(Repository.Root, "docs", "man", "unlock-agent.conf.5")).Split("\n.It Ic ")[1..];
        Assert.Equal(SettingKey.All.Select(key => key.Name), sections.Select(section => section.Split('\n')[0]));
        foreach (var (key, section) in SettingKey.All.Zip(sections))
        {
            Assert.Contains(key.Default.Length == 0 ? "\nDefault: nothing.\n" : $"\nDefault:\n.Dl {key.Default}\n", section, StringComparison.Ordinal);
            Assert.Contains($"Example: `{section.Split("\nExample:\n.Dl ")[1].Split('\n')[0]}`\n", Page, StringComparison.Ordinal);
        }

        string words = string.Join('\n', sections);
        Assert.All(Codes.Languages.Concat(Codes.Keyboards).Concat(Codes.Themes), code => Assert.Matches($@"\n\.Ql {Regex.Escape(code)}( |\n)", words));
    }

    private static void AssertDefault(string file)
    {
        var faults = new SettingFaults();
        var settings = SettingsParser.ParseFile(Encoding.UTF8.GetBytes(file), "default", Settings.Default, faults);
        Assert.Empty(faults.Sentences);
        Assert.Equal(Settings.Default.Keyboards, settings.Keyboards.AsEnumerable());
        Assert.Equal(Settings.Default, settings with { Keyboards = Settings.Default.Keyboards });
    }

    [GeneratedRegex("^#[a-z-]+ =( |$)")]
    private static partial Regex KeyLine();

    [GeneratedRegex("Example: `([^`]*)`")]
    private static partial Regex Example();
}
