// SPDX-License-Identifier: GPL-3.0-or-later
using PhoneBench;

namespace Boot.Tests.Bench;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new double[] { 7 }, 7)]
    [InlineData(new double[] { 9, 1, 5 }, 5)]
    [InlineData(new double[] { 4, 1, 3, 100 }, 3.5)]
    public void The_median_is_the_middle_or_the_mean_of_the_two_in_the_middle(double[] values, double median) =>
        Assert.Equal(median, Statistics.Median(values));

    [Theory]
    [InlineData(20, 0.95, 19)]
    [InlineData(100, 0.95, 95)]
    [InlineData(101, 0.95, 96)]
    [InlineData(3, 1, 3)]
    [InlineData(1, 0.95, 1)]
    public void A_percentile_is_the_least_value_that_the_share_does_not_exceed(int count, double share, double expected) =>
        Assert.Equal(expected, Statistics.Percentile(Enumerable.Range(1, count).Select(i => (double)i).Reverse(), share));

    [Fact]
    public void A_spread_has_the_ends_and_none_has_none()
    {
        Assert.Equal(new Spread(2, 1, 8), Statistics.SpreadOf([8, 1, 2]));
        Assert.Null(Statistics.SpreadOf([]));
    }

    [Theory]
    [InlineData(new double[] { 10, 20, 29 }, 29)]
    [InlineData(new double[] { 10, 20, 700 }, 27)]
    [InlineData(new double[] { 1, 100 }, 100)]
    [InlineData(new double[] { 0, 0, 0 }, 1)]
    [InlineData(new double[] { 8, 9, 10, 500, 9000 }, 13.5)]
    public void A_chart_cuts_only_bars_that_dwarf_two_others(double[] values, double full) => Assert.Equal(full, Chart.FullLength(values), 6);
}
