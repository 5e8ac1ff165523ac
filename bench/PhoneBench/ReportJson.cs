// SPDX-License-Identifier: GPL-3.0-or-later
//
// phone.json: every figure of every boot, what the tables make of them, and the bytes by part; read again for tables and a chart of
// what was measured before.

using System.Text.Json;
using EmulatedPhone;

namespace PhoneBench;

internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>A boot as the file has it.</summary>
    private sealed record Boot(
        int Round, string Contender, string Suite, IReadOnlyDictionary<string, double>? Figures, IReadOnlyList<double>? Presses, string? Failure);

    private sealed record Value(string Row, string Unit, string Contender, string Suite, double Median, double Least, double Most);

    private sealed record Goal(string Text, string? Unit, double Wanted, double? Measured, bool? Reached);

    private sealed record Whole(
        string Clock, IReadOnlyList<Goal> Targets, IReadOnlyList<Value> Table, IReadOnlyDictionary<string, IReadOnlyList<ImagePart>> Parts, IReadOnlyList<Boot> Boots);

    public static string Write(Results results, IReadOnlyDictionary<string, IReadOnlyList<ImagePart>> parts) => JsonSerializer.Serialize(
        new Whole(
            "the guest's, one instruction counted as one nanosecond (QEMU -icount shift=0)",
            [.. Target.Of(results).Select(t => new Goal(t.Text, t.Unit is { } unit ? Table.NameOf(unit) : null, t.Wanted, t.Value?.Median, t.IsReached))],
            [.. Row.All.SelectMany(row => results.Contenders.SelectMany(contender => ValuesOf(results, row, contender)))],
            parts,
            [
                .. results.Outcomes.Select(o => new Boot(
                    o.Round, o.Contender.Name, o.Contender.Suite, o.Measured?.Figures, o.Measured?.Presses, o.Failure)),
            ]),
        Options);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="json">The file's text.</param>
    /// <param name="known">Contenders; boots of others are left out.</param>
    public static (Results Results, IReadOnlyDictionary<string, IReadOnlyList<ImagePart>> Parts) Read(string json, IReadOnlyList<Contender> known)
    {
        Whole whole = JsonSerializer.Deserialize<Whole>(json, Options)!;
        IEnumerable<Outcome> outcomes =
            from boot in whole.Boots
            from contender in known
            where contender.Name == boot.Contender && contender.Suite == boot.Suite
            select new Outcome(
                boot.Round, contender, boot.Figures is { } figures ? new Measured(contender, figures, boot.Presses ?? []) : null, boot.Failure);
        return (new Results([.. outcomes]), whole.Parts);
    }

    private static IEnumerable<Value> ValuesOf(Results results, Row row, Contender contender) =>
        results.SpreadOf(row, contender) is { } spread
            ? [new Value(row.Id, row.Unit == Unit.Megabytes ? "bytes" : Table.NameOf(row.Unit), contender.Name, contender.Suite, spread.Median, spread.Least, spread.Most)]
            : [];
}
