// SPDX-License-Identifier: GPL-3.0-or-later
//
// What holds for every script of initramfs-hooks: shellcheck has nothing to say, every shell that may run it can read it, the boot
// scripts and the hook answer "prereqs" (initramfs-tools(7)), and on a system without the agent they change nothing.

using System.Text;

namespace Hooks.Tests;

public sealed class ScriptTests
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static TheoryData<string> Scripts =>
    [
        "install",
        "hooks/unlock-agent",
        "keyscript/unlock-agent",
        "scripts/init-premount/unlock-agent",
        "scripts/local-bottom/unlock-agent",
        "scripts/panic/unlock-agent",
        "stand-ins/compile",
    ];

    [Fact]
    public void Every_script_of_the_folder_is_tested_here()
    {
        var files = Directory.EnumerateFiles(Sandbox.Hooks, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Sandbox.Hooks, path))
            .Where(path => path is not ("initramfs.conf" or "unlock-agent.conf") && Path.GetExtension(path) is not (".c" or ".map"));

        Assert.Equal(Scripts.Select(row => row.Data).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Shellcheck_is_content(string script)
    {
        var outcome = Sandbox.Run(["shellcheck", "--shell=sh", Path.Combine(Sandbox.Hooks, script)]);

        Assert.Equal("", Encoding.UTF8.GetString(outcome.Output));
        Assert.Equal(0, outcome.Status);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Both_shells_can_read_it_and_it_is_executable(string script)
    {
        var path = Path.Combine(Sandbox.Hooks, script);

        Assert.Equal(0, Sandbox.Run(["dash", "-n", path]).Status);
        Assert.Equal(0, Sandbox.Run(["busybox", "sh", "-n", path]).Status);
        Assert.Equal(Executable, File.GetUnixFileMode(path) & Executable);
    }

    [Theory]
    [InlineData("hooks/unlock-agent", "cryptroot\n")]
    [InlineData("scripts/init-premount/unlock-agent", "")]
    [InlineData("scripts/local-bottom/unlock-agent", "")]
    [InlineData("scripts/panic/unlock-agent", "")]
    public void Prerequisites_are_told(string script, string expected)
    {
        var outcome = Sandbox.Run([Path.Combine(Sandbox.Hooks, script), "prereqs"]);

        Assert.Equal(0, outcome.Status);
        Assert.Equal(expected, Encoding.UTF8.GetString(outcome.Output));
    }

    [Theory]
    [InlineData("scripts/init-premount/unlock-agent")]
    [InlineData("scripts/local-bottom/unlock-agent")]
    [InlineData("scripts/panic/unlock-agent")]
    public void A_boot_script_does_nothing_in_an_image_without_the_agent(string script)
    {
        using var sandbox = new Sandbox();
        var copy = sandbox.CopyScript(script, ("/usr/lib/unlock-agent", sandbox.PathOf("absent")));

        var outcome = Sandbox.Run([copy]);

        Assert.Equal(new Outcome(0, [], ""), outcome with { Output = [] });
        Assert.Empty(outcome.Output);
    }
}
