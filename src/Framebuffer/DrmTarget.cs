// SPDX-License-Identifier: GPL-3.0-or-later
// A DRM card without a frame buffer device (a kernel without fbdev emulation): one dumb buffer, mapped, on the built-in
// screen's CRTC, and DRM_IOCTL_MODE_DIRTYFB for what is damaged (drm-kms(7), drm-memory(7)).

using System.Diagnostics.CodeAnalysis;
using Framebuffer.Native;
using Microsoft.Win32.SafeHandles;

namespace Framebuffer;

/// <summary>A DRM card's screen.</summary>
internal sealed class DrmTarget : IPanel
{
    // Depth and bits per pixel as DRM_IOCTL_MODE_ADDFB knows them; what every driver takes comes first.
    private static readonly (uint Bits, uint Depth, PixelFormat Format)[] Formats =
        [(32, 24, PixelFormat.Xrgb8888), (16, 16, PixelFormat.Rgb565)];

    private readonly SafeFileHandle card;
    private readonly string path;
    private readonly Mapping mapping;
    private readonly PixelFormat format;
    private readonly int bytesPerPixel;
    private readonly int pitch;
    private readonly uint framebuffer;
    private bool tellsDamage = true;
    private bool keeps;

    private DrmTarget(SafeFileHandle card, string path, DrmConnector connector, uint crtc)
    {
        (this.card, this.path, Millimetres) = (card, path, connector.Millimetres);
        drm_mode_modeinfo mode = connector.Mode;
        (Width, Height) = (mode.hdisplay, mode.vdisplay);
        (drm_mode_create_dumb buffer, framebuffer, format) = CreateBuffer(card, path, Width, Height);
        (bytesPerPixel, pitch) = ((int)buffer.bpp / 8, (int)buffer.pitch);
        mapping = MapBuffer(card, path, buffer);
        Orientation = OrientationOf(DrmQueries.TryGetProperty(card, connector.Id, "panel orientation"u8));
        if (!DrmQueries.TrySetCrtc(card, crtc, framebuffer, connector.Id, mode))
        {
            FramebufferException failure = Failure(path, "DRM_IOCTL_MODE_SETCRTC", $"its mode {Width}x{Height} cannot be set");
            mapping.Dispose();
            throw failure;
        }
    }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public (int Width, int Height) Millimetres { get; }

    /// <summary>How a picture is turned to stand upright on this panel; null where the kernel does not know.</summary>
    public Rotation? Orientation { get; }

    /// <inheritdoc/>
    public bool IsGone
    {
        get
        {
            var capability = new drm_get_cap { capability = Drm.DRM_CAP_DUMB_BUFFER };
            return !Libc.TryExchange(card, Drm.DRM_IOCTL_GET_CAP, ref capability) && Libc.Errno is Libc.ENODEV or Libc.ENXIO;
        }
    }

    /// <summary>Opens a card and shows a black picture on its most built-in screen.</summary>
    /// <param name="path">The card's node.</param>
    /// <exception cref="FramebufferException">
    /// It is no card, has no screen or no memory for one, or another program draws to it.
    /// </exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The target owns the card, and a failure closes it.")]
    internal static DrmTarget Open(string path)
    {
        SafeFileHandle card = Libc.Open(path, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC);
        if (card.IsInvalid)
        {
            int errno = Libc.Errno;
            card.Dispose();
            throw new FramebufferException("open", path, errno, $"it does not open (errno {errno})");
        }

        try
        {
            Require(path, card);
            if (!DrmQueries.TryGetResources(card, out uint[] crtcs, out uint[] connectors))
            {
                throw Failure(path, "DRM_IOCTL_MODE_GETRESOURCES", "it is no card with screens");
            }

            List<DrmConnector> described = [];
            foreach (uint id in connectors)
            {
                if (Describe(card, id) is { } connector)
                {
                    described.Add(connector);
                }
            }

            DrmConnector chosen = DrmConnector.Choose(described.ToArray())
                ?? throw new FramebufferException("DRM_IOCTL_MODE_GETCONNECTOR", path, 0, "no screen is connected to it");
            uint crtc = chosen.ChooseCrtc(crtcs)
                ?? throw new FramebufferException("DRM_IOCTL_MODE_GETENCODER", path, 0, "nothing can feed its screen");
            return new DrmTarget(card, path, chosen, crtc);
        }
        catch
        {
            card.Dispose();
            throw;
        }
    }

