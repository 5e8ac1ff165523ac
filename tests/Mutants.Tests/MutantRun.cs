// SPDX-License-Identifier: GPL-3.0-or-later
// How a run of tests went that a mutant was made in: tests that fail notice it, and so does a program that breaks; one that only
// takes long does not, since a busy machine looks the same.
using System.Text.RegularExpressions;

namespace Mutants.Tests;

/// <summary>A run of tests.</summary>
/// <param name="Total">How many ran, by the program's own sum; 0 where it did not come to it.</param>
/// <param name="Failed">How many failed; 1 at least where the program ended by itself, badly, and without saying so.</param>
/// <param name="IsTimedOut">Whether it did not end in its time, and no test had failed until then.</param>
/// <param name="Output">What it said.</param>
public sealed partial record MutantRun(int Total, int Failed, bool IsTimedOut, string Output)
{
    // timeout(1) ends so: after SIGTERM, and after SIGKILL.
    private const int TimedOut = 124, Killed = 137;

    /// <summary>The first test that failed; null: none is named.</summary>
    public string? FirstFailed => FailedTest().Match(Output) is { Success: true } test ? test.Groups[1].Value : null;

    /// <summary>Reads what timeout(1) and the program of tests left.</summary>
    /// <param name="status">The exit status.</param>
    /// <param name="output">Both streams.</param>
    public static MutantRun Of(int status, string output)
    {
        string sum = output.Split('\n').LastOrDefault(line => line.Contains("Total:", StringComparison.Ordinal)) ?? "";
        int Number(string name) => sum.Split(name + ": ") is [_, var rest, ..] ? int.Parse(rest.Split(',')[0]) : 0;
        int failed = Math.Max(Number("Failed") + Number("Errors"), FailedTest().Count(output));
        bool isLate = status is TimedOut or Killed;
        return new(Number("Total"), failed == 0 && status != 0 && !isLate ? 1 : failed, isLate && failed == 0, output);
    }

    [GeneratedRegex(@"([\w.]+)(\([^\n]*\))? \[FAIL\]")]
    private static partial Regex FailedTest();
}
