// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tables, ratios, targets and JSON of rounds that nobody booted.

using EmulatedPhone;
using PhoneBench;

namespace Boot.Tests.Bench;

public sealed class ReportTests
{
    private static readonly IReadOnlyList<Contender> Known =
    [
        Who("no unlocker", "trixie", asks: false), Who("askpass", "trixie"), Who("unlock-agent", "trixie"), Who("unl0kr", "trixie"),
        Who("unlock-agent", "bookworm"),
    ];

    private static readonly Contender Baseline = Known[0], Askpass = Known[1], Agent = Known[2], Peer = Known[3], Elsewhere = Known[4];

    [Fact]
    public void A_ratio_is_the_median_of_the_rounds_ratios_and_not_the_ratio_of_medians()
    {
        Results results = Rounds(
            (1, Agent, Frame(10)), (1, Peer, Frame(100)), (2, Agent, Frame(20)), (2, Peer, Frame(40)), (3, Agent, Frame(30)), (3, Peer, Frame(90)));
        AssertSpread(Math.Round(1.0 / 3, 9), 0.1, 0.5, results.RatioOf(Row.FirstFrame, Agent, Peer));
    }

    [Fact]
    public void A_round_in_which_one_failed_counts_for_no_ratio()
    {
        Results results = Rounds((1, Agent, Frame(10)), (1, Peer, Frame(100)), (2, Agent, Frame(99)), (2, Peer, null));
        AssertSpread(0.1, 0.1, 0.1, results.RatioOf(Row.FirstFrame, Agent, Peer));
        Assert.Null(results.RatioOf(Row.Open, Agent, Peer));
    }

    [Fact]
    public void What_is_added_is_counted_from_the_same_rounds_boot_without_an_unlocker_in_the_same_Debian()
    {
        Results results = Rounds(
            (1, Baseline, Prompt(1000)), (1, Agent, Prompt(1400)), (2, Baseline, Prompt(2000)), (2, Agent, Prompt(2500)), (1, Elsewhere, Prompt(9)));
        AssertSpread(450, 400, 500, results.SpreadOf(Row.BootTime, Agent));
        Assert.Null(results.SpreadOf(Row.BootTime, Elsewhere));
        Assert.Null(results.SpreadOf(Row.BootTime, Baseline));
    }

    [Fact]
    public void Presses_of_all_rounds_make_the_median_and_rounds_the_ends()
    {
        Results results = new([Boot(1, Agent, [], 1, 2, 3), Boot(2, Agent, [], 10, 11, 12, 13, 14)]);
        AssertSpread(10.5, 2, 12, results.SpreadOf(Row.PressMedian, Agent));
        AssertSpread(14, 3, 14, results.SpreadOf(Row.PressLate, Agent));
        Assert.Null(results.SpreadOf(Row.PressMedian, Askpass));
    }

    [Theory]
    [InlineData(49, true)]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void A_target_is_reached_up_to_what_is_wanted(double agent, bool reached)
    {
        Target frame = Target.Of(Rounds((1, Agent, Frame(agent)), (1, Peer, Frame(100))))[0];
        Assert.Equal((0.5, reached), (frame.Wanted, frame.IsReached));
    }

    [Fact]
    public void A_target_for_which_nothing_was_measured_is_not_reached_and_says_so()
    {
        Results results = Rounds((1, Agent, Frame(1)));
        Assert.All(Target.Of(results), target => Assert.Null(target.IsReached));
        Assert.DoesNotContain("| reached", Table.Targets(results), StringComparison.Ordinal);
        Assert.Contains("not measured", Table.Targets(results), StringComparison.Ordinal);
    }

    [Fact]
    public void Boot_time_and_bytes_have_their_targets_over_askpass()
    {
        static (string, double)[] All(double prompt, double bytes) => [(Figure.Prompt, prompt), (Figure.Image, bytes)];
        Results results = Rounds((1, Baseline, All(1000, 1e6)), (1, Askpass, All(1100, 2e6)), (1, Agent, All(1450, 8.5e6)));
        Target[] reached = [.. Target.Of(results).Where(target => target.IsReached is not null)];
        Assert.Equal(
            [("bytes over askpass, Debian 13", 6.5e6, true), ("the same, aimed at", 6.5e6, false), ("boot time over askpass, Debian 13", 350, false)],
            reached.Select(target => (target.Text, target.Value!.Value.Median, target.IsReached!.Value)));
    }

