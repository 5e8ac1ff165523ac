// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C at every step, typed at the terminal when the program names the step: then everything is as it was before, or, when it came too
// late, everything is done. The steps are those that a dry run says.

using CardSimulator;

namespace UnlockControl.Tests.Enrolment;

[Collection(OneLab.Name)]
public sealed class InterruptTests(EnrolmentLab lab)
{
    private const int Interrupted = 130;
    private const string CtrlC = "\x03";

    [Theory]
    [InlineData("enroll")]
    [InlineData("enroll --key-file /etc/unlock-agent/root_crypt.gpg")]
    [InlineData("rotate")]
    [InlineData("remove-card Bob")]
    [InlineData("disable")]
    public void Nothing_is_half_done(string command)
    {
        string[] words = [.. command.Split(' '), "--yes"];
        bool isNew = words[0] == "enroll";
        using var system = isNew ? new TestSystem(lab) : TestSystem.Enrolled(lab, two: true);
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        string[] steps = system.StepsOf(words);
        Assert.True(steps.Length > 4);
        var before = system.State();
        int undone = 0;
        foreach (string step in steps)
        {
            using var person = system.Unlockctl(words);
            bool isTyped = false;
            int status = Dialogue.Go(person, new Reply(step, person =>
            {
                // Not once more when its undoing is said: the terminal drops what is shown at that moment.
                if (!isTyped)
                {
                    person.Type(CtrlC);
                    isTyped = true;
                }
            }));
            if (status == Interrupted)
            {
                undone++;
                Assert.True(before == system.State(), $"{step}\n{person.Shown}\n{before}\n{system.State()}");
                Assert.Contains("Interrupted.", person.Shown, StringComparison.Ordinal);
                Assert.True(person.Echoes || person.HasEnded);
                continue;
            }

            // Only what can no more be undone is gone on with: the old keyslots at the very end.
            Assert.True(status == 0 && step.StartsWith("Remove the old", StringComparison.Ordinal), $"{step}: {status}\n{person.Shown}");
            Assert.Contains("Done:", person.Shown, StringComparison.Ordinal);
            break;
        }

        Assert.True(undone >= steps.Length - 2, $"{undone} of {steps.Length}");
        Assert.Equal(3, card.UserTriesLeft);
    }

    [Fact]
    public void Ctrl_C_that_is_pressed_again_while_all_is_being_undone_changes_nothing_about_it()
    {
        using var system = new TestSystem(lab);
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        var before = system.State();
        using var person = system.Unlockctl("enroll", "--yes");
        Reply[] replies = [new("Change /etc/crypttab\r", person => person.Type(CtrlC)), new("undoing: ", person => person.Type(CtrlC))];
        Assert.Equal(Interrupted, Dialogue.Go(person, replies));
        Assert.Equal(before, system.State());
    }

    [Fact]
    public void At_a_question_too()
    {
        using var system = new TestSystem(lab);
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        var before = system.State();
        foreach (string question in (string[])["Passphrase of", "PIN of the card", "Change /etc/crypttab so?"])
        {
            using var person = system.Unlockctl("enroll");
            Assert.Equal(Interrupted, Dialogue.Go(person, new Reply(question, person => person.Type(CtrlC))));
            Assert.Equal(before, system.State());
        }
    }

    [Fact]
    public void A_long_update_initramfs_ends_at_once_and_leaves_no_process()
    {
        using var system = new TestSystem(lab);
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        system.WriteProgram("update-initramfs", "echo new >/boot/new; mv /boot/new /boot/initrd.img-6.1.0-test; echo begun; exec "
            + "sleep 7777");
        var before = system.State();
        using var person = system.Unlockctl("enroll", "--yes");
        Assert.Equal(Interrupted, Dialogue.Go(person, new Reply("begun", person => person.Type(CtrlC))));
        Assert.Equal(before, system.State());
        Assert.DoesNotContain("sleep 7777", Tool.Run("ps", "-eo", "args"), StringComparison.Ordinal);
    }
}
