// SPDX-License-Identifier: GPL-3.0-or-later
// A turned picture, pixel by pixel, against the definition of each rotation.

using System.Runtime.InteropServices;

namespace Framebuffer.Tests;

public class TurningTests
{
    public static TheoryData<Rotation> Rotations => [.. Enum.GetValues<Rotation>()];

    [Theory]
    [InlineData(Rotation.None, 0, 0)]
    [InlineData(Rotation.Clockwise, 6, 0)]
    [InlineData(Rotation.UpsideDown, 4, 6)]
    [InlineData(Rotation.CounterClockwise, 0, 4)]
    public void The_pictures_top_left_lies_where_the_rotation_says(Rotation rotation, int x, int y) =>
        Assert.Equal(new Area(x, y, x + 1, y + 1), new Area(0, 0, 1, 1).Turn(rotation, 5, 7));

    [Theory]
    [MemberData(nameof(Rotations))]
    public void Every_area_turns_into_the_area_of_its_turned_pixels(Rotation rotation)
    {
        const int width = 5;
        const int height = 7;
        var all = new Area(0, 0, width, height);
        int corners = 0;
        for (int top = 0; top < height; top++)
        {
            for (int left = 0; left < width; left++)
            {
                for (int bottom = top + 1; bottom <= height; bottom++)
                {
                    for (int right = left + 1; right <= width; right++)
                    {
                        var area = new Area(left, top, right, bottom);
                        Area joined = Pixels(area).Select(p => p.Turn(rotation, width, height)).Aggregate((a, b) => a.Join(b));
                        Assert.Equal(joined, area.Turn(rotation, width, height));
                        corners++;
                    }
                }
            }
        }

        Assert.Equal(420, corners);
        Area panel = rotation.IsSideways() ? new(0, 0, height, width) : all;
        Assert.Equal(panel, all.Turn(rotation, width, height));
        Assert.Equal(width * height, Pixels(all).Select(p => p.Turn(rotation, width, height)).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Rotations))]
    public void Four_quarters_are_none(Rotation rotation)
    {
        var area = new Area(1, 2, 4, 3);
        (Area turned, int width, int height) = (area, 5, 7);
        for (int i = 0; i < 4; i++)
        {
            turned = turned.Turn(rotation, width, height);
            (width, height) = rotation.IsSideways() ? (height, width) : (width, height);
        }

        Assert.Equal(area, turned);
    }

    [Theory]
    [MemberData(nameof(Rotations))]
    public void Damaged_pixels_and_no_others_reach_their_turned_place(Rotation rotation)
    {
        foreach ((int width, int height) in ((int, int)[])[(37, 29), (4, 4), (3, 2), (64, 48), (1, 9)])
        {
            Area[] damages = [new(0, 0, width, height), new(1, 1, width - 1, height - 1), new(2, 3, 20, 27), new(-5, 7, 99, 99)];
            foreach (Area damage in damages)
            {
                Check(rotation, width, height, damage);
            }
        }
    }

    [Theory]
    [InlineData(Rotation.Clockwise)]
    [InlineData(Rotation.CounterClockwise)]
    public void Sideways_only_what_differs_is_written_once_a_whole_frame_was(Rotation rotation)
    {
        const int width = 37;
        const int height = 29;
        var panel = new MemoryTarget(height, width);
        using var target = new TurnedTarget(panel, rotation);
        byte[] source = new byte[width * height * 4];
        var all = new Area(0, 0, width, height);
        target.Present(source, width * 4, new Area(3, 3, 9, 9));
        Assert.Equal(36, panel.Pixels.Count(pixel => pixel != MemoryTarget.Untouched));
        target.Present(source, width * 4, all);
        Assert.DoesNotContain(MemoryTarget.Untouched, panel.Pixels);

        foreach ((int x, int y) in ((int, int)[])[(0, 0), (18, 14), (36, 28), (36, 3), (5, 28)])
        {
            Array.Fill(panel.Pixels, MemoryTarget.Untouched);
            target.Present(source, width * 4, all);
            Assert.All(panel.Pixels, pixel => Assert.Equal(MemoryTarget.Untouched, pixel));

            source[((y * width) + x) * 4]++;
            target.Present(source, width * 4, all);
            Area written = new Area(x, y, x + 1, y + 1).Turn(rotation, width, height);
            Assert.Equal(1u, panel.Pixels[(written.Top * height) + written.Left]);
            Assert.InRange(panel.Pixels.Count(pixel => pixel != MemoryTarget.Untouched), 1, width);
        }
    }

    [Fact]
    public void A_closed_screen_keeps_no_picture()
    {
        var panel = new MemoryTarget(8, 4);
        var target = new TurnedTarget(panel, Rotation.UpsideDown);
        byte[] source = new byte[8 * 4 * 4];
        Array.Fill(source, (byte)9);
        target.Present(source, 32, new Area(0, 0, 8, 4));
        target.Dispose();
        Assert.True(panel.IsDisposed);

        // What a target holds after its end can be seen only where it is shown: nothing but zeros.
        target.Present(new byte[8 * 4 * 4], 32, new Area(0, 0, 1, 1));
        Assert.All(panel.LastFrame, b => Assert.Equal(0, b));
    }

    private static void Check(Rotation rotation, int width, int height, Area damage)
    {
        (int panelWidth, int panelHeight) = rotation.IsSideways() ? (height, width) : (width, height);
        var panel = new MemoryTarget(panelWidth, panelHeight);
        int stride = (width * 4) + 8;
        byte[] source = new byte[stride * height];
        new Random(width).NextBytes(source);
        using var target = new TurnedTarget(panel, rotation);
        Assert.Equal((width, height), (target.Width, target.Height));

        target.Present(source, stride, damage);

        uint[] expected = new uint[width * height];
        Array.Fill(expected, MemoryTarget.Untouched);
        foreach (Area pixel in Pixels(damage.Clip(width, height)))
        {
            (int x, int y) = (pixel.Left, pixel.Top);
            (int panelX, int panelY) = rotation switch
            {
                Rotation.None => (x, y),
                Rotation.Clockwise => (height - 1 - y, x),
                Rotation.UpsideDown => (width - 1 - x, height - 1 - y),
                _ => (y, width - 1 - x),
            };
            expected[(panelY * panelWidth) + panelX] = MemoryMarshal.Read<uint>(source.AsSpan((y * stride) + (x * 4)));
        }

        Assert.Equal(expected, panel.Pixels);
    }

    private static IEnumerable<Area> Pixels(Area area) =>
        from y in Enumerable.Range(area.Top, area.Height)
        from x in Enumerable.Range(area.Left, area.Width)
        select new Area(x, y, x + 1, y + 1);

    /// <summary>A panel that is an array.</summary>
    private sealed class MemoryTarget : IFrameTarget
    {
        internal const uint Untouched = 0xDEADBEEF;

        internal MemoryTarget(int width, int height)
        {
            (Width, Height) = (width, height);
            Pixels = new uint[width * height];
            LastFrame = new byte[width * height * 4];
            Array.Fill(Pixels, Untouched);
        }

        public int Width { get; }

        public int Height { get; }

        internal uint[] Pixels { get; }

        internal byte[] LastFrame { get; }

        internal bool IsDisposed { get; private set; }

        public void Present(ReadOnlySpan<byte> bgrx, int stride, Area damage)
        {
            Assert.Equal(damage, damage.Clip(Width, Height));
            bgrx[..Math.Min(bgrx.Length, LastFrame.Length)].CopyTo(LastFrame);
            for (int y = damage.Top; y < damage.Bottom; y++)
            {
                ReadOnlySpan<byte> row = bgrx.Slice((y * stride) + (damage.Left * 4), damage.Width * 4);
                MemoryMarshal.Cast<byte, uint>(row).CopyTo(Pixels.AsSpan((y * Width) + damage.Left));
            }
        }

        public void Dispose() => IsDisposed = true;
    }
}
