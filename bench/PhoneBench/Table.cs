// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tables of text, in Markdown that also reads well as it stands. Pure.

using System.Globalization;
using System.Text;
using EmulatedPhone;

namespace PhoneBench;

internal static class Table
{
    /// <summary>Where a contender has no such figure.</summary>
    public const string None = "–";

    /// <summary>All figures: median (least–most), contenders grouped by Debian.</summary>
    public static string Figures(Results results)
    {
        IReadOnlyList<Contender> contenders = [.. results.Contenders.Where(contender => !contender.IsBaseline)];
        string[] Line(Row row) =>
            [$"{row.Title}, {NameOf(row.Unit)}", .. contenders.Select(contender => Cell(row.Unit, results.SpreadOf(row, contender)))];
        IEnumerable<string[]> failures = contenders.Any(contender => results.FailuresOf(contender).Count > 0)
            ? [["boots that failed", .. contenders.Select(contender => results.FailuresOf(contender) is { Count: > 0 } failed ? $"{failed.Count} of {results.Rounds}" : "0")]]
            : [];
        return Lines([["", .. contenders.Select(Heading)], .. Row.All.Select(Line), .. failures]);
    }

    /// <summary>The agent's figures as ratios to each contender of the same Debian.</summary>
    public static string Ratios(Results results)
    {
        IReadOnlyList<Contender> others = [.. results.Contenders.Where(c => !c.IsBaseline && c.Name != Results.Agent && results.Find(Results.Agent, c.Suite) is not null)];
        string[] Line(Row row) =>
            [row.Title, .. others.Select(other => Ratio(results.RatioOf(row, results.Find(Results.Agent, other.Suite)!, other)))];
        return Lines([["unlock-agent to", .. others.Select(Heading)], .. Row.All.Select(Line)]);
    }

    /// <summary>The targets and whether they are reached.</summary>
    public static string Targets(Results results) => Lines(
        [
            ["unlock-agent", "wanted", "measured", ""],
            .. Target.Of(results).Select(target => (string[])
            [
                target.Text,
                "≤ " + target.Show(target.Wanted),
                target.Value is { } value ? target.Show(value.Median) : None,
                target.IsReached switch { true => "reached", false => "**not reached**", null => "not measured" },
            ]),
        ]);

    /// <summary>What the bytes of the agent's image go to, each part compressed by itself.</summary>
    public static string Parts(IReadOnlyDictionary<string, IReadOnlyList<ImagePart>> parts)
    {
        string[] names = [.. parts.Values.SelectMany(list => list.Select(part => part.Name)).Distinct()];
        string Cell(string suite, string name) => parts[suite].FirstOrDefault(part => part.Name == name) is { } part ? Number(Unit.Megabytes, part.Bytes) : None;
        return Lines(
            [
                ["MB", .. parts.Keys.Select(suite => $"Debian {Target.Debian(suite)}")],
                .. names.Select(name => (string[])[name, .. parts.Keys.Select(suite => Cell(suite, name))]),
                ["sum of parts", .. parts.Values.Select(list => Number(Unit.Megabytes, list.Sum(part => part.Bytes)))],
                ["the fonts, of the agent", .. parts.Values.Select(list => Number(Unit.Megabytes, list.Sum(part => part.FontBytes)))],
            ]);
    }

    /// <summary>Why boots failed; empty where none did.</summary>
    public static string Failures(Results results) => string.Concat(
        results.Outcomes.Where(o => o.Failure is not null).Select(o => $"- {o.Contender.Label}, round {o.Round}: {o.Failure!.Split('\n')[0]}\n"));

    /// <summary>A value of a unit with three figures or so.</summary>
    public static string Number(Unit unit, double value)
    {
        double shown = unit == Unit.Megabytes ? value / 1e6 : value;
        string format = unit == Unit.Count || shown == 0 ? "0" : Math.Abs(shown) switch { >= 99.95 => "0", >= 9.995 => "0.0", _ => "0.00" };
        return shown.ToString(format, CultureInfo.InvariantCulture);
    }

    public static string NameOf(Unit unit) => unit switch { Unit.Milliseconds => "ms", Unit.Megabytes => "MB", Unit.PerSecond => "/s", _ => "number" };

    /// <summary>A table whose first line is its heading.</summary>
    public static string Lines(IReadOnlyList<IReadOnlyList<string>> lines)
    {
        int[] widths = [.. Enumerable.Range(0, lines[0].Count).Select(column => lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        for (int i = 0; i < lines.Count; i++)
        {
            text.Append("| ").AppendJoin(" | ", lines[i].Select((cell, column) => cell.PadRight(widths[column]))).Append(" |\n");
            if (i == 0)
            {
                text.Append('|').AppendJoin('|', widths.Select(width => new string('-', width + 2))).Append("|\n");
            }
        }

        return text.ToString();
    }

    private static string Heading(Contender contender) => $"{contender.Name} ({Target.Debian(contender.Suite)})";

    private static string Cell(Unit unit, Spread? spread) =>
        spread is { } s ? WithEnds(Number(unit, s.Median), Number(unit, s.Least), Number(unit, s.Most)) : None;

    private static string Ratio(Spread? spread)
    {
        static string Show(double ratio) => ratio.ToString(Math.Abs(ratio) < 0.0995 ? "0.000" : "0.00", CultureInfo.InvariantCulture);
        return spread is { } s ? WithEnds(Show(s.Median), Show(s.Least), Show(s.Most)) : None;
    }

    private static string WithEnds(string median, string least, string most) => least == median && most == median ? median : $"{median} ({least}–{most})";
}
