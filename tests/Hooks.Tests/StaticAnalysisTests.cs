// SPDX-License-Identifier: GPL-3.0-or-later
//
// Static analysis over what the C# analyzers do not see: every C file of the repository under gcc's analyzer, with conversions too
// where the file is shipped; and no rule of the C# analyzers is turned off without a reason beside it.

using System.Text.RegularExpressions;

namespace Hooks.Tests;

public sealed class StaticAnalysisTests
{
    private static readonly string[] Strict = ["-O1", "-fanalyzer", "-Wall", "-Wextra", "-Werror", "-c", "-o", "/dev/null"];

    private static readonly Regex Attribute = new(@"SuppressMessage\((?<body>(?:[^()""]|""[^""]*"")*)\)", RegexOptions.Singleline);

    private static readonly Regex Justified = new(@"Justification\s*=\s*""[^""]{10,}""");

    private static readonly Regex Pragma = new(@"^\s*#pragma warning disable(?<rest>.*)$", RegexOptions.Multiline);

    public static TheoryData<string> Sources => [.. Files("*.c")];

    [Theory]
    [MemberData(nameof(Sources))]
    public void The_C_compilers_analyzer_is_content(string source)
    {
        string[] conversions = source.StartsWith("initramfs-hooks/", StringComparison.Ordinal) ? ["-Wconversion"] : [];

        var outcome = Sandbox.Run(["gcc", .. Strict, .. conversions, Path.Combine(Sandbox.Repository, source)]);

        Assert.Equal("", outcome.Errors);
        Assert.Equal(0, outcome.Status);
    }

    [Fact]
    public void The_C_compilers_analyzer_finds_a_second_free()
    {
        using var sandbox = new Sandbox();
        var source = sandbox.WriteFile("twice.c", "#include <stdlib.h>\nvoid f(void *p);\nvoid f(void *p) { free(p); free(p); }\n");

        Assert.Contains("-Werror=analyzer-double-free", Sandbox.Run(["gcc", .. Strict, source]).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_suppression_in_the_code_says_why()
    {
        var texts = Files("*.cs").ToDictionary(path => path, path => File.ReadAllText(Path.Combine(Sandbox.Repository, path)));

        Assert.Empty(texts.SelectMany(file => Unexplained(file.Value).Select(what => $"{file.Key}: {what}")));
        Assert.Contains(texts.Values, text => Attribute.IsMatch(text));
    }

    [Theory]
    [InlineData("[Suppress" + "Message(\"Design\", \"CA1000\")]")]
    [InlineData("[Suppress" + "Message(\"Design\", \"CA1000\", Justification = \"\")]")]
    [InlineData("#pragma" + " warning disable CA1000")]
    public void A_suppression_without_a_reason_is_found(string code) => Assert.Single(Unexplained(code));

    [Fact]
    public void Every_rule_that_is_off_for_a_folder_has_a_comment_above_its_group()
    {
        var lines = File.ReadAllLines(Path.Combine(Sandbox.Repository, ".editorconfig"));
        var off = Enumerable.Range(1, lines.Length - 1).Where(i => IsOff(lines[i])).ToList();

        Assert.NotEmpty(off);
        Assert.Empty(off.Where(i => !IsOff(lines[i - 1]) && !lines[i - 1].StartsWith("# ", StringComparison.Ordinal)).Select(i => lines[i]));
    }

    private static bool IsOff(string line) => Regex.IsMatch(line, @"^dotnet_diagnostic\..*severity\s*=\s*none");

    private static IEnumerable<string> Unexplained(string code) =>
        Attribute.Matches(code).Where(match => !Justified.IsMatch(match.Value)).Select(match => match.Value)
            .Concat(Pragma.Matches(code).Where(match => !match.Groups["rest"].Value.Contains("//", StringComparison.Ordinal))
                .Select(match => match.Value.Trim()));

    private static string[] Files(string pattern) =>
    [
        .. new[] { "src", "tests", "bench", "initramfs-hooks" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Sandbox.Repository, folder), pattern, SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Sandbox.Repository, path))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "out")),
    ];
}
