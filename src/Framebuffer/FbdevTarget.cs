// SPDX-License-Identifier: GPL-3.0-or-later
// /dev/fb0 (linux/fb.h): asks for the layout once and writes damaged rows with pwrite(2). A mapping would be simpler to
// draw to, but DRM's fbdev emulation notices stores to it only by a deferred scan up to 50 ms later; a write is damage at once.

using Framebuffer.Native;
using Microsoft.Win32.SafeHandles;

namespace Framebuffer;

/// <summary>A frame buffer device.</summary>
public sealed class FbdevTarget : IFrameTarget
{
    // Converted rows per pwrite: large enough that calls do not count, small beside the agent's memory.
    private const int BufferTarget = 128 * 1024;

    private readonly SafeFileHandle device;
    private readonly string path;
    private readonly FramebufferGeometry geometry;
    private readonly PixelFormat format;
    private readonly byte[] buffer;

    private FbdevTarget(SafeFileHandle device, string path, in FramebufferGeometry geometry, PixelFormat format)
    {
        this.device = device;
        this.path = path;
        this.geometry = geometry;
        this.format = format;
        int rows = Math.Clamp(BufferTarget / (int)geometry.Stride, 1, (int)geometry.Height);

        // Pinned, so that the collector leaves no copy of a picture of the PIN pad elsewhere.
        buffer = GC.AllocateArray<byte>(rows * (int)geometry.Stride, pinned: true);
    }

    /// <inheritdoc/>
    public int Width => (int)geometry.Width;

    /// <inheritdoc/>
    public int Height => (int)geometry.Height;

    /// <summary>Opens a frame buffer device and judges its layout.</summary>
    /// <param name="path">The device node.</param>
    /// <exception cref="FramebufferException">It is absent, is no frame buffer, has an unknown pixel format or no size.</exception>
    public static FbdevTarget Open(string path = "/dev/fb0")
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
            FramebufferGeometry geometry = Ask(device, path);
            string? refusal = geometry.Refusal(out PixelFormat format);
            return refusal is null
                ? new FbdevTarget(device, path, geometry, format)
                : throw new FramebufferException("geometry", path, 0, refusal);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Present(ReadOnlySpan<byte> bgrx, int stride, RowRange damage)
    {
        RowRange rows = damage.Clip(Height);
        if (rows == default)
        {
            return;
        }

        // An opacity channel must be opaque, which the source's X byte does not promise.
        bool sameBytes = format == PixelFormat.Xrgb8888 && geometry.Alpha.Length == 0 && stride == geometry.Stride;
        if (sameBytes)
        {
            int start = rows.Top * stride;
            Write(bgrx.Slice(start, ((rows.Bottom - 1 - rows.Top) * stride) + geometry.RowBytes), rows.Top);
            return;
        }

        int perWrite = buffer.Length / (int)geometry.Stride;
        for (int top = rows.Top; top < rows.Bottom; top += perWrite)
        {
            Write(Convert(bgrx, stride, new RowRange(top, Math.Min(top + perWrite, rows.Bottom))), top);
        }
    }

    /// <summary>Wipes the conversion buffer and closes the device; the last frame stays on the screen.</summary>
    public void Dispose()
    {
        Array.Clear(buffer);
        device.Dispose();
    }

    private ReadOnlySpan<byte> Convert(ReadOnlySpan<byte> bgrx, int stride, RowRange rows)
    {
        int target = 0;
        for (int y = rows.Top; y < rows.Bottom; y++)
        {
            PixelKernels.ConvertRow(format, bgrx.Slice(y * stride, Width * 4), buffer.AsSpan(target, geometry.RowBytes));
            target += (int)geometry.Stride;
        }

        return buffer.AsSpan(0, target - (int)geometry.Stride + geometry.RowBytes);
    }

    private void Write(ReadOnlySpan<byte> band, int top)
    {
        try
        {
            RandomAccess.Write(device, band, geometry.RowOffset(top));
        }
        catch (IOException e)
        {
            throw new FramebufferException("pwrite", path, e.HResult, $"it does not take pixels (errno {e.HResult})");
        }
    }

    private static FramebufferGeometry Ask(SafeFileHandle device, string path)
    {
        if (!Libc.TryGet(device, Fbdev.FBIOGET_VSCREENINFO, out fb_var_screeninfo variable))
        {
            throw new FramebufferException("FBIOGET_VSCREENINFO", path, Libc.Errno, "it is not a frame buffer");
        }

        if (!Libc.TryGet(device, Fbdev.FBIOGET_FSCREENINFO, out fb_fix_screeninfo fixedInfo))
        {
            throw new FramebufferException("FBIOGET_FSCREENINFO", path, Libc.Errno, "it is not a frame buffer");
        }

        return ScreenInfo.ToGeometry(variable, fixedInfo)
            ?? throw new FramebufferException("geometry", path, 0, "its pixels are not packed true colour");
    }
}
