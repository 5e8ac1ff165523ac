// SPDX-License-Identifier: GPL-3.0-or-later
// The owner's picture on the screen: a PNG file of bounded size, or a sentence about why there is none.
using SkiaSharp;

namespace UnlockAgent.Screen;

internal static class OwnerPicture
{
    /// <summary>Bytes that the file has at most.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>Pixels that a side has at most.</summary>
    public const int MostSide = 2048;

    /// <summary>Reads a picture, and makes it as small as it is shown.</summary>
    /// <param name="path">A PNG file.</param>
    /// <param name="viewport">The screen that it is for.</param>
    /// <param name="refusal">Where null is returned, why: a sentence for the log.</param>
    public static SKImage? Load(string path, Viewport viewport, out string refusal)
    {
        refusal = string.Empty;
        try
        {
            using var file = File.OpenHandle(path);
            if (RandomAccess.GetLength(file) is var length && length > MostBytes)
            {
                return Refuse($"The logo {path} has {length} bytes, more than {MostBytes}.", out refusal);
            }

            byte[] bytes = new byte[(int)length];
            int read = RandomAccess.Read(file, bytes, 0);
            using var data = SKData.CreateCopy(bytes.AsSpan(0, read));
            return Decode(data, path, viewport, out refusal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return Refuse($"The logo {path} cannot be read.", out refusal);
        }
    }

    private static SKImage? Decode(SKData data, string path, Viewport viewport, out string refusal)
    {
        refusal = string.Empty;
        using var codec = SKCodec.Create(data);
        if (codec is not { EncodedFormat: SKEncodedImageFormat.Png })
        {
            return Refuse($"The logo {path} is no PNG picture.", out refusal);
        }

        var info = codec.Info;
        if (info.Width > MostSide || info.Height > MostSide)
        {
            return Refuse($"The logo {path} has {info.Width} x {info.Height} pixels, more than {MostSide} on a side.", out refusal);
        }

        using var bitmap = new SKBitmap(info.WithColorType(SKColorType.Bgra8888).WithAlphaType(SKAlphaType.Premul));
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) != SKCodecResult.Success)
        {
            return Refuse($"The logo {path} is damaged.", out refusal);
        }

        using var whole = SKImage.FromBitmap(bitmap);
        return Shrink(whole, PadRenderer.LogoBounds(viewport));
    }

    private static SKImage Shrink(SKImage whole, (int Width, int Height) most)
    {
        float scale = Math.Min((float)most.Width / whole.Width, (float)most.Height / whole.Height);
        var size = new SKImageInfo(
            Math.Max(1, (int)(whole.Width * scale)), Math.Max(1, (int)(whole.Height * scale)), SKColorType.Bgra8888, SKAlphaType.Premul);
        using var surface = SKSurface.Create(size);
        surface.Canvas.Clear(SKColors.Transparent);
        surface.Canvas.DrawImage(whole, new SKRect(0, 0, size.Width, size.Height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return surface.Snapshot();
    }

    private static SKImage? Refuse(string sentence, out string refusal)
    {
        refusal = sentence;
        return null;
    }
}
