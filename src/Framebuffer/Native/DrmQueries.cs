// SPDX-License-Identifier: GPL-3.0-or-later
// The DRM ioctls whose arguments point at arrays: each is asked twice, first for the counts.

using Microsoft.Win32.SafeHandles;

namespace Framebuffer.Native;

internal static unsafe class DrmQueries
{
    // Far above what any card has; a device that claims more is lying.
    private const uint MaxCount = 1024;

    internal static bool TryGetResources(SafeFileHandle card, out uint[] crtcs, out uint[] connectors)
    {
        (crtcs, connectors) = ([], []);
        drm_mode_card_res resources = default;
        if (!Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_GETRESOURCES, ref resources)
            || resources.count_crtcs > MaxCount || resources.count_connectors > MaxCount)
        {
            return false;
        }

        crtcs = new uint[resources.count_crtcs];
        connectors = new uint[resources.count_connectors];
        fixed (uint* crtcIds = crtcs, connectorIds = connectors)
        {
            resources = new()
            {
                count_crtcs = (uint)crtcs.Length,
                count_connectors = (uint)connectors.Length,
                crtc_id_ptr = (ulong)crtcIds,
                connector_id_ptr = (ulong)connectorIds,
            };
            return Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_GETRESOURCES, ref resources)
                && resources.count_crtcs <= crtcs.Length && resources.count_connectors <= connectors.Length;
        }
    }

    /// <summary>Has the connector looked at anew, which needs the card's master.</summary>
    internal static bool TryGetConnector(
        SafeFileHandle card, uint id, out drm_mode_get_connector connector, out drm_mode_modeinfo[] modes, out uint[] encoders)
    {
        (modes, encoders) = ([], []);
        connector = new() { connector_id = id };
        if (!Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_GETCONNECTOR, ref connector)
            || connector.count_modes > MaxCount || connector.count_encoders > MaxCount)
        {
            return false;
        }

        modes = new drm_mode_modeinfo[connector.count_modes];
        encoders = new uint[connector.count_encoders];
        fixed (drm_mode_modeinfo* modeList = modes)
        fixed (uint* encoderIds = encoders)
        {
            connector = new()
            {
                connector_id = id,
                count_modes = (uint)modes.Length,
                count_encoders = (uint)encoders.Length,
                modes_ptr = (ulong)modeList,
                encoders_ptr = (ulong)encoderIds,
            };
            return Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_GETCONNECTOR, ref connector)
                && connector.count_modes <= modes.Length && connector.count_encoders <= encoders.Length;
        }
    }

    /// <summary>The value of a connector's property, without having the connector looked at.</summary>
    internal static ulong? TryGetProperty(SafeFileHandle card, uint connector, ReadOnlySpan<byte> name)
    {
        uint* ids = stackalloc uint[(int)MaxCount];
        ulong* values = stackalloc ulong[(int)MaxCount];
        var properties = new drm_mode_obj_get_properties
        {
            obj_id = connector,
            obj_type = Drm.DRM_MODE_OBJECT_CONNECTOR,
            count_props = MaxCount,
            props_ptr = (ulong)ids,
            prop_values_ptr = (ulong)values,
        };
        if (!Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_OBJ_GETPROPERTIES, ref properties))
        {
            return null;
        }

        for (int i = 0; i < Math.Min(properties.count_props, MaxCount); i++)
        {
            var property = new drm_mode_get_property { prop_id = ids[i] };
            if (Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_GETPROPERTY, ref property)
                && ((ReadOnlySpan<byte>)property.name).TrimEnd((byte)0).SequenceEqual(name))
            {
                return values[i];
            }
        }

        return null;
    }

    internal static bool TrySetCrtc(SafeFileHandle card, uint crtc, uint framebuffer, uint connector, in drm_mode_modeinfo mode)
    {
        var setting = new drm_mode_crtc
        {
            crtc_id = crtc,
            fb_id = framebuffer,
            set_connectors_ptr = (ulong)&connector,
            count_connectors = 1,
            mode = mode,
            mode_valid = 1,
        };
        return Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_SETCRTC, ref setting);
    }

    internal static bool TryMarkDirty(SafeFileHandle card, uint framebuffer, drm_clip_rect area)
    {
        var dirty = new drm_mode_fb_dirty_cmd { fb_id = framebuffer, num_clips = 1, clips_ptr = (ulong)&area };
        return Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_DIRTYFB, ref dirty);
    }
}
