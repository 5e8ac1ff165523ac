// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the console is left as when the root is open: its keyboard, which was off while a key was tried, always comes back; its text
// comes back where the init does not see to that.

namespace Hooks.Tests;

public sealed class ConsoleAfterBootTests : IDisposable
{
    private readonly Sandbox sandbox = new();

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [InlineData("sh", "/lib/systemd/systemd", "--restore-keyboard")]
    [InlineData("busybox sh", "/lib/systemd/systemd", "--restore-keyboard")]
    [InlineData("sh", "/sbin/init", "--restore-console")]
    [InlineData("busybox sh", "/sbin/init", "--restore-console")]
    public void The_keyboard_comes_back_with_every_init_and_the_picture_stays_for_one_that_clears_it(string shell, string init, string expected)
    {
        sandbox.WriteProgram("home/unlock-agent", $"echo \"$*\" >>{sandbox.PathOf("calls")}");
        var script = sandbox.CopyScript(
            "scripts/local-bottom/unlock-agent",
            ("home=/usr/lib/unlock-agent\n", $"home={sandbox.PathOf("home")}\n"),
            ("state=/run/unlock-agent\n", $"state={sandbox.PathOf("state")}\n"),
            ("rm -rf /run/pcscd ", $"rm -rf {sandbox.PathOf("run")} "),
            (">/dev/kmsg", $">>{sandbox.PathOf("kmsg")}"));

        var outcome = Sandbox.Run(
            [.. shell.Split(' '), script], new Dictionary<string, string> { ["rootmnt"] = sandbox.PathOf("root"), ["init"] = init });

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.Equal([expected], File.ReadAllLines(sandbox.PathOf("calls")));
    }
}
