// SPDX-License-Identifier: GPL-3.0-or-later
// pcscd is missing, killed, restarted or hangs at each stage, and its connections break in the middle of a message.

using CardSimulator;
using HostPhone;

namespace Faults.Tests;

/// <summary>A card service that fails.</summary>
public sealed class ServiceTests(Lab lab) : Matrix(lab), IClassFixture<Lab>
{
    private const int Stop = 19, Continue = 18;

    internal static readonly Cell[] Cells = [.. Killed(), .. Restarted(), .. Hanging(), .. Paused(), .. Cut()];

    public static IEnumerable<TheoryDataRow<string>> Names => Short(Cells);

    public static IEnumerable<TheoryDataRow<string>> More => Long(Cells);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_service_fails(string cell) => Run(Cells, cell);

    [Theory]
    [MemberData(nameof(More))]
    [Trait("When", "All")]
    public void The_service_fails_in_more_ways(string cell) => Run(Cells, cell);

    private static IEnumerable<Cell> Killed() =>
        from stage in Stages()
        select new Cell("pcscd", Profile.Curve25519, stage, "killed, started again later", run => At(run, stage, run.Lab.KillService))
        {
            Mend = static run => run.Lab.RestartService(),
            OwnsService = true,
            Recovery = Cell.Turn(stage.Command + (int)stage.Moment),
        };

    private static IEnumerable<Cell> Restarted() =>
        from moment in (Moment[])[Moment.Before, Moment.Start, Moment.Pad, Moment.Typed]
        select new Cell("pcscd", Profile.Curve25519, new Stage(moment), "restarted", static run =>
        {
            run.Lab.KillService();
            run.Lab.RestartService();
        })
        {
            OwnsService = true,
            Recovery = Cell.Turn((int)moment),
        };

    // It answers nobody until the end: the passphrase needs no service.
    private static IEnumerable<Cell> Hanging() =>
        from stage in Stages()
        select new Cell("pcscd", Profile.Curve25519, stage, "hangs (SIGSTOP)", run => At(run, stage, () => Signal(run, Stop)))
        {
            OwnsService = true,
            Recovery = Recovery.Passphrase,
        };

    private static IEnumerable<Cell> Paused() =>
        from stage in Stages()
        select new Cell("pcscd", Profile.Curve25519, stage, "hangs and goes on", run => At(run, stage, () => Signal(run, Stop)))
        {
            Mend = static run => Signal(run, Continue),
            OwnsService = true,
            // A driver that is stopped between a card's command and its answer may miss the answer, and waits for it then.
            Recovery = stage.Command > 0 ? Recovery.Passphrase : Recovery.Card,
            IsLong = true,
        };

    private static IEnumerable<Cell> Cut() =>
        from cut in Enum.GetValues<PcscCut>()
        from stage in (Stage[])
            [.. StatusTests.Stages(Profile.Curve25519), new(Moment.Before), new(Moment.Pad)]
        let command = stage.Moment == Moment.Pad ? PcscCommand.BeginTransaction
            : stage.Moment == Moment.Before ? PcscCommand.Connect
            : PcscCommand.Transmit
        select new Cell("pcscd", Profile.Curve25519, stage, $"connection cut {Words(cut)} ({command})", run =>
            run.Lab.Relay.CutAt(command, Math.Max(run.Command, 1), cut))
        {
            IsRelayed = true,
            Recovery = Cell.Turn(stage.Command + (int)cut),
        };

    private static string Words(PcscCut cut) => cut switch
    {
        PcscCut.InRequest => "in a request",
        PcscCut.BeforeAnswer => "before the answer",
        _ => "in an answer",
    };

    private static IEnumerable<Stage> Stages() =>
    [
        new(Moment.Before), new(Moment.Start), new(Moment.Pad), new(Moment.Typed), .. StatusTests.Stages(Profile.Curve25519),
    ];

    /// <summary>A stop is there when this returns: what the daemon is told after it waits.</summary>
    private static void Signal(CellRun run, int number)
    {
        HostPhone.Native.Libc.Kill(run.Lab.Daemon.Id, number);
        string threads = $"/proc/{run.Lab.Daemon.Id}/task";
        Assert.True(number != Stop || SpinWait.SpinUntil(() => Directory.GetDirectories(threads).All(IsStopped), TimeSpan.FromSeconds(5)));
    }

    // proc(5): the state follows the name in brackets.
    private static bool IsStopped(string thread) =>
        !File.Exists(thread + "/stat") || File.ReadAllText(thread + "/stat") is var stat && stat[stat.LastIndexOf(')') + 2] == 'T';

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
