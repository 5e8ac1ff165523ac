// SPDX-License-Identifier: GPL-3.0-or-later
//
// The agent with its trimmed library draws what NuGet's whole one draws in this process, to the byte. (Boot.Tests' ArmProgramTests say so of arm64.)

using EmulatedPhone;
using SkiaSharp;
using UnlockAgent.Shell;

namespace SkiaTrimmer.Tests;

public sealed class PictureTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string folder = Directory.CreateTempSubdirectory("skia-trimmer").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("--size 1440x720 --theme light --language ja --rotate 90")]
    [InlineData("--size 360x640 --dpi 160 --theme high-contrast --language zh_CN --rotate 180")]
    public void Every_screen_is_the_same(string options)
    {
        string theirs = Path.Combine(folder, "native"), ours = Path.Combine(folder, "here");
        string[] words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        HostCommand.Run([Libraries.Agent("amd64"), "--preview", theirs, .. words], Patience);
        Preview.Parse([ours, .. words], out string fault)!.Write();

        Assert.Equal("", fault);
        string[] names = [.. Directory.GetFiles(ours).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.InRange(names.Length, 80, 200);
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(ours, name)), File.ReadAllBytes(Path.Combine(theirs, name))));
    }

    /// <summary>What somebody names as the owner's picture reaches all of Skia's decoders, if only to be refused.</summary>
    [Theory]
    [InlineData("png", null)]
    [InlineData("jpeg", "is no PNG picture")]
    [InlineData("webp", "is no PNG picture")]
    [InlineData("gif", "is no PNG picture")]
    [InlineData("bmp", "is no PNG picture")]
    [InlineData("cut", "is damaged")]
    [InlineData("text", "is no PNG picture")]
    public void The_owners_picture_is_read_or_refused(string kind, string? refusal)
    {
        string picture = Path.Combine(folder, "logo"), configuration = Path.Combine(folder, "unlock-agent.conf");
        File.WriteAllBytes(picture, PictureOf(kind));
        File.WriteAllText(configuration, $"logo = {picture}\n");

        string said = HostCommand.RunAsRoot(
            ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /etc && cp \"$0\" /etc/unlock-agent.conf && \"$1\" --check 2>&1; [ $? -lt 2 ]",
                configuration, Libraries.Agent("amd64")],
            Patience);

        Assert.Equal(refusal is not null, said.Contains("logo", StringComparison.Ordinal));
        Assert.Contains(refusal ?? "", said, StringComparison.Ordinal);
    }

    private static byte[] PictureOf(string kind)
    {
        using var bitmap = new SKBitmap(37, 23);
        bitmap.Erase(SKColors.Teal);
        byte[] Encoded(SKEncodedImageFormat format) => bitmap.Encode(format, 90)!.ToArray();
        return kind switch
        {
            "png" => Encoded(SKEncodedImageFormat.Png),
            "jpeg" => Encoded(SKEncodedImageFormat.Jpeg),
            "webp" => Encoded(SKEncodedImageFormat.Webp),
            "cut" => Encoded(SKEncodedImageFormat.Png)[..60],

            // One pixel each.
            "gif" => [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b],
            "bmp" => [.. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, .. new byte[24], 255, 0, 0, 0],
            _ => [.. "no picture at all"u8],
        };
    }
}
