// SPDX-License-Identifier: GPL-3.0-or-later
//
// The image for a Librem 5 on an emulated ARM machine: Debian's arm64 kernel, pcscd and cryptsetup, the arm64 agent, mkinitramfs run
// under qemu-user. Of the phone itself only the processor is there; its screen, touchscreen and reader are QEMU's.

using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

public sealed class ArmTests
{
    private const string Suite = "bookworm";

    [Fact]
    public void Card_and_PIN_open_the_root_of_an_arm64_phone()
    {
        using Lab lab = Lab.ForLibrem5(Suite, "arm64-pin", out VirtualCard card);
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

    [Fact]
    public void Without_a_card_the_passphrase_on_the_keyboard_of_the_screen_opens_the_root_of_an_arm64_phone()
    {
        using Lab lab = Lab.ForLibrem5(Suite, "arm64-passphrase", out VirtualCard card);
        Phone phone = lab.Phone;
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);

        phone.TapUsePassphrase(PadScreen.InsertCard);
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        phone.TapPassphrase(KeySet.Passphrase);

        lab.AssertRootOpened();
        Assert.Equal(0, card.VerifyCount);
    }
}
