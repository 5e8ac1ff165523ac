// SPDX-License-Identifier: GPL-3.0-or-later
// Damage: clipped to the frame, joined.

namespace Framebuffer.Tests;

public class AreaTests
{
    [Theory]
    [InlineData(0, 10, 0, 10)]
    [InlineData(-5, 2000, 0, 1440)]
    [InlineData(7, 7, 0, 0)]
    [InlineData(9, 3, 0, 0)]
    [InlineData(1440, 1500, 0, 0)]
    [InlineData(int.MinValue, int.MaxValue, 0, 1440)]
    public void Damage_is_clipped_to_the_frame(int from, int to, int clippedFrom, int clippedTo)
    {
        bool isEmpty = clippedFrom == clippedTo;
        var rows = isEmpty ? default : new Area(3, clippedFrom, 9, clippedTo);
        var columns = isEmpty ? default : new Area(clippedFrom, 3, clippedTo, 9);
        Assert.Equal(rows, new Area(3, from, 9, to).Clip(720, 1440));
        Assert.Equal(columns, new Area(from, 3, to, 9).Clip(1440, 720));
    }

    [Fact]
    public void An_area_knows_its_size_and_whether_it_holds_a_pixel()
    {
        var area = new Area(2, 3, 7, 11);
        Assert.Equal((5, 8, false), (area.Width, area.Height, area.IsEmpty));
        Area[] empty = [default, new(2, 3, 2, 11), new(2, 3, 7, 3), new(7, 3, 2, 11), new(2, 11, 7, 3)];
        Assert.All(empty, one => Assert.True(one.IsEmpty));
    }

    [Fact]
    public void Joined_areas_hold_both_and_an_empty_one_adds_nothing()
    {
        var area = new Area(10, 20, 30, 40);
        Assert.Equal(new Area(5, 20, 30, 60), area.Join(new(5, 25, 12, 60)));
        Assert.Equal(area, area.Join(new(11, 21, 12, 22)));
        Assert.Equal(area, area.Join(default));
        Assert.Equal(area, area.Join(new(0, 0, 0, 99)));
        Assert.Equal(area, default(Area).Join(area));
        Assert.Equal(area, new Area(99, 99, 3, 3).Join(area));
    }
}
