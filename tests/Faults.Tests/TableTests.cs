// SPDX-License-Identifier: GPL-3.0-or-later
// The table of expectations and the matrix are of each other.

namespace Faults.Tests;

public sealed class TableTests
{
    internal static readonly Cell[] All =
    [
        .. PullTests.Cells, .. StatusTests.Cells, .. AnswerTests.Cells, .. SignalTests.Cells, .. ServiceTests.Cells, .. LimitTests.Cells,
        .. DeviceTests.Cells, .. KeyFileTests.Cells,
    ];

    [Fact]
    public void Every_cell_has_an_expectation_and_every_expectation_a_cell() =>
        Assert.Equal(All.Select(cell => cell.Name).Order(StringComparer.Ordinal), Expectations.Names.Order(StringComparer.Ordinal));

    [Fact]
    public void At_least_400_cells_are_in_every_run() => Assert.InRange(All.Count(cell => !cell.IsLong), 400, int.MaxValue);

    [Fact]
    public void No_expectation_lets_a_cell_fail() => Assert.All(Expectations.Names, name =>
    {
        Outcome expected = Expectations.Find(name)!;
        Assert.All(expected.Screen.Split('|'), screen => Assert.True(
            screen.StartsWith("ended ", StringComparison.Ordinal) || Known.Find(screen) is not null, screen));
        Assert.All(expected.Result.Split('|'), result => Assert.Contains(result, Results));
        Assert.All(expected.Tries.Split('|'), tries => Assert.Contains(tries, (string[])["2", "3"]));
    });

    private static readonly string[] Results =
    [
        "key", "key at the second try", "passphrase", "next agent: key", "next agent: key at the second try",
    ];
}
