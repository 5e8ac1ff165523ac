// SPDX-License-Identifier: GPL-3.0-or-later
// Whom a new key is encrypted to: what the owner sees of it before anything happens, and what is refused.

using CardSimulator;

namespace UnlockControl.Tests.Enrolment;

[Collection(OneLab.Name)]
public sealed class KeyReviewTests(EnrolmentLab lab)
{
    private const string Question = "Encrypt the new key to these?";
    private const string Mallory = "Ada Lovelace\u202E     (FFFE 000000AD)";

    [Theory]
    [InlineData("rotate")]
    [InlineData("remove-card Bob")]
    [InlineData("add-card --recipient CYD")]
    [InlineData("rotate --quiet")]
    public void A_key_that_a_thief_put_into_the_header_is_shown_before_the_PIN_and_a_no_changes_nothing(string command)
    {
        using var system = TestSystem.Enrolled(lab, two: true);
        string thief = PutThiefsKeyInto(system);
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        var before = system.State();
        using var person = system.Unlockctl(command.Replace("CYD", lab.PublicKeyOf("cyd")).Split(' '));
        int status = Dialogue.Go(person, Reply.Line(Question, "n"));
        Assert.True(status == 6, person.Shown);
        Assert.Equal(before, system.State());
        Assert.Equal(0, card.VerifyCount);
        Assert.DoesNotContain("PIN of", person.Shown, StringComparison.Ordinal);

        string[] shown = person.Shown.Split("\r\n");
        string Beneath(string fingerprint) => shown[Array.IndexOf(shown, "  " + fingerprint) + 1];
        Assert.Equal("    the card in the reader now: Ada Lovelace (FFFE 000000AD)", Beneath(FingerprintOf("ada")));
        Assert.Equal(
            "    by the volume's word alone: Ada Lovelace (FFFE 000000AD), but THE CARD OF THAT NUMBER IN THE READER HOLDS ANOTHER KEY",
            Beneath(thief));
        if (command.StartsWith("remove-card", StringComparison.Ordinal))
        {
            Assert.DoesNotContain("  " + FingerprintOf("bob"), shown);
        }
        else
        {
            Assert.Equal("    by the volume's word alone: Bob (FFFE 00000B0B)", Beneath(FingerprintOf("bob")));
        }

        if (command.StartsWith("add-card", StringComparison.Ordinal))
        {
            Assert.StartsWith("    the file that you named: cyd", Beneath(FingerprintOf("cyd")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Ctrl_C_at_the_question_changes_nothing()
    {
        using var system = TestSystem.Enrolled(lab);
        var card = lab.Card("ada");
        using var reader = lab.Reader(card);
        reader.Insert();
        var before = system.State();
        using var person = system.Unlockctl("rotate");
        Assert.Equal(130, Dialogue.Go(person, new Reply(Question, person => person.Type("\x03"))));
        Assert.Equal(before, system.State());
        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void Without_a_terminal_somebody_must_have_agreed_beforehand()
    {
        using var system = TestSystem.Enrolled(lab);
        system.WriteFile("passphrase", System.Text.Encoding.UTF8.GetBytes(EnrolmentLab.Passphrase));
        string[] command = ["rotate", "--without-test", "--unlock-key-file", system.PathOf("passphrase")];
        var before = system.State();
        var (status, output) = system.TryUnlockctl(command);
        Assert.True(status == 6, output);
        Assert.Contains("--yes agrees beforehand", output, StringComparison.Ordinal);
        Assert.Equal(before, system.State());

        (status, output) = system.TryUnlockctl([.. command, "--dry-run"]);
        Assert.True(status == 0, output);
        Assert.Contains($"  {FingerprintOf("ada")}\n    by the volume's word alone: Ada", output, StringComparison.Ordinal);
        Assert.Equal(before, system.State());

        (status, output) = system.TryUnlockctl([.. command, "--yes"]);
        Assert.True(status == 0, output);
        Assert.Contains($"  {FingerprintOf("ada")}\n    by the volume's word alone: Ada", output, StringComparison.Ordinal);
        Assert.Equal(["0", "2"], KeyslotTests.Slots(system));
    }

    [Fact]
    public void A_new_card_s_key_is_shown_before_its_PIN()
    {
        using var system = TestSystem.Enrolled(lab);
        using var reader = lab.Reader(lab.Card("bob"));
        reader.Insert();
        using var person = system.Unlockctl("add-card");
        Assert.True(Dialogue.Go(person) == 0, person.Shown);
        int key = person.Shown.IndexOf($"The new card's key: Bob (FFFE 00000B0B): {FingerprintOf("bob")}", StringComparison.Ordinal);
        Assert.InRange(key, 0, person.Shown.IndexOf("PIN of the card Bob", StringComparison.Ordinal));
        Assert.Contains("and 1 new card, by the key on the card", person.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_passphrase_of_the_message_s_own_is_given_up_only_knowingly()
    {
        using var system = TestSystem.Enrolled(lab);
        HandMade.Replace(system, lab, ["ada@example.org"], "--symmetric", "--passphrase", "one more passphrase");
        using var reader = lab.Reader(lab.Card("ada"));
        reader.Insert();
        var before = system.State();
        const string Said = "can also be opened by a passphrase of its own";
        using (var person = system.Unlockctl("rotate"))
        {
            Assert.Equal(6, Dialogue.Go(person, Reply.Line(Question, "n")));
            Assert.Contains(Said, person.Shown.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }

        Assert.Equal(before, system.State());
        Tool.Run("cryptsetup", "luksKillSlot", "--batch-mode", system.Disk, "0");
        before = system.State();
        using (var person = system.Unlockctl("rotate", "--yes"))
        {
            Assert.Equal(5, Dialogue.Go(person));
            Assert.Contains(Said, person.Shown.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }

        Assert.Equal(before, system.State());
    }

    [Fact]
    public void A_weak_key_opens_what_it_opened_and_gets_nothing_new()
    {
        using var system = TestSystem.Enrolled(lab);
        var eve = lab.WeakCard();
        HandMade.Replace(system, lab, ["ada@example.org", "eve@example.org"]);
        using var reader = lab.Reader(eve);
        reader.Insert();
        Assert.Equal(3, system.SlotOpenedByAgent(lab, EnrolmentLab.Pin));
        using var ada = lab.SecondReader(lab.Card("ada"));
        ada.Insert();
        AssertRefused(system, "rotate", "--yes");
        using (var person = system.Unlockctl("remove-card", "eve", "--yes"))
        {
            Assert.True(Dialogue.Go(person) == 0, person.Shown);
        }

        AssertRefused(system, "add-card", "--yes", "--recipient", lab.PublicKeyOf("eve"));
        using var plain = new TestSystem(lab);
        AssertRefused(plain, "enroll", "--yes", "--recipient", lab.PublicKeyOf("eve"));
        ada.Remove();
        AssertRefused(plain, "enroll", "--yes");
    }

    private static void AssertRefused(TestSystem system, params string[] command)
    {
        var before = system.State();
        using var person = system.Unlockctl(command);
        int status = Dialogue.Go(person);
        Assert.True(status == 1, person.Shown);
        Assert.Contains("is rsa1024, which is too weak by now", person.Shown.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("PIN of", person.Shown, StringComparison.Ordinal);
        Assert.Equal(before, system.State());
    }

    /// <summary>Whoever could write to the disk: one more share of the message, which opens nothing, and one more public key.</summary>
    /// <returns>The fingerprint of the key.</returns>
    private string PutThiefsKeyInto(TestSystem system)
    {
        if (!lab.Gpg.Colons("uid", "--list-keys").Any(uid => uid.Contains('\u202E', StringComparison.Ordinal)))
        {
            lab.Gpg.GenerateKey("cv25519", Mallory);
        }

        system.WriteFile("key", [1]);
        byte[] message = HandMade.Message(system, lab, ["=" + Mallory]);
        byte[] share = message[..(2 + message[1])];
        byte[] publicKeys = HandMade.PublicKeys(system, lab, "=" + Mallory);
        HandMade.Replace(system, token =>
        {
            token["message"] = Convert.ToBase64String([.. share, .. Convert.FromBase64String((string)token["message"]!)]);
            token["public_keys"] = Convert.ToBase64String([.. Convert.FromBase64String((string)token["public_keys"]!), .. publicKeys]);
        });
        return FingerprintOf("=" + Mallory);
    }

    /// <summary>The encryption subkey's.</summary>
    private string FingerprintOf(string user) =>
        lab.Gpg.Colons("fpr", "--list-keys", user.StartsWith('=') ? user : user + "@example.org").ElementAt(1);
}
