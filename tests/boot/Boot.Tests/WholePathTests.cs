// SPDX-License-Identifier: GPL-3.0-or-later
//
// A person's whole path: a Debian system that only a passphrase opens, the package, two cards, the cards' life, and back. Each reboot is
// by the initramfs that the system made for itself; unlockctl is used at a terminal, the agent on the screen.

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EmulatedPhone;

namespace Boot.Tests;

public sealed partial class WholePathTests(ITestOutputHelper output)
{
    private const string Diary = "what only this disk holds";

    [Fact]
    public void From_a_passphrase_to_two_cards_and_back_each_step_after_a_real_reboot()
    {
        using var person = new PersonWithPhone("bookworm", output);
        person.UnlockAtTextPrompt(person.CardA);
        person.Run($"echo '{Diary}' >/root/diary");
        Install(person);
        InterruptEnrolment(person);
        Enroll(person);
        Try(person);
        person.Leave("reboot");

        person.UnlockWithPin(person.CardA);
        LookAround(person);
        person.Leave("systemctl poweroff");

        person.UnlockWithPin(person.CardB);
        AssertDiary(person);
        Rotate(person);
        person.Leave("reboot");

        person.UnlockWithPin(person.CardA);
        AssertDiary(person);
        WantedCardOnScreen cardB = RemoveCardA(person);
        person.Leave("reboot");

        person.UnlockWithPassphraseInsteadOf(person.CardA, cardB);
        AssertDiary(person);
        Purge(person);
        person.Leave("reboot");

        person.UnlockAtTextPrompt(person.CardB);
        AssertDiary(person);
        AssertNothingIsLeft(person);
        person.Leave("systemctl poweroff");
    }

    private static void Install(PersonWithPhone person)
    {
        string before = person.Snapshot();
        person.Run("mount -o ro /dev/vdc /mnt");
        person.Run("apt install /mnt/unlock-agent_*_amd64.deb");
        Assert.Contains("keyslots", before, StringComparison.Ordinal);
        Assert.Equal(DebianSystem.Crypttab, person.Ask("cat /etc/crypttab"));
        person.Run("unlockctl status");
        JsonNode volume = Volume(person.Status());
        Assert.Equal((false, 1, 0), ((bool)volume["uses_card"]!, (int)volume["passphrase_slots"]!, volume["cards"]!.AsArray().Count));
    }

    /// <summary>Ctrl-C when the initramfs is being made: the longest step, and the last but one.</summary>
    private static void InterruptEnrolment(PersonWithPhone person)
    {
        string before = person.Snapshot();
        person.Terminal.TypeLine("unlockctl enroll");
        person.AnswerPassphrase();
        person.AnswerPin(person.CardA);
        person.Answer(CrypttabQuestion(), "y");
        person.Terminal.WaitFor(Rebuilding(), Phone.BootTimeout);
        person.Phone.WaitForGuest("cat /proc/[0-9]*/comm", MakesInitramfs(), Phone.BootTimeout);
        person.Terminal.Type("\x03");
        person.End("unlockctl enroll, Ctrl-C", 130);
        Assert.Equal(before.Split('\n'), person.Snapshot().Split('\n'));
    }

    private static void Enroll(PersonWithPhone person)
    {
        (int a, int b) = (person.CardA.VerifyCount, person.CardB.VerifyCount);
        person.Terminal.TypeLine("unlockctl enroll --another-card");
        person.AnswerPassphrase();
        person.AnswerPin(person.CardA);
        person.Terminal.WaitFor(NextCard(), Phone.BootTimeout);
        person.SwapCards(person.CardB);
        person.Terminal.Type("\r");
        person.AnswerPin(person.CardB);
        string shown = person.Answer(CrypttabQuestion(), "y");
        Assert.Contains($"+{LuksDisk.MappingName} UUID={LuksDisk.Uuid} none luks,discard,initramfs,keyscript=unlock-agent", shown, StringComparison.Ordinal);
        person.End("unlockctl enroll --another-card", 0);

        Assert.Equal((a + 1, b + 1), (person.CardA.VerifyCount, person.CardB.VerifyCount));
        Assert.Equal("0 1 / unlock-agent-openpgp 1", person.Header());
        Assert.Equal(DebianSystem.Crypttab.Replace("discard", "discard,initramfs,keyscript=unlock-agent", StringComparison.Ordinal), person.Ask("cat /etc/crypttab"));
        AssertSound(person, cards: 2);
        person.Run("unlockctl status");
        person.Run("unlockctl list");
    }

    /// <summary>The agent on a virtual terminal of its own, which goes away again.</summary>
    private static void Try(PersonWithPhone person)
    {
        Picture before = person.Keep("before-test");
        int verified = person.CardB.VerifyCount;
        person.Terminal.TypeLine("unlockctl test");
        person.TapPin(person.CardB, "test");
        Assert.Contains("would have opened, by the card's key (keyslot 1)", person.End("unlockctl test", 0), StringComparison.Ordinal);
        Assert.Equal(verified + 1, person.CardB.VerifyCount);

        // The text cursor blinks.
        const int Cursor = 8 * 16;
        person.Phone.WaitForScreen("what it showed before", screen => screen.CountDifferences(before) <= Cursor, Phone.StepTimeout);
        person.Keep("after-test");
    }

