// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whom the kernel ends first where memory runs out (proc(5), oom_score_adj): last of all the agent, and nobody beside or after it for that.
// Everyone may set a value above his own, as these tests do; the emulated phone has the real one.

using System.Text;

namespace Hooks.Tests;

public sealed partial class KeyscriptTests
{
    private const string Higher = "765", ReadScore = "read -r score </proc/self/oom_score_adj; printf '%s' \"$score\"";

    private static readonly string mine = File.ReadAllText("/proc/self/oom_score_adj").Trim();

    [Theory]
    [MemberData(nameof(Shells))]
    public void The_agent_has_the_wanted_score(string shell)
    {
        oomScore = Higher;
        Assert.Equal(Higher, Encoding.ASCII.GetString(RunWrapper(shell, ReadScore, Ours).Output));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Neither_the_text_prompt_after_it_nor_what_restores_the_console_inherits_it(string shell)
    {
        oomScore = Higher;
        string seen = sandbox.PathOf("seen");
        var wrapper = PrepareWrapper("exit 1", Ours);
        sandbox.WriteProgram("agent", $"{{ {ReadScore}; echo \" $1\"; }} >>{seen}; exit 1");
        sandbox.WriteProgram("askpass", ReadScore);

        var outcome = RunPrepared(shell, wrapper);

        Assert.Equal(mine, Encoding.ASCII.GetString(outcome.Output));
        Assert.Equal([$"{Higher} /etc/key.gpg", $"{mine} --restore-console"], File.ReadAllLines(seen));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Who_waits_beside_it_for_ssh_does_not_have_it(string shell)
    {
        oomScore = Higher;
        string seen = sandbox.PathOf("seen");
        var outcome = RunBesideLogin(shell, $"cat; {ReadScore} >{seen}", $"{ReadScore}; exit 0");

        Assert.Equal((mine, Higher), (Encoding.ASCII.GetString(outcome.Output), File.ReadAllText(seen)));
    }

    /// <summary>A value that the kernel refuses, and a kernel without the file.</summary>
    [Theory]
    [InlineData("sh", "9999", "/proc/self/oom_score_adj")]
    [InlineData("busybox sh", "9999", "/proc/self/oom_score_adj")]
    [InlineData("sh", "-900", "/proc/self/no_score")]
    [InlineData("busybox sh", "-900", "/proc/self/no_score")]
    public void Where_it_is_refused_nothing_is_said_and_the_agent_runs(string shell, string score, string file)
    {
        (oomScore, oomFile) = (score, file);
        var outcome = RunWrapper(shell, "printf 'the key'", Ours);

        Assert.Equal((0, "the key", ""), (outcome.Status, Encoding.ASCII.GetString(outcome.Output), outcome.Errors));
    }
}
