// SPDX-License-Identifier: GPL-3.0-or-later
// A copy of the sources with every mutant in it, compiled once for all tests.
using System.Diagnostics;

namespace Mutants.Tests;

/// <summary>The copy, in out/mutants.</summary>
public sealed class MutatedTree
{
    private const string Variable = "MUTANT";
    private const int UsualSeconds = 240, PatientSeconds = 600;

    private static readonly string[] copied =
    [
        ".editorconfig", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "LICENSE",
        "UnlockAgent.sln", "docs", "initramfs-hooks", "packaging", "src", "tests/Directory.Build.props", "tests/CardSimulator",
        "tests/CardUnlock.Tests", "tests/UnlockAgent.Tests", "tests/FailingCalls", "tests/Framebuffer.Tests", "tests/Input.Tests",
        "tests/UnlockControl.Tests", "tests/UnlockProbe", "tests/data",
    ];

    private readonly HashSet<string> compiled = [];
    private readonly string root = Path.Combine(Root, "out", "mutants", "tree");

    public MutatedTree()
    {
        Copy();
        foreach (var file in All.Select((mutant, place) => (mutant, place + 1)).GroupBy(one => one.mutant.File))
        {
            string path = Path.Combine(root, "src", file.Key);
            File.WriteAllText(path, file.Aggregate(File.ReadAllText(path), Apply));
        }

        foreach (string project in All.Select(mutant => mutant.Project).Distinct())
        {
            File.WriteAllText(Path.Combine(root, "src", project, "MutantSwitch.cs"), Switch(project));
        }
    }

    /// <summary>The checkout that this program was built in.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every mutant; its number is its place, from 1.</summary>
    public static IReadOnlyList<Mutant> All { get; } =
        [.. IntegrityMutants.All, .. PinMutants.All, .. WipeMutants.All, .. WayInMutants.All];

    /// <summary>
    /// Runs tests of the copy; those that did not end in their time once more, with more of it, since the machine may have been busy.
    /// </summary>
    /// <param name="project">The program of tests.</param>
    /// <param name="killers">Its classes and methods, without the program's name in front.</param>
    /// <param name="mutant">The number of the one that is made; 0: none.</param>
    /// <returns>How they went.</returns>
    public MutantRun Test(string project, IReadOnlyList<string> killers, int mutant)
    {
        Compile(project);
        MutantRun first = Test(project, killers, mutant, UsualSeconds);
        return first.IsTimedOut ? Test(project, killers, mutant, PatientSeconds) : first;
    }

    /// <summary>A killer is one test, and no class of them: its name is a sentence.</summary>
    public static bool IsMethod(string killer) => killer.Contains('_', StringComparison.Ordinal);

    private MutantRun Test(string project, IEnumerable<string> killers, int mutant, int seconds)
    {
        string program = Path.Combine(root, "tests", project, "bin", "Release", "net10.0", project);
        (int status, string output) = Run(
            program,
            [
                .. killers.SelectMany(name => new[] { IsMethod(name) ? "-method" : "-class", $"{project}.{name}" }), "-trait-", "When=All",
                .. mutant == 0 ? [] : (string[])["-stopOnFail"],
            ],
            mutant,
            seconds);
        return MutantRun.Of(status, output);
    }

    private void Compile(string project)
    {
        if (compiled.Add(project))
        {
            (int status, string output) = Run(
                "dotnet",
                [
                    "build", "tests/" + project, "-c", "Release", "-v", "quiet", "-nodeReuse:false",
                    "-p:TreatWarningsAsErrors=false", "-p:WarningLevel=0", "-p:RunAnalyzers=false",
                ],
                mutant: 0,
                PatientSeconds);
            Assert.True(status == 0, output);
        }
    }

    private static string Apply(string text, (Mutant Mutant, int Number) one)
    {
        Mutant mutant = one.Mutant;
        int at = text.IndexOf(mutant.Original, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{mutant.File} lost what mutant {one.Number} changes, or another one changes it first: {mutant.Original}");
        string changed = mutant.Changed.Replace(Mutant.IsOn, $"MutantSwitch.Is({one.Number})", StringComparison.Ordinal);
        return text[..at] + changed + text[(at + mutant.Original.Length)..];
    }

    private static string Switch(string project) =>
        $$"""
        namespace {{project}};

        internal static class MutantSwitch
        {
            private static readonly string made = System.Environment.GetEnvironmentVariable("{{Variable}}") ?? "";

            public static bool Is(int number) => made == number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        """;

    private void Copy()
    {
        // What was compiled stays, and what has not changed is not compiled again.
        Directory.CreateDirectory(root);
        (int status, string output) = Run(
            "sh",
            ["-c", "tar -c -C \"$1\" --exclude=bin --exclude=obj -- $2 | tar -x -C \"$3\"", "sh", Root, string.Join(' ', copied), root],
            mutant: 0,
            UsualSeconds);
        Assert.True(status == 0, output);
    }

    private (int Status, string Output) Run(string program, IEnumerable<string> arguments, int mutant, int seconds)
    {
        var start = new ProcessStartInfo("timeout", ["-k", "5", $"{seconds}", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = root,
        };
        start.Environment[Variable] = mutant.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "UnlockAgent.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("Not inside the checkout.");
        }

        return directory.FullName;
    }
}
