// SPDX-License-Identifier: GPL-3.0-or-later
using SkiaSharp;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class PreviewTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Every_screen_becomes_a_picture_of_the_wanted_size_whichever_way_it_is_turned()
    {
        Preview.Parse([folder, "--size", "120x240", "--rotate", "90", "--theme", "light", "--language", "de", "--keyboard", "de"], out _)!.Write();
        Assert.Equal(Screens.All.Keys.Order(), Directory.GetFiles(folder).Select(Path.GetFileNameWithoutExtension).Order());
        foreach (string file in Directory.GetFiles(folder))
        {
            using var codec = SKCodec.Create(file);
            Assert.Equal((120, 240, SKEncodedImageFormat.Png), (codec.Info.Width, codec.Info.Height, codec.EncodedFormat));
        }
    }

    [Fact]
    public void A_turned_picture_is_the_upright_one_turned()
    {
        var upright = Preview.Parse([Path.Combine(folder, "upright"), "--size", "240x120"], out _)!;
        var turned = Preview.Parse([Path.Combine(folder, "turned"), "--size", "120x240", "--rotate", "90"], out _)!;
        upright.Write();
        turned.Write();
        using var one = SKBitmap.Decode(Path.Combine(folder, "upright", "08-pin-pad.png"));
        using var other = SKBitmap.Decode(Path.Combine(folder, "turned", "08-pin-pad.png"));
        for (int y = 0; y < 120; y++)
        {
            for (int x = 0; x < 240; x++)
            {
                Assert.Equal(one.GetPixel(x, y), other.GetPixel(119 - y, x));
            }
        }
    }

    [Theory]
    [InlineData("wants a folder")]
    [InlineData("wants a folder", "--size", "720x1440")]
    [InlineData("--size wants a value.", "DIR", "--size")]
    [InlineData("--size wants WIDTHxHEIGHT", "DIR", "--size", "720")]
    [InlineData("--size wants WIDTHxHEIGHT", "DIR", "--size", "0x1440")]
    [InlineData("--size wants WIDTHxHEIGHT", "DIR", "--size", "720x99999")]
    [InlineData("--theme wants dark, light or high-contrast, not \"blue\"", "DIR", "--theme", "blue")]
    [InlineData("--language wants one of en, de", "DIR", "--language", "tlh")]
    [InlineData("--keyboard wants one of us, gb, de", "DIR", "--keyboard", "dvorak")]
    [InlineData("--rotate wants 0, 90, 180 or 270, not \"45\"", "DIR", "--rotate", "45")]
    [InlineData("--dpi wants a number", "DIR", "--dpi", "many")]
    [InlineData("--preview knows no --colour.", "DIR", "--colour", "red")]
    public void What_is_wrong_is_said_in_a_sentence(string sentence, params string[] arguments)
    {
        Assert.Null(Preview.Parse(arguments, out string fault));
        Assert.Contains(sentence, fault, StringComparison.Ordinal);
        Assert.EndsWith(".", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_taken_as_they_stand()
    {
        var preview = Preview.Parse(["DIR", "--size", "480x800", "--dpi", "233", "--theme", "high-contrast", "--language", "ja"], out _)!;
        Assert.Equal(new Preview("DIR", 480, 800, 233, 0, new Choices(ThemeName.HighContrast, "ja", "us")), preview);
    }
}
