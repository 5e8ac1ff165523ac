// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens that somebody else wrote, or the owner by mistake: what they name is no reason to take a passphrase away.

using System.Text.Json;
using System.Text.Json.Nodes;

namespace UnlockControl.Tests.Enrolment;

[Collection(OneLab.Name)]
public sealed class KeyslotTests(EnrolmentLab lab)
{
    private const string SecondPassphrase = "another long passphrase";

    [Theory]
    [InlineData("unlock-agent-openpgp")]
    [InlineData("unlock-agent-keyfile")]
    [InlineData("clevis")]
    public void A_passphrase_s_keyslot_that_a_second_token_names_stays(string type)
    {
        using var system = TestSystem.Enrolled(lab);
        AddToken(system, type, "0");
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        using var person = system.Unlockctl("rotate", "--yes");
        Assert.True(Dialogue.Go(person) == 0, person.Shown);
        Assert.Equal(0, system.SlotOpenedBy(EnrolmentLab.Passphrase));
        Assert.Equal(["0", "2"], Slots(system));
    }

    [Fact]
    public void The_old_key_s_keyslot_that_another_program_needs_too_ends_the_change_before_it_begins()
    {
        using var system = TestSystem.Enrolled(lab, two: true);
        AddToken(system, "clevis", "1");
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        var before = system.State();
        using var person = system.Unlockctl("remove-card", "Bob", "--yes");
        Assert.Equal(1, Dialogue.Go(person));
        Assert.Contains("Keyslot 1 of root_crypt, which the old key opens, would stay", person.Shown.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(before, system.State());
    }

    [Fact]
    public void Without_a_card_nobody_can_tell_whose_keyslot_it_is()
    {
        using var system = TestSystem.Enrolled(lab, two: true);
        AddPassphrase(system);
        AddToken(system, "unlock-agent-openpgp", "2");
        system.WriteFile("key", System.Text.Encoding.UTF8.GetBytes(EnrolmentLab.Passphrase));
        var before = system.State();
        string[] command = ["remove-card", "Bob", "--yes", "--without-test", "--unlock-key-file", system.PathOf("key")];
        var (status, output) = system.TryUnlockctl(command);
        Assert.True(status == 1, output);
        Assert.Contains("Keyslot 2 of root_crypt", output, StringComparison.Ordinal);
        Assert.Equal(before, system.State());

        // It is the one that was typed.
        system.WriteFile("key", System.Text.Encoding.UTF8.GetBytes(SecondPassphrase));
        (status, output) = system.TryUnlockctl(command);
        Assert.True(status == 0, output);
        Assert.Equal(0, system.SlotOpenedBy(EnrolmentLab.Passphrase));
        Assert.Equal(2, system.SlotOpenedBy(SecondPassphrase));
        Assert.Equal(["0", "2", "3"], Slots(system));
    }

    [Fact]
    public void A_passphrase_that_stands_in_the_message_is_removed_only_where_another_one_is_left()
    {
        using var system = TestSystem.Enrolled(lab);
        Tool.Run("cryptsetup", "luksKillSlot", "--batch-mode", system.Disk, "1");
        system.WriteFile("passphrase", System.Text.Encoding.UTF8.GetBytes(EnrolmentLab.Passphrase));
        lab.Gpg.Expect("--trust-model", "always", "-r", "ada@example.org", "-o", system.PathOf("message.gpg"), "-e", system.PathOf("passphrase"));
        HandMade.Replace(system, token =>
        {
            token["keyslots"] = new JsonArray("0");
            token["message"] = Convert.ToBase64String(File.ReadAllBytes(system.PathOf("message.gpg")));
        });
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        var before = system.State();
        using (var person = system.Unlockctl("rotate", "--yes"))
        {
            Assert.Equal(5, Dialogue.Go(person));
            Assert.Contains("may be the passphrase of root_crypt", person.Shown.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }

        Assert.Equal(before, system.State());
        AddPassphrase(system);
        using (var person = system.Unlockctl("rotate", "--yes"))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
        }

        Assert.Null(system.SlotOpenedBy(EnrolmentLab.Passphrase));
        Assert.Equal(1, system.SlotOpenedBy(SecondPassphrase));
        Assert.Equal(["1", "2"], Slots(system));
    }

    [Fact]
    public void Disable_leaves_what_may_be_a_passphrase_s_and_says_so()
    {
        using var system = TestSystem.Enrolled(lab);
        AddPassphrase(system);
        AddToken(system, "unlock-agent-openpgp", "2");
        using var person = system.Unlockctl("disable", "--yes");
        Assert.Equal(7, Dialogue.Go(person));
        Assert.Contains("Keyslot 2 of root_crypt", person.Shown.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(2, system.SlotOpenedBy(SecondPassphrase));
        Assert.Equal(["0", "2"], Slots(system));
        Assert.DoesNotContain("unlock-agent", system.State().Header, StringComparison.Ordinal);
    }

    /// <summary>One like token 0, of that type, that names that keyslot.</summary>
    private static void AddToken(TestSystem system, string type, string keyslot)
    {
        var token = HandMade.Token(system);
        token["type"] = type;
        token["keyslots"] = new JsonArray(keyslot);
        HandMade.Import(system, token, "1");
    }

    private static void AddPassphrase(TestSystem system) => Tool.Run("sh", "-c",
        $"printf '%s\\n%s\\n%s\\n' '{EnrolmentLab.Passphrase}' '{SecondPassphrase}' '{SecondPassphrase}' | "
        + $"cryptsetup luksAddKey --force-password --pbkdf pbkdf2 --pbkdf-force-iterations 2000 '{system.Disk}'");

    internal static string[] Slots(TestSystem system)
    {
        using var header = JsonDocument.Parse(system.State().Header);
        return [.. header.RootElement.GetProperty("keyslots").EnumerateObject().Select(slot => slot.Name).Order()];
    }
}
