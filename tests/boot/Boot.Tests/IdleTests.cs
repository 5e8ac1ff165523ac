// SPDX-License-Identifier: GPL-3.0-or-later
//
// A phone that is put down in the middle of a PIN.

using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

public sealed class IdleTests
{
    [Fact]
    public void Nobody_there_wipes_the_digits_and_darkens_the_screen_and_the_touch_that_wakes_it_types_nothing()
    {
        using Lab lab = Lab.WithAgent("trixie", "idle-screen", out VirtualCard card, options => options with
        {
            MindsIdleness = true,
            ExtraCommandLine = "unlock-agent.dim-after=5 unlock-agent.wipe-after=10 unlock-agent.dark-after=15",
        });
        Phone phone = lab.Phone;
        phone.InsertCard();

        // The boot may take longer than the screen's light lasts; a card that comes lights it again.
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin[..3]);
        phone.WaitFor(PadScreen.Pin(3).Dark(), "darkness", Phone.StepTimeout);

        phone.TapText(PadScreen.Pin(3), "5");
        phone.WaitFor(PadScreen.Forgotten, "that the digits are wiped, and no dot", Phone.StepTimeout);
        Assert.Equal(0, card.VerifyCount);

        // Neither the wiped digits nor the waking touch stand before these.
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");

        lab.AssertRootOpened();
        Assert.Equal((1, 3), (card.VerifyCount, card.UserTriesLeft));
    }
}
