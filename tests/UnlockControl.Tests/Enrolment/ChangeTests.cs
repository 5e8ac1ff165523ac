// SPDX-License-Identifier: GPL-3.0-or-later
// add-card, remove-card, rotate: who opens the volume before and after, and what it takes to change that.

using System.Text.Json;
using System.Text.Json.Nodes;
using CardSimulator;

namespace UnlockControl.Tests.Enrolment;

[Collection(OneLab.Name)]
public sealed class ChangeTests(EnrolmentLab lab)
{
    private const string Ada = "Ada Lovelace (FFFE 000000AD)";
    private const string Bob = "Bob (FFFE 00000B0B)";

    [Fact]
    public void A_card_alone_allows_and_proves_a_new_key_for_one_PIN()
    {
        using var system = TestSystem.Enrolled(lab);
        Tool.Run("cryptsetup", "luksKillSlot", "--batch-mode", system.Disk, "0");
        system.WriteFile("old", Message(system));
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        using (var person = system.Unlockctl("rotate"))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
            Assert.DoesNotContain("Passphrase", person.Shown, StringComparison.Ordinal);
            Assert.Contains("Backups of root_crypt's header that were made before still open with the old "
                + "key", person.Shown, StringComparison.Ordinal);
        }

        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(["0"], Slots(system));
        Assert.Equal(0, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
        Assert.Null(system.SlotOpenedByAgent(lab, EnrolmentLab.Pin, system.PathOf("old")));
    }

