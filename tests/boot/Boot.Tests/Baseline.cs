// SPDX-License-Identifier: GPL-3.0-or-later
//
// The gate of figures that are the same each time: figures.tsv has what each was, and none may grow by more than a few parts in a hundred.

using System.Globalization;
using EmulatedPhone;

namespace Boot.Tests;

/// <summary>A recorded figure.</summary>
/// <param name="Name">What was counted.</param>
/// <param name="Suite">The Debian, "any", or a Debian and its kernel's release with a blank between them.</param>
/// <param name="Value">What it was.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Slack">How far a figure may be from its record, as a share of it.</param>
/// <param name="Why">Why it is the same each time, or how far it is not.</param>
internal sealed record Baseline(string Name, string Suite, double Value, string Unit, double Slack, string Why)
{
    private const string File = "tests/boot/Boot.Tests/figures.tsv";

    private static readonly Lazy<IReadOnlyList<Baseline>> Recorded =
        new(() => Parse(System.IO.File.ReadAllText(Path.Combine(Repository.Root, File))));

    /// <summary>Fails when a figure is more above its record than that allows; asks for a new record when it is as far below.</summary>
    /// <param name="name">As figures.tsv has it.</param>
    /// <param name="suite">The Debian that it was measured in.</param>
    /// <param name="measured">What it is now.</param>
    public static void Check(string name, string suite, double measured) => Check(Find(Recorded.Value, name, suite), suite, measured);

    /// <summary>The same for instructions of which some are the kernel's: with another kernel than the recorded one it only writes the figure down.</summary>
    /// <param name="kernel">Its release, as uname -r has it.</param>
    public static void Check(string name, string suite, string kernel, double measured)
    {
        if (FindWithKernel(Recorded.Value, name, suite, kernel) is { } recorded)
        {
            Check(recorded, suite, measured);
        }
        else
        {
            Figures.Write($"{suite}: {name}: {measured:0.##}, not held to its record, which is another kernel's than {kernel}: renew it");
        }
    }

    /// <summary>Reads a file of records: lines of six fields with tabs between them; '#' begins a comment.</summary>
    /// <exception cref="FormatException">A line is no record, or is there twice.</exception>
    internal static IReadOnlyList<Baseline> Parse(string text)
    {
        Baseline[] all = [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(ParseLine)];
        return all.DistinctBy(record => (record.Name, record.Suite)).Count() == all.Length
            ? all
            : throw new FormatException($"{File} records a figure twice");
    }

    /// <summary>The record of a figure in a Debian.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    internal static Baseline Find(IReadOnlyList<Baseline> records, string name, string suite) =>
        records.FirstOrDefault(record => record.Name == name && (record.Suite == suite || record.Suite == "any"))
        ?? throw new FormatException($"{File} has no record of \"{name}\" for {suite}");

    /// <summary>The record of a figure in a Debian with a kernel; null where it was recorded with another one.</summary>
    /// <exception cref="FormatException">There is none with any kernel.</exception>
    internal static Baseline? FindWithKernel(IReadOnlyList<Baseline> records, string name, string suite, string kernel)
    {
        Baseline[] ofSuite = [.. records.Where(record => record.Name == name && record.Suite.StartsWith(suite + " ", StringComparison.Ordinal))];
        return ofSuite.Length > 0
            ? Array.Find(ofSuite, record => record.Suite == $"{suite} {kernel}")
            : throw new FormatException($"{File} has no record of \"{name}\" for {suite} with any kernel");
    }

    /// <summary>More than the record allows.</summary>
    internal bool HasSlipped(double measured) => !(measured <= Value * (1 + Slack));

    /// <summary>So much less that the record no longer guards it.</summary>
    internal bool HasImproved(double measured) => measured < Value * (1 - Slack);

    /// <summary>What to do about a figure that has slipped.</summary>
    internal string Advice(double measured) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name} ({Suite}): {measured:0.##} {Unit} are more than {Slack:P0} above the recorded {Value:0.##}. " +
        $"Where that is worth it, write {measured:0.##} into its line of {File} and say why in the commit.");

    private static void Check(Baseline recorded, string suite, double measured)
    {
        Figures.Write($"{suite}: {recorded.Name}: {measured:0.##} {recorded.Unit}, recorded {recorded.Value:0.##}{(recorded.HasImproved(measured) ? ": renew it, it is better" : "")}");
        Assert.True(!recorded.HasSlipped(measured), recorded.Advice(measured));
    }

    private static Baseline ParseLine(string line) =>
        line.Split('\t') is [var name, var suite, var value, var unit, var slack, { Length: > 0 } why]
        && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
        && double.TryParse(slack, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent)
            ? new Baseline(name, suite, number, unit, percent / 100, why)
            : throw new FormatException($"{File}: not name, Debian, value, unit, slack and reason with tabs between them: {line}");
}
