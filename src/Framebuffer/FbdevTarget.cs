// SPDX-License-Identifier: GPL-3.0-or-later
// /dev/fb0 (linux/fb.h): asks for the layout once and writes what is damaged with pwrite(2). A mapping would be simpler to
// draw to, but DRM's fbdev emulation notices stores to it only by a deferred scan up to 50 ms later; a write is damage
// at once.

using Framebuffer.Native;
using Microsoft.Win32.SafeHandles;

namespace Framebuffer;

/// <summary>A frame buffer device.</summary>
public sealed class FbdevTarget : IPanel
{
    // Converted rows per pwrite: large enough that calls do not count, small beside the agent's memory.
    private const int BufferTarget = 128 * 1024;

    private readonly SafeFileHandle device;
    private readonly string path;
    private readonly FramebufferGeometry geometry;
    private readonly PixelFormat format;
    private readonly bool sameBytes;
    private readonly byte[] buffer;
    private readonly bool pans;
    private fb_var_screeninfo variable;

    /// <param name="device">The open device; owned from here on.</param>
    /// <param name="path">Its node, for messages.</param>
    /// <param name="geometry">Its layout, judged to be drawable.</param>
    /// <param name="format">Its pixel format.</param>
    internal FbdevTarget(SafeFileHandle device, string path, in FramebufferGeometry geometry, PixelFormat format)
    {
        this.device = device;
        this.path = path;
        this.geometry = geometry;
        this.format = format;

        // An opacity channel must be opaque, which the source's X byte does not promise.
        sameBytes = format == PixelFormat.Xrgb8888 && geometry.Alpha.Length == 0;
        int rows = geometry.IsPacked ? Math.Clamp(BufferTarget / geometry.RowBytes, 1, (int)geometry.Height) : 1;

        // Pinned, so that the collector leaves no copy of a picture of the PIN pad elsewhere.
        buffer = GC.AllocateArray<byte>(sameBytes ? 0 : rows * geometry.RowBytes, pinned: true);
    }

    /// <param name="device">The open device; owned from here on.</param>
    /// <param name="path">Its node, for messages.</param>
    /// <param name="geometry">Its layout, judged to be drawable.</param>
    /// <param name="format">Its pixel format.</param>
    /// <param name="variable">What it said of its mode.</param>
    /// <param name="pans">Whether each frame is followed by FBIOPAN_DISPLAY.</param>
    internal FbdevTarget(
        SafeFileHandle device, string path, in FramebufferGeometry geometry, PixelFormat format, in fb_var_screeninfo variable, bool pans)
        : this(device, path, geometry, format)
    {
        (this.variable, this.pans) = (variable, pans);
        Millimetres = (Known(variable.width), Known(variable.height));
    }

    /// <inheritdoc/>
    public int Width => (int)geometry.Width;

    /// <inheritdoc/>
    public int Height => (int)geometry.Height;

    /// <summary>The screen's size; 0 where the device does not know it.</summary>
    public (int Width, int Height) Millimetres { get; }

    /// <summary>Whether the device went away or another driver took its place.</summary>
    public bool IsGone =>
        !Libc.TryGet(device, Fbdev.FBIOGET_FSCREENINFO, out fb_fix_screeninfo _) && Libc.Errno is Libc.ENODEV or Libc.ENXIO;

