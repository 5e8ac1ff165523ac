// SPDX-License-Identifier: GPL-3.0-or-later
using UnlockAgent.Screen;

namespace UnlockAgent.Tests;

public sealed class ViewportTests
{
    private const float Librem5Dpi = 282;

    [Theory]
    [InlineData(720, 1440, 282)] // the Librem 5 itself
    [InlineData(1080, 2340, 400)]
    [InlineData(1440, 720, 282)] // turned
    public void A_phones_lengths_are_those_of_the_design(int width, int height, int dpi) =>
        Assert.InRange(new Viewport(width, height, dpi).Unit * Librem5Dpi / dpi, 0.95f, 1.16f);

    [Fact]
    public void On_a_tablet_of_ten_inches_text_is_as_large_as_on_a_phone_and_no_giant()
    {
        var tablet = new Viewport(1280, 800, 149);
        Assert.InRange(tablet.Unit * Librem5Dpi / 149, 1f, 1.16f);
    }

    [Theory]
    [InlineData(3840, 2160, 0)]
    [InlineData(3840, 2160, 282)] // a notebook of 15.6 inches
    [InlineData(3840, 2160, 80)] // a television of 55 inches
    [InlineData(1920, 1080, 92)] // a monitor of 24 inches
    public void On_a_large_screen_a_headline_is_legible_from_afar(int width, int height, int dpi)
    {
        float headline = 46 * new Viewport(width, height, dpi).Unit;
        Assert.InRange(headline / height, 1 / 80f, 1 / 20f);
    }

    [Fact]
    public void More_dots_per_inch_never_make_anything_smaller()
    {
        foreach (var (width, height) in new[] { (320, 240), (480, 800), (720, 1440), (1280, 800), (3840, 2160) })
        {
            float before = 0;
            for (int dpi = 40; dpi <= 1000; dpi += 20)
            {
                float unit = new Viewport(width, height, dpi).Unit;
                Assert.True(unit >= before, $"{width}x{height} at {dpi} dpi");
                before = unit;
            }
        }
    }

    [Theory]
    [InlineData(720, 1440, 250, 310)] // the Librem 5: 282
    [InlineData(1080, 2160, 380, 460)] // 6 inches: 402
    [InlineData(1440, 720, 250, 310)] // the Librem 5, turned
    [InlineData(480, 800, 160, 240)] // 4 inches: 233
    [InlineData(1280, 800, 130, 220)] // 10 inches: 149; 7 inches: 216
    [InlineData(320, 240, 120, 200)] // 2.8 inches: 143
    [InlineData(1920, 1080, 90, 220)] // 15.6 inches: 141
    public void A_guess_is_near_the_screens_that_there_are(int width, int height, float least, float most) =>
        Assert.InRange(new Viewport(width, height).EffectiveDpi, least, most);
}
