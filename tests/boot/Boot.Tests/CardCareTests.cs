// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whole boots in which the person cares for the card itself: a blocked PIN gets a new one by the card's reset code, a PIN
// has letters, a card wants a touch. The card's own counters say what it was asked.

using System.Text;
using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

public sealed class CardCareTests
{
    private const string ResetCode = "24682468";
    private const string WrongResetCode = "24682469";
    private const string NewPin = "975310";

    // RESET RETRY COUNTER's instruction byte.
    private const byte ResetRetryCounter = 0x2C;

    // Data objects: the resetting code; the user interaction flag of the decryption key.
    private const byte ResettingCode = 0xD3, InteractionFlag = 0xD7;

    private const string LetterPin = "tulip4river";

    private static readonly byte[] Ok = [0x90, 0x00];

    [Fact]
    public void A_blocked_PIN_gets_a_new_one_by_the_reset_code_and_the_root_opens()
    {
        using Lab lab = Lab.WithAgent("bookworm", "reset-code", out VirtualCard card);
        BlockWithResetCode(card);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Blocked(3), "that the PIN is blocked, and the way to the reset code", Phone.BootTimeout);

        phone.TapText(PadScreen.Blocked(3), "\n");
        phone.WaitFor(PadScreen.ResetCode(3), "the pad for the reset code", Phone.StepTimeout);
        EnterCode(phone, WrongResetCode);
        EnterPin(phone, NewPin, again: NewPin);
        phone.WaitFor(PadScreen.ResetCode(2, wrong: true), "a wrong reset code and 2 tries left", Phone.StepTimeout);
        Assert.Equal((0, 2), (card.UserTriesLeft, ResetTriesLeft(card)));

        EnterCode(phone, ResetCode, triesLeft: 2);
        EnterPin(phone, NewPin, again: "975311");
        phone.WaitFor(PadScreen.NewPin(differ: true), "that the PINs differ", Phone.StepTimeout);
        Assert.Equal(1, card.Log.Count(command => command.Ins == ResetRetryCounter));
        EnterPin(phone, NewPin, again: NewPin);

        lab.AssertRootOpened();
        Assert.Equal(2, card.Log.Count(command => command.Ins == ResetRetryCounter));
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(Ok, Select(card));
        Assert.Equal((3, 3), (card.UserTriesLeft, ResetTriesLeft(card)));
        Assert.Equal(Ok, Verify(card, 0x82, NewPin));
    }

    [Fact]
    public void A_PIN_with_letters_opens_the_root()
    {
        using Lab lab = Lab.WithAgent("bookworm", "letter-pin", out VirtualCard card);
        card.SetUserPin(Encoding.ASCII.GetBytes(LetterPin));
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad with 3 tries left", Phone.BootTimeout);

        phone.TapLetterPin(LetterPin);
        phone.WaitFor(PadScreen.LetterPin(typed: LetterPin.Length), "a dot for each character", Phone.StepTimeout);
        Assert.Equal(0, card.VerifyCount);
        phone.TapText(PadScreen.LetterPin(), "\n");

        lab.AssertRootOpened();
        Assert.Equal((1, 3), (card.VerifyCount, card.UserTriesLeft));
    }

    [Fact]
    public void The_last_try_is_asked_for_twice_and_a_double_tap_is_no_answer()
    {
        using Lab lab = Lab.WithAgent("bookworm", "last-try", out VirtualCard card);
        card.UserTriesLeft = 1;
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(1), "the PIN pad with 1 try left", Phone.BootTimeout);

        phone.TapText(PadScreen.Pin(1), KeySet.Pin + "\n\n");
        phone.WaitFor(PadScreen.LastTry(KeySet.Pin.Length), "the warning", Phone.StepTimeout);
        Thread.Sleep(TimeSpan.FromSeconds(1));
        Assert.Equal(0, card.VerifyCount);
        phone.TapText(PadScreen.LastTry(KeySet.Pin.Length), "\n");

        lab.AssertRootOpened();
        Assert.Equal((1, 3), (card.VerifyCount, card.UserTriesLeft));
    }

    [Fact]
    public void A_touch_that_was_missed_is_asked_for_again_without_a_second_PIN()
    {
        using Lab lab = Lab.WithAgent("bookworm", "touch", out VirtualCard card);
        WriteAsOwner(card, InteractionFlag, [0x01, 0x20]);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad with 3 tries left", Phone.BootTimeout);

        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
        phone.WaitFor(PadScreen.TouchMissed, "that no touch came", Phone.StepTimeout);
        Assert.Equal(1, card.VerifyCount);

        // Long enough for a look at the screen while the card works.
        card.Faults.DelayEach = TimeSpan.FromSeconds(2);
        phone.TapText(PadScreen.TouchMissed, "\n");
        phone.WaitFor(PadScreen.Touch, "the wish for a touch", Phone.StepTimeout);
        card.IsTouched = true;
        card.Faults.DelayEach = TimeSpan.Zero;

        lab.AssertRootOpened();
        Assert.Equal((1, 3), (card.VerifyCount, card.UserTriesLeft));
    }

    private static void EnterCode(Phone phone, string code, int triesLeft = 3)
    {
        phone.TapText(PadScreen.ResetCode(triesLeft), code + "\n");
        phone.WaitFor(PadScreen.NewPin(), "the pad for the new PIN", Phone.StepTimeout);
    }

    private static void EnterPin(Phone phone, string pin, string again)
    {
        phone.TapText(PadScreen.NewPin(), pin + "\n");
        phone.WaitFor(PadScreen.RepeatPin, "the pad for the new PIN again", Phone.StepTimeout);
        phone.TapText(PadScreen.RepeatPin, again + "\n");
    }

    private static void BlockWithResetCode(VirtualCard card)
    {
        WriteAsOwner(card, ResettingCode, Encoding.ASCII.GetBytes(ResetCode));
        card.UserTriesLeft = 0;
    }

    /// <summary>As the card's owner does beforehand: VERIFY of PW3, and PUT DATA (OpenPGP card 3.4 section 7.2.8).</summary>
    private static void WriteAsOwner(VirtualCard card, byte tag, byte[] value)
    {
        Assert.Equal(Ok, Select(card));
        Assert.Equal(Ok, Verify(card, 0x83, "12345678"));
        Assert.Equal(Ok, card.Transmit([0x00, 0xDA, 0x00, tag, (byte)value.Length, .. value]));
        card.PowerOff();
        card.ClearLog();
    }

    /// <summary>The second counter of the PW status bytes (DO C4).</summary>
    private static int ResetTriesLeft(VirtualCard card) => card.Transmit([0x00, 0xCA, 0x00, 0xC4, 0x00])[5];

    private static byte[] Verify(VirtualCard card, byte reference, string pin) =>
        card.Transmit([0x00, 0x20, 0x00, reference, (byte)pin.Length, .. Encoding.ASCII.GetBytes(pin)]);

    private static byte[] Select(VirtualCard card) =>
        card.Transmit([0x00, 0xA4, 0x04, 0x00, 6, 0xD2, 0x76, 0x00, 0x01, 0x24, 0x01]);
}
