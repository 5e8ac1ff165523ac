// SPDX-License-Identifier: GPL-3.0-or-later
// A contact sheet: every screen at one size, each made smaller by a whole number of pixels, in rows.
using SkiaSharp;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Tests;

/// <summary>A sheet's pixels, four bytes each: B, G, R, A.</summary>
internal sealed record GoldenSheet(int Width, int Height, byte[] Pixels)
{
    private const int Columns = 12;
    private const int Gap = 4;

    /// <summary>Draws every screen.</summary>
    /// <param name="viewport">The screen.</param>
    /// <param name="choices">Colours, language and keyboard.</param>
    /// <param name="divisor">How many pixels, in each direction, become one.</param>
    public static GoldenSheet Draw(Viewport viewport, Choices choices, int divisor)
    {
        var screens = Screens.All.OrderBy(screen => screen.Key, StringComparer.Ordinal).ToArray();
        int cellWidth = (viewport.Width / divisor) + Gap, cellHeight = (viewport.Height / divisor) + Gap;
        int rows = ((screens.Length - 1) / Columns) + 1;
        var sheet = new GoldenSheet(cellWidth * Columns, cellHeight * rows, new byte[cellWidth * Columns * cellHeight * rows * 4]);
        using var renderer = new PadRenderer(viewport) { DimsPicture = true };
        for (int i = 0; i < screens.Length; i++)
        {
            var state = screens[i].Value with { Choices = choices };
            renderer.Draw(state, Gallery.TouchOf(screens[i].Key, PadLayout.For(viewport, state)));
            sheet.Place(renderer, i % Columns * cellWidth, i / Columns * cellHeight, divisor);
        }

        return sheet;
    }

    public static GoldenSheet Read(string path)
    {
        using var bitmap = SKBitmap.Decode(path, InfoOf(path));
        return new(bitmap.Width, bitmap.Height, bitmap.GetPixelSpan().ToArray());
    }

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var info = new SKImageInfo(Width, Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var image = SKImage.FromPixelCopy(info, Pixels, Width * 4);
        using var pixels = image.PeekPixels();
        using var png = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 9));
        File.WriteAllBytes(path, png.AsSpan());
    }

    /// <summary>What differs by more than a tolerance is white; the rest is a dark copy.</summary>
    /// <returns>The picture of the difference, and how many pixels differ.</returns>
    public (GoldenSheet Picture, int Differing) Compare(GoldenSheet other, int tolerance)
    {
        byte[] picture = new byte[Pixels.Length];
        int differing = 0;
        for (int i = 0; i < Pixels.Length; i += 4)
        {
            bool differs = false;
            for (int channel = 0; channel < 3; channel++)
            {
                differs |= Math.Abs(Pixels[i + channel] - other.Pixels[i + channel]) > tolerance;
                picture[i + channel] = (byte)(Pixels[i + channel] / 4);
            }

            if (differs)
            {
                picture.AsSpan(i, 3).Fill(255);
                differing++;
            }

            picture[i + 3] = 255;
        }

        return (this with { Pixels = picture }, differing);
    }

    private static SKImageInfo InfoOf(string path)
    {
        using var codec = SKCodec.Create(path);
        return codec.Info.WithColorType(SKColorType.Bgra8888).WithAlphaType(SKAlphaType.Opaque);
    }

    private void Place(PadRenderer renderer, int left, int top, int divisor)
    {
        var source = renderer.Pixels;
        int area = divisor * divisor;
        for (int y = 0; y < renderer.Height / divisor; y++)
        {
            for (int x = 0; x < renderer.Width / divisor; x++)
            {
                int blue = 0, green = 0, red = 0;
                for (int i = 0; i < area; i++)
                {
                    int at = (((y * divisor) + (i / divisor)) * renderer.Stride) + (((x * divisor) + (i % divisor)) * 4);
                    blue += source[at];
                    green += source[at + 1];
                    red += source[at + 2];
                }

                int target = (((top + y) * Width) + left + x) * 4;
                (Pixels[target], Pixels[target + 1], Pixels[target + 2], Pixels[target + 3]) =
                    ((byte)(blue / area), (byte)(green / area), (byte)(red / area), 255);
            }
        }
    }
}
