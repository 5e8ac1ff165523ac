// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of faults in the emulated phone, out/faults/phone.md: a line for each cell of the matrix, scene by scene.

using EmulatedPhone;

namespace Boot.Tests.Faults;

internal static class FaultTable
{
    private const string Head =
        "# Faults in the emulated phone\n\nWritten by tests/boot/Boot.Tests/Faults.\n\n"
        + "| scene | stage | fault | expected | PIN tries before/after | VERIFYs | result |\n|---|---|---|---|---|---|---|\n";

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
            File.WriteAllText(path, Head + string.Concat(others.Concat(mine).Select(line => line + "\n")));
        }
    }
}
