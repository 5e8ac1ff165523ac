// SPDX-License-Identifier: GPL-3.0-or-later
using SkiaSharp;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Tests;

public sealed class OwnerPictureTests : IDisposable
{
    private static readonly Viewport Phone = new(720, 1440);

    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(path);

    [Fact]
    public void A_png_is_shown_above_the_message_as_small_as_its_place()
    {
        File.WriteAllBytes(path, Picture(1024, 1024, SKEncodedImageFormat.Png));
        using var logo = OwnerPicture.Load(path, Phone, out string refusal);
        Assert.Equal(string.Empty, refusal);
        Assert.Equal((150, 150), (logo!.Width, logo.Height));

        using var renderer = new PadRenderer(Phone) { Logo = logo, Owner = "If found, call 0123 456" };
        renderer.Draw(Screens.PinPad with { Card = null });
        Assert.True(Reds(renderer) > 150 * 150 * 0.9);
    }

    [Fact]
    public void The_owners_line_stands_at_the_foot_of_the_message_and_a_low_battery_takes_its_place()
    {
        using var renderer = new PadRenderer(Phone) { Owner = "If found, call 0123 456" };
        using var plain = new PadRenderer(Phone);
        renderer.Draw(Screens.Fresh);
        plain.Draw(Screens.Fresh);
        int foot = plain.Layout.Header.Bottom;
        var (first, last) = DifferingRows(renderer, plain);
        Assert.True(first > foot - 60 && last < foot, $"rows {first} to {last} differ, and the foot is {foot}");

        var low = Screens.Fresh with { Battery = new(4, Charging: false) };
        renderer.Draw(low);
        plain.Draw(low);
        Assert.True(renderer.Pixels.SequenceEqual(plain.Pixels));
    }

    [Fact]
    public void Where_room_is_short_it_goes_before_anything_else()
    {
        File.WriteAllBytes(path, Picture(64, 64, SKEncodedImageFormat.Png));
        var small = new Viewport(320, 240);
        using var logo = OwnerPicture.Load(path, small, out _);
        using var renderer = new PadRenderer(small) { Logo = logo, Owner = "If found, call 0123 456 789, or bring it to the nearest police station" };
        using var plain = new PadRenderer(small);
        renderer.Draw(Screens.PinPad);
        plain.Draw(Screens.PinPad);
        Assert.True(renderer.Pixels.SequenceEqual(plain.Pixels));
    }

    [Fact]
    public void A_file_that_is_large_or_no_png_or_damaged_or_missing_is_refused_with_a_sentence()
    {
        AssertRefused([], "no PNG");
        AssertRefused("hello"u8.ToArray(), "no PNG");
        AssertRefused(Picture(64, 64, SKEncodedImageFormat.Jpeg), "no PNG");
        AssertRefused(Picture(OwnerPicture.MostSide + 1, 8, SKEncodedImageFormat.Png), "more than 2048 on a side");
        AssertRefused(new byte[OwnerPicture.MostBytes + 1], "more than 1048576");
        AssertRefused(Picture(64, 64, SKEncodedImageFormat.Png)[..100], "damaged");
        File.Delete(path);
        Assert.Null(OwnerPicture.Load(path, Phone, out string refusal));
        Assert.Contains("cannot be read", refusal, StringComparison.Ordinal);
    }

    private void AssertRefused(byte[] file, string why)
    {
        File.WriteAllBytes(path, file);
        Assert.Null(OwnerPicture.Load(path, Phone, out string refusal));
        Assert.Contains(why, refusal, StringComparison.Ordinal);
        Assert.Contains(path, refusal, StringComparison.Ordinal);
    }

    private static byte[] Picture(int width, int height, SKEncodedImageFormat format)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height));
        surface.Canvas.Clear(SKColors.Red);
        using var image = surface.Snapshot();
        using var data = image.Encode(format, 90);
        return data.ToArray();
    }

    private static (int First, int Last) DifferingRows(PadRenderer one, PadRenderer other)
    {
        int stride = one.Stride;
        int[] rows =
        [
            .. Enumerable.Range(0, one.Height)
                .Where(y => !one.Pixels.Slice(y * stride, stride).SequenceEqual(other.Pixels.Slice(y * stride, stride))),
        ];
        return (rows[0], rows[^1]);
    }

    private static int Reds(PadRenderer renderer)
    {
        int count = 0;
        for (int i = 0; i < renderer.Pixels.Length; i += 4)
        {
            count += renderer.Pixels[i] < 8 && renderer.Pixels[i + 1] < 8 && renderer.Pixels[i + 2] > 247 ? 1 : 0;
        }

        return count;
    }
}
