// SPDX-License-Identifier: GPL-3.0-or-later
// The agent is ended or stopped by signals at each stage. What comes out is the whole key or nothing, the console comes back, and the
// next agent opens the disk.

using HostPhone;

namespace Faults.Tests;

/// <summary>Agents that are killed.</summary>
public sealed class SignalTests(Lab lab) : Matrix(lab), IClassFixture<Lab>
{
    private const int Stop = 19, Continue = 18;

    private static readonly (string Name, int Number)[] Signals =
    [
        ("SIGHUP", 1), ("SIGINT", 2), ("SIGQUIT", 3), ("SIGABRT", 6), ("SIGBUS", 7), ("SIGKILL", 9), ("SIGUSR1", 10), ("SIGSEGV", 11),
        ("SIGPIPE", 13), ("SIGALRM", 14), ("SIGTERM", 15),
    ];

    internal static readonly Cell[] Cells = [.. Ended(), .. Crashed(), .. Stopped()];

    public static IEnumerable<TheoryDataRow<string>> Names => Short(Cells);

    public static IEnumerable<TheoryDataRow<string>> More => Long(Cells);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_agent_gets_a_signal(string cell) => Run(Cells, cell);

    [Theory]
    [MemberData(nameof(More))]
    [Trait("When", "All")]
    public void The_agent_gets_another_signal(string cell) => Run(Cells, cell);

    private static IEnumerable<Cell> Ended() =>
        from stage in Stages()
        from signal in Signals
        select new Cell("signal", Profile.Curve25519, stage, signal.Name, run => At(run, stage, () => run.Agent.Signal(signal.Number)))
        {
            MayGiveUp = true,
            IsLong = signal.Name is not ("SIGHUP" or "SIGKILL" or "SIGSEGV" or "SIGTERM" or "SIGPIPE"),
        };

    // The runtime passes the first one over, as one that no fault of its own code is behind.
    private static IEnumerable<Cell> Crashed() =>
        from stage in Stages()
        select new Cell("signal", Profile.Curve25519, stage, "SIGSEGV until it ends", run => At(run, stage, () =>
            SpinWait.SpinUntil(() => IsCrashed(run.Agent), TimeSpan.FromSeconds(5))))
        {
            MayGiveUp = true,
        };

    private static bool IsCrashed(AgentRun agent)
    {
        if (!agent.HasExited)
        {
            agent.Signal(11);
        }

        return agent.HasExited;
    }

    private static IEnumerable<Cell> Stopped() =>
        from stage in Stages()
        select new Cell("signal", Profile.Curve25519, stage, "SIGSTOP, then SIGCONT", run => At(run, stage, () =>
        {
            run.Agent.Signal(Stop);
            Thread.Sleep(150);
            run.Agent.Signal(Continue);
        }))
        {
            Recovery = Cell.Turn(stage.Command + (int)stage.Moment),
        };

    private static IEnumerable<Stage> Stages() =>
    [
        new(Moment.Start), new(Moment.Pad), new(Moment.Typed), .. StatusTests.Stages(Profile.Curve25519),
    ];

    // At a command: while it is on its way to the card.
    private static void At(CellRun run, Stage stage, Action act)
    {
        if (stage.Command > 0)
        {
            run.Card.Faults.CallAt(stage.Command, act);
        }
        else
        {
            act();
        }
    }
}
