// SPDX-License-Identifier: GPL-3.0-or-later
// A warning that is off says why, in the place where it is switched off.
using System.Text.RegularExpressions;

namespace Sources.Tests;

public sealed partial class SuppressionTests
{
    [Fact]
    public void Every_attribute_that_suppresses_a_warning_has_a_justification()
    {
        string[] all = [.. Found("*.cs", Attribute()).Select(match => match.Text)];
        Assert.True(all.Length > 10, "The search finds nothing.");
        Assert.All(all, text => Assert.Matches(Justified(), text));
        // What the search must not miss.
        Assert.DoesNotMatch(Justified(), "[SuppressMessage(\"Design\", \"CA1032\")]");
        Assert.DoesNotMatch(Justified(), "[SuppressMessage(\"Design\", \"CA1032\", Justification = \"\")]");
    }

    [Fact]
    public void Every_warning_that_a_line_switches_off_has_its_reason_on_that_line()
    {
        string[] all = [.. Found("*.cs", Pragma()).Select(match => match.Text)];
        Assert.NotEmpty(all);
        Assert.All(all, text => Assert.Matches("// .{15,}", text));
    }

    [Fact]
    public void Every_rule_that_is_off_has_its_reason_above_it()
    {
        int count = 0;
        foreach (string file in Checkout.Files.Where(file => Path.GetFileName(file) == ".editorconfig" || file.EndsWith(".globalconfig", StringComparison.Ordinal)))
        {
            string[] lines = File.ReadAllLines(file);
            for (int i = 1; i < lines.Length; i++)
            {
                if (Off().IsMatch(lines[i]))
                {
                    Assert.True(lines[i - 1].StartsWith("# ", StringComparison.Ordinal) && lines[i - 1].Length > 17, $"{file}:{i + 1}: {lines[i]}");
                    count++;
                }
            }
        }

        Assert.True(count > 20, "The search finds nothing.");
    }

    [Fact]
    public void Every_warning_that_a_project_leaves_out_has_its_reason_above_it()
    {
        string[] projects = [.. Checkout.Files.Where(file => Path.GetExtension(file) is ".csproj" or ".props" or ".targets" or ".proj")];
        Assert.True(projects.Length > 20, "The search finds nothing.");
        foreach (string file in projects)
        {
            string[] lines = File.ReadAllLines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                Assert.False(LeftOut().IsMatch(lines[i]) && !(i > 0 && lines[i - 1].Contains("-->", StringComparison.Ordinal)), $"{file}:{i + 1}: {lines[i]}");
            }
        }

        Assert.Matches(LeftOut(), "<NoWarn>$(NoWarn);CS1591</NoWarn>");
    }

    private static IEnumerable<(string File, string Text)> Found(string pattern, Regex what) => Checkout.Files
        .Where(file => file.EndsWith(pattern[1..], StringComparison.Ordinal) && Path.GetFileName(file) != "SuppressionTests.cs")
        .SelectMany(file => what.Matches(File.ReadAllText(file)).Select(match => (file, match.Value)));

    [GeneratedRegex(@"\[(assembly: )?(Unconditional)?SuppressMessage\([^\]]*\]")]
    private static partial Regex Attribute();

    [GeneratedRegex("Justification\\s*=\\s*\"[^\"]{15,}")]
    private static partial Regex Justified();

    [GeneratedRegex(@"#pragma warning disable.*")]
    private static partial Regex Pragma();

    [GeneratedRegex(@"severity\s*=\s*(none|silent)|generated_code\s*=\s*true")]
    private static partial Regex Off();

    [GeneratedRegex("<NoWarn|<WarningsNotAsErrors|<TreatWarningsAsErrors>false|<RunAnalyzers.*>false|<WarningLevel")]
    private static partial Regex LeftOut();
}
