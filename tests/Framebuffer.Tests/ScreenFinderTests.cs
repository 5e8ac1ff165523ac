// SPDX-License-Identifier: GPL-3.0-or-later
// Which of several screens is taken for the device's own.

namespace Framebuffer.Tests;

public sealed class ScreenFinderTests : IDisposable
{
    private readonly FakeSystem system = new();

    public void Dispose() => system.Dispose();

    [Fact]
    public void Nothing_is_found_where_there_is_nothing() => Assert.Empty(Find());

    [Fact]
    public void The_built_in_panel_goes_before_a_plugged_in_screen()
    {
        system.AddFramebuffer("fb0", "hdmi");
        system.AddCard("card0", "hdmi", "HDMI-A-1 connected");
        system.AddFramebuffer("fb1", "lcdif");
        system.AddCard("card1", "lcdif", "DSI-1 connected");
        Assert.Equal(["fb1", "fb0"], Find());
        Assert.Equal(system.DevicePath("lcdif"), Best().Device);
        Assert.Equal(("card1", ScreenRank.BuiltIn), (Best().Card, Best().Rank));
    }

    [Theory]
    [InlineData("eDP-1 connected", (int)ScreenRank.BuiltIn)]
    [InlineData("LVDS-1 unknown", (int)ScreenRank.BuiltIn)]
    [InlineData("DPI-1 connected", (int)ScreenRank.BuiltIn)]
    [InlineData("DSI-1 disconnected", (int)ScreenRank.Unconnected)]
    [InlineData("Virtual-1 connected", (int)ScreenRank.Other)]
    [InlineData("Unknown-1 connected", (int)ScreenRank.Other)]
    [InlineData("HDMI-A-2 connected", (int)ScreenRank.Any)]
    [InlineData("DP-1 connected", (int)ScreenRank.Any)]
    [InlineData("VGA-1 unknown", (int)ScreenRank.Unconnected)]
    [InlineData("DVI-I-1 disconnected", (int)ScreenRank.Unconnected)]
    [InlineData("Writeback-1 unknown", (int)ScreenRank.Any)]
    public void A_connector_decides_its_screens_rank(string connector, int rank)
    {
        system.AddFramebuffer("fb0", "card");
        system.AddCard("card0", "card", connector);
        Assert.Equal((ScreenRank)rank, Best().Rank);
    }

    [Fact]
    public void A_card_with_a_panel_and_a_plug_is_the_panels()
    {
        system.AddFramebuffer("fb0", "gpu");
        system.AddCard("card0", "gpu", "HDMI-A-1 connected", "eDP-1 connected", "DP-1 disconnected");
        Assert.Equal(ScreenRank.BuiltIn, Best().Rank);
    }

    [Fact]
    public void A_connected_screen_goes_before_an_unconnected_one()
    {
        system.AddFramebuffer("fb0", "gpu");
        system.AddCard("card0", "gpu", "DSI-1 disconnected");
        system.AddFramebuffer("fb1", "dock");
        system.AddCard("card1", "dock", "DP-1 connected");
        Assert.Equal(["fb1", "fb0"], Find());
    }

    [Fact]
    public void The_lowest_number_wins_where_nothing_is_known_and_ten_is_above_nine()
    {
        foreach (string name in (string[])["fb10", "fb9", "fb2"])
        {
            system.AddFramebuffer(name, "device-" + name);
        }

        system.Set("class/graphics/fbcon/rotate", "0");
        Assert.Equal(["fb2", "fb9", "fb10"], Find());
    }

    /// <summary>As on a phone whose graphics processor is a card of its own, without a screen.</summary>
    [Fact]
    public void A_card_without_connectors_does_not_come_before_the_panel()
    {
        system.AddCard("card0", "gpu");
        system.AddCard("card1", "lcdif", "DSI-1 connected");
        Assert.Equal(["card1", "card0"], Find());
        system.AddFramebuffer("fb0", "lcdif");
        Assert.Equal(["fb0", "card0"], Find());
    }

    [Fact]
    public void A_card_that_has_a_frame_buffer_device_is_not_listed_twice()
    {
        system.AddCard("card10", "gpu", "eDP-1 connected");
        system.AddFramebuffer("fb0", "gpu");
        system.AddCard("card1", "other", "HDMI-A-1 connected");
        Assert.Equal(["fb0", "card1"], Find());
    }

    [Theory]
    [InlineData("Y", true)]
    [InlineData("N", false)]
    [InlineData(null, false)]
    public void The_kernel_says_whether_frame_buffer_devices_come(string? parameter, bool isOn)
    {
        if (parameter is not null)
        {
            system.Set("module/drm_kms_helper/parameters/fbdev_emulation", parameter);
        }

        Assert.Equal(isOn, ScreenFinder.IsEmulationOn(system.Sysfs));
    }

    private ScreenCandidate Best() => ScreenFinder.Find(system.Sysfs, system.Devices)[0];

    private IEnumerable<string> Find() => ScreenFinder.Find(system.Sysfs, system.Devices).Select(one => Path.GetFileName(one.Path));
}
