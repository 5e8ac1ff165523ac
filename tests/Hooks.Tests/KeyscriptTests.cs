// SPDX-License-Identifier: GPL-3.0-or-later
//
// The keyscript wrapper with stand-ins for the agent and askpass, under both shells that can be /bin/sh in an initramfs or on the system
// (busybox' and dash). What is proved is the contract of crypttab(5): stdout carries the key's exact bytes, or the
// passphrase's, and never anything else.

using System.Text;

namespace Hooks.Tests;

public sealed partial class KeyscriptTests : IDisposable
{
    private const string Ours = "root UUID=1 /etc/key.gpg luks,keyscript=unlock-agent,discard\n";
    private readonly Sandbox sandbox = new();

    // What the wrapper sets and where; other values than the real ones in the tests of that alone.
    private string oomScore = "-900", oomFile = "/proc/self/oom_score_adj";

    public static TheoryData<string> Shells => ["sh", "busybox sh"];

    public static TheoryData<string, string> Failures
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var shell in new[] { "sh", "busybox sh" })
            {
                data.Add(shell, "exit 1");
                data.Add(shell, "exit 134");
                data.Add(shell, "kill -KILL $$");
                data.Add(shell, "kill -SEGV $$");
                data.Add(shell, "kill -ABRT $$");
            }

            return data;
        }
    }

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [MemberData(nameof(Shells))]
    public void The_keys_bytes_reach_cryptsetup_unchanged(string shell)
    {
        byte[] key = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 31 + i / 256))];
        "\n\0\r\n"u8.CopyTo(key);
        "\0\n\n"u8.CopyTo(key.AsSpan(key.Length - 3));
        File.WriteAllBytes(sandbox.PathOf("key"), key);

        var outcome = RunWrapper(shell, $"cat {sandbox.PathOf("key")}", Ours);

        Assert.Equal(0, outcome.Status);
        Assert.Equal(key, outcome.Output);
        Assert.Equal("", outcome.Errors);
        Assert.Equal(["agent /etc/key.gpg root"], Calls());
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void An_agent_that_fails_in_any_way_is_followed_by_the_text_prompt(string shell, string agent)
    {
        var outcome = RunWrapper(shell, agent, Ours);

        Assert.Equal("typed", Encoding.ASCII.GetString(outcome.Output));
        Assert.Contains("Please enter the passphrase", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(["agent /etc/key.gpg root", "agent --restore-console root", "askpass Please unlock disk root: "], Calls());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void An_agent_that_is_not_there_is_followed_by_the_text_prompt(string shell)
    {
        var wrapper = PrepareWrapper("exit 0", Ours);
        File.Delete(sandbox.PathOf("agent"));

        var outcome = RunPrepared(shell, wrapper);

        Assert.Equal("typed", Encoding.ASCII.GetString(outcome.Output));
        Assert.Equal(["askpass Please unlock disk root: "], Calls());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void An_agent_of_another_architecture_is_followed_by_the_text_prompt(string shell)
    {
        var wrapper = PrepareWrapper("exit 0", Ours);
        File.WriteAllBytes(sandbox.PathOf("agent"), [0x7F, (byte)'E', (byte)'L', (byte)'F', 0, 0, 0, 0]);

        var outcome = RunPrepared(shell, wrapper);

        Assert.Equal("typed", Encoding.ASCII.GetString(outcome.Output));
        Assert.Equal(["askpass Please unlock disk root: "], Calls());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_key_whose_agent_was_killed_before_its_exit_costs_one_try_and_opens_nothing(string shell)
    {
        var outcome = RunWrapper(shell, "printf 'the key'; kill -KILL $$", Ours);

        // The key is out and cannot be called back: with the passphrase behind it, it is no valid key.
        Assert.Equal("the keytyped", Encoding.ASCII.GetString(outcome.Output));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void On_a_running_system_the_agent_does_not_touch_the_screen(string shell)
    {
        var outcome = RunWrapper(shell, "printf 'the key'", crypttab: null);

        Assert.Equal("typed", Encoding.ASCII.GetString(outcome.Output));
        Assert.Equal(["askpass Please unlock disk root: "], Calls());
    }

    [Theory]
    [InlineData("sh", Ours, false)]
    [InlineData("busybox sh", Ours, false)]
    [InlineData("sh", "# swap x none luks\n\n" + Ours + "home y /k keyscript=/lib/cryptsetup/scripts/unlock-agent", false)]
    [InlineData("sh", Ours + "swap UUID=2 none luks\n", true)]
    [InlineData("busybox sh", Ours + "swap UUID=2 none luks\n", true)]
    [InlineData("sh", Ours + "data UUID=2 /etc/data.key luks\nswap /dev/sda3 /dev/urandom swap\n", false)]
    [InlineData("sh", Ours + "swap UUID=2 root luks,keyscript=decrypt_derived\n", true)]
    [InlineData("sh", Ours + "swap UUID=2 none luks,keyscript=unlock-agent-of-another-kind\n", true)]
    public void Text_comes_back_after_the_key_when_another_volume_may_ask_on_the_console(
        string shell, string crypttab, bool restored)
    {
        var outcome = RunWrapper(shell, "printf 'the key'", crypttab);

        Assert.Equal(0, outcome.Status);
        Assert.Equal("the key", Encoding.ASCII.GetString(outcome.Output));
        string[] expected = restored
            ? ["agent /etc/key.gpg root", "agent --restore-console root"]
            : ["agent /etc/key.gpg root"];
        Assert.Equal(expected, Calls());
    }

    private Outcome RunWrapper(string shell, string agent, string? crypttab) => RunPrepared(shell, PrepareWrapper(agent, crypttab));

    private string PrepareWrapper(string agent, string? crypttab)
    {
        var calls = sandbox.PathOf("calls");
        // Restoring the console prints something, which must not end up in the key.
        sandbox.WriteProgram("agent", $"""
            echo "agent $1 $CRYPTTAB_NAME" >>{calls}
            case "$1" in --restore-*) exec echo noise ;; esac
            {agent}
            """);
        sandbox.WriteProgram("askpass", $"""
            echo "askpass $1" >>{calls}
            printf typed
            """);
        if (crypttab is not null)
        {
            sandbox.WriteFile("crypttab", crypttab);
        }

        return sandbox.CopyScript(
            "keyscript/unlock-agent",
            ("agent=/usr/lib/unlock-agent/unlock-agent\n", $"agent={sandbox.PathOf("agent")}\n"),
            ("askpass=/lib/cryptsetup/askpass\n", $"askpass={sandbox.PathOf("askpass")}\n"),
            ("crypttab=/cryptroot/crypttab\n", $"crypttab={sandbox.PathOf("crypttab")}\n"),
            ("plymouth_pid=/run/plymouth/pid\n", $"plymouth_pid={sandbox.PathOf("plymouth.pid")}\n"),
            ("pipe=/run/unlock-agent/elsewhere\n", $"pipe={sandbox.PathOf("elsewhere")}\n"),
            ("echo -900 >/proc/self/oom_score_adj", $"echo {oomScore} >{oomFile}"),
            ("/sbin/dropbear", sandbox.PathOf("dropbear")),
            ("/sbin/tinysshd", sandbox.PathOf("tinysshd")),
            (">/dev/kmsg", $">{sandbox.PathOf("kmsg")}"));
    }

    private Outcome RunPrepared(string shell, string wrapper) => Sandbox.Run(
        [.. shell.Split(' '), wrapper, "/etc/key.gpg"],
        new Dictionary<string, string>
        {
            ["CRYPTTAB_NAME"] = "root",
            ["CRYPTTAB_TRIED"] = "0",
            ["PATH"] = $"{sandbox.PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
        });

    private string[] Calls() => File.ReadAllLines(sandbox.PathOf("calls"));
}
