// SPDX-License-Identifier: GPL-3.0-or-later
//
// What came of all boots, and what is read out of it: a row's values, and ratios of two contenders in the same round. Pure.

namespace PhoneBench;

/// <summary>What came of a contender's boot in a round: figures, or the reason why there are none.</summary>
/// <param name="Round">From 1.</param>
internal sealed record Outcome(int Round, Contender Contender, Measured? Measured, string? Failure);

/// <summary>Where it was measured, in the order of rounds.</summary>
internal sealed class Results(IReadOnlyList<Outcome> outcomes)
{
    public const string Agent = "unlock-agent", Baseline = "no unlocker", Prompt = "askpass";

    public IReadOnlyList<Outcome> Outcomes { get; } = [.. outcomes.OrderBy(outcome => outcome.Round)];

    /// <summary>Debians and who was booted in each, the baseline first, then the agent and the plain prompt.</summary>
    public IReadOnlyList<Contender> Contenders =>
        [.. Outcomes.Select(outcome => outcome.Contender).DistinctBy(contender => contender.Label).OrderBy(c => c.Suite).ThenBy(Place)];

    public IEnumerable<string> Suites => Contenders.Select(contender => contender.Suite).Distinct();

    public int Rounds => Outcomes.Select(outcome => outcome.Round).DefaultIfEmpty().Max();

    /// <summary>Somebody's failures; none where all of its boots were measured.</summary>
    public IReadOnlyList<Outcome> FailuresOf(Contender contender) => [.. OutcomesOf(contender).Where(outcome => outcome.Measured is null)];

    public Contender? Find(string name, string suite) => Contenders.FirstOrDefault(c => c.Name == name && c.Suite == suite);

    /// <summary>A row's value in each round in which there is one.</summary>
    public IReadOnlyDictionary<int, double> Values(Row row, Contender contender) =>
        OutcomesOf(contender)
            .Where(outcome => outcome.Measured is not null)
            .Select(outcome => (outcome.Round, Value: row.Of(outcome.Measured!, BaselineOf(outcome))))
            .Where(value => value.Value is not null)
            .ToDictionary(value => value.Round, value => value.Value!.Value);

    /// <summary>The spread of a row's values; what is counted over presses has the middle of all presses of all rounds.</summary>
    public Spread? SpreadOf(Row row, Contender contender)
    {
        Spread? spread = Statistics.SpreadOf([.. Values(row, contender).Values]);
        double[] presses = [.. OutcomesOf(contender).SelectMany(outcome => outcome.Measured?.Presses ?? [])];
        return spread is { } found && row.OfPresses is { } pooled && presses.Length > 0 ? found with { Median = pooled(presses) } : spread;
    }

    /// <summary>The spread of one's value as a ratio to another's in the same round; null where there is none.</summary>
    public Spread? RatioOf(Row row, Contender one, Contender other) => Compare(row, one, row, other, (a, b) => a / b);

    /// <summary>The same for two rows.</summary>
    public Spread? RatioOf(Row row, Contender one, Row otherRow, Contender other) => Compare(row, one, otherRow, other, (a, b) => a / b);

    /// <summary>The spread of one's value less another's in the same round; null where there is none.</summary>
    public Spread? DifferenceOf(Row row, Contender one, Contender other) => Compare(row, one, row, other, (a, b) => a - b);

    private static int Place(Contender contender) => contender.Name switch { Baseline => 0, Agent => 1, Prompt => 2, _ => 3 };

    private Spread? Compare(Row row, Contender one, Row otherRow, Contender other, Func<double, double, double> compare)
    {
        IReadOnlyDictionary<int, double> ones = Values(row, one), others = Values(otherRow, other);
        return Statistics.SpreadOf([.. ones.Keys.Where(others.ContainsKey).Select(round => compare(ones[round], others[round])).Where(double.IsFinite)]);
    }

    private IEnumerable<Outcome> OutcomesOf(Contender contender) => Outcomes.Where(outcome => outcome.Contender.Label == contender.Label);

    private Measured? BaselineOf(Outcome of) =>
        Outcomes.FirstOrDefault(o => o.Round == of.Round && o.Contender.Suite == of.Contender.Suite && o.Contender.IsBaseline)?.Measured;
}
