// SPDX-License-Identifier: GPL-3.0-or-later
// Steps, with real signals in a process of their own (StepsProcess).
using UnlockControl.Volumes;

namespace UnlockControl.Tests.Volumes;

public sealed class StepsTests
{
    private readonly List<string> _done = [];

    private static ITestContext Context => TestContext.Current;

    [Fact]
    public void A_failure_undoes_what_came_before_last_first()
    {
        using var steps = new Steps(what => _done.Add("undoing " + what));
        steps.OnUndo("rebuild", () => _done.Add("-rebuild"));
        steps.Do("a", () => _done.Add("a"), () => _done.Add("-a"));
        steps.Do("b", () => _done.Add("b"));
        StepException failed = Assert.Throws<StepException>(() => steps.Do("c", () => throw new StepException("no"), () => _done.Add("-c")));
        Assert.Equal("no", failed.Message);
        Assert.Equal(["a", "b", "undoing a", "-a", "undoing rebuild", "-rebuild"], _done);
        Assert.Empty(steps.Left);
    }

    [Fact]
    public void What_cannot_be_undone_is_named_and_keeps_nothing_else_from_it()
    {
        using var steps = new Steps();
        steps.Do("a", () => { }, () => _done.Add("-a"));
        steps.Do("b", () => { }, () => throw new IOException("stuck"));
        _ = Assert.Throws<StepException>(() => steps.Do("c", () => throw new StepException("no")));
        Assert.Equal(["-a"], _done);
        NotUndone left = Assert.Single(steps.Left);
        Assert.Equal(("b", "stuck"), (left.What, left.Reason.Message));
    }

    [Fact]
    public void What_is_committed_stays()
    {
        using (var steps = new Steps())
        {
            steps.Do("a", () => { }, () => _done.Add("-a"));
            steps.Commit();
        }

        Assert.Empty(_done);
    }

    [Fact]
    public void Without_a_commit_the_end_undoes()
    {
        using (var steps = new Steps())
        {
            steps.Do("a", () => { }, () => _done.Add("-a"));
        }

        Assert.Equal(["-a"], _done);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public void A_signal_lets_the_step_end_and_undoes_it_too(string signal)
    {
        string[] lines = StepsProcess.Run(signal, "step");
        Assert.Equal(["b ended", "undoing b", "-b", "undoing a", "-a", "InterruptedException", "left 0", "InterruptedException", "end"], lines);
    }

    /// <summary>The program is in a session of its own, and is ended only because it was given the token.</summary>
    [Fact]
    public void A_program_that_may_end_early_does() =>
        Assert.Equal(["status 143", "InterruptedException", "end"], StepsProcess.Run("INT", "program"));

    [Fact]
    public void A_program_gives_its_lines_in_order_and_its_status()
    {
        List<string> lines = [];
        ChildResult result = ChildProgram.Run("sh", ["-c", "echo one; echo two >&2; cat; exit 7"], TestVolume.Secret("three\nfour"), lines.Add, Context.CancellationToken);
        Assert.Equal(7, result.Status);
        Assert.Equal(["one", "two", "three", "four"], lines);
        Assert.Equal(lines, result.LastLines);
        Assert.Equal(127, ChildProgram.Run("no-such-program-here", [], end: Context.CancellationToken).Status);
    }

    [Fact]
    public void A_program_is_in_a_session_of_its_own()
    {
        string own = File.ReadAllText("/proc/self/stat").Split(' ')[5];
        ChildResult result = ChildProgram.Run("sh", ["-c", "cut -d ' ' -f 5,6 /proc/$$/stat; echo $$"], end: Context.CancellationToken);
        Assert.DoesNotContain(own, result.LastLines[0].Split(' '));
        Assert.Equal($"{result.LastLines[1]} {result.LastLines[1]}", result.LastLines[0]);
    }
}
