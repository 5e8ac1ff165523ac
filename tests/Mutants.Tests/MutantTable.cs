// SPDX-License-Identifier: GPL-3.0-or-later
// A line for each mutant that was made, in out/mutants/table: build.sh joins them.
using System.Globalization;

namespace Mutants.Tests;

internal static class MutantTable
{
    private static readonly string folder = Path.Combine(MutatedTree.Root, "out", "mutants", "table");

    /// <summary>Writes the line of one.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="mutant">What it is.</param>
    /// <param name="run">How its tests went.</param>
    public static void Add(int number, Mutant mutant, MutantRun run)
    {
        string killer = run.Failed == 0 ? "**nothing**" : run.FirstFailed ?? "the tests' end";
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, number.ToString("D3", CultureInfo.InvariantCulture)),
            string.Create(CultureInfo.InvariantCulture, $"| {number} | {mutant.Decision} | {mutant.Harm} | {mutant.File} | {killer} |\n"));
    }
}
