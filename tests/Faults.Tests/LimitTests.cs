// SPDX-License-Identifier: GPL-3.0-or-later
// The agent runs short: of locked memory, descriptors, memory at all; and whoever was to read the key is gone.

using System.Diagnostics;
using System.Globalization;
using HostPhone;

namespace Faults.Tests;

/// <summary>Agents without resources.</summary>
public sealed class LimitTests(Lab lab) : Matrix(lab), IClassFixture<Lab>
{
    private const int Enomem = 12, Eagain = 11, Eperm = 1;

    // Root may lock as much as it likes, but for this.
    private static readonly string[] WithoutPrivilege =
        Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"] : [];

    internal static readonly Cell[] Cells = [.. Limits(), .. LockFailures(), .. MapFailures(), .. Shrunk(), .. Outputs()];

    public static IEnumerable<TheoryDataRow<string>> Names => Short(Cells);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_agent_runs_short(string cell) => Run(Cells, cell);

    private static IEnumerable<Cell> Limits() =>
        from limit in (string[])
        [
            .. ((int[])[0, 4, 16, 64, 1024]).Select(kilobytes => $"ulimit -l {kilobytes}"),
            .. ((int[])[3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 32]).Select(files => $"ulimit -n {files}"),
            .. ((int[])[10, 30, 50, 80, 120, 160, 200, 250, 300, 400, 600]).Select(megabytes => $"ulimit -v {megabytes * 1024}"),
            "ulimit -f 0", "ulimit -s 128", "ulimit -u 1",
        ]
        select new Cell("limit", Profile.Curve25519, new Stage(Moment.Unlock, 1), limit, static _ => { })
        {
            Options = options => options with
            {
                Prelude = limit,
                Wrapper = limit.StartsWith("ulimit -l", StringComparison.Ordinal) ? WithoutPrivilege : [],
            },
            MayGiveUp = true,
            Recovery = Recovery.Passphrase,
        };

    private static IEnumerable<Cell> LockFailures() =>
        from moment in (Moment[])[Moment.Before, Moment.Pad, Moment.Typed]
        from errno in (int[])[Eperm, Eagain, Enomem]
        select new Cell("limit", Profile.Curve25519, new Stage(moment), $"mlock fails with {errno}", run =>
            run.Phone.Control.LockErrno = errno)
        {
            Mend = static run => run.Phone.Control.LockErrno = 0,
            MayGiveUp = true,
            Recovery = Cell.Turn(errno),
        };

    private static IEnumerable<Cell> MapFailures() =>
        from left in (int[])[1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 28, 32, 40, 50, 60, 70, 80]
        select new Cell("limit", Profile.Curve25519, new Stage(Moment.Before), $"no memory after {left} mappings", run =>
            run.Phone.Control.MapsLeft = left + 1)
        {
            Mend = static run => run.Phone.Control.MapsLeft = 0,
            MayGiveUp = true,
        };

    // What it has it keeps, and gets nothing more.
    private static IEnumerable<Cell> Shrunk() =>
        from stage in (Stage[])
            [new(Moment.Pad), new(Moment.Typed), .. Enumerable.Range(1, 3).Select(number => new Stage(Moment.Unlock, number))]
        select new Cell("limit", Profile.Curve25519, stage, "no memory from here on", run =>
        {
            if (stage.Command > 0)
            {
                run.Card.Faults.CallAt(stage.Command, () => Shrink(run));
            }
            else
            {
                Shrink(run);
            }
        })
        {
            MayGiveUp = true,
            Recovery = Cell.Turn(stage.Command),
        };

    private static IEnumerable<Cell> Outputs() =>
        from output in (string[])["exec >&-", "exec >/dev/full", "exec 2>&-", "exec 2>/dev/full", "exec <&-"]
        select new Cell("stdout", Profile.Curve25519, new Stage(Moment.Unlock, 1), output, static _ => { })
        {
            Options = options => options with { Prelude = output },
            MayGiveUp = true,
        };

    private static void Shrink(CellRun run)
    {
        string agent = run.Agent.Id.ToString(CultureInfo.InvariantCulture);
        using Process shrinker = Process.Start("prlimit", ["--pid", agent, "--as=4096"]);
        shrinker.WaitForExit();
        if (shrinker.ExitCode != 0)
        {
            run.Fail("no limit was set");
        }
    }
}
