// SPDX-License-Identifier: GPL-3.0-or-later
//
// Screens that are not as the usual phone's: a kernel without fbdev emulation, a panel that lies on its side, a
// driver that is late.

using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

public sealed partial class ScreenTests
{
    /// <summary>Debian 13's kernel (6.8 and later) keeps the last picture when the agent ends; Debian 12's goes dark.</summary>
    [Theory]
    [InlineData("bookworm", false)]
    [InlineData("trixie", true)]
    public void Without_a_frame_buffer_device_the_agent_draws_to_the_card_itself(string suite, bool keepsPicture)
    {
        using Lab lab = Lab.WithAgent(suite, "no-fbdev", out VirtualCard card, options => options with
        {
            ExtraCommandLine = "drm_kms_helper.fbdev_emulation=0",
        });
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad with 3 tries left", Phone.BootTimeout);
        Assert.Equal("1\n", phone.RunInGuest("test -e /dev/fb0; echo $?", Phone.StepTimeout).Output);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");

        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
        Picture last = PadScreen.Opening.Draw(720, 1440);
        phone.WaitForScreen(
            keepsPicture ? "the last picture" : "darkness",
            screen => keepsPicture == (screen.CountDifferences(last, Phone.EdgeLevels) == 0),
            Phone.StepTimeout);
    }

    /// <summary>The screen's driver refuses its device until it is loaded anew.</summary>
    [Fact]
    public void A_screen_that_comes_late_is_waited_for_and_said_so()
    {
        const string Load = "rmmod virtio_gpu; modprobe virtio_gpu modeset=1";
        using Lab lab = Lab.WithAgent("bookworm", "late-screen", out VirtualCard card, options => options with
        {
            ExtraCommandLine = "virtio_gpu.modeset=0",
        });
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitForShell(Phone.BootTimeout);

        // In the guest, which is as slow as the agent that waits there.
        phone.RunInGuest($"(until dmesg | grep -q 'waiting for the screen'; do sleep 0.1; done; {Load}) >/dev/kmsg 2>&1 &", Phone.StepTimeout);
        phone.WaitForConsole(WaitsInLog(), Phone.BootTimeout);
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.StepTimeout);
        Assert.Contains("Waiting for the screen", phone.RunInGuest("cat /dev/vcs1", Phone.StepTimeout).Output, StringComparison.Ordinal);
        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");

        lab.AssertRootOpened();
        Assert.Equal(1, card.VerifyCount);
    }

    /// <summary>The kernel's console is told the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_panel_that_lies_on_its_side_shows_the_picture_upright(int quarters)
    {
        using Lab lab = Lab.WithAgent("trixie", $"turned-{quarters}", out _, options => options with
        {
            Width = 1440,
            Height = 720,
            Turn = quarters,
            ExtraCommandLine = $"fbcon=rotate:{quarters}",
        });
        Picture seen = lab.Phone.WaitFor(PadScreen.InsertCard, "the wish for a card, turned", Phone.BootTimeout);
        seen.SavePng(Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Out, "screens")).FullName, $"turned-{quarters}.png"));
    }

    [GeneratedRegex("unlock-agent: waiting for the screen")]
    private static partial Regex WaitsInLog();
}