    [Fact]
    public void A_new_card_is_let_in_by_one_that_was_there_through_one_reader()
    {
        using var system = TestSystem.Enrolled(lab);
        VirtualCard ada = lab.Card("ada"), bob = lab.Card("bob");
        using var first = lab.Reader(ada);
        using var second = lab.Reader(bob);
        first.Insert();
        using (var person = system.Unlockctl("add-card"))
        {
            int status = Dialogue.Go(person, new Reply("Please put the new card into the reader", person =>
            {
                first.Remove();
                second.Insert();
                person.Type("\r");
            }));
            Assert.True(status == 0, person.Shown);
        }

        Assert.Equal((1, 1), (ada.VerifyCount, bob.VerifyCount));
        Assert.Equal(["0", "2"], Slots(system));
        Assert.Equal(2, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
        second.Remove();
        first.Insert();
        Assert.Equal(2, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
    }

    [Fact]
    public void A_new_card_in_the_only_reader_is_let_in_by_the_passphrase()
    {
        using var system = TestSystem.Enrolled(lab);
        var bob = lab.Card("bob");
        using var reader = lab.Reader(bob);
        reader.Insert();
        using (var person = system.Unlockctl("add-card"))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
            Assert.Contains($"for {Ada} and {Bob}", person.Shown, StringComparison.Ordinal);
        }

        Assert.Equal(1, bob.VerifyCount);
        Assert.Equal(2, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
    }

    [Fact]
    public void A_public_key_file_is_added_by_a_card_or_by_a_key_file_without_a_question()
    {
        using var system = TestSystem.Enrolled(lab);
        system.WriteFile("key", System.Text.Encoding.UTF8.GetBytes(EnrolmentLab.Passphrase));
        var ada = lab.Card("ada");
        using var reader = lab.Reader(ada);
        reader.Insert();
        using (var person = system.Unlockctl("add-card", "--recipient", lab.PublicKeyOf("cyd")))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
        }

        reader.Remove();
        using var other = lab.Reader(lab.Card("cyd"));
        other.Insert();
        Assert.Equal(2, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));

        // It is there: nothing to do.
        var before = system.State();
        var (status, output) = system.TryUnlockctl("add-card", "--recipient", lab.PublicKeyOf("cyd"));
        Assert.True(status == 0, output);
        Assert.Contains("there is nothing to do", output, StringComparison.Ordinal);
        Assert.Equal(before, system.State());

        // And by a file that opens the volume, where the card is not to be had.
        other.Remove();
        (status, output) = system.TryUnlockctl(
            "rotate", "--yes", "--unlock-key-file", system.PathOf("key"), "--without-test");
        Assert.True(status == 0, output);
        other.Insert();
        Assert.Equal(1, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
    }

    [Theory]
    [InlineData("Bob")]
    [InlineData("FFFE 00000B0B")]
    [InlineData("00000b0b")]
    public void A_card_that_is_removed_opens_no_more_and_the_others_do(string name)
    {
        using var system = TestSystem.Enrolled(lab, two: true);
        system.WriteFile("old", Message(system));
        VirtualCard ada = lab.Card("ada");
        using var first = lab.Reader(ada);
        first.Insert();
        using (var person = system.Unlockctl("remove-card", name))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
            Assert.Contains($"{Bob} does not open root_crypt any more.", person.Shown, StringComparison.Ordinal);
            Assert.Contains("Backups of root_crypt's header", person.Shown, StringComparison.Ordinal);
        }

        Assert.Equal(1, ada.VerifyCount);
        Assert.Equal(2, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
        first.Remove();
        using var second = lab.Reader(lab.Card("bob"));
        second.Insert();
        Assert.Null(system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
        Assert.Null(system.SlotOpenedByAgent(lab, EnrolmentLab.Pin, system.PathOf("old")));
        Assert.Equal(0, system.SlotOpenedBy(EnrolmentLab.Passphrase));
    }

    [Fact]
    public void The_card_that_goes_can_allow_it_and_one_that_stays_must_prove_it()
    {
        using var system = TestSystem.Enrolled(lab, two: true);
        VirtualCard ada = lab.Card("ada"), bob = lab.Card("bob");
        using var first = lab.Reader(ada);
        using var second = lab.Reader(bob);
        second.Insert();
        using var person = system.Unlockctl("remove-card", "Bob");
        int status = Dialogue.Go(person, new Reply("Please put one of the cards that stay into the reader", person =>
        {
            second.Remove();
            first.Insert();
            person.Type("\r");
        }));
        Assert.True(status == 0, person.Shown);
        Assert.Equal((1, 1), (ada.VerifyCount, bob.VerifyCount));
    }

    [Fact]
    public void Names_that_fit_nobody_or_several_are_refused()
    {
        using var system = TestSystem.Enrolled(lab, two: true);
        var before = system.State();
        foreach (string name in (string[])["Carol", "AD", "B0B"])
        {
            var (status, output) = system.TryUnlockctl("remove-card", name, "--yes", "--dry-run");
            Assert.True(status == 2, output);
            Assert.Contains($"it has {Ada} and {Bob}", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }

        Assert.Equal(before, system.State());
    }

    [Fact]
    public void The_last_card_goes_back_to_the_passphrase()
    {
        using var system = TestSystem.Enrolled(lab);
        using (var person = system.Unlockctl("remove-card", "Ada Lovelace", "--yes"))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
            Assert.Contains("is the last card of root_crypt", person.Shown, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("keyscript", system.Crypttab, StringComparison.Ordinal);
        Assert.Equal(["0"], Slots(system));
        Assert.DoesNotContain("unlock-agent", system.State().Header, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_way_in_is_taken_only_when_told_twice()
    {
        using var system = TestSystem.Enrolled(lab);
        Tool.Run("cryptsetup", "luksKillSlot", "--batch-mode", system.Disk, "0");
        var before = system.State();
        using (var person = system.Unlockctl("remove-card", "Ada Lovelace", "--yes"))
        {
            Assert.Equal(5, Dialogue.Go(person));
        }

        Assert.Equal(before, system.State());
        using (var person = system.Unlockctl("remove-card", "Ada Lovelace", "--yes", "--even-the-last-way-in"))
        {
            Assert.Equal(5, Dialogue.Go(person, Reply.Line("Type the volume's name", "yes")));
        }

        Assert.Equal(before, system.State());
        using (var person = system.Unlockctl("remove-card", "Ada Lovelace", "--yes", "--even-the-last-way-in"))
        {
            int status = Dialogue.Go(person, Reply.Line("Type the volume's name", "root_crypt"));
            Assert.True(status == 0, person.Shown);
        }

        Assert.Empty(Slots(system));
    }

    [Fact]
    public void A_key_that_no_card_proves_is_no_last_way_in()
    {
        using var system = TestSystem.Enrolled(lab, two: true);
        Tool.Run("cryptsetup", "luksKillSlot", "--batch-mode", system.Disk, "0");
        var before = system.State();
        using var reader = lab.Reader(lab.Card("bob"));
        reader.Insert();
        using var person = system.Unlockctl("remove-card", "Bob", "--without-test");
        Assert.Equal(5, Dialogue.Go(person));
        Assert.Equal(before, system.State());
    }

    [Fact]
    public void A_key_file_is_replaced_and_the_image_with_it()
    {
        using var system = new TestSystem(lab);
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        const string Path = "/etc/unlock-agent/root_crypt.gpg";
        using (var person = system.Unlockctl("enroll", "--yes", "--key-file", Path))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
        }

        byte[] old = File.ReadAllBytes(system.Folder + Path);
        using (var person = system.Unlockctl("rotate"))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
        }

        Assert.NotEqual(old, File.ReadAllBytes(system.Folder + Path));
        Assert.Equal(["0", "2"], Slots(system));
        Assert.Equal(2, system.SlotOpenedByGpg(lab, EnrolmentLab.Pin, system.Folder + Path));
        using var again = system.Unlockctl("enroll");
        Assert.True(Dialogue.Go(again) == 0, again.Shown);
        Assert.Contains("there is nothing to do", again.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_missing_from_a_token_made_by_hand_is_named()
    {
        using var system = TestSystem.Enrolled(lab, two: true);
        using (var header = JsonDocument.Parse(system.State().Header))
        {
            string token = header.RootElement.GetProperty("tokens").GetProperty("0").GetRawText();
            string without = System.Text.RegularExpressions.Regex.Replace(token, "\"public_keys\":\"[^\"]*\",", "");
            Assert.NotEqual(token, without);
            system.WriteFile("token", System.Text.Encoding.UTF8.GetBytes(without));
            Tool.Run("cryptsetup", "token", "remove", "--token-id", "0", system.Disk);
            Tool.Run("cryptsetup", "token", "import", "--token-id", "0", "--json-file", system.PathOf("token"), system.Disk);
        }

        var before = system.State();
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        using (var person = system.Unlockctl("rotate"))
        {
            Assert.Equal(1, Dialogue.Go(person));
            Assert.Contains("--recipient FILE", person.Shown.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }

        Assert.Equal(before, system.State());
        using (var person = system.Unlockctl("rotate", "--recipient", lab.PublicKeyOf("bob")))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
        }

        reader.Remove();
        using var second = lab.Reader(lab.Card("bob"));
        second.Insert();
        Assert.Equal(2, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
    }

    [Fact]
    public void A_keyslot_that_a_token_names_by_mistake_is_not_removed()
    {
        using var system = TestSystem.Enrolled(lab);
        HandMade.Replace(system, token => token["keyslots"] = new JsonArray("0", "1"));
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        using var person = system.Unlockctl("rotate");
        Assert.True(Dialogue.Go(person) == 0, person.Shown);
        Assert.Equal(0, system.SlotOpenedBy(EnrolmentLab.Passphrase));
        Assert.Equal(["0", "2"], Slots(system));
    }

    private static string[] Slots(TestSystem system)
    {
        using var header = JsonDocument.Parse(system.State().Header);
        return [.. header.RootElement.GetProperty("keyslots").EnumerateObject().Select(slot => slot.Name).Order()];
    }

    private static byte[] Message(TestSystem system)
    {
        using var header = JsonDocument.Parse(system.State().Header);
        return header.RootElement.GetProperty("tokens").GetProperty("0").GetProperty("message").GetBytesFromBase64();
    }
}
