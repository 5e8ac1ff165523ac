// SPDX-License-Identifier: GPL-3.0-or-later
// enroll, as a person sees it: the real program at a terminal, a real pcscd, cards that gpg put the keys on.

using System.Text.Json;
using CardSimulator;
using CardUnlock;

namespace UnlockControl.Tests.Enrolment;

[Collection(OneLab.Name)]
public sealed class EnrollTests(EnrolmentLab lab)
{
    [Fact]
    public void A_card_opens_the_volume_with_what_enroll_made()
    {
        using var system = new TestSystem(lab);
        string before = system.Crypttab;
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        using (var person = system.Unlockctl("enroll", "--yes"))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
            Assert.Contains("PIN of the card Ada Lovelace (FFFE 000000AD) (3 tries left)", person.Shown, StringComparison.Ordinal);
            Assert.Contains("Done: root_crypt is opened by Ada Lovelace", person.Shown, StringComparison.Ordinal);
        }

        Assert.Equal(1, card.VerifyCount);
        Assert.Contains(
            $"# the root\n{TestSystem.Volume}\t{system.Disk}  none\tluks,discard,initramfs,keyscript=unlock-agent\n# keep me\n",
            system.Crypttab,
            StringComparison.Ordinal);
        string backup = Assert.Single(Directory.GetFiles(system.PathOf("etc"), "crypttab.before-*"));
        Assert.Equal(before, File.ReadAllText(backup));

        // The keyslot costs next to nothing, and the passphrase is as it was.
        using var header = JsonDocument.Parse(system.State().Header);
        var slot = header.RootElement.GetProperty("keyslots").GetProperty("1").GetProperty("kdf");
        Assert.Equal("pbkdf2", slot.GetProperty("type").GetString());
        Assert.Equal(1000, slot.GetProperty("iterations").GetInt32());
        Assert.Equal(0, system.SlotOpenedBy(EnrolmentLab.Passphrase));

        // As the agent reads it, and as gpg does.
        Assert.Equal(1, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
        Assert.Equal(1, system.SlotOpenedByGpg(lab, EnrolmentLab.Pin));
    }

