// SPDX-License-Identifier: GPL-3.0-or-later
// Runs test programs once more, in copies whose assembly under test counts its lines.
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Coverage.Tests;

public sealed class CoverageTests
{
    private const double Least = 95;

    /// <summary>Classes that look at native programs only, or wait longer than they run: the lines that they add are none.</summary>
    private static readonly string[] leftOut = ["CardUnlock.Tests.MemoryTests", "CardUnlock.Tests.RequestTests"];

    // The machine is what the tests of these classes drive; the screens' and languages' are not counted here.
    private static readonly string[] machine =
    [
        "UnlockAgent.Tests.AgentMachineTests", "UnlockAgent.Tests.EntriesTests", "UnlockAgent.Tests.DialogTests", "UnlockAgent.Tests.IdleTests",
        "UnlockAgent.Tests.WalkTests", "UnlockAgent.Tests.TypingTests", "UnlockAgent.Tests.CardCareTests",
    ];

    internal static string Root { get; } = FindRoot();

    private static readonly string folder = Path.Combine(Root, "out", "coverage");

    [Fact]
    public void Tests_run_at_least_95_of_100_lines_of_input_and_machine() => Judge("Input", "UnlockAgent/Machine");

    /// <summary>Its tests wait for cards: four minutes once more.</summary>
    [Fact]
    [Trait("When", "All")]
    public void Tests_run_at_least_95_of_100_lines_of_the_card_s_part() => Judge("CardUnlock");

    private static void Judge(params string[] wanted)
    {
        Directory.CreateDirectory(folder);
        IEnumerable<string> fast = leftOut.Select(name => $"-class- {name}");
        (string Part, string Program, string Assembly, IEnumerable<string> Choice)[] runs =
        [
            ("CardUnlock", "CardUnlock.Tests", "CardUnlock", fast),
            ("Input", "Input.Tests", "Input", []),
            // A dash has no place in coverlet's names.
            ("UnlockAgent/Machine", "UnlockAgent.Tests", "unlock*", machine.Select(name => $"-class {name}")),
        ];
        // Together: most of their time they wait.
        (string Part, IReadOnlyList<SourceFile> Files)[] parts =
            [.. runs.Where(run => wanted.Contains(run.Part)).AsParallel().AsOrdered().WithDegreeOfParallelism(runs.Length).Select(one => (one.Part, Run(one.Program, one.Assembly, one.Choice)))];
        var uncovered = new StringBuilder("# Lines that no test of the default run executes\n");
        List<string> low = [];
        foreach ((string part, IReadOnlyList<SourceFile> files) in parts)
        {
            SourceFile[] own = [.. files.Where(file => file.File.StartsWith(part + "/", StringComparison.Ordinal))];
            int lines = own.Sum(file => file.Lines);
            int run = lines - own.Sum(file => file.Missed.Count);
            double percent = 100.0 * run / lines;
            string figure = string.Create(CultureInfo.InvariantCulture, $"line coverage of {part}: {percent:0.0} % ({run} of {lines} lines)");
            File.AppendAllText(Path.Combine(Root, "out", "figures.txt"), figure + "\n");
            Write(uncovered, figure, own);
            AssertComplete(part, own);
            if (!(percent >= Least))
            {
                low.Add(figure);
            }
        }

        File.WriteAllText(Path.Combine(folder, "..", $"coverage-{wanted[0]}.md"), uncovered.ToString());
        Assert.True(low.Count == 0, $"{string.Join('\n', low)}\nThe lines are in out/coverage-{wanted[0]}.md.\n{uncovered}");
    }

    /// <summary>What a report left out would be neither run nor missed.</summary>
    private static void AssertComplete(string part, SourceFile[] files)
    {
        string sources = Path.Combine(Root, "src");
        IEnumerable<string> withCode = Directory.EnumerateFiles(Path.Combine(sources, part), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Where(path => File.ReadLines(path).Any(line => line.TrimStart() is var text && (text.StartsWith("return ", StringComparison.Ordinal) || text.StartsWith("if (", StringComparison.Ordinal))))
            .Select(path => Path.GetRelativePath(sources, path));
        Assert.Empty(withCode.Except(files.Select(file => file.File)));
    }

    private static void Write(StringBuilder to, string figure, SourceFile[] files)
    {
        to.Append(CultureInfo.InvariantCulture, $"\n## {figure}\n\n");
        foreach (SourceFile file in files.Where(file => file.Missed.Count > 0))
        {
            to.Append(CultureInfo.InvariantCulture, $"- src/{file.File}: {string.Join(", ", file.Missed)}\n");
        }
    }

    private static IReadOnlyList<SourceFile> Run(string program, string assembly, IEnumerable<string> choice)
    {
        string copy = Path.Combine(folder, program);
        File.Delete(copy + ".json");
        string tasks = typeof(CoverageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "CoverletTasks").Value!;
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "msbuild", "tests/Coverage.Tests/cover.targets", "-nodeReuse:false", "-v:minimal", $"-p:TasksFile={tasks}",
            $"-p:Built={Path.Combine(Root, "tests", program, "bin", "Release", "net10.0")}", $"-p:Copy={copy}", $"-p:Program={program}",
            $"-p:Assembly={assembly}", $"-p:Choice={string.Join(' ', choice)}",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && File.Exists(copy + ".json"), output);
        return SourceFile.Read(copy + ".json");
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
