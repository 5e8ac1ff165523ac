// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fingers, mice and keyboards of other kinds than the usual phone's, each up to the opened root.

using CardSimulator;
using EmulatedPhone;
using UnlockAgent.Machine;

namespace Boot.Tests;

public sealed class InputTests
{
    [Fact]
    public void On_a_turned_screen_three_kinds_of_touchscreen_type_where_the_keys_are()
    {
        using Lab lab = Lab.WithAgent("bookworm", "turned", out VirtualCard card, options => options with
        {
            Turn = 1,
            ExtraCommandLine = "unlock-agent.rotate=90",
        });
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad on its side", Phone.BootTimeout);
        TouchPlayer hand = TouchPlayer.Start(phone);
        var packets = new Touchscreen("packets", "packets", phone, 0, 1023, 0, 767);
        var single = new Touchscreen("single", "single", phone, 200, 3900, 180, 3950);
        hand.Play(
            [packets.Device, single.Device, "opened packets unlock-agent", "opened single unlock-agent"], Phone.StepTimeout);

        phone.TapText(PadScreen.Pin(3), KeySet.Pin[..2]);
        phone.WaitFor(PadScreen.Pin(3, typed: 2), "two dots from QEMU's tablet", Phone.StepTimeout);
        hand.Play(KeySet.Pin[2..4].SelectMany(digit => packets.Tap(phone.PlaceOf(PadScreen.Pin(3), digit))), Phone.StepTimeout);
        phone.WaitFor(PadScreen.Pin(3, typed: 4), "two more from packets of contacts", Phone.StepTimeout);
        Assert.Equal(0, card.VerifyCount);
        hand.Play((KeySet.Pin[4..] + "\n").SelectMany(key => single.Tap(phone.PlaceOf(PadScreen.Pin(3), key))), Phone.StepTimeout);

        lab.AssertRootOpened();
        Assert.Equal((1, 3), (card.VerifyCount, card.UserTriesLeft));
    }

    /// <summary>The passphrase needs y and z, which other layouts have elsewhere, and letters that no other has.</summary>
    [Fact]
    public void A_mouse_shows_its_arrow_once_it_moves_and_a_German_keyboard_types_its_umlauts()
    {
        const string Passphrase = "zyüßÄ";
        using Lab lab = Lab.WithAgent(
            "trixie", "german", out VirtualCard card, options => options with { HasTouch = false }, Passphrase, keymap: "de");
        Phone phone = lab.Phone;
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);
        phone.PlugMouse();
        AgentProcess.WaitForInputs(phone, 1);
        phone.WaitFor(PadScreen.InsertCard, "no arrow yet", Phone.StepTimeout);

        (int x, int y) = phone.PlaceOf(PadScreen.InsertCard, ButtonAction.UsePassphrase);
        MoveMouseFromMiddleTo(phone, x, y);
        phone.WaitFor(PadScreen.InsertCard.WithCursor(x, y), "the arrow", Phone.StepTimeout);
        phone.Click();
        phone.WaitFor(PadScreen.Keyboard().WithCursor(x, y), "the keyboard", Phone.StepTimeout);

        phone.PlugKeyboard();
        AgentProcess.WaitForInputs(phone, 2);
        phone.TypeKey("y");
        phone.TypeKey("z");
        phone.TypeKey("bracket_left");
        phone.TypeKey("minus");
        phone.TypeKey("shift", "apostrophe");
        phone.TypeKey("ret");

        lab.AssertRootOpened();
        Assert.Equal(0, card.VerifyCount);
    }

    private static void MoveMouseFromMiddleTo(Phone phone, int x, int y)
    {
        const int Most = 100;
        (int dx, int dy) = (x - (phone.Width / 2), y - (phone.Height / 2));
        while ((dx, dy) != (0, 0))
        {
            (int stepX, int stepY) = (Math.Clamp(dx, -Most, Most), Math.Clamp(dy, -Most, Most));
            phone.MoveMouse(stepX, stepY);
            (dx, dy) = (dx - stepX, dy - stepY);
        }
    }
}