    [Fact]
    public void A_second_run_changes_nothing_and_a_stale_image_is_all_that_is_made_anew()
    {
        using var system = TestSystem.Enrolled(lab);
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        var before = system.State();
        using (var again = system.Unlockctl("enroll"))
        {
            Assert.True(Dialogue.Go(again) == 0, again.Shown);
            Assert.Contains("there is nothing to do", again.Shown, StringComparison.Ordinal);
        }

        Assert.Equal(before, system.State());

        File.SetLastWriteTimeUtc(system.Image, DateTime.UtcNow.AddDays(-1));
        using var stale = system.Unlockctl("enroll");
        Assert.True(Dialogue.Go(stale) == 0, stale.Shown);
        Assert.Contains("Rebuild the initramfs", stale.Shown, StringComparison.Ordinal);
        Assert.True(File.GetLastWriteTimeUtc(system.Image) > DateTime.UtcNow.AddHours(-1));
        Assert.Equal(before.Header, system.State().Header);
        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void A_dry_run_says_every_step_and_touches_nothing()
    {
        using var system = new TestSystem(lab);
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        var before = system.State();
        string[] steps = system.StepsOf("enroll");
        Assert.Equal(8, steps.Length);
        Assert.Equal(before, system.State());
        Assert.Equal(0, card.VerifyCount);

        // The same steps, then in earnest.
        using var person = system.Unlockctl("enroll", "--yes");
        Assert.True(Dialogue.Go(person) == 0, person.Shown);
        int at = 0;
        foreach (string step in steps)
        {
            int next = person.Shown.IndexOf(step, at, StringComparison.Ordinal);
            Assert.True(next >= at, $"{step}\n{person.Shown}");
            at = next;
        }
    }

    [Fact]
    public void A_second_card_shares_the_only_reader_and_the_same_one_put_in_again_is_known()
    {
        using var system = new TestSystem(lab);
        VirtualCard ada = lab.Card("ada"), bob = lab.Card("bob");
        using var first = lab.Reader(ada);
        using var second = lab.Reader(bob);
        first.Insert();
        int asked = 0;
        using (var person = system.Unlockctl("enroll", "--yes", "--another-card"))
        {
            int status = Dialogue.Go(person, new Reply("Please put the next card into the reader", person =>
            {
                // At first nothing is done.
                if (asked++ > 0)
                {
                    first.Remove();
                    second.Insert();
                }

                person.Type("\r");
            }));
            Assert.True(status == 0, person.Shown);
            Assert.Equal(2, asked);
            Assert.Contains("The card Ada Lovelace (FFFE 000000AD) has been tested already", person.Shown, StringComparison.Ordinal);
        }

        Assert.Equal((1, 1), (ada.VerifyCount, bob.VerifyCount));
        Assert.Equal(1, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
        second.Remove();
        first.Insert();
        Assert.Equal(1, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
    }

    [Fact]
    public void Two_readers_need_no_swap_and_each_card_its_PIN_once()
    {
        using var system = new TestSystem(lab);
        VirtualCard ada = lab.Card("ada"), bob = lab.Card("bob");
        using var first = lab.Reader(ada);
        using var second = lab.SecondReader(bob);
        first.Insert();
        second.Insert();
        using var person = system.Unlockctl("enroll", "--yes", "--another-card");
        Assert.True(Dialogue.Go(person) == 0, person.Shown);
        Assert.DoesNotContain("Please put", person.Shown, StringComparison.Ordinal);
        Assert.Equal((1, 1), (ada.VerifyCount, bob.VerifyCount));
        Assert.Contains("opened by Ada Lovelace (FFFE 000000AD) and Bob (FFFE 00000B0B)", person.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_public_key_file_is_a_recipient_without_a_card_at_hand()
    {
        using var system = new TestSystem(lab);
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        using (var person = system.Unlockctl("enroll", "--yes", "--recipient", lab.PublicKeyOf("cyd")))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
        }

        reader.Remove();
        using var other = lab.Reader(lab.Card("cyd"));
        other.Insert();
        Assert.Equal(1, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
    }

    [Fact]
    public void A_wrong_PIN_ends_with_nothing_changed_and_the_tries_left()
    {
        using var system = new TestSystem(lab);
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        var before = system.State();
        using var person = system.Unlockctl("enroll", "--yes");
        int status = Dialogue.Go(person, Reply.Line("PIN of the card", "654321"));
        Assert.Equal(4, status);
        Assert.Contains("refused the PIN: 2 tries left. Nothing was changed.", person.Shown, StringComparison.Ordinal);
        Assert.Equal(before, system.State());
        Assert.Equal((1, 2), (card.VerifyCount, card.UserTriesLeft));
    }

    [Fact]
    public void A_passphrase_that_opens_nothing_is_asked_for_again_and_the_card_is_left_alone()
    {
        using var system = new TestSystem(lab);
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        var before = system.State();
        using var person = system.Unlockctl("enroll", "--yes");
        Assert.Equal(4, Dialogue.Go(person, Reply.Line("Passphrase of root_crypt", "guess")));
        Assert.Equal(0, card.VerifyCount);
        Assert.Equal(before, system.State());
    }

    [Fact]
    public void A_key_file_in_place_of_a_token()
    {
        using var system = new TestSystem(lab);
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        const string Path = "/etc/unlock-agent/root_crypt.gpg";
        using (var person = system.Unlockctl("enroll", "--yes", "--key-file", Path))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
        }

        Assert.Contains($"{system.Disk}  {Path}\tluks", system.Crypttab, StringComparison.Ordinal);
        foreach (string file in (string[])[Path, Path + ".pub"])
        {
            Assert.Equal((UnixFileMode)0b110_100_100, File.GetUnixFileMode(system.Folder + file));
        }

        Assert.Equal(1, system.SlotOpenedByGpg(lab, EnrolmentLab.Pin, system.Folder + Path));

        // Its keyslot is known for what it is.
        var before = system.State();
        using var again = system.Unlockctl("enroll");
        Assert.True(Dialogue.Go(again) == 0, again.Shown);
        Assert.Contains("there is nothing to do", again.Shown, StringComparison.Ordinal);
        Assert.Equal(before, system.State());
    }

    [Fact]
    public void A_card_that_wants_a_touch_says_so()
    {
        using var system = new TestSystem(lab);
        var card = lab.Card("ada");
        EnrolmentLab.Put(card, 0xD7, 0x01, 0x20);
        card.IsTouched = true;
        using var reader = lab.Reader(card);
        reader.Insert();
        using var person = system.Unlockctl("enroll", "--yes");
        Assert.True(Dialogue.Go(person) == 0, person.Shown);
        Assert.Contains("Touch the card Ada Lovelace (FFFE 000000AD) now.", person.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_nobody_is_waited_for()
    {
        using var system = new TestSystem(lab);
        var before = system.State();
        var (status, output) = system.TryUnlockctl("enroll", "--yes");
        Assert.True(status == 6, output);
        Assert.Equal(before, system.State());
    }

    [Fact]
    public void A_no_to_the_new_crypttab_changes_nothing()
    {
        using var system = new TestSystem(lab);
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        var before = system.State();
        using var person = system.Unlockctl("enroll");
        Assert.Equal(6, Dialogue.Go(person, Reply.Line("Change /etc/crypttab so?", "n")));
        Assert.Contains("+root_crypt", person.Shown, StringComparison.Ordinal);
        Assert.Equal(before, system.State());
    }

    [Fact]
    public void A_volume_that_only_cards_open_is_called_so()
    {
        using var system = TestSystem.Enrolled(lab);
        Tool.Run("cryptsetup", "luksKillSlot", "--batch-mode", system.Disk, "0");
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        using var person = system.Unlockctl("enroll");
        Assert.True(Dialogue.Go(person) == 0, person.Shown);
        Assert.Contains("no passphrase opens root_crypt, only cards do", person.Shown, StringComparison.Ordinal);
    }
}