    /// <summary>Opens a frame buffer device and judges its layout.</summary>
    /// <param name="path">The device node.</param>
    /// <param name="refresh">Whether each frame is followed by FBIOPAN_DISPLAY.</param>
    /// <exception cref="FramebufferException">It is absent or no frame buffer; its format is unknown; its size is 0.</exception>
    public static FbdevTarget Open(string path = "/dev/fb0", ForceRefresh refresh = ForceRefresh.Auto)
    {
        SafeFileHandle device = Libc.Open(path, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC);
        if (device.IsInvalid)
        {
            int errno = Libc.Errno;
            device.Dispose();
            throw new FramebufferException("open", path, errno, $"it does not open (errno {errno})");
        }

        try
        {
            (fb_var_screeninfo variable, fb_fix_screeninfo fixedInfo) = Ask(device, path);
            FramebufferGeometry geometry = ScreenInfo.ToGeometry(variable, fixedInfo)
                ?? throw new FramebufferException("geometry", path, 0, "its pixels are not packed true colour");
            string? refusal = geometry.Refusal(out PixelFormat format);
            return refusal is null
                ? new FbdevTarget(device, path, geometry, format, variable, refresh.IsNeeded(ScreenInfo.Driver(fixedInfo)))
                : throw new FramebufferException("geometry", path, 0, refusal);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Present(ReadOnlySpan<byte> bgrx, int stride, Area damage)
    {
        Area area = damage.Clip(Width, Height);
        if (area.IsEmpty)
        {
            return;
        }

        // Rows with something between them are written one by one: what is between them is not the damage's.
        int rowBytes = area.Width * 4;
        int most = !geometry.IsPacked || area.Width < Width ? 1
            : !sameBytes ? buffer.Length / geometry.RowBytes
            : stride == rowBytes ? Height
            : 1;
        for (int top = area.Top; top < area.Bottom; top += most)
        {
            int count = Math.Min(most, area.Bottom - top);
            int start = (top * stride) + (area.Left * 4);
            ReadOnlySpan<byte> source = bgrx.Slice(start, ((count - 1) * stride) + rowBytes);
            Write(sameBytes ? source : Convert(source, stride, area.Width, count), geometry.PixelOffset(area.Left, top));
        }

        if (pans)
        {
            // A driver that cannot pan has shown the pixels already.
            Libc.TryExchange(device, Fbdev.FBIOPAN_DISPLAY, ref variable);
        }
    }

    /// <summary>The last frame stays by itself: the console paints over it when it is told to.</summary>
    public void KeepPicture()
    {
    }

    /// <summary>Wipes the conversion buffer and closes the device; the last frame stays on the screen.</summary>
    public void Dispose()
    {
        Array.Clear(buffer);
        device.Dispose();
    }

    private ReadOnlySpan<byte> Convert(ReadOnlySpan<byte> bgrx, int stride, int width, int rows)
    {
        int rowBytes = width * geometry.BytesPerPixel;
        for (int y = 0; y < rows; y++)
        {
            PixelKernels.ConvertRow(format, bgrx.Slice(y * stride, width * 4), buffer.AsSpan(y * rowBytes, rowBytes));
        }

        return buffer.AsSpan(0, rows * rowBytes);
    }

    private void Write(ReadOnlySpan<byte> band, long offset)
    {
        try
        {
            RandomAccess.Write(device, band, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // EPERM, which a device answers that does not run, comes wrapped: the errno is the inner exception's.
            int errno = (e.InnerException ?? e).HResult;
            throw new FramebufferException("pwrite", path, errno, $"it does not take pixels (errno {errno})");
        }
    }

    private static (fb_var_screeninfo Variable, fb_fix_screeninfo Fixed) Ask(SafeFileHandle device, string path)
    {
        if (!Libc.TryGet(device, Fbdev.FBIOGET_VSCREENINFO, out fb_var_screeninfo variable))
        {
            throw new FramebufferException("FBIOGET_VSCREENINFO", path, Libc.Errno, "it is not a frame buffer");
        }

        if (!Libc.TryGet(device, Fbdev.FBIOGET_FSCREENINFO, out fb_fix_screeninfo fixedInfo))
        {
            throw new FramebufferException("FBIOGET_FSCREENINFO", path, Libc.Errno, "it is not a frame buffer");
        }

        return (variable, fixedInfo);
    }

    // Drivers that do not know say 0 or -1.
    private static int Known(uint millimetres) => (int)millimetres > 0 ? (int)millimetres : 0;
}
