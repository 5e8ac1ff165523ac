// SPDX-License-Identifier: GPL-3.0-or-later
using System.Runtime.InteropServices;
using Framebuffer;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Tests;

public sealed class PadRendererTests
{
    public static TheoryData<string> Names => [.. Screens.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_screen_is_drawn_and_is_told_apart_from_an_empty_one(string name)
    {
        foreach (var (width, height) in new[] { (720, 1440), (480, 800), (1280, 800), (1080, 2340), (320, 240) })
        {
            using var renderer = new PadRenderer(width, height);
            Assert.Equal(new Area(0, 0, width, height), renderer.Draw(Screens.All[name]));
            var pixels = MemoryMarshal.Cast<byte, uint>(renderer.Pixels);
            Assert.True(pixels.ToArray().Distinct().Count() > 20);
        }
    }

    /// <summary>
    /// A partial redraw must end in the very picture that a full one gives, from any screen to any other that can stand on the same
    /// ground, and touch nothing outside of what it calls damaged.
    /// </summary>
    [Fact]
    public void A_partial_redraw_ends_in_the_same_picture_as_a_full_one()
    {
        string[] names = [.. Screens.All.Keys];
        var states = Screens.All.Values.ToArray();
        var pictures = states.Select(Picture).ToArray();
        using var partial = new PadRenderer(180, 360);
        for (int from = 0; from < states.Length; from++)
        {
            for (int to = 0; to < states.Length; to++)
            {
                partial.Draw(states[from], new() { Pressed = 1, Cursor = new(90, 200) });
                byte[] before = partial.Pixels.ToArray();
                partial.Draw(states[to]);
                AssertSamePicture(pictures[to], partial.Pixels, $"{names[from]} -> {names[to]}");
                AssertUntouched(before, partial, $"{names[from]} -> {names[to]}");
            }
        }
    }

    [Fact]
    public void A_pressed_key_damages_its_own_box_alone()
    {
        using var renderer = new PadRenderer(720, 1440);
        renderer.Draw(Screens.PinPad);
        var five = renderer.Layout.Buttons[4].Bounds;
        var damage = renderer.Draw(Screens.PinPad, new() { Pressed = 1UL << 4 });
        Assert.Equal(new Area(five.Left, five.Top, five.Right, five.Bottom), damage);
        Assert.Equal(default, renderer.Draw(Screens.PinPad, new() { Pressed = 1UL << 4 }));
    }

    [Fact]
    public void A_typed_digit_damages_the_dots_and_its_key_alone()
    {
        using var renderer = new PadRenderer(720, 1440);
        renderer.Draw(Screens.PinPad, new() { Pressed = 1UL << 1 });
        var (entry, two) = (renderer.Layout.Entry, renderer.Layout.Buttons[1].Bounds);
        var damage = renderer.Draw(Screens.PinPad with { Typed = 1 });
        Assert.Equal(new Area(entry.Left, entry.Top, Math.Max(entry.Right, two.Right), two.Bottom), damage);
        Assert.Equal([entry, two], renderer.Changes);
    }

    [Fact]
    public void A_capital_for_one_letter_leaves_message_and_corners_alone()
    {
        using var renderer = new PadRenderer(720, 1440);
        renderer.Draw(Screens.Keyboard with { Page = KeyboardPage.Upper });
        var damage = renderer.Draw(Screens.Keyboard with { Typed = 1 });
        Assert.True(damage.Top >= renderer.Layout.Header.Bottom, damage.ToString());
    }

    [Fact]
    public void A_mouse_leaves_no_trail()
    {
        using var renderer = new PadRenderer(720, 1440);
        renderer.Draw(Screens.PinPad);
        byte[] before = renderer.Pixels.ToArray();
        foreach (var place in new CursorPosition[] { new(10, 10), new(300, 700), new(719, 1439), new(0, 900) })
        {
            var damage = renderer.Draw(Screens.PinPad, new() { Cursor = place });
            Assert.False(damage.IsEmpty);
            Assert.False(renderer.Pixels.SequenceEqual(before));
        }

        renderer.Draw(Screens.PinPad);
        AssertSamePicture(before, renderer.Pixels, "without the mouse");
    }

    [Fact]
    public void The_variants_of_a_key_come_and_go()
    {
        using var renderer = new PadRenderer(720, 1440);
        renderer.Draw(Screens.Keyboard);
        byte[] before = renderer.Pixels.ToArray();
        var popup = renderer.Layout.PopupOf(2)!.Value;
        var damage = renderer.Draw(Screens.Keyboard, new() { Pressed = 1 << 2, Popup = popup });
        Assert.True(damage.Left <= popup.Bounds.Left && damage.Right >= popup.Bounds.Right && damage.Top <= popup.Bounds.Top, damage.ToString());
        renderer.Draw(Screens.Keyboard, new() { Pressed = 1 << 2, Popup = popup with { Chosen = 1 } });
        renderer.Draw(Screens.Keyboard);
        AssertSamePicture(before, renderer.Pixels, "without the variants");
    }

    [Fact]
    public void A_dark_screen_is_black_and_stays_so_until_there_is_light()
    {
        using var renderer = new PadRenderer(180, 360);
        renderer.Draw(Screens.PinPad);
        var whole = new Area(0, 0, 180, 360);
        Assert.Equal(whole, renderer.Draw(Screens.PinPad with { Light = Light.Dark }));
        Assert.All(MemoryMarshal.Cast<byte, uint>(renderer.Pixels).ToArray(), pixel => Assert.Equal(0xFF000000, pixel));
        Assert.Equal(default, renderer.Draw(Screens.PinPad with { Light = Light.Dark, Typed = 1, Notice = Notice.WrongPin }));
        Assert.Equal(whole, renderer.Draw(Screens.PinPad with { Typed = 1 }));
        AssertSamePicture(Picture(Screens.PinPad with { Typed = 1 }), renderer.Pixels, "light again");
    }

    [Fact]
    public void The_picture_is_darkened_only_where_no_backlight_is()
    {
        var dim = Screens.PinPad with { Light = Light.Dim };
        using var backlit = new PadRenderer(180, 360);
        backlit.Draw(Screens.PinPad);
        Assert.Equal(default, backlit.Draw(dim));

        using var other = new PadRenderer(180, 360) { DimsPicture = true };
        other.Draw(Screens.PinPad);
        Assert.Equal(new Area(0, 0, 180, 360), other.Draw(dim));
        Assert.True(Sum(other) * 2 < Sum(backlit), "not half as bright");
        other.Draw(dim, new() { Pressed = 1 });
        Assert.True(Sum(other) * 2 < Sum(backlit), "a key is bright");
    }

    [Fact]
    public void What_is_typed_shows_as_dots_and_in_the_clear_only_where_it_is_revealed()
    {
        using var hidden = new PadRenderer(720, 1440);
        using var other = new PadRenderer(720, 1440);
        hidden.Draw(Screens.Keyboard with { Typed = 3 }, new() { Revealed = "abc"u8 });
        other.Draw(Screens.Keyboard with { Typed = 3 }, new() { Revealed = "xyz"u8 });
        Assert.True(hidden.Pixels.SequenceEqual(other.Pixels), "dots tell");

        var revealed = Screens.Keyboard with { Typed = 3, Revealed = true };
        hidden.Draw(revealed, new() { Revealed = "abc"u8 });
        other.Draw(revealed, new() { Revealed = "xyz"u8 });
        Assert.False(hidden.Pixels.SequenceEqual(other.Pixels));

        // As many characters as before, and others.
        hidden.Draw(revealed with { Typed = 3 }, new() { Revealed = "xyz"u8 });
        Assert.True(hidden.Pixels.SequenceEqual(other.Pixels));
        var pin = Screens.PinPad with { Typed = 3, Letters = true, Revealed = true };
        hidden.Draw(pin, new() { Revealed = "abc"u8 });
        other.Draw(pin, new() { Revealed = "xyz"u8 });
        Assert.True(hidden.Pixels.SequenceEqual(other.Pixels), "a PIN is shown");
    }

    [Fact]
    public void A_long_passphrase_is_shown_from_its_end()
    {
        using var renderer = new PadRenderer(720, 1440);
        using var other = new PadRenderer(720, 1440);
        byte[] one = [.. Enumerable.Repeat((byte)'w', 60), .. "end"u8];
        byte[] two = [(byte)'m', .. one.AsSpan(1)];
        renderer.Draw(Screens.Keyboard with { Typed = 63, Revealed = true }, new() { Revealed = one });
        other.Draw(Screens.Keyboard with { Typed = 63, Revealed = true }, new() { Revealed = two });
        AssertSamePicture(renderer.Pixels.ToArray(), other.Pixels, "the beginning, far outside of the field");
        other.Draw(Screens.Keyboard with { Typed = 63, Revealed = true }, new() { Revealed = [.. one.AsSpan(..^1), (byte)'t'] });
        Assert.False(renderer.Pixels.SequenceEqual(other.Pixels), "the end is not shown");
    }

    private static byte[] Picture(AgentState state)
    {
        using var renderer = new PadRenderer(180, 360);
        renderer.Draw(state);
        return renderer.Pixels.ToArray();
    }

    private static long Sum(PadRenderer renderer)
    {
        long sum = 0;
        foreach (uint pixel in MemoryMarshal.Cast<byte, uint>(renderer.Pixels))
        {
            sum += pixel & 0xFF;
        }

        return sum;
    }

    /// <summary>Skia may round an anti-aliased edge one step of 255 differently.</summary>
    private static void AssertSamePicture(byte[] left, ReadOnlySpan<byte> right, string what)
    {
        for (int i = left.AsSpan().CommonPrefixLength(right); i < left.Length; i++)
        {
            if (Math.Abs(left[i] - right[i]) > 1)
            {
                Assert.Fail($"byte {i} is {right[i]} and not {left[i]}: {what}");
            }
        }
    }

    private static void AssertUntouched(byte[] before, PadRenderer after, string what)
    {
        foreach (var box in after.Changes)
        {
            var area = box.ToArea().Clip(after.Width, after.Height);
            for (int y = area.Top; y < area.Bottom; y++)
            {
                int from = (y * after.Stride) + (area.Left * 4), to = from + (area.Width * 4);
                after.Pixels[from..to].CopyTo(before.AsSpan(from));
            }
        }

        Assert.True(after.Pixels.SequenceEqual(before), $"{what}: something changed outside of the damage");
    }
}
