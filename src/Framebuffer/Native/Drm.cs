// SPDX-License-Identifier: GPL-3.0-or-later
// drm/drm.h and drm/drm_mode.h: connectors, modes, dumb buffers. Native spelling; the tests hold every name against the
// C headers. drm_mode_modeinfo 68 bytes, drm_mode_get_connector 80 bytes, drm_mode_crtc 104 bytes.

using System.Runtime.CompilerServices;

namespace Framebuffer.Native;

internal struct drm_get_cap
{
    public ulong capability;
    public ulong value;
}

internal struct drm_mode_card_res
{
    public ulong fb_id_ptr;
    public ulong crtc_id_ptr;
    public ulong connector_id_ptr;
    public ulong encoder_id_ptr;
    public uint count_fbs;
    public uint count_crtcs;
    public uint count_connectors;
    public uint count_encoders;
    public uint min_width;
    public uint max_width;
    public uint min_height;
    public uint max_height;
}

internal struct drm_mode_modeinfo
{
    public uint clock;
    public ushort hdisplay;
    public ushort hsync_start;
    public ushort hsync_end;
    public ushort htotal;
    public ushort hskew;
    public ushort vdisplay;
    public ushort vsync_start;
    public ushort vsync_end;
    public ushort vtotal;
    public ushort vscan;
    public uint vrefresh;
    public uint flags;
    public uint type;
    public Name name;

    [InlineArray(32)]
    internal struct Name
    {
        private byte element;
    }
}

internal struct drm_mode_get_connector
{
    public ulong encoders_ptr;
    public ulong modes_ptr;
    public ulong props_ptr;
    public ulong prop_values_ptr;
    public uint count_modes;
    public uint count_props;
    public uint count_encoders;
    public uint encoder_id;
    public uint connector_id;
    public uint connector_type;
    public uint connector_type_id;
    public uint connection;
    public uint mm_width;
    public uint mm_height;
    public uint subpixel;
    public uint pad;
}

internal struct drm_mode_get_encoder
{
    public uint encoder_id;
    public uint encoder_type;
    public uint crtc_id;
    public uint possible_crtcs;
    public uint possible_clones;
}

internal struct drm_mode_crtc
{
    public ulong set_connectors_ptr;
    public uint count_connectors;
    public uint crtc_id;
    public uint fb_id;
    public uint x;
    public uint y;
    public uint gamma_size;
    public uint mode_valid;
    public drm_mode_modeinfo mode;
}

internal struct drm_mode_obj_get_properties
{
    public ulong props_ptr;
    public ulong prop_values_ptr;
    public uint count_props;
    public uint obj_id;
    public uint obj_type;
}

internal struct drm_mode_get_property
{
    public ulong values_ptr;
    public ulong enum_blob_ptr;
    public uint prop_id;
    public uint flags;
    public Name name;
    public uint count_values;
    public uint count_enum_blobs;

    [InlineArray(32)]
    internal struct Name
    {
        private byte element;
    }
}

internal struct drm_mode_fb_cmd
{
    public uint fb_id;
    public uint width;
    public uint height;
    public uint pitch;
    public uint bpp;
    public uint depth;
    public uint handle;
}

internal struct drm_mode_fb_dirty_cmd
{
    public uint fb_id;
    public uint flags;
    public uint color;
    public uint num_clips;
    public ulong clips_ptr;
}

internal struct drm_clip_rect
{
    public ushort x1;
    public ushort y1;
    public ushort x2;
    public ushort y2;
}

internal struct drm_mode_create_dumb
{
    public uint height;
    public uint width;
    public uint bpp;
    public uint flags;
    public uint handle;
    public uint pitch;
    public ulong size;
}

internal struct drm_mode_map_dumb
{
    public uint handle;
    public uint pad;
    public ulong offset;
}

internal static class Drm
{
    internal const uint DRM_IOCTL_GET_CAP = ReadWrite | (16 << 16) | 0x0C;
    internal const uint DRM_IOCTL_SET_MASTER = Group | 0x1E;
    internal const uint DRM_IOCTL_MODE_GETRESOURCES = ReadWrite | (64 << 16) | 0xA0;
    internal const uint DRM_IOCTL_MODE_SETCRTC = ReadWrite | (104 << 16) | 0xA2;
    internal const uint DRM_IOCTL_MODE_GETENCODER = ReadWrite | (20 << 16) | 0xA6;
    internal const uint DRM_IOCTL_MODE_GETCONNECTOR = ReadWrite | (80 << 16) | 0xA7;
    internal const uint DRM_IOCTL_MODE_GETPROPERTY = ReadWrite | (64 << 16) | 0xAA;
    internal const uint DRM_IOCTL_MODE_ADDFB = ReadWrite | (28 << 16) | 0xAE;
    internal const uint DRM_IOCTL_MODE_DIRTYFB = ReadWrite | (24 << 16) | 0xB1;
    internal const uint DRM_IOCTL_MODE_CREATE_DUMB = ReadWrite | (32 << 16) | 0xB2;
    internal const uint DRM_IOCTL_MODE_MAP_DUMB = ReadWrite | (16 << 16) | 0xB3;
    internal const uint DRM_IOCTL_MODE_OBJ_GETPROPERTIES = ReadWrite | (32 << 16) | 0xB9;

    internal const ulong DRM_CAP_DUMB_BUFFER = 1;
    internal const uint DRM_MODE_OBJECT_CONNECTOR = 0xC0C0C0C0;
    internal const uint DRM_MODE_TYPE_PREFERRED = 1 << 3;
    internal const uint DRM_MODE_CONNECTOR_LVDS = 7;
    internal const uint DRM_MODE_CONNECTOR_eDP = 14;
    internal const uint DRM_MODE_CONNECTOR_VIRTUAL = 15;
    internal const uint DRM_MODE_CONNECTOR_DSI = 16;
    internal const uint DRM_MODE_CONNECTOR_DPI = 17;
    internal const uint DRM_MODE_CONNECTOR_WRITEBACK = 18;
    internal const uint DRM_MODE_CONNECTOR_SPI = 19;
    internal const uint DRM_MODE_CONNECTOR_USB = 20;

    private const uint Group = 'd' << 8;
    private const uint ReadWrite = 0xC0000000 | Group;

    /// <summary>DRM_IOCTL_MODE_CLOSEFB of Linux 6.8, which older headers lack: struct drm_mode_closefb is 8 bytes.</summary>
    internal static uint CloseFramebuffer => ReadWrite | (8 << 16) | 0xD0;
}
