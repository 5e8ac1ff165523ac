// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whole boots with Debian 12 and 13: real kernel, mkinitramfs, pcscd, libccid, cryptsetup; only phone and card are emulated.
// What counts is the opened mapping, what the root holds, the card's own counters, and the pixels of the screen.

using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

public sealed partial class UnlockTests
{
    private const string WrongPin = "654321";

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void Stock_askpass_opens_the_root(string suite)
    {
        using Lab lab = Lab.WithTextPrompt(suite, "stock");
        lab.Phone.PlugKeyboard();
        AnswerTextPrompt(lab.Phone);
        lab.AssertRootOpened();
    }

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void Card_and_PIN_open_the_root(string suite)
    {
        using Lab lab = Lab.WithAgent(suite, "pin", out VirtualCard card);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad with 3 tries left", Phone.BootTimeout);

        phone.TapText(PadScreen.Pin(3), KeySet.Pin[..4]);
        phone.WaitFor(PadScreen.Pin(3, typed: 4), "four dots", Phone.StepTimeout);
        Assert.Equal(0, card.VerifyCount);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin[4..] + "\n");

        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(3, card.UserTriesLeft);
    }

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void A_wrong_PIN_lowers_the_counter_on_the_screen_and_the_right_one_opens_the_root(string suite)
    {
        using Lab lab = Lab.WithAgent(suite, "wrong-pin", out VirtualCard card);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad with 3 tries left", Phone.BootTimeout);

        phone.TapText(PadScreen.Pin(3), WrongPin + "\n");
        phone.WaitFor(PadScreen.Pin(2, wrong: true), "a wrong PIN and 2 tries left", Phone.StepTimeout);
        Assert.Equal(2, card.UserTriesLeft);
        Assert.Equal(1, card.VerifyCount);

        phone.TapText(PadScreen.Pin(2), KeySet.Pin + "\n");
        lab.AssertRootOpened();
        Assert.Equal(2, card.VerifyCount);
        Assert.Equal(3, card.UserTriesLeft);
    }

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void Without_a_card_the_passphrase_on_the_keyboard_of_the_screen_opens_the_root(string suite)
    {
        using Lab lab = Lab.WithAgent(suite, "passphrase", out VirtualCard card);
        Phone phone = lab.Phone;
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);

        phone.TapUsePassphrase(PadScreen.InsertCard);
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        phone.TapPassphrase(KeySet.Passphrase);

        lab.AssertRootOpened();
        Assert.Equal(0, card.VerifyCount);
    }

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void After_SIGKILL_of_the_agent_the_text_prompt_opens_the_root(string suite)
    {
        using Lab lab = Lab.WithAgent(suite, "killed", out _);
        Phone phone = lab.Phone;
        phone.PlugKeyboard();
        Picture pad = phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);

        AgentProcess.Kill(phone);
        AnswerTextPrompt(phone, pad);

        lab.AssertRootOpened();
    }

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void A_card_inserted_late_opens_the_root(string suite)
    {
        using Lab lab = Lab.WithAgent(suite, "late-card", out VirtualCard card);
        Phone phone = lab.Phone;
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);
        Thread.Sleep(TimeSpan.FromSeconds(5));

        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad with 3 tries left", Phone.StepTimeout);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");

        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
    }

    /// <summary>Waits for Debian's text prompt on the screen's console and types the passphrase on a USB keyboard.</summary>
    /// <param name="before">The screen must differ from this one: the console is text again.</param>
    private static void AnswerTextPrompt(Phone phone, Picture? before = null)
    {
        phone.WaitForShell(Phone.BootTimeout);
        phone.WaitForGuest("cat /dev/vcs1", TextPrompt(), Phone.BootTimeout);
        if (before is not null)
        {
            int most = before.Width * before.Height / 50;
            phone.WaitForScreen("the text console", screen => screen.CountDifferences(before) > most, Phone.StepTimeout);
        }

        phone.TypeText(KeySet.Passphrase);
        phone.TypeKey("ret");
    }

    [GeneratedRegex($"Please unlock disk {LuksDisk.MappingName}")]
    private static partial Regex TextPrompt();
}
