// SPDX-License-Identifier: GPL-3.0-or-later
// What a DRM card says of its connectors, and which of them to draw to, over which CRTC, in which mode. Pure.

using Framebuffer.Native;

namespace Framebuffer;

/// <summary>An encoder of a connector: the CRTC it is fed by (0 for none) and those that can feed it, by their bits.</summary>
internal readonly record struct DrmEncoder(uint Crtc, uint PossibleCrtcs);

/// <summary>A connector with a screen on it.</summary>
/// <param name="Id">Its object id.</param>
/// <param name="Kind">What it leads to.</param>
/// <param name="Modes">Its modes, never none.</param>
/// <param name="Encoders">Its encoders, the one in use first.</param>
/// <param name="Millimetres">The screen's size; 0 where it is not known.</param>
internal sealed record DrmConnector(
    uint Id, ConnectorKind Kind, drm_mode_modeinfo[] Modes, DrmEncoder[] Encoders, (int Width, int Height) Millimetres)
{
    /// <summary>The mode that the screen prefers, else its first.</summary>
    internal drm_mode_modeinfo Mode =>
        Modes[Math.Max(0, Array.FindIndex(Modes, mode => (mode.type & Drm.DRM_MODE_TYPE_PREFERRED) != 0))];

    /// <summary>The connector to draw to: the most built-in one, of equals the first.</summary>
    internal static DrmConnector? Choose(IEnumerable<DrmConnector> connectors) => connectors.MaxBy(one => one.Kind);

    /// <summary>The CRTC to feed it: the one that does already, else the first that can.</summary>
    /// <param name="crtcs">The card's CRTCs; an encoder's bits count them in this order.</param>
    internal uint? ChooseCrtc(ReadOnlySpan<uint> crtcs)
    {
        foreach (DrmEncoder encoder in Encoders)
        {
            if (encoder.Crtc != 0)
            {
                return encoder.Crtc;
            }
        }

        foreach (DrmEncoder encoder in Encoders)
        {
            for (int i = 0; i < Math.Min(crtcs.Length, 32); i++)
            {
                if ((encoder.PossibleCrtcs >> i & 1) != 0)
                {
                    return crtcs[i];
                }
            }
        }

        return null;
    }
}