    /// <summary>How the panel of a card that is drawn to by other means is built in.</summary>
    /// <param name="path">The card's node.</param>
    /// <returns>Null where the kernel does not know.</returns>
    internal static Rotation? OrientationOf(string path)
    {
        using SafeFileHandle card = Libc.Open(path, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC);
        if (card.IsInvalid || !DrmQueries.TryGetResources(card, out _, out uint[] connectors))
        {
            return null;
        }

        foreach (uint id in connectors)
        {
            if (OrientationOf(DrmQueries.TryGetProperty(card, id, "panel orientation"u8)) is { } orientation)
            {
                return orientation;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Present(ReadOnlySpan<byte> bgrx, int stride, Area damage)
    {
        Area area = damage.Clip(Width, Height);
        if (area.IsEmpty)
        {
            return;
        }

        Span<byte> memory = mapping.Bytes;
        for (int y = area.Top; y < area.Bottom; y++)
        {
            ReadOnlySpan<byte> source = bgrx.Slice((y * stride) + (area.Left * 4), area.Width * 4);
            PixelKernels.ConvertRow(format, source, memory.Slice((y * pitch) + (area.Left * bytesPerPixel), area.Width * bytesPerPixel));
        }

        MarkDirty(area);
    }

    /// <inheritdoc/>
    public void KeepPicture() => keeps = true;

    /// <summary>
    /// Closes the card. A kept picture stays from Linux 6.8 on; else, and on older kernels, the screen goes dark and
    /// the memory is wiped.
    /// </summary>
    public void Dispose()
    {
        if (card.IsClosed)
        {
            return;
        }

        // The buffer then lives as long as the screen shows it, instead of as long as this file.
        ulong closed = framebuffer;
        if (!keeps || !Libc.TryExchange(card, Drm.CloseFramebuffer, ref closed))
        {
            mapping.Bytes.Clear();
        }

        mapping.Dispose();
        card.Dispose();
    }

    internal static Rotation? OrientationOf(ulong? property) => property switch
    {
        0 => Rotation.None,
        1 => Rotation.UpsideDown,
        2 => Rotation.CounterClockwise,
        3 => Rotation.Clockwise,
        _ => null,
    };

    private static void Require(string path, SafeFileHandle card)
    {
        var capability = new drm_get_cap { capability = Drm.DRM_CAP_DUMB_BUFFER };
        if (!Libc.TryExchange(card, Drm.DRM_IOCTL_GET_CAP, ref capability))
        {
            throw Failure(path, "DRM_IOCTL_GET_CAP", "it is no graphics card");
        }

        if (capability.value == 0)
        {
            throw new FramebufferException("DRM_IOCTL_GET_CAP", path, 0, "it has no memory that can be drawn to directly");
        }

        // Who opens a card first is its master already; a second call changes nothing.
        if (!Libc.TrySet(card, Drm.DRM_IOCTL_SET_MASTER, 0))
        {
            throw Failure(path, "DRM_IOCTL_SET_MASTER", "another program draws to it");
        }
    }

    private static DrmConnector? Describe(SafeFileHandle card, uint id)
    {
        if (!DrmQueries.TryGetConnector(card, id, out drm_mode_get_connector connector, out drm_mode_modeinfo[] modes, out uint[] encoders)
            || modes.Length == 0 || connector.count_modes == 0
            || Connectors.KindOf(connector.connector_type) is not { } kind || !Connectors.HasScreen(kind, connector.connection))
        {
            return null;
        }

        List<DrmEncoder> described = [];
        foreach (uint encoder in encoders)
        {
            var answer = new drm_mode_get_encoder { encoder_id = encoder };
            if (Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_GETENCODER, ref answer))
            {
                described.Insert(encoder == connector.encoder_id ? 0 : described.Count, new(answer.crtc_id, answer.possible_crtcs));
            }
        }

        return new(id, kind, modes[..(int)connector.count_modes], described, ((int)connector.mm_width, (int)connector.mm_height));
    }

    private static (drm_mode_create_dumb Buffer, uint Framebuffer, PixelFormat Format) CreateBuffer(
        SafeFileHandle card, string path, int width, int height)
    {
        foreach ((uint bits, uint depth, PixelFormat format) in Formats)
        {
            var buffer = new drm_mode_create_dumb { width = (uint)width, height = (uint)height, bpp = bits };
            if (!Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_CREATE_DUMB, ref buffer) || buffer.size > int.MaxValue)
            {
                continue;
            }

            var framebuffer = new drm_mode_fb_cmd
            {
                width = buffer.width,
                height = buffer.height,
                pitch = buffer.pitch,
                bpp = bits,
                depth = depth,
                handle = buffer.handle,
            };
            if (Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_ADDFB, ref framebuffer))
            {
                return (buffer, framebuffer.fb_id, format);
            }
        }

        throw Failure(path, "DRM_IOCTL_MODE_ADDFB", $"it has no buffer of {width}x{height} pixels in a known format");
    }

    private static Mapping MapBuffer(SafeFileHandle card, string path, in drm_mode_create_dumb buffer)
    {
        var map = new drm_mode_map_dumb { handle = buffer.handle };
        if (!Libc.TryExchange(card, Drm.DRM_IOCTL_MODE_MAP_DUMB, ref map))
        {
            throw Failure(path, "DRM_IOCTL_MODE_MAP_DUMB", "its memory cannot be reached");
        }

        Mapping mapping = Mapping.Map(card, (long)map.offset, (int)buffer.size);
        return mapping.IsInvalid ? throw Failure(path, "mmap", "its memory cannot be reached") : mapping;
    }

    private void MarkDirty(Area area)
    {
        var clip = new drm_clip_rect
        {
            x1 = (ushort)area.Left,
            y1 = (ushort)area.Top,
            x2 = (ushort)area.Right,
            y2 = (ushort)area.Bottom,
        };
        if (!tellsDamage || DrmQueries.TryMarkDirty(card, framebuffer, clip))
        {
            return;
        }

        FramebufferException failure = Failure(path, "DRM_IOCTL_MODE_DIRTYFB", $"it does not take pixels (errno {Libc.Errno})");
        if (failure.IsGone)
        {
            throw failure;
        }

        // A driver that shows its memory as it is has no such call; any other failure is this call's alone.
        tellsDamage = failure.Errno != Libc.ENOSYS;
    }

    private static FramebufferException Failure(string path, string operation, string reason) => new(operation, path, Libc.Errno, reason);
}
