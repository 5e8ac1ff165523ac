// SPDX-License-Identifier: GPL-3.0-or-later
// disable and backup-header.

namespace UnlockControl.Tests.Enrolment;

[Collection(OneLab.Name)]
public sealed class DisableTests(EnrolmentLab lab)
{
    [Fact]
    public void The_passphrase_is_all_that_opens_then()
    {
        using var system = TestSystem.Enrolled(lab);
        using (var person = system.Unlockctl("disable", "--yes"))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
        }

        Assert.Contains($"{TestSystem.Volume}\t{system.Disk}  none\tluks,discard", system.Crypttab, StringComparison.Ordinal);
        Assert.DoesNotContain("keyscript", system.Crypttab, StringComparison.Ordinal);
        string header = system.State().Header;
        Assert.DoesNotContain("unlock-agent", header, StringComparison.Ordinal);
        using var json = System.Text.Json.JsonDocument.Parse(header);
        Assert.Equal("0", Assert.Single(json.RootElement.GetProperty("keyslots").EnumerateObject()).Name);
        Assert.Equal(0, system.SlotOpenedBy(EnrolmentLab.Passphrase));
        Assert.DoesNotContain("keyscript", Tool.Run("sh", "-c", $"zcat '{system.Image}' | cpio --quiet -i --to-stdout "
            + "'*crypttab'"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_passphrase_that_nobody_knows_any_more_is_no_way_back()
    {
        using var system = TestSystem.Enrolled(lab);
        var before = system.State();
        using var person = system.Unlockctl("disable", "--yes");
        Assert.Equal(4, Dialogue.Go(person, Reply.Line("Passphrase of root_crypt", "forgotten")));
        Assert.Equal(before, system.State());
    }

    [Fact]
    public void Where_only_cards_open_it_is_refused()
    {
        using var system = TestSystem.Enrolled(lab);
        Tool.Run("cryptsetup", "luksKillSlot", "--batch-mode", system.Disk, "0");
        var before = system.State();
        foreach (string[] more in (string[][])[["--yes"], ["--keep-keys"], ["--all", "--keep-keys"]])
        {
            var (status, output) = system.TryUnlockctl(["disable", .. more]);
            Assert.True(status == 5, output);
            Assert.Equal(before, system.State());
        }
    }

    [Fact]
    public void The_package_s_removal_needs_no_terminal_no_card_and_no_answer_and_enroll_takes_the_kept_keys_up_again()
    {
        using var system = TestSystem.Enrolled(lab);
        string header = system.State().Header;
        var (status, output) = system.TryUnlockctl("disable", "--all", "--keep-keys");
        Assert.True(status == 0, output);
        Assert.DoesNotContain("keyscript", system.Crypttab, StringComparison.Ordinal);
        Assert.Equal(header, system.State().Header);

        (status, output) = system.TryUnlockctl("disable", "--all", "--keep-keys");
        Assert.True(status == 0, output);
        Assert.Contains("there is nothing to do", output, StringComparison.Ordinal);

        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        using var person = system.Unlockctl("enroll", "--yes");
        Assert.True(Dialogue.Go(person) == 0, person.Shown);
        Assert.Equal(1, card.VerifyCount);
        Assert.Contains("keyscript=unlock-agent", system.Crypttab, StringComparison.Ordinal);
        Assert.Equal(header, system.State().Header);
    }

    [Fact]
    public void A_disk_that_is_not_there_keeps_no_package_from_being_removed()
    {
        using var system = TestSystem.Enrolled(lab);
        File.Move(system.Disk, system.Disk + ".away");
        var (status, output) = system.TryUnlockctl("disable", "--all", "--keep-keys");
        Assert.True(status == 0, output);
        Assert.Contains("cannot be seen", output, StringComparison.Ordinal);
        Assert.DoesNotContain("keyscript", system.Crypttab, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_s_copy_is_for_its_owner_alone_and_never_written_over_another()
    {
        using var system = TestSystem.Enrolled(lab);
        string file = system.PathOf("header");
        var (status, output) = system.TryUnlockctl("backup-header", file);
        Assert.True(status == 0, output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains("luksHeaderRestore", output, StringComparison.Ordinal);
        Assert.Contains("also after you have changed or removed them", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        byte[] copy = File.ReadAllBytes(file);

        // It brings a volume back whose header is gone.
        using (var disk = File.OpenWrite(system.Disk))
        {
            disk.Write(new byte[1 << 20]);
        }

        Assert.Null(system.SlotOpenedBy(EnrolmentLab.Passphrase));
        Tool.Run("cryptsetup", "luksHeaderRestore", "--batch-mode", "--header-backup-file", file, system.Disk);
        Assert.Equal(0, system.SlotOpenedBy(EnrolmentLab.Passphrase));

        (status, output) = system.TryUnlockctl("backup-header", file);
        Assert.True(status == 1, output);
        Assert.Contains("is there already", output, StringComparison.Ordinal);
        Assert.Equal(copy, File.ReadAllBytes(file));
    }
}
