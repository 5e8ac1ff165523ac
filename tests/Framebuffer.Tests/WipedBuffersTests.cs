// SPDX-License-Identifier: GPL-3.0-or-later
// A screen that is closed leaves no pixel of what it showed in the memory that it was converted or turned in.

using System.Reflection;
using Framebuffer.Native;
using Microsoft.Win32.SafeHandles;

namespace Framebuffer.Tests;

public sealed class WipedBuffersTests : IDisposable
{
    private const int Width = 64, Height = 48;
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Neither_the_converted_rows_nor_the_turned_picture_outlive_the_screen()
    {
        FramebufferGeometry geometry = Formats.Of(PixelFormat.Rgb565) with { Width = Width, Height = Height, Stride = Width * 2 };
        Assert.Null(geometry.Refusal(out PixelFormat format));
        SafeFileHandle device = Libc.Open(path, Libc.O_RDWR);
        var panel = new FbdevTarget(device, path, geometry, format);
        var screen = new TurnedTarget(panel, Rotation.UpsideDown);
        byte[] converted = Buffer(panel, "buffer"), turned = Buffer(screen, "turned");
        byte[] frame = new byte[Width * Height * 4];
        Array.Fill(frame, (byte)0xF7);
        screen.Present(frame, Width * 4, new Area(0, 0, Width, Height));
        Assert.True(converted.Length > 0 && turned.Length > 0);
        Assert.Contains(converted, one => one != 0);
        Assert.Contains(turned, one => one != 0);

        screen.Dispose();
        Assert.All(converted, one => Assert.Equal(0, one));
        Assert.All(turned, one => Assert.Equal(0, one));
    }

    private static byte[] Buffer(object of, string name) =>
        (byte[])of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(of)!;
}
