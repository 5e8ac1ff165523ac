// SPDX-License-Identifier: GPL-3.0-or-later
//
// A person who types fast: two thumbs at once on the real kernel's input, 15 taps a second by the guest's clock.

using EmulatedPhone;
using UnlockAgent.Machine;

namespace Boot.Tests;

public sealed class FastTypingTests
{
    private const int Times = 10, TapsPerSecond = 15;

    // 40 letters, two pairs of the same key among them.
    private const string Passphrase = "thequickbrownfoxjumpsoverthelazydogsseen";

    private const string Output = "/run/key-out";

    [Fact]
    public void Two_thumbs_type_40_characters_ten_times_and_no_key_is_lost()
    {
        using Lab lab = Lab.WithAgent("bookworm", "fast", out _, passphrase: Passphrase);
        Phone phone = lab.Phone;
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);
        AgentProcess.KillForTextPrompt(phone);

        // Axes that are not the screen's.
        TouchPlayer hand = TouchPlayer.Start(phone);
        var screen = new Touchscreen("thumbs", "slots", phone, -50, 4095, 16, 10239);
        hand.Play([screen.Device], Phone.StepTimeout);
        for (int time = 0; time < Times; time++)
        {
            AgentProcess.Start(phone, PhoneImage.KeyFilePath, Output);
            phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.StepTimeout);
            (int X, int Y) usePassphrase = phone.PlaceOf(PadScreen.InsertCard, ButtonAction.UsePassphrase);
            hand.Play(["opened thumbs unlock-agent", .. screen.Tap(usePassphrase)], Phone.StepTimeout);
            phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);

            hand.Play(screen.Drum([.. Passphrase.Select(letter => phone.PlaceOf(PadScreen.Keyboard(), letter))], TapsPerSecond), Phone.StepTimeout);
            phone.WaitFor(PadScreen.Keyboard(typed: Passphrase.Length), "40 dots", Phone.StepTimeout);
            hand.Play(screen.Tap(phone.PlaceOf(PadScreen.Keyboard(), '\n')), Phone.StepTimeout);
            phone.WaitForGuest($"cat {Output}", new($"^{Passphrase}$"), Phone.StepTimeout);
        }

        AgentProcess.AnswerTextPrompt(phone, Output);
        lab.AssertRootOpened();
    }
}
