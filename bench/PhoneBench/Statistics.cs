// SPDX-License-Identifier: GPL-3.0-or-later
//
// Medians, percentiles and spreads. Pure.

namespace PhoneBench;

/// <summary>Where values lie.</summary>
internal readonly record struct Spread(double Median, double Least, double Most);

internal static class Statistics
{
    /// <summary>The middle value; the mean of the two in the middle where there is none.</summary>
    /// <param name="values">At least one.</param>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The least value that a share of all values does not exceed.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="share">More than 0, at most 1.</param>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];

        // 0.95 of 20 is a little more than 19 in binary fractions.
        return sorted[(int)Math.Ceiling((share * sorted.Length) - 1e-9) - 1];
    }

    /// <summary>Null where there are no values.</summary>
    public static Spread? SpreadOf(IReadOnlyCollection<double> values) =>
        values.Count == 0 ? null : new Spread(Median(values), values.Min(), values.Max());
}
