// SPDX-License-Identifier: GPL-3.0-or-later
//
// The keyscript wrapper beside a splash and an ssh server, all stand-ins; Boot.Tests has the real ones.

using System.Diagnostics;
using System.Text;

namespace Hooks.Tests;

public sealed partial class KeyscriptTests
{
    private static readonly string[] Hidden = ["plymouth hide-splash", "plymouth deactivate"];
    private static readonly string[] Shown = ["plymouth reactivate", "plymouth show-splash"];

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_splash_is_hidden_before_the_agent_and_shown_after_it_instead_of_text(string shell)
    {
        var outcome = RunBesideSplash(shell, "printf 'the key'", Ours + "swap UUID=2 none luks\n", Environment.ProcessId, "exit 0");

        Assert.Equal("the key", Encoding.ASCII.GetString(outcome.Output));
        Assert.Equal([.. Hidden, "agent /etc/key.gpg root", "agent --restore-keyboard root", .. Shown], Calls());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_splash_is_shown_before_the_passphrase_is_asked_for(string shell)
    {
        var outcome = RunBesideSplash(shell, "kill -KILL $$", Ours, Environment.ProcessId, "exit 0");

        Assert.Equal("typed", Encoding.ASCII.GetString(outcome.Output));
        Assert.Equal(
            [.. Hidden, "agent /etc/key.gpg root", "agent --restore-console root", .. Shown, "askpass Please unlock disk root: "], Calls());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_splash_that_does_not_answer_is_ended(string shell)
    {
        using var splash = Process.Start("sleep", "60");
        var outcome = RunBesideSplash(shell, "printf 'the key'", Ours, splash.Id, "exit 1");

        Assert.Equal("the key", Encoding.ASCII.GetString(outcome.Output));
        Assert.True(splash.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.Equal(["plymouth hide-splash", "agent /etc/key.gpg root"], Calls());
    }

    /// <summary>The pid file of one that has ended: nothing waits for it.</summary>
    [Theory]
    [MemberData(nameof(Shells))]
    public void A_splash_that_has_ended_is_left_alone(string shell)
    {
        using var ended = Process.Start("true");
        ended.WaitForExit();
        RunBesideSplash(shell, "printf 'the key'", Ours, ended.Id, "exit 0");

        Assert.Equal(["agent /etc/key.gpg root"], Calls());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void What_comes_over_ssh_goes_to_the_agent_alone(string shell)
    {
        var outcome = RunBesideLogin(shell, "cat", "printf remote");

        Assert.Equal("remote", Encoding.ASCII.GetString(outcome.Output));
        Assert.Equal(["agent --or-stdin root", "askpass Please unlock disk root: "], Calls().Order(StringComparer.Ordinal));
        Assert.False(File.Exists(sandbox.PathOf("elsewhere")));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Who_waits_for_ssh_ends_with_the_agent(string shell)
    {
        string pid = sandbox.PathOf("waiting");
        var outcome = RunBesideLogin(
            shell, $"while [ ! -s {pid} ]; do sleep 0.1; done; printf 'the key'", $"echo $$ >{pid}; trap '' TERM; exec sleep 60");

        Assert.Equal("the key", Encoding.ASCII.GetString(outcome.Output));
        Assert.False(Sandbox.IsAlive(int.Parse(File.ReadAllText(pid))));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void An_agent_that_fails_beside_ssh_leaves_one_askpass(string shell)
    {
        string pid = sandbox.PathOf("waiting");
        var outcome = RunBesideLogin(
            shell,
            $"while [ ! -s {pid} ]; do sleep 0.1; done; kill -KILL $$",
            $"if [ -s {pid} ]; then printf typed; else echo $$ >{pid}; trap '' TERM; exec sleep 60; fi");

        Assert.Equal("typed", Encoding.ASCII.GetString(outcome.Output));
        Assert.False(Sandbox.IsAlive(int.Parse(File.ReadAllText(pid))));
    }

    private Outcome RunBesideSplash(string shell, string agent, string crypttab, int pid, string plymouth)
    {
        var wrapper = PrepareWrapper(agent, crypttab);
        sandbox.WriteProgram("bin/plymouth", $"echo \"plymouth $1\" >>{sandbox.PathOf("calls")}; {plymouth}");
        sandbox.WriteFile("plymouth.pid", $"{pid}");
        return RunPrepared(shell, wrapper);
    }

    /// <param name="shell">What runs the wrapper.</param>
    /// <param name="agent">What the agent does.</param>
    /// <param name="askpass">What askpass does.</param>
    private Outcome RunBesideLogin(string shell, string agent, string askpass)
    {
        var wrapper = PrepareWrapper(agent, Ours);
        sandbox.WriteProgram("askpass", $"echo \"askpass $1\" >>{sandbox.PathOf("calls")}\n{askpass}");
        sandbox.WriteProgram("dropbear", "exit 0");

        // What has no namespaces of its own to hide a console in: unshare -m sh -c SCRIPT sh PROGRAM...
        sandbox.WriteProgram("bin/unshare", "shift 5; exec \"$@\"");
        return RunPrepared(shell, wrapper);
    }
}
