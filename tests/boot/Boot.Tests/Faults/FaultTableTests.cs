// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table's page has the sum that ./build.sh faults adds up.

namespace Boot.Tests.Faults;

public sealed class FaultTableTests
{
    [Fact]
    public void The_page_says_how_many_cells_there_are_and_how_many_failed()
    {
        string page = FaultTable.Text(
            [$"| card | ready | pulled | the pad | 3/3 | 0 | {FaultTable.AsExpected} |", "| card | ready | put back | the pad | 3/2 | 1 | a try is gone |"]);
        Assert.Matches("(?m)^2 cells, 1 failed$", page);
    }
}