    /// <summary>The booted system has the card for itself, and from its beginning.</summary>
    private static void LookAround(PersonWithPhone person)
    {
        AssertDiary(person);
        Assert.Contains("3 tries left", person.Run("unlockctl card info"), StringComparison.Ordinal);
        AssertSound(person, cards: 2);
    }

    private static void Rotate(PersonWithPhone person)
    {
        int verified = person.CardB.VerifyCount;
        person.Terminal.TypeLine("unlockctl rotate");
        person.Answer(KeysQuestion(), "y");
        person.AnswerPin(person.CardB);
        person.End("unlockctl rotate", 0);
        Assert.Equal(verified + 1, person.CardB.VerifyCount);
        Assert.Equal("0 2 / unlock-agent-openpgp 2", person.Header());
        AssertSound(person, cards: 2);
    }

    private static WantedCardOnScreen RemoveCardA(PersonWithPhone person)
    {
        int verified = person.CardB.VerifyCount;
        string serial = SerialOf(person, key: "rsa");
        person.SwapCards(person.CardB);
        person.Terminal.TypeLine($"unlockctl remove-card '{serial}'");
        person.Answer(KeysQuestion(), "y");
        person.AnswerPin(person.CardB);
        person.End($"unlockctl remove-card '{serial}'", 0);
        Assert.Equal(verified + 1, person.CardB.VerifyCount);
        Assert.Equal("0 1 / unlock-agent-openpgp 1", person.Header());
        AssertSound(person, cards: 1);
        person.Run("unlockctl list");
        return new WantedCardOnScreen("", (string)Volume(person.Status())["cards"]![0]!["serial"]!);
    }

    private static void Purge(PersonWithPhone person)
    {
        person.Terminal.TypeLine("apt purge unlock-agent");
        person.Answer(AptQuestion(), "y");
        person.End("apt purge unlock-agent", 0);

        // initramfs, which a root has anyway, stays.
        Assert.Equal(
            DebianSystem.Crypttab.Replace("discard", "discard,initramfs", StringComparison.Ordinal), person.Ask("cat /etc/crypttab"));
    }

    private static void AssertNothingIsLeft(PersonWithPhone person)
    {
        string left = person.Ask(
            "find / -xdev -name '*unlock-agent*' -not -path '/var/lib/dpkg/*' -not -path '/var/log/*' -o -xdev -name '*unlockctl*'; " +
            "lsinitramfs /boot/initrd.img-* | grep -e unlock-agent -e unlockctl || true");
        Assert.Equal("", left);
    }

    /// <summary>The program finds nothing to complain of, but that a single card has no spare.</summary>
    private static void AssertSound(PersonWithPhone person, int cards)
    {
        JsonNode status = person.Status();
        JsonNode volume = Volume(status);
        Assert.Equal(
            cards > 1 ? [] : [$"Only one card opens {LuksDisk.MappingName}."],
            status["problems"]!.AsArray().Select(static problem => (string)problem!["what"]!));
        Assert.Equal((true, "token", 1), ((bool)volume["uses_card"]!, (string)volume["storage"]!, (int)volume["passphrase_slots"]!));
        Assert.Equal(cards, volume["cards"]!.AsArray().Count);
        JsonNode image = Assert.Single(status["images"]!.AsArray())!;
        Assert.Equal(("[]", "[]"), (image["missing"]!.ToJsonString(), image["newer"]!.ToJsonString()));
    }

    private static void AssertDiary(PersonWithPhone person) => Assert.Equal(Diary, person.Ask("cat /root/diary").TrimEnd());

    private static JsonNode Volume(JsonNode status) => Assert.Single(status["volumes"]!.AsArray())!;

    private static string SerialOf(PersonWithPhone person, string key) => (string)Volume(person.Status())["cards"]!.AsArray()
        .Single(card => ((string)card!["key_type"]!).Contains(key, StringComparison.Ordinal))!["serial"]!;

    [GeneratedRegex(@"Change /etc/crypttab so\? \[y/N\]: $")]
    private static partial Regex CrypttabQuestion();

    [GeneratedRegex(@"Please put the next card into the reader and press Enter\. \[Enter\]: $")]
    private static partial Regex NextCard();

    [GeneratedRegex(@"Encrypt the new key to these\? \[y/N\]: $")]
    private static partial Regex KeysQuestion();

    [GeneratedRegex("Rebuild the initramfs")]
    private static partial Regex Rebuilding();

    [GeneratedRegex(@"Do you want to continue\? \[Y/n\] $")]
    private static partial Regex AptQuestion();

    [GeneratedRegex("^mkinitramfs$", RegexOptions.Multiline)]
    private static partial Regex MakesInitramfs();
}

/// <summary>A card that the agent's screen asks for.</summary>
internal sealed record WantedCardOnScreen(string Name, string Serial);