    [Fact]
    public void The_table_has_a_column_for_each_contender_and_a_dash_where_it_has_no_figure()
    {
        string table = Table.Figures(Rounds((1, Baseline, []), (1, Askpass, Frame(12)), (1, Agent, Frame(34.56)), (2, Agent, Frame(40)), (1, Peer, null)));
        string[] lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        Assert.Equal(["unlock-agent (13)", "askpass (13)", "unl0kr (13)"], Cells(lines[0])[1..]);
        Assert.Equal(["start to first frame, ms", "37.3 (34.6–40.0)", "12.0", "–"], Cells(lines[2]));
        Assert.Equal(["boots that failed", "0", "0", "1 of 2"], Cells(lines[^1]));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        Results results = new([Boot(1, Agent, Frame(10.25), 1, 2.5), new Outcome(2, Agent, null, "no prompt\nat all"), Boot(1, Baseline, [])]);
        Dictionary<string, IReadOnlyList<ImagePart>> parts = new() { ["trixie"] = [new("agent", 1_500_000, 300_000), new("pcscd", 90_000)] };
        (Results read, IReadOnlyDictionary<string, IReadOnlyList<ImagePart>> readParts) = ReportJson.Read(ReportJson.Write(results, parts), Known);
        Assert.Equal(Report.Tables(results, parts), Report.Tables(read, readParts));
        Assert.Equal("no prompt\nat all", Assert.Single(read.FailuresOf(Agent)).Failure);
        Assert.Equal([1, 2.5], read.Outcomes.First(outcome => outcome.Contender == Agent).Measured!.Presses);
        Assert.Contains("| sum of parts", Report.Tables(read, readParts), StringComparison.Ordinal);
    }

    [Fact]
    public void The_chart_is_a_picture_in_which_the_agents_bar_is_as_long_as_its_share()
    {
        Results results = Rounds((1, Agent, Frame(20)), (1, Askpass, Frame(40)), (1, Peer, Frame(80)));
        using SkiaSharp.SKBitmap picture = SkiaSharp.SKBitmap.Decode(Chart.Draw(results));
        Assert.Equal(2 * Chart.Width, picture.Width);
        SkiaSharp.SKColor accent = UnlockAgent.Screen.Theme.Light.Accent, ground = UnlockAgent.Screen.Theme.Light.Ground;
        int agent = LongestRun(picture, accent), peer = LongestRun(picture, Chart.Other);
        Assert.Equal(ground, picture.GetPixel(0, 0));
        Assert.InRange(agent / (double)peer, 0.24, 0.26);
    }

    private static int LongestRun(SkiaSharp.SKBitmap picture, SkiaSharp.SKColor colour)
    {
        int longest = 0;
        for (int y = 0; y < picture.Height; y++)
        {
            int run = 0;
            for (int x = 0; x < picture.Width; x++)
            {
                run = picture.GetPixel(x, y) == colour ? run + 1 : 0;
                longest = Math.Max(longest, run);
            }
        }

        return longest;
    }

    private static Contender Who(string name, string suite, bool asks = true) =>
        new(name, suite, _ => throw new InvalidOperationException("no boots here"), name, [name], asks ? new Keyboard(null) : null);

    private static (string, double)[] Frame(double milliseconds) => [(Figure.FirstFrame, milliseconds)];

    private static (string, double)[] Prompt(double milliseconds) => [(Figure.Prompt, milliseconds)];

    private static Outcome Boot(int round, Contender contender, (string Name, double Value)[] figures, params double[] presses) =>
        new(round, contender, new Measured(contender, figures.ToDictionary(figure => figure.Name, figure => figure.Value), presses), null);

    private static Results Rounds(params (int Round, Contender Contender, (string, double)[]? Figures)[] boots) => new(
        [.. boots.Select(boot => boot.Figures is { } figures ? Boot(boot.Round, boot.Contender, figures) : new Outcome(boot.Round, boot.Contender, null, "why"))]);

    private static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];

    private static void AssertSpread(double median, double least, double most, Spread? spread)
    {
        Assert.NotNull(spread);
        Assert.Equal((median, least, most), (Math.Round(spread.Value.Median, 9), Math.Round(spread.Value.Least, 9), Math.Round(spread.Value.Most, 9)));
    }
}
