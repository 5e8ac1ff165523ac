// SPDX-License-Identifier: GPL-3.0-or-later
// test: what can be seen without a screen. The emulated phone shows the rest.

using UnlockControl.Enrolment;
using UnlockControl.Volumes;

namespace UnlockControl.Tests.Enrolment;

[Collection(OneLab.Name)]
public sealed class TrialTests(EnrolmentLab lab)
{
    [Fact]
    public void The_agent_hears_what_cryptroot_would_tell_it()
    {
        var entry = Assert.Single(Crypttab.Parse("root_crypt UUID=x none "
            + "luks,tries=3,keyfile-size=32,header=/boot/h,keyscript=unlock-agent\n").Entries);
        var variables = CryptrootEnvironment.Of(entry, "/dev/sda3");
        Assert.Equal("root_crypt", variables["CRYPTTAB_NAME"]);
        Assert.Equal("/dev/sda3", variables["CRYPTTAB_SOURCE"]);
        Assert.Equal("none", variables["CRYPTTAB_KEY"]);
        Assert.Equal("0", variables["CRYPTTAB_TRIED"]);
        Assert.Equal("luks,tries=3,keyfile-size=32,header=/boot/h,keyscript=unlock-agent", variables["CRYPTTAB_OPTIONS"]);
        Assert.Equal("yes", variables["CRYPTTAB_OPTION_luks"]);
        Assert.Equal("3", variables["CRYPTTAB_OPTION_tries"]);
        Assert.Equal("32", variables["CRYPTTAB_OPTION_keyfile_size"]);
        Assert.Equal("/boot/h", variables["CRYPTTAB_OPTION_header"]);
    }

    [Fact]
    public void The_key_goes_from_the_agent_to_cryptsetup_alone_and_its_slot_is_told()
    {
        using var system = TestSystem.Enrolled(lab);
        Assert.Equal((0, 0), Try(system, $"printf %s '{EnrolmentLab.Passphrase}'"));
        Assert.Equal((0, null), Try(system, "printf %s wrong"));
        Assert.Equal((1, null), Try(system, "exit 1"));
        Assert.Equal((137, null), Try(system, "kill -9 $$"));
    }

    [Fact]
    public void What_is_no_status_is_what_cryptsetup_said()
    {
        Assert.Equal(new TrialOutcome(130, null, "oops"), TrialOutcome.Parse("oops\n"));
        Assert.Equal(
            new TrialOutcome(0, 3, "Key slot 3 unlocked. Command successful."),
            TrialOutcome.Parse("agent 0\nKey slot 3 unlocked.\nCommand successful.\ncryptsetup 0\n"));
        Assert.Null(TrialOutcome.Parse("agent 0\nKey slot 3 unlocked.\ncryptsetup 1\n").Keyslot);
    }

    [Fact]
    public void A_machine_without_the_agent_or_without_a_screen_says_so()
    {
        using var system = TestSystem.Enrolled(lab);
        var (status, output) = system.TryUnlockctl("test");
        Assert.True(status == 1, output);
        Assert.Contains("is the package unlock-agent installed?", output.ReplaceLineEndings(" "), StringComparison.Ordinal);

        if (!File.Exists("/dev/tty0"))
        {
            system.WriteAgent("exit 0");
            (status, output) = system.TryUnlockctl("test");
            Assert.True(status == 1, output);
            Assert.Contains("/dev/tty0", output, StringComparison.Ordinal);
        }
    }

    private static (int Agent, int? Keyslot) Try(TestSystem system, string agent)
    {
        system.WriteFile("agent", System.Text.Encoding.ASCII.GetBytes($"#!/bin/sh\n{agent}\n"));
        File.SetUnixFileMode(system.PathOf("agent"), (UnixFileMode)0b111_101_101);
        string said = Tool.Output("sh", "-c", AgentTrial.Script, "sh", system.PathOf("agent"), "none", "/sbin/cryptsetup", system.Disk, "");
        var outcome = TrialOutcome.Parse(said);
        return (outcome.AgentStatus, outcome.Keyslot);
    }
}
