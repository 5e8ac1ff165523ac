// SPDX-License-Identifier: GPL-3.0-or-later
// What a DRM card says of its connectors, and which of them to draw to, over which CRTC, in which mode. Pure.

using Framebuffer.Native;

namespace Framebuffer;

/// <summary>An encoder of a connector: the CRTC it is fed by (0 for none) and those that can feed it, by their bits.</summary>
internal readonly struct DrmEncoder(uint crtc, uint possibleCrtcs)
{
    internal uint Crtc => crtc;

    internal uint PossibleCrtcs => possibleCrtcs;
}

/// <summary>A connector with a screen on it.</summary>
/// <param name="id">Its object id.</param>
/// <param name="kind">What it leads to.</param>
/// <param name="modes">Its modes, never none.</param>
/// <param name="encoders">Its encoders, the one in use first.</param>
/// <param name="millimetres">The screen's size; 0 where it is not known.</param>
internal sealed class DrmConnector(
    uint id, ConnectorKind kind, drm_mode_modeinfo[] modes, List<DrmEncoder> encoders, (int Width, int Height) millimetres)
{
    internal uint Id => id;

    internal ConnectorKind Kind => kind;

    internal (int Width, int Height) Millimetres => millimetres;

    /// <summary>The mode that the screen prefers, else its first.</summary>
    internal drm_mode_modeinfo Mode
    {
        get
        {
            foreach (ref readonly drm_mode_modeinfo mode in modes.AsSpan())
            {
                if ((mode.type & Drm.DRM_MODE_TYPE_PREFERRED) != 0)
                {
                    return mode;
                }
            }

            return modes[0];
        }
    }

    /// <summary>The connector to draw to: the most built-in one, of equals the first.</summary>
    internal static DrmConnector? Choose(ReadOnlySpan<DrmConnector> connectors)
    {
        DrmConnector? best = null;
        foreach (DrmConnector connector in connectors)
        {
            best = best is null || connector.Kind > best.Kind ? connector : best;
        }

        return best;
    }

    /// <summary>The CRTC to feed it: the one that does already, else the first that can.</summary>
    /// <param name="crtcs">The card's CRTCs; an encoder's bits count them in this order.</param>
    internal uint? ChooseCrtc(ReadOnlySpan<uint> crtcs)
    {
        foreach (DrmEncoder encoder in encoders)
        {
            if (encoder.Crtc != 0)
            {
                return encoder.Crtc;
            }
        }

        foreach (DrmEncoder encoder in encoders)
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
