// SPDX-License-Identifier: GPL-3.0-or-later
//
// The boot scripts and the switch of a reader that needs power first, under both shells that an initramfs may have. A
// file stands for the LED in sysfs, a recorder for pcscd, and a sleep that ends when the test says so for the time that passes.

using System.Diagnostics;

namespace Hooks.Tests;

public sealed class ReaderPowerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Sandbox sandbox = new();

    public ReaderPowerTests()
    {
        sandbox.WriteFile("events", "");
        sandbox.WriteFile("home/pcscd.args", "--disable-polkit\n");
        sandbox.WriteProgram("home/pcscd", $"""
            cat /proc/$$/oom_score_adj >{OomScore}
            echo "pcscd $* switch=$(cat {Switch} 2>&1)" >>{Events}
            echo $$ >{SeenPid}
            exec sleep 60
            """);
        sandbox.WriteProgram("home/unlock-agent", $"echo \"agent $*\" >>{Events}");
    }

    public static TheoryData<string> Shells => ["sh", "busybox sh"];

    private string Events => sandbox.PathOf("events");

    private string Switch => sandbox.PathOf("smc_en");

    private string Missing => $"{Switch}: No such file or directory";

    private string OomScore => sandbox.PathOf("oom-score");

    private string PidFile => sandbox.PathOf("state/pcscd.pid");

    private string SeenPid => sandbox.PathOf("pid");

    public void Dispose()
    {
        Sandbox.KillLeftover(PidFile);
        sandbox.Dispose();
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Power_then_two_seconds_then_pcscd_and_the_boot_waits_for_none_of_it(string shell)
    {
        WriteSwitch("0");
        FakeSleep($"until [ -e {sandbox.PathOf("go")} ]; do sleep 0.02; done");

        RunPremount(shell);

        // The script is over, and the sleep is not.
        WaitForEvents("sleep 2 switch=1");
        var pid = Pid();
        Assert.True(Sandbox.IsAlive(pid));
        sandbox.WriteFile("go", "");
        WaitForEvents("sleep 2 switch=1", "pcscd --foreground --disable-polkit switch=1");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(SeenPid) && File.ReadAllText(SeenPid) == $"{pid}\n", Patience));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_switch_that_appears_late_is_waited_for_behind_the_boots_back(string shell)
    {
        WriteSwitch("0");
        File.Move(Switch, Switch + ".later");
        FakeSleep($"[ $(grep -c sleep {Events}) -ne 3 ] || mv {Switch}.later {Switch}");

        RunPremount(shell);

        WaitForEvents(
            "sleep 0.1 switch=cat: " + Missing,
            "sleep 0.1 switch=cat: " + Missing,
            "sleep 0.1 switch=cat: " + Missing,
            "sleep 2 switch=1",
            "pcscd --foreground --disable-polkit switch=1");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_switch_that_never_appears_ends_the_wait_and_pcscd_starts_without_a_warm_up(string shell)
    {
        sandbox.WriteFile("home/reader-switch", Switch + "\n");
        FakeSleep("");

        RunPremount(shell);

        string[] naps = [.. Enumerable.Repeat("sleep 0.1 switch=cat: " + Missing, 100)];
        WaitForEvents([.. naps, "pcscd --foreground --disable-polkit switch=cat: " + Missing]);
        Assert.False(File.Exists(Switch));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Other_machines_start_pcscd_at_once(string shell)
    {
        FakeSleep("");

        RunPremount(shell);

        WaitForEvents("pcscd --foreground --disable-polkit switch=cat: " + Missing);
    }

    /// <summary>Where memory runs out, the kernel ends it last; the boot that goes on does not inherit that. Everyone may set a value above his own.</summary>
    [Theory]
    [InlineData("sh", "765")]
    [InlineData("busybox sh", "765")]
    [InlineData("sh", "9999")]
    [InlineData("busybox sh", "9999")]
    public void pcscd_has_the_wanted_score_and_does_without_where_that_is_refused(string shell, string score)
    {
        FakeSleep("");
        string boot = sandbox.WriteProgram("boot", $". {CopyPremount(score)}; cat /proc/$$/oom_score_adj >{sandbox.PathOf("boot-score")}");

        var outcome = Sandbox.Run([.. shell.Split(' '), boot]);

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        WaitForEvents("pcscd --foreground --disable-polkit switch=cat: " + Missing);
        string mine = File.ReadAllText("/proc/self/oom_score_adj");
        Assert.Equal(score == "765" ? "765\n" : mine, File.ReadAllText(OomScore));
        Assert.Equal(mine, File.ReadAllText(sandbox.PathOf("boot-score")));
        Assert.Equal("", File.ReadAllText(sandbox.PathOf("state/pcscd.log")));
    }

    /// <summary>They say what a try that opened nothing handed over, and one opened the root.</summary>
    [Theory]
    [MemberData(nameof(Shells))]
    public void An_opened_root_ends_what_one_try_leaves_for_the_next_and_keeps_the_persons_choices(string shell)
    {
        sandbox.WriteFile("state/handed-over-root_crypt", "passphrase 1");
        sandbox.WriteFile("state/handed-over-data", "card 0");
        sandbox.WriteFile("state/choices", "theme=light");

        var outcome = RunLocalBottom(shell);

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.Equal([sandbox.PathOf("state/choices")], Directory.GetFiles(sandbox.PathOf("state")));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_root_that_opens_during_the_warm_up_ends_it_and_takes_the_power_back(string shell)
    {
        WriteSwitch("0");
        FakeSleep($"echo $$ >{sandbox.PathOf("sleeper")}\nexec sleep 60");
        RunPremount(shell);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(sandbox.PathOf("sleeper")), Patience));
        Assert.Equal("1\n", File.ReadAllText(Switch));
        var pid = Pid();
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(sandbox.PathOf("sleeper")).EndsWith('\n'), Patience));
        var sleeper = int.Parse(File.ReadAllText(sandbox.PathOf("sleeper")));

        var outcome = RunLocalBottom(shell);

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.Equal("0\n", File.ReadAllText(Switch));
        Assert.True(SpinWait.SpinUntil(() => !Sandbox.IsAlive(pid) && !Sandbox.IsAlive(sleeper), Patience));
        Assert.False(File.Exists(PidFile));
        Assert.Equal(["sleep 2 switch=1", "agent --restore-console"], File.ReadAllLines(Events));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_process_that_took_the_number_of_a_dead_pcscd_is_left_alone(bool switched)
    {
        if (switched)
        {
            WriteSwitch("1");
        }

        using Process stranger = Process.Start("sleep", ["60"]);
        sandbox.WriteFile("state/pcscd.pid", $"{stranger.Id}\n");

        var outcome = RunLocalBottom("sh");

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.False(stranger.HasExited);
        stranger.Kill();
        stranger.WaitForExit();
        Assert.Equal(switched ? "0\n" : null, File.Exists(Switch) ? File.ReadAllText(Switch) : null);
    }

    private int Pid() => int.Parse(File.ReadAllText(PidFile));

    private void WriteSwitch(string value)
    {
        sandbox.WriteFile("smc_en", value + "\n");
        sandbox.WriteFile("home/reader-switch", Switch + "\n");
    }

    private void FakeSleep(string then) => sandbox.WriteProgram(
        "sleep", $"echo \"sleep $1 switch=$(cat {Switch} 2>&1)\" >>{Events}\n{then}");

    private void RunPremount(string shell)
    {
        var outcome = Sandbox.Run([.. shell.Split(' '), CopyPremount("-900")]);
        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
    }

    private string CopyPremount(string oomScore) =>
        sandbox.CopyScript(
            "scripts/init-premount/unlock-agent",
            ("home=/usr/lib/unlock-agent\n", $"home={sandbox.PathOf("home")}\n"),
            ("state=/run/unlock-agent\n", $"state={sandbox.PathOf("state")}\n"),
            ("mkdir -p /run/pcscd ", $"mkdir -p {sandbox.PathOf("run")} "),
            ("    sleep \"$1\" &\n", $"    {sandbox.PathOf("sleep")} \"$1\" &\n"),
            ("echo -900 >/proc/self/oom_score_adj", $"echo {oomScore} >/proc/self/oom_score_adj"));

    private Outcome RunLocalBottom(string shell)
    {
        var script = sandbox.CopyScript(
            "scripts/local-bottom/unlock-agent",
            ("home=/usr/lib/unlock-agent\n", $"home={sandbox.PathOf("home")}\n"),
            ("state=/run/unlock-agent\n", $"state={sandbox.PathOf("state")}\n"),
            ("rm -rf /run/pcscd ", $"rm -rf {sandbox.PathOf("run")} "),
            (">/dev/kmsg", $">>{sandbox.PathOf("kmsg")}"));
        var root = new Dictionary<string, string> { ["rootmnt"] = sandbox.PathOf("root") };
        return Sandbox.Run([.. shell.Split(' '), script], root);
    }

    private void WaitForEvents(params string[] expected)
    {
        var start = Stopwatch.GetTimestamp();
        while (File.ReadAllLines(Events).Length < expected.Length && Stopwatch.GetElapsedTime(start) < Patience)
        {
            Thread.Sleep(20);
        }

        Assert.Equal(expected, File.ReadAllLines(Events));
    }
}
