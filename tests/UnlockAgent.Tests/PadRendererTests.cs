// SPDX-License-Identifier: GPL-3.0-or-later
using System.Runtime.InteropServices;
using SkiaSharp;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Tests;

public sealed class PadRendererTests
{
    public static TheoryData<string> Names => [.. Screens.All.Keys];

    /// <summary>Saves each screen where a person can look at it: out/screens/SIZE/NAME.png.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_screen_is_drawn_and_is_told_apart_from_an_empty_one(string name)
    {
        foreach (var (width, height) in new[] { (720, 1440), (480, 800), (1280, 800), (1080, 2340), (320, 240) })
        {
            using var renderer = new PadRenderer(width, height);
            Assert.Equal(new Framebuffer.Area(0, 0, width, height), renderer.Draw(Screens.All[name]));
            var pixels = MemoryMarshal.Cast<byte, uint>(renderer.Pixels);
            Assert.True(pixels.ToArray().Distinct().Count() > 20);
            Save(renderer, $"{width}x{height}", name);
        }
    }

    /// <summary>
    /// A partial redraw must end in the very picture that a full one gives, from any screen to any other with the same buttons.
    /// </summary>
    [Fact]
    public void A_partial_redraw_ends_in_the_same_picture_as_a_full_one()
    {
        var states = Screens.All.Values.Concat([Screens.PinPad with { Typed = 3 }, Screens.Keyboard with { Typed = 1 }]).ToArray();
        foreach (var from in states)
        {
            foreach (var to in states.Where(PadLayout.For(180, 360, from).Serves))
            {
                using var partial = new PadRenderer(180, 360);
                using var full = new PadRenderer(180, 360);
                partial.Draw(from, new() { Pressed = 1 });
                byte[] before = partial.Pixels.ToArray();
                var damage = partial.Draw(to);
                full.Draw(to);
                AssertSamePicture(full, partial, $"{from} -> {to}");
                AssertUntouched(before, partial, damage);
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
        Assert.Equal(new Framebuffer.Area(five.Left, five.Top, five.Right, five.Bottom), damage);
        Assert.Equal(default, renderer.Draw(Screens.PinPad, new() { Pressed = 1UL << 4 }));
    }

    /// <summary>Skia may round an anti-aliased edge one step of 255 differently.</summary>
    private static void AssertSamePicture(PadRenderer expected, PadRenderer actual, string what)
    {
        var left = expected.Pixels;
        var right = actual.Pixels;
        for (int i = left.CommonPrefixLength(right); i < left.Length; i++)
        {
            if (Math.Abs(left[i] - right[i]) > 1)
            {
                Assert.Fail($"byte {i}: {what}");
            }
        }
    }

    private static void AssertUntouched(byte[] before, PadRenderer after, Framebuffer.Area damage)
    {
        for (int y = 0; y < after.Height; y++)
        {
            bool isHit = y >= damage.Top && y < damage.Bottom;
            int row = y * after.Stride, left = row + (isHit ? damage.Left * 4 : 0), right = row + (isHit ? damage.Right * 4 : 0);
            Assert.True(after.Pixels[row..left].SequenceEqual(before.AsSpan(row..left)), $"row {y} changed left of the damage");
            Assert.True(
                after.Pixels[right..(row + after.Stride)].SequenceEqual(before.AsSpan(right..(row + after.Stride))),
                $"row {y} changed right of the damage");
        }
    }

    private static void Save(PadRenderer renderer, string size, string name)
    {
        string directory = Path.Combine(Repository.Root, "out", "screens", size);
        Directory.CreateDirectory(directory);
        var info = new SKImageInfo(renderer.Width, renderer.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var image = SKImage.FromPixelCopy(info, renderer.Pixels, renderer.Stride);
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        using var file = File.Create(Path.Combine(directory, name + ".png"));
        png.SaveTo(file);
    }
}
