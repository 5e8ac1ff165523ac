// SPDX-License-Identifier: GPL-3.0-or-later
// Where the rotation comes from, by what the kernel lays out.

namespace Framebuffer.Tests;

public sealed class RotationSourceTests : IDisposable
{
    private readonly FakeSystem system = new();

    public void Dispose() => system.Dispose();

    [Theory]
    [InlineData("1", Rotation.Clockwise)]
    [InlineData("2", Rotation.UpsideDown)]
    [InlineData("3", Rotation.CounterClockwise)]
    public void The_console_that_turns_is_followed(string rotate, Rotation expected)
    {
        Bind(rotate);
        Assert.Equal(expected, Find("fbcon=rotate:0", Rotation.None));
    }

    /// <summary>A panel that lies upside down may be turned by a plane: the console says 0, and nobody turns it twice.</summary>
    [Theory]
    [InlineData(Rotation.UpsideDown)]
    [InlineData(Rotation.Clockwise)]
    public void A_console_that_does_not_turn_is_followed_too(Rotation panel)
    {
        Bind("0");
        Assert.Equal(Rotation.None, Find("quiet", panel));
    }

    [Theory]
    [InlineData("fbcon=rotate:1", Rotation.Clockwise)]
    [InlineData("quiet fbcon=font:VGA8x8,rotate:3 splash", Rotation.CounterClockwise)]
    [InlineData("fbcon=rotate:1 fbcon=rotate:2", Rotation.UpsideDown)]
    [InlineData("fbcon=rotate:0", Rotation.None)]
    [InlineData("fbcon=rotate:4", Rotation.Clockwise)]
    [InlineData("fbcon=rotate:", Rotation.Clockwise)]
    [InlineData("xfbcon=rotate:2 rotate:3", Rotation.Clockwise)]
    public void The_command_line_goes_before_the_panel_where_no_console_is_bound(string commandLine, Rotation expected) =>
        Assert.Equal(expected, Find(commandLine, Rotation.Clockwise));

    [Theory]
    [InlineData(null, Rotation.None)]
    [InlineData(Rotation.CounterClockwise, Rotation.CounterClockwise)]
    [InlineData(Rotation.UpsideDown, Rotation.None)]
    public void The_panel_is_asked_where_no_console_is_bound(Rotation? panel, Rotation expected)
    {
        system.Set("class/graphics/fbcon/rotate", "0");
        system.Set("class/vtconsole/vtcon0/name", "(S) dummy device");
        system.Set("class/vtconsole/vtcon0/bind", "1");
        Assert.Equal(expected, Find("quiet", panel));
    }

    [Fact]
    public void A_bound_console_spares_the_question()
    {
        Bind("0");
        Assert.Equal(Rotation.None, RotationSource.Find(system.Sysfs, "quiet", () => throw new InvalidOperationException()));
    }

    [Theory]
    [InlineData("fbcon=rotate:3", Rotation.Clockwise, Rotation.CounterClockwise)]
    [InlineData("quiet", Rotation.UpsideDown, Rotation.UpsideDown)]
    [InlineData("quiet", null, Rotation.None)]
    public void A_card_that_nothing_turns_is_turned_as_told_or_as_built(string commandLine, Rotation? panel, Rotation expected) =>
        Assert.Equal(expected, RotationSource.Find(commandLine, panel));

    /// <summary>drm_mode.h's DRM_MODE_PANEL_ORIENTATION_*: the side of the panel that is up in its housing.</summary>
    [Theory]
    [InlineData(0UL, Rotation.None)]
    [InlineData(1UL, Rotation.UpsideDown)]
    [InlineData(2UL, Rotation.CounterClockwise)]
    [InlineData(3UL, Rotation.Clockwise)]
    [InlineData(4UL, null)]
    [InlineData(null, null)]
    public void The_side_that_is_up_turns_the_picture(ulong? property, Rotation? expected) =>
        Assert.Equal(expected, DrmTarget.OrientationOf(property));

    private void Bind(string rotate)
    {
        system.Set("class/graphics/fbcon/rotate", rotate);
        system.Set("class/vtconsole/vtcon1/name", "(M) frame buffer device");
        system.Set("class/vtconsole/vtcon1/bind", "1");
    }

    private Rotation Find(string commandLine, Rotation? panel) => RotationSource.Find(system.Sysfs, commandLine, () => panel);
}
