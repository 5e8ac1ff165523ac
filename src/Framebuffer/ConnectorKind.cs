// SPDX-License-Identifier: GPL-3.0-or-later
// Which connectors lead to a panel that is built in, by their number (drm/drm_mode.h) and by their name in sysfs. Pure.

using Framebuffer.Native;

namespace Framebuffer;

/// <summary>How much a connector looks like the device's own screen; the highest wins.</summary>
internal enum ConnectorKind
{
    /// <summary>A plug for a screen of somebody else: HDMI, DisplayPort, VGA, DVI, television.</summary>
    External,

    /// <summary>A virtual machine's screen, one on a small bus, or one the kernel cannot name.</summary>
    Other,

    /// <summary>A panel: DSI, eDP, LVDS, DPI.</summary>
    BuiltIn,
}

internal static class Connectors
{
    // drmModeConnection of libdrm: what drm_mode_get_connector.connection holds, which the kernel's headers do not name.
    private const uint Connected = 1;
    private const uint UnknownConnection = 3;

    /// <summary>Whether a screen is taken to be there: a panel that is soldered on may not be able to say so.</summary>
    internal static bool HasScreen(ConnectorKind kind, uint connection) =>
        connection == Connected || (connection == UnknownConnection && kind == ConnectorKind.BuiltIn);

    /// <summary>A connector's kind by its number.</summary>
    /// <returns>Null for one that leads to memory and to no screen.</returns>
    internal static ConnectorKind? KindOf(uint type) => type switch
    {
        Drm.DRM_MODE_CONNECTOR_WRITEBACK => null,
        Drm.DRM_MODE_CONNECTOR_LVDS or Drm.DRM_MODE_CONNECTOR_eDP or Drm.DRM_MODE_CONNECTOR_DSI
            or Drm.DRM_MODE_CONNECTOR_DPI => ConnectorKind.BuiltIn,
        0 or Drm.DRM_MODE_CONNECTOR_VIRTUAL or Drm.DRM_MODE_CONNECTOR_SPI or Drm.DRM_MODE_CONNECTOR_USB => ConnectorKind.Other,
        _ => ConnectorKind.External,
    };

    /// <summary>A connector's kind by its name without card and number, as "DSI" or "HDMI-A".</summary>
    /// <returns>Null for one that leads to memory and to no screen.</returns>
    internal static ConnectorKind? KindOf(string name) => name switch
    {
        "Writeback" => null,
        "LVDS" or "eDP" or "DSI" or "DPI" => ConnectorKind.BuiltIn,
        "Unknown" or "Virtual" or "SPI" or "USB" => ConnectorKind.Other,
        _ => ConnectorKind.External,
    };
}
