// SPDX-License-Identifier: GPL-3.0-or-later
//
// Screens that are not as the usual phone's: a kernel without fbdev emulation, a panel that lies on its side.

using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

public sealed class ScreenTests
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
            screen => keepsPicture == (screen.CountDifferences(last) == 0),
            Phone.StepTimeout);
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
            ExtraCommandLine = $"fbcon=rotate:{quarters}",
        });
        Picture upright = PadScreen.InsertCard.Draw(720, 1440);
        Picture seen = lab.Phone.WaitForScreen(
            "the wish for a card, turned",
            screen => screen.Width == 1440 && TurnBack(screen, quarters).CountDifferences(upright) == 0,
            Phone.BootTimeout);
        seen.SavePng(Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Out, "screens")).FullName, $"turned-{quarters}.png"));
    }

    private static Picture TurnBack(Picture panel, int quarters)
    {
        (int width, int height) = (panel.Height, panel.Width);
        byte[] rgb = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int pixel = quarters == 1 ? panel[height - 1 - y, x] : panel[y, width - 1 - x];
                int at = ((y * width) + x) * 3;
                (rgb[at], rgb[at + 1], rgb[at + 2]) = ((byte)(pixel >> 16), (byte)(pixel >> 8), (byte)pixel);
            }
        }

        return new Picture(width, height, rgb);
    }
}
