// SPDX-License-Identifier: GPL-3.0-or-later
// docs/security.md names the tests that show each defence: what it names is there, and each defence names something.
using System.Text.RegularExpressions;

namespace UnlockAgent.Tests;

public sealed partial class SecurityPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs/security.md"));

    private static readonly string Tests = string.Join(
        '\n',
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

    /// <summary>"Class" or "Class.Method" in code style, each once.</summary>
    public static TheoryData<string> Names => [.. TestName().Matches(Page).Select(match => match.Groups[1].Value).Distinct()];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_test_that_the_page_names_is_there(string name)
    {
        string[] parts = name.Split('.');
        Assert.Matches($@"\bclass {parts[0]}\b", Tests);
        if (parts.Length > 1)
        {
            Assert.Matches($@"public void {parts[1]}\(", Tests);
        }
    }

    [Fact]
    public void Every_defence_names_a_test_or_says_that_it_is_none_of_ours()
    {
        string defended = Page[Page.IndexOf("## What is defended", StringComparison.Ordinal)..Page.IndexOf("## What is not", StringComparison.Ordinal)];
        string[] sections = defended.Split("\n### ")[1..];
        Assert.True(sections.Length >= 10);
        Assert.All(sections, section => Assert.Matches("- (Shown by: `|No code of ours)", section));
    }

    [GeneratedRegex(@"`(\w+Tests(?:\.\w+)?)`")]
    private static partial Regex TestName();
}
