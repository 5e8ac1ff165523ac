// SPDX-License-Identifier: GPL-3.0-or-later
using PhoneBench;

namespace Boot.Tests.Bench;

public sealed class ChoiceTests
{
    private static readonly string[] Known = ["askpass-trixie", "unl0kr-trixie"];

    [Theory]
    [InlineData("", 5, "askpass-trixie unl0kr-trixie", false)]
    [InlineData("--rounds 2", 2, "askpass-trixie unl0kr-trixie", false)]
    [InlineData("--only unl0kr-trixie --rounds 7", 7, "unl0kr-trixie", false)]
    [InlineData("--only unl0kr-trixie,askpass-trixie", 5, "unl0kr-trixie askpass-trixie", false)]
    [InlineData("--again", 5, "askpass-trixie unl0kr-trixie", true)]
    public void A_command_line_says_how_often_and_whom(string line, int rounds, string labels, bool again)
    {
        Choice choice = Choice.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), Known)!;
        Assert.Equal((rounds, labels, again), (choice.Rounds, string.Join(' ', choice.Labels), choice.Again));
    }

    [Theory]
    [InlineData("--rounds")]
    [InlineData("--rounds 0")]
    [InlineData("--rounds -1")]
    [InlineData("--rounds five")]
    [InlineData("--only")]
    [InlineData("--only somebody")]
    [InlineData("--only unl0kr-trixie,")]
    [InlineData("5")]
    public void What_is_not_understood_is_not_done(string line) => Assert.Null(Choice.Parse(line.Split(' '), Known));
}
