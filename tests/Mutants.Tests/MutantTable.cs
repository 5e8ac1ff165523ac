// SPDX-License-Identifier: GPL-3.0-or-later
// A line for each mutant that was made, in out/mutants/table: build.sh joins them.
using System.Globalization;
using System.Text.RegularExpressions;

namespace Mutants.Tests;

internal static partial class MutantTable
{
    private static readonly string folder = Path.Combine(MutatedTree.Root, "out", "mutants", "table");

    /// <summary>Writes the line of one.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="mutant">What it is.</param>
    /// <param name="failed">How many tests failed.</param>
    /// <param name="output">What the tests said.</param>
    public static void Add(int number, Mutant mutant, int failed, string output)
    {
        Match test = FailedTest().Match(output);
        string killer = failed == 0 ? "**nothing**" : test.Success ? test.Groups[1].Value : "the tests' end";
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, number.ToString("D3", CultureInfo.InvariantCulture)),
            string.Create(CultureInfo.InvariantCulture, $"| {number} | {mutant.Decision} | {mutant.Harm} | {mutant.File} | {killer} |\n"));
    }

    [GeneratedRegex(@"([\w.]+)(\([^\n]*\))? \[FAIL\]")]
    private static partial Regex FailedTest();
}
