// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is left in out/bench: phone.md, phone.json, phone.png.

using EmulatedPhone;

namespace PhoneBench;

internal static class Report
{
    public static string Folder => Directory.CreateDirectory(Path.Combine(Repository.Out, "bench")).FullName;

    /// <summary>Writes all three.</summary>
    /// <returns>The tables, for a terminal.</returns>
    public static string Write(Results results, IReadOnlyDictionary<string, IReadOnlyList<ImagePart>> parts)
    {
        string tables = Tables(results, parts);
        File.WriteAllText(Path.Combine(Folder, "phone.md"), tables);
        File.WriteAllText(Path.Combine(Folder, "phone.json"), ReportJson.Write(results, parts));
        File.WriteAllBytes(Path.Combine(Folder, "phone.png"), Chart.Draw(results));
        return tables;
    }

    /// <summary>What an earlier run left.</summary>
    public static (Results Results, IReadOnlyDictionary<string, IReadOnlyList<ImagePart>> Parts) Read() =>
        ReportJson.Read(File.ReadAllText(Path.Combine(Folder, "phone.json")), Contender.All);

    /// <summary>All tables with what must be known to read them.</summary>
    public static string Tables(Results results, IReadOnlyDictionary<string, IReadOnlyList<ImagePart>> parts)
    {
        string failures = Table.Failures(results);
        return $"""
            # Beside its peers, in the emulated phone

            {results.Rounds} round{(results.Rounds == 1 ? "" : "s")}, each contender booted once in each, in turn. Median (least–most). Times are those of the guest's
            clock, for which an instruction is a nanosecond: only their ratios mean anything; the card's own time is the host's, which the guest sleeps
            through. MB are millions of bytes. {Table.None}: the contender has no such figure. In brackets: the Debian. What is added is counted from
            the boot without an unlocker of the same Debian and round.

            {Table.Figures(results)}
            {(failures.Length > 0 ? $"Boots that failed:\n\n{failures}\n" : "")}## Ratios

            The agent's figure to the other's in the same round.

            {Table.Ratios(results)}
            ## Targets

            By the median over the rounds.

            {Table.Targets(results)}
            {(parts.Count > 0 ? $"## Bytes by part\n\nWhat the agent's image holds beyond the one with askpass, each part compressed by itself as mkinitramfs does (zstd -9).\n\n{Table.Parts(parts)}" : "")}
            """.TrimEnd() + "\n";
    }
}
