// SPDX-License-Identifier: GPL-3.0-or-later
// What fails at each step, one after the other: then everything is as it was before, and the exit status says so.

using CardSimulator;

namespace UnlockControl.Tests.Enrolment;

[Collection(OneLab.Name)]
public sealed class FailureTests(EnrolmentLab lab)
{
    private const byte Decipher = 0x2A;

    [Theory]
    [InlineData("cryptsetup", "case \"$*\" in *--test-passphrase*) exit 2 ;; esac; exec $real \"$@\"")]
    [InlineData("update-initramfs", "echo oops >/boot/new; mv /boot/new /boot/initrd.img-6.1.0-test; echo 'E: no room'; exit 1")]
    [InlineData("update-initramfs", "rm /boot/initrd.img-6.1.0-test; kill -9 $$")]
    [InlineData("update-initramfs", "echo an image that lacks everything | gzip >/boot/new; mv /boot/new /boot/initrd.img-6.1.0-test")]
    [InlineData("update-initramfs", "exit 0")]
    public void A_program_that_fails_undoes_all(string program, string script)
    {
        using var system = new TestSystem(lab);
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        system.WriteProgram(program, script);
        var before = system.State();
        using var person = system.Unlockctl("enroll", "--yes");
        int status = Dialogue.Go(person);
        Assert.True(status == 1, person.Shown);
        Assert.Contains("Everything is as it was before.", person.Shown.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.True(before == system.State(), $"{person.Shown}\n{before}\n{system.State()}");
    }

    [Fact]
    public void A_boot_loader_with_a_copy_of_its_own_gets_the_former_image_back()
    {
        using var system = new TestSystem(lab);
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        string hooks = system.PathOf("etc/initramfs/post-update.d");
        Directory.CreateDirectory(hooks);
        File.WriteAllText(hooks + "/loader", $"#!/bin/sh\necho \"$*\" $(sha256sum <\"$2\") >>'{system.PathOf("told")}'\n");
        File.SetUnixFileMode(hooks + "/loader", (UnixFileMode)0b111_101_101);
        system.WriteProgram("update-initramfs", "echo oops >/boot/new; mv /boot/new /boot/initrd.img-6.1.0-test; exit 1");
        var before = system.State();
        using var person = system.Unlockctl("enroll", "--yes");
        Assert.Equal(1, Dialogue.Go(person));
        Assert.Equal(before, system.State());
        string sum = Tool.Run("sh", "-c", $"sha256sum <'{system.Image}'").Split(' ')[0];
        Assert.Equal($"6.1.0-test /boot/initrd.img-6.1.0-test {sum} -\n", File.ReadAllText(system.PathOf("told")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_card_that_is_pulled_undoes_all(bool rotates)
    {
        using var system = rotates ? TestSystem.Enrolled(lab) : new TestSystem(lab);
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        card.Faults.PullAtInstruction(Decipher);
        var before = system.State();
        using var person = system.Unlockctl(rotates ? "rotate" : "enroll", "--yes");
        Assert.Equal(3, Dialogue.Go(person));
        Assert.Equal(before, system.State());
        Assert.Equal(1, card.VerifyCount);
    }

    [Theory]
    [InlineData("rotate")]
    [InlineData("remove-card Bob")]
    [InlineData("disable")]
    public void What_was_there_survives_a_failure(string command)
    {
        using var system = TestSystem.Enrolled(lab, two: true);
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        system.WriteProgram("cryptsetup", "case \"$*\" in *--test-passphrase*) exit 2 ;; esac; exec $real \"$@\"");
        system.WriteProgram("update-initramfs", "exit 1");
        var before = system.State();
        using var person = system.Unlockctl([.. command.Split(' '), "--yes"]);
        int status = Dialogue.Go(person);
        Assert.True(status == 1, person.Shown);
        Assert.True(before == system.State(), $"{person.Shown}\n{before}\n{system.State()}");
    }

    [Theory]
    [InlineData("enroll", false)]
    [InlineData("enroll --key-file /etc/unlock-agent/root_crypt.gpg", false)]
    [InlineData("disable", true)]
    public void A_disk_that_is_full_at_any_moment_undoes_all(string command, bool enrolled)
    {
        TestSystem Fresh() => enrolled ? TestSystem.Enrolled(lab) : new TestSystem(lab);
        var system = Fresh();
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        int undone = 0;
        try
        {
            // One kind at a time, so that the undoing meets no second failure.
            foreach (string kind in (string[])["pwrite64", "fsync", "rename", "link"])
            {
                for (int call = 1; ; call++)
                {
                    var before = system.State();
                    string log = system.PathOf("calls");
                    using var person = system.Start(
                        "strace",
                        ["-f", "-qq", "-o", log, "-e", "trace=" + kind, "-e", $"inject={kind}:error=ENOSPC:when={call}",
                        TestSystem.Program, .. command.Split(' '), "--yes"]);
                    int status = Dialogue.Go(person);
                    if (status == 1)
                    {
                        undone++;
                        Assert.True(before == system.State(), $"{kind} {call}\n{person.Shown}\n{before}\n{system.State()}");
                        continue;
                    }

                    // What failed could be done otherwise, or nothing failed: all is done.
                    Assert.True(status == 0, $"{kind} {call}: {status}\n{person.Shown}\n{File.ReadAllText(log)}");
                    Assert.Contains("Done:", person.Shown, StringComparison.Ordinal);
                    bool happened = File.ReadAllText(log).Contains("(INJECTED)", StringComparison.Ordinal);
                    system.Dispose();
                    system = Fresh();
                    if (!happened)
                    {
                        break;
                    }
                }
            }

            Assert.True(undone >= 3, $"{undone}");
        }
        finally
        {
            system.Dispose();
        }
    }
}
