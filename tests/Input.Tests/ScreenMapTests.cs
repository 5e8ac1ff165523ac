// SPDX-License-Identifier: GPL-3.0-or-later
// A turned picture: where its corners are on the panel, and where a finger on the panel is in the picture.

namespace Input.Tests;

public class ScreenMapTests
{
    private readonly Recorder sink = new();

    [Theory]
    [InlineData(0, 720, 1440)]
    [InlineData(1, 1440, 720)]
    [InlineData(2, 720, 1440)]
    [InlineData(3, 1440, 720)]
    public void A_picture_on_its_side_swaps_width_and_height(int turns, int width, int height)
    {
        var map = new ScreenMap(720, 1440, turns);
        Assert.Equal((width, height), (map.PictureWidth, map.PictureHeight));
    }

    // Turned clockwise, the picture's top left corner goes to the panel's top right, then bottom right, then bottom left.
    [Theory]
    [InlineData(0, "0,0 719,0 719,1439 0,1439")]
    [InlineData(1, "719,0 719,1439 0,1439 0,0")]
    [InlineData(2, "719,1439 0,1439 0,0 719,0")]
    [InlineData(3, "0,1439 0,0 719,0 719,1439")]
    public void The_pictures_corners_are_where_the_turn_puts_them(int turns, string panelCorners)
    {
        var map = new ScreenMap(720, 1440, turns);
        (int, int)[] corners = [.. panelCorners.Split(' ').Select(corner => corner.Split(',')).Select(
            corner => map.ToPicture(int.Parse(corner[0]), int.Parse(corner[1])))];
        (int right, int bottom) = (map.PictureWidth - 1, map.PictureHeight - 1);
        Assert.Equal([(0, 0), (right, 0), (right, bottom), (0, bottom)], corners);
    }

    [Theory]
    [InlineData(0, 100, 30)]
    [InlineData(1, 30, 619)]
    [InlineData(2, 619, 1409)]
    [InlineData(3, 1409, 100)]
    public void A_point_between_keeps_its_distances(int turns, int x, int y) =>
        Assert.Equal((x, y), new ScreenMap(720, 1440, turns).ToPicture(100, 30));

    [Theory]
    [InlineData(0, "Down0@0,0 Move0@719,1439")]
    [InlineData(1, "Down0@0,719 Move0@1439,0")]
    [InlineData(2, "Down0@719,1439 Move0@0,0")]
    [InlineData(3, "Down0@1439,0 Move0@0,719")]
    public void A_panel_with_a_range_of_its_own_is_stretched_first_and_turned_then(int turns, string expected)
    {
        var tracker = new TouchTracker(
            PointerKind.Slots, new AxisMap(0, 4095, 720), new AxisMap(100, 3000, 1440), 0, [new SlotState(-1, 0, 100)], 0, turns);
        tracker.Take(Send.Id(1), sink);
        tracker.Take(Send.Sync, sink);
        tracker.Take(Send.MtX(4095), sink);
        tracker.Take(Send.MtY(3000), sink);
        tracker.Take(Send.Sync, sink);
        Assert.Equal(expected, sink.TakePointers());
    }

    [Fact]
    public void There_is_no_fifth_turn() =>
        Assert.Throws<InvalidOperationException>(() => new ScreenMap(720, 1440, 4).ToPicture(0, 0));
}
