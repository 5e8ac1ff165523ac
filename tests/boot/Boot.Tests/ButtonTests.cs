// SPDX-License-Identifier: GPL-3.0-or-later
//
// The phone's own buttons: all of the PIN pad without a touchscreen, and the power key's dialog up to its end.

using CardSimulator;
using EmulatedPhone;
using UnlockAgent.Machine;

namespace Boot.Tests;

public sealed class ButtonTests
{
    // linux/input-event-codes.h
    private const int VolumeDown = 114, VolumeUp = 115, Power = 116;

    [Fact]
    public void Volume_and_power_keys_alone_type_the_PIN_and_open_the_root()
    {
        using Lab lab = Lab.WithAgent("bookworm", "buttons", out VirtualCard card, options => options with { HasTouch = false });
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        TouchPlayer hand = TouchPlayer.Start(phone);
        hand.Play(["device buttons keys", "opened buttons unlock-agent"], Phone.StepTimeout);

        hand.Play(Press(Power), Phone.StepTimeout);
        phone.WaitFor(PadScreen.Pin(3).BehindPowerDialog(), "the power dialog", Phone.StepTimeout);
        hand.Play(Press(Power), Phone.StepTimeout);
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad again", Phone.StepTimeout);

        int place = -1;
        hand.Play(StepTo(phone, KeySet.Pin[0], ref place), Phone.StepTimeout);
        phone.WaitFor(PadScreen.Pin(3).WithFrame(place), "the frame around the first digit", Phone.StepTimeout);
        hand.Play(Press(Power), Phone.StepTimeout);
        phone.WaitFor(PadScreen.Pin(3, typed: 1).WithFrame(place), "a dot, and the frame where it was", Phone.StepTimeout);

        // Held for a second the key belongs to the dialog, with a frame too.
        hand.Play(["start", $"press buttons {Power}", "wait 1500", $"release buttons {Power}"], Phone.StepTimeout);
        phone.WaitFor(PadScreen.Pin(3, typed: 1).BehindPowerDialog(), "the power dialog", Phone.StepTimeout);
        hand.Play(Press(Power), Phone.StepTimeout);
        phone.WaitFor(PadScreen.Pin(3, typed: 1), "the PIN pad with its dot", Phone.StepTimeout);

        place = -1;
        List<string> rest = [];
        foreach (char key in KeySet.Pin[1..] + "\n")
        {
            rest.AddRange([.. StepTo(phone, key, ref place), .. Press(Power)]);
        }

        Assert.Equal(0, card.VerifyCount);
        hand.Play(rest, Phone.StepTimeout);
        lab.AssertRootOpened();
        Assert.Equal((1, 3), (card.VerifyCount, card.UserTriesLeft));
    }

    [Fact]
    public void The_power_dialog_restarts_the_phone_and_then_powers_it_off()
    {
        using Lab lab = Lab.WithAgent("trixie", "power", out _);
        Phone phone = lab.Phone;
        OpenPowerDialog(phone, Phone.BootTimeout);
        phone.TapAction(PadScreen.InsertCard.BehindPowerDialog(), ButtonAction.Restart);
        Assert.Equal("guest-reset", phone.WaitForEvent("RESET", Phone.StepTimeout));

        OpenPowerDialog(phone, Phone.BootTimeout);
        phone.TapAction(PadScreen.InsertCard.BehindPowerDialog(), ButtonAction.PowerOff);
        Assert.Equal("guest-shutdown", phone.WaitForEvent("SHUTDOWN", Phone.StepTimeout));
    }

    private static void OpenPowerDialog(Phone phone, TimeSpan timeout)
    {
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", timeout);
        (int x, int y) = phone.PlaceOf(PadScreen.InsertCard, ButtonAction.Power);
        phone.Tap(x, y);
        phone.WaitFor(PadScreen.InsertCard.BehindPowerDialog(), "the power dialog", Phone.StepTimeout);
    }

    private static string[] Press(int code) => ["start", $"press buttons {code}", "wait 50", $"release buttons {code}", "wait 50"];

    /// <summary>The shorter way for the frame from a place, -1 where there is none, to the button for a character.</summary>
    private static IEnumerable<string> StepTo(Phone phone, char character, ref int place)
    {
        PadScreen pad = PadScreen.Pin(3);
        int count = pad.CountButtons(phone.Width, phone.Height);
        int wanted = pad.IndexOf(character, phone.Width, phone.Height);

        // The first step down goes to the first button, the first one up to the last.
        int down = place < 0 ? wanted + 1 : (wanted - place + count) % count;
        int up = place < 0 ? count - wanted : (place - wanted + count) % count;
        place = wanted;
        return Enumerable.Repeat(Press(down <= up ? VolumeDown : VolumeUp), Math.Min(down, up)).SelectMany(lines => lines);
    }
}
