// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a card's connectors is drawn to, over what, in which mode.

using Framebuffer.Native;

namespace Framebuffer.Tests;

public class DrmConnectorTests
{
    [Fact]
    public void The_most_built_in_connector_is_chosen_and_of_equals_the_first()
    {
        Assert.Null(DrmConnector.Choose([]));
        DrmConnector[] all =
        [
            Connector(1, ConnectorKind.External), Connector(2, ConnectorKind.Other), Connector(3, ConnectorKind.BuiltIn),
            Connector(4, ConnectorKind.BuiltIn),
        ];
        Assert.Equal(3u, DrmConnector.Choose(all)!.Id);
        Assert.Equal(2u, DrmConnector.Choose(all.AsSpan(..2))!.Id);
    }

    [Fact]
    public void The_preferred_mode_is_set_else_the_first()
    {
        Assert.Equal(720, Connector(1, ConnectorKind.Other, Mode(1024), Mode(720, Drm.DRM_MODE_TYPE_PREFERRED), Mode(640)).Mode.hdisplay);
        Assert.Equal(1024, Connector(1, ConnectorKind.Other, Mode(1024), Mode(720)).Mode.hdisplay);
    }

    [Fact]
    public void The_CRTC_in_use_is_kept_else_the_first_that_can_feed_the_connector()
    {
        uint? Chosen(uint[] crtcs, params List<DrmEncoder> encoders) =>
            new DrmConnector(1, ConnectorKind.BuiltIn, [], encoders, (0, 0)).ChooseCrtc(crtcs);

        Assert.Null(Chosen([40, 41]));
        Assert.Equal(41u, Chosen([40, 41], new DrmEncoder(0, 0b10)));
        Assert.Equal(40u, Chosen([40, 41], new DrmEncoder(0, 0), new DrmEncoder(0, 0b11)));
        Assert.Equal(77u, Chosen([40, 77], new DrmEncoder(0, 0b11), new DrmEncoder(77, 0b10)));
        Assert.Null(Chosen([40, 41], new DrmEncoder(0, 0b100)));
    }

    [Theory]
    [InlineData(16u, "DSI")]
    [InlineData(14u, "eDP")]
    [InlineData(7u, "LVDS")]
    [InlineData(17u, "DPI")]
    [InlineData(15u, "Virtual")]
    [InlineData(0u, "Unknown")]
    [InlineData(19u, "SPI")]
    [InlineData(20u, "USB")]
    [InlineData(11u, "HDMI-A")]
    [InlineData(10u, "DP")]
    [InlineData(1u, "VGA")]
    [InlineData(18u, "Writeback")]
    public void Numbers_and_names_mean_the_same(uint number, string name) =>
        Assert.Equal(Connectors.KindOf(number), Connectors.KindOf(name));

    [Theory]
    [InlineData(16u, 1u, true)]
    [InlineData(16u, 2u, false)]
    [InlineData(7u, 3u, true)]
    [InlineData(11u, 1u, true)]
    [InlineData(11u, 3u, false)]
    [InlineData(15u, 3u, false)]
    public void A_panel_need_not_say_that_it_is_there_and_a_plug_must(uint type, uint connection, bool hasScreen) =>
        Assert.Equal(hasScreen, Connectors.HasScreen(Connectors.KindOf(type)!.Value, connection));

    private static DrmConnector Connector(uint id, ConnectorKind kind, params drm_mode_modeinfo[] modes) =>
        new(id, kind, modes, [], (0, 0));

    private static drm_mode_modeinfo Mode(ushort width, uint type = 0) => new() { hdisplay = width, type = type };
}
