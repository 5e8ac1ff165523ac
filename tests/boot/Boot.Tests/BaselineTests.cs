// SPDX-License-Identifier: GPL-3.0-or-later
namespace Boot.Tests;

public sealed class BaselineTests
{
    private const string Line = "bytes\tany\t1000\tbytes\t2\tno package is in them";

    [Theory]
    [InlineData(1000, false, false)]
    [InlineData(1020, false, false)]
    [InlineData(1020.5, true, false)]
    [InlineData(980, false, false)]
    [InlineData(979.5, false, true)]
    [InlineData(double.NaN, true, false)]
    public void A_figure_may_move_by_two_in_a_hundred(double measured, bool slipped, bool improved)
    {
        Baseline record = Assert.Single(Baseline.Parse(Line));
        Assert.Equal((slipped, improved), (record.HasSlipped(measured), record.HasImproved(measured)));
    }

    [Fact]
    public void A_record_says_itself_how_far_a_figure_may_move()
    {
        Baseline record = Assert.Single(Baseline.Parse(Line.Replace("\t2\t", "\t5\t", StringComparison.Ordinal)));
        Assert.False(record.HasSlipped(1049));
        Assert.True(record.HasSlipped(1051));
    }

    [Fact]
    public void Nothing_may_become_something()
    {
        Baseline record = new("wake-ups", "any", 0, "", 0.05, "");
        Assert.False(record.HasSlipped(0));
        Assert.True(record.HasSlipped(1));
    }

    [Fact]
    public void The_message_says_what_to_write_and_where()
    {
        string advice = Baseline.Parse(Line)[0].Advice(1234.567);
        Assert.Contains("1234.57", advice, StringComparison.Ordinal);
        Assert.Contains("figures.tsv", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_is_found_by_its_name_and_Debian()
    {
        IReadOnlyList<Baseline> records = Baseline.Parse($"# a comment\n{Line}\ntime\ttrixie\t2.5\tms\t5\tcounted\n");
        Assert.Equal(1000, Baseline.Find(records, "bytes", "bookworm").Value);
        Assert.Equal(2.5, Baseline.Find(records, "time", "trixie").Value);
        Assert.Throws<FormatException>(() => Baseline.Find(records, "time", "bookworm"));
    }

    [Fact]
    public void A_count_with_another_kernel_is_held_to_nothing_and_one_without_any_record_is_a_mistake()
    {
        IReadOnlyList<Baseline> records = Baseline.Parse("time\ttrixie 6.12.1\t2.5\tms\t5\tcounted\ntime\ttrixie 6.12.2\t3\tms\t5\tcounted\n");
        Assert.Equal(3, Baseline.FindWithKernel(records, "time", "trixie", "6.12.2")!.Value);
        Assert.Null(Baseline.FindWithKernel(records, "time", "trixie", "6.12"));
        Assert.Throws<FormatException>(() => Baseline.FindWithKernel(records, "time", "trix", "6.12.1"));
        Assert.Throws<FormatException>(() => Baseline.FindWithKernel(records, "times", "trixie", "6.12.1"));
    }

    [Theory]
    [InlineData("bytes\tany\t1000\tbytes\tbecause")]
    [InlineData("bytes\tany\t1000\tbytes\t2\t")]
    [InlineData("bytes\tany\tmany\tbytes\t2\tbecause")]
    [InlineData("bytes\tany\t1000\tbytes\tlittle\tbecause")]
    [InlineData("bytes any 1000 bytes 2 because")]
    [InlineData(Line + "\n" + Line)]
    public void What_is_no_record_is_refused(string text) => Assert.Throws<FormatException>(() => Baseline.Parse(text));
}
