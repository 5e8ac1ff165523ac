// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of faults in the emulated phone, out/faults/phone.md: a line for each cell of the matrix, scene by scene.

using EmulatedPhone;

namespace Boot.Tests.Faults;

internal static class FaultTable
{
    /// <summary>The result of a cell in which all came as it must.</summary>
    public const string AsExpected = "as expected";

    private const string Head =
        "| scene | stage | fault | expected | PIN tries before/after | VERIFYs | result |\n|---|---|---|---|---|---|---|\n";

    private static readonly Lock Writing = new();

    /// <summary>Puts a scene's lines into the table, in the place of those that an earlier run left.</summary>
    /// <param name="scene">Its name, the first column.</param>
    /// <param name="lines">The other columns, with bars between them.</param>
    public static void Write(string scene, IReadOnlyList<string> lines)
    {
        lock (Writing)
        {
            string path = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Out, "faults")).FullName, "phone.md");
            string[] old = File.Exists(path) ? File.ReadAllLines(path) : [];
            IEnumerable<string> others = old.Where(line =>
                line.StartsWith("| ", StringComparison.Ordinal)
                && !line.StartsWith("| scene |", StringComparison.Ordinal)
                && !line.StartsWith($"| {scene} |", StringComparison.Ordinal));
            IEnumerable<string> mine = lines.Select(line => $"| {scene} | {line} |");
            File.WriteAllText(path, Text([.. others, .. mine]));
        }
    }

    /// <summary>The page, with the sum that ./build.sh faults adds up.</summary>
    /// <param name="rows">A line for each cell.</param>
    public static string Text(IReadOnlyCollection<string> rows)
    {
        int failed = rows.Count(row => !row.EndsWith($"| {AsExpected} |", StringComparison.Ordinal));
        return $"# Faults in the emulated phone\n\n{rows.Count} cells, {failed} failed\n\n{Head}" + string.Concat(rows.Select(row => row + "\n"));
    }
}
