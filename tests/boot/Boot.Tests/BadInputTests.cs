// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whole boots in which something is wrong with the phone, the card or what the person types: each shows its sentence,
// costs no PIN try that was not asked for, and ends in an opened root.

using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

public sealed partial class BadInputTests
{
    // PERFORM SECURITY OPERATION's instruction byte.
    private const byte Decipher = 0x2A;

    private const string KillService = "kill -9 $(cat /run/unlock-agent/pcscd.pid)";

    // What a killed pcscd leaves there makes the next one believe that one runs already.
    private const string StartService = "rm -rf /run/pcscd; /scripts/init-premount/unlock-agent";

    [Fact]
    public void Without_a_framebuffer_the_text_prompt_opens_the_root()
    {
        using Lab lab = Lab.WithAgent("trixie", "no-screen", out VirtualCard card, options => options with { HasScreen = false });
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitForConsole(NoScreenInLog(), Phone.BootTimeout);
        phone.WaitForConsole(FallBackToText(), Phone.StepTimeout);
        phone.WaitForGuest("pidof askpass", Something(), Phone.StepTimeout);
        phone.Console.TypeLine(KeySet.Passphrase);

        lab.AssertRootOpened();
        Assert.Equal(0, card.VerifyCount);
    }

    [Fact]
    public void Without_an_input_device_a_keyboard_plugged_later_types_the_PIN()
    {
        using Lab lab = Lab.WithAgent("bookworm", "no-input", out VirtualCard card, options => options with { HasTouch = false });
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad without any input device", Phone.BootTimeout);

        phone.PlugKeyboard();

        // The kernel names the keyboard before there is a node to open: a key in between reaches nobody.
        AgentProcess.WaitForInputs(phone, 1);
        phone.TypeText(KeySet.Pin);
        phone.WaitFor(PadScreen.Pin(3, typed: KeySet.Pin.Length), "a dot for each key", Phone.StepTimeout);
        Assert.Equal(0, card.VerifyCount);
        phone.TypeKey("ret");

        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(3, card.UserTriesLeft);
    }

    [Fact]
    public void A_card_that_is_pulled_and_a_service_that_dies_cost_digits_and_no_PIN_try()
    {
        using Lab lab = Lab.WithAgent("trixie", "pulled", out VirtualCard card);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);

        phone.TapText(PadScreen.Pin(3), KeySet.Pin[..3]);
        phone.WaitFor(PadScreen.Pin(3, typed: 3), "three dots", Phone.StepTimeout);
        phone.RemoveCard();
        phone.WaitFor(PadScreen.CardRemoved, "that the card was removed", Phone.StepTimeout);
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad without a dot", Phone.StepTimeout);

        phone.TapText(PadScreen.Pin(3), KeySet.Pin[..2]);
        phone.WaitFor(PadScreen.Pin(3, typed: 2), "two dots", Phone.StepTimeout);
        phone.RunInGuest(KillService, Phone.StepTimeout);
        phone.WaitFor(PadScreen.ServiceMissing, "that the service is not running", Phone.StepTimeout);
        phone.TapUsePassphrase(PadScreen.ServiceMissing);
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard without a service", Phone.StepTimeout);
        phone.TapUseCard();
        phone.WaitFor(PadScreen.ServiceMissing, "again that the service is not running", Phone.StepTimeout);

        Assert.Equal(0, phone.RunInGuest(StartService, Phone.StepTimeout).Status);
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad with the service back", Phone.StepTimeout);
        Assert.Equal(0, card.VerifyCount);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");

        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(3, card.UserTriesLeft);
    }

    /// <summary>QEMU's reader never answers the command that a pull interrupts: the worst of readers.</summary>
    [Fact]
    public void A_card_pulled_while_it_decrypts_leaves_the_passphrase_that_opens_the_root()
    {
        using Lab lab = Lab.WithAgent("bookworm", "pulled-at-work", out VirtualCard card);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        card.Faults.PullAtInstruction(Decipher);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
        phone.WaitForScreen("the work of a card that is gone", _ => !phone.HasCard, Phone.StepTimeout);

        phone.TapUsePassphrase(PadScreen.Pin(3));
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        phone.InsertCard();
        phone.TapPassphrase(KeySet.Passphrase);

        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(3, card.UserTriesLeft);
    }

    [Fact]
    public void With_a_blocked_card_a_wrong_passphrase_is_told_and_the_right_one_opens_the_root()
    {
        using Lab lab = Lab.WithAgent("bookworm", "blocked", out VirtualCard card);
        Phone phone = lab.Phone;
        card.UserTriesLeft = 0;
        phone.InsertCard();
        PadScreen blocked = PadScreen.Pin(triesLeft: 0);
        phone.WaitFor(blocked, "that the PIN is blocked", Phone.BootTimeout);
        phone.WaitForConsole(BlockedInLog(), Phone.StepTimeout);

        phone.TapUsePassphrase(blocked);
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        phone.TapPassphrase("wrong");
        phone.WaitFor(PadScreen.WrongPassphrase, "that the passphrase was wrong", Phone.StepTimeout);

        // The first frame of a try comes a moment before the input devices are open; what the log says comes after.
        phone.WaitForConsole(WrongPassphraseInLog(), Phone.StepTimeout);
        phone.TapPassphrase(KeySet.Passphrase);

        lab.AssertRootOpened();
        Assert.Equal(0, card.VerifyCount);
        Assert.Equal(0, card.UserTriesLeft);
    }

    [GeneratedRegex("unlock-agent: .*/dev/fb0")]
    private static partial Regex NoScreenInLog();

    [GeneratedRegex("unlock-agent: ended with status 1, asking for the passphrase as text")]
    private static partial Regex FallBackToText();

    [GeneratedRegex("unlock-agent: The card's PIN is blocked")]
    private static partial Regex BlockedInLog();

    [GeneratedRegex("unlock-agent: Wrong passphrase")]
    private static partial Regex WrongPassphraseInLog();

    [GeneratedRegex(".")]
    private static partial Regex Something();
}
