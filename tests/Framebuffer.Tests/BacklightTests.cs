// SPDX-License-Identifier: GPL-3.0-or-later
// The light behind the screen, over a fake sysfs.

namespace Framebuffer.Tests;

public sealed class BacklightTests : IDisposable
{
    private readonly FakeSystem system = new();

    public void Dispose() => system.Dispose();

    private string Memory => Path.Join(system.Sysfs, "run", "backlight");

    [Fact]
    public void A_light_that_is_on_stays_as_it_was_found()
    {
        Add("panel", 100, 37, 0);
        Backlight light = Find();
        light.TurnOn();
        light.Restore();
        Assert.Equal(("37", "0"), State("panel"));
        Assert.False(File.Exists(Memory));
    }

    [Theory]
    [InlineData(37, 4, "37")]
    [InlineData(0, 0, "50")]
    [InlineData(0, 4, "50")]
    public void A_light_that_is_off_is_turned_on(int brightness, int power, string expected)
    {
        Add("panel", 100, brightness, power);
        Backlight light = Find();
        light.TurnOn();
        Assert.Equal((expected, "0"), State("panel"));
        light.Restore();
        Assert.Equal((expected, "0"), State("panel"));
    }

    [Fact]
    public void Dimmed_and_dark_it_comes_back_exactly()
    {
        Add("panel", 255, 200, 0);
        Add("second", 7, 5, 0);
        Backlight light = Find();
        light.Dim(0.25);
        Assert.Equal((("50", "0"), ("1", "0")), (State("panel"), State("second")));
        light.TurnOff();
        Assert.Equal((("0", "4"), ("0", "4")), (State("panel"), State("second")));
        light.Dim(0);
        Assert.Equal((("1", "0"), ("1", "0")), (State("panel"), State("second")));
        light.Restore();
        Assert.Equal((("200", "0"), ("5", "0")), (State("panel"), State("second")));
        Assert.False(File.Exists(Memory));
    }

    [Fact]
    public void What_was_found_outlives_a_holder_that_was_killed()
    {
        Add("panel", 255, 200, 0);
        Find().Dim(0.1);
        Assert.Equal(("20", "0"), State("panel"));

        Backlight next = Find();
        next.TurnOff();
        Backlight last = Find();
        last.TurnOn();
        Assert.Equal(("200", "0"), State("panel"));
        last.Restore();
        Assert.False(File.Exists(Memory));
    }

    /// <summary>The key has been handed over by then: nothing may fail any more.</summary>
    [Fact]
    public void A_memory_whose_folder_is_gone_does_not_keep_the_light_from_coming_back()
    {
        Add("panel", 255, 200, 0);
        Backlight light = Find();
        light.TurnOff();
        Directory.Delete(Path.GetDirectoryName(Memory)!, recursive: true);
        light.Restore();
        Assert.Equal(("200", "0"), State("panel"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("panel")]
    [InlineData("panel -4")]
    [InlineData("panel 256")]
    [InlineData("other 7")]
    [InlineData("panel 7 9 9")]
    public void A_memory_that_cannot_be_is_not_believed(string content)
    {
        Add("panel", 255, 200, 0);
        Directory.CreateDirectory(Path.GetDirectoryName(Memory)!);
        File.WriteAllText(Memory, content);
        Backlight light = Find();
        light.TurnOn();
        Assert.Equal(("200", "0"), State("panel"));
    }

    [Fact]
    public void LEDs_named_so_are_the_light_where_there_is_no_other()
    {
        system.Set("class/leds/white:backlight_cluster/max_brightness", "100");
        system.Set("class/leds/white:backlight_cluster/brightness", "0");
        system.Set("class/leds/tpacpi::kbd_backlight/max_brightness", "100");
        system.Set("class/leds/tpacpi::kbd_backlight/brightness", "3");
        Backlight light = Find();
        light.TurnOn();
        Assert.Equal("50", system.Get("class/leds/white:backlight_cluster/brightness"));
        light.TurnOff();
        Assert.Equal("0", system.Get("class/leds/white:backlight_cluster/brightness"));
        Assert.Equal("3", system.Get("class/leds/tpacpi::kbd_backlight/brightness"));
        Assert.False(File.Exists(Path.Join(system.Sysfs, "class/leds/white:backlight_cluster/bl_power")));

        Add("panel", 100, 30, 0);
        Find().TurnOff();
        Assert.Equal("0", system.Get("class/backlight/panel/brightness"));
    }

    [Fact]
    public void The_screens_own_light_is_taken_and_the_others_are_left_alone()
    {
        system.AddClassDevice("backlight", "own", "gpu");
        system.AddClassDevice("backlight", "keyboard", "ec");
        Add("own", 100, 80, 0);
        Add("keyboard", 100, 60, 0);
        Find(system.DevicePath("gpu")).TurnOff();
        Assert.Equal((("0", "4"), ("60", "0")), (State("own"), State("keyboard")));

        Find(system.DevicePath("lcdif")).TurnOff();
        Assert.Equal(("0", "4"), State("keyboard"));
    }

    [Fact]
    public void Where_there_is_no_light_nothing_happens()
    {
        Backlight light = Find();
        Assert.False(light.Exists);
        light.TurnOn();
        light.Dim(0.5);
        light.TurnOff();
        light.Restore();
    }

    private Backlight Find(string? device = null) => Backlight.Find(device, Memory, system.Sysfs);

    private void Add(string name, int most, int brightness, int power)
    {
        system.Set($"class/backlight/{name}/max_brightness", $"{most}");
        system.Set($"class/backlight/{name}/brightness", $"{brightness}");
        system.Set($"class/backlight/{name}/bl_power", $"{power}");
    }

    private (string Brightness, string Power) State(string name) =>
        (system.Get($"class/backlight/{name}/brightness"), system.Get($"class/backlight/{name}/bl_power"));
}
