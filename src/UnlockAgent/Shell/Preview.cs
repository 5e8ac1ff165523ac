// SPDX-License-Identifier: GPL-3.0-or-later
// --preview: a PNG picture of every screen, to look at without a phone.
using System.Globalization;
using SkiaSharp;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Shell;

/// <summary>What to draw, and where to put it.</summary>
/// <param name="Folder">Made where it is missing.</param>
/// <param name="Width">Pixels of the screen's row, before it is turned.</param>
/// <param name="Height">Rows of it.</param>
/// <param name="Dpi">Dots per inch; 0: not known.</param>
/// <param name="Rotate">Degrees clockwise by which the picture is turned on the screen: 0, 90, 180 or 270.</param>
/// <param name="Choices">Colours, language and keyboard.</param>
internal sealed record Preview(string Folder, int Width, int Height, int Dpi, int Rotate, Choices Choices)
{
    private const int MostPixels = 16384;

    /// <summary>Reads what follows --preview.</summary>
    /// <param name="arguments">A folder and options.</param>
    /// <param name="fault">A sentence about the first thing that is wrong, where null is returned.</param>
    public static Preview? Parse(ReadOnlySpan<string> arguments, out string fault)
    {
        fault = string.Empty;
        if (arguments.IsEmpty || arguments[0].StartsWith('-'))
        {
            fault = "--preview wants a folder for its pictures.";
            return null;
        }

        Preview? preview = new(arguments[0], 720, 1440, 0, 0, Choices.Default);
        for (int i = 1; i < arguments.Length && preview is not null; i += 2)
        {
            if (i + 1 == arguments.Length)
            {
                fault = $"{arguments[i]} wants a value.";
                return null;
            }

            preview = preview.With(arguments[i], arguments[i + 1], out fault);
        }

        return preview;
    }

    /// <summary>Writes the pictures, one for each screen, named as the screen.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write()
    {
        Directory.CreateDirectory(Folder);
        bool isLying = Rotate is 90 or 270;
        var viewport = isLying ? new Viewport(Height, Width, Dpi) : new Viewport(Width, Height, Dpi);
        using var renderer = new PadRenderer(viewport) { DimsPicture = true };
        foreach (var (name, state) in Gallery.All)
        {
            var shown = state with { Choices = Choices };
            renderer.Draw(shown, Gallery.TouchOf(name, PadLayout.For(viewport, shown)));
            Save(renderer, Path.Combine(Folder, name + ".png"));
        }
    }

    private void Save(PadRenderer renderer, string path)
    {
        var info = new SKImageInfo(renderer.Width, renderer.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var upright = SKImage.FromPixelCopy(info, renderer.Pixels, renderer.Stride);
        using var surface = SKSurface.Create(info.WithSize(Width, Height));
        surface.Canvas.Translate(Width / 2f, Height / 2f);
        surface.Canvas.RotateDegrees(Rotate);
        surface.Canvas.DrawImage(upright, -renderer.Width / 2f, -renderer.Height / 2f, new SKSamplingOptions(SKFilterMode.Nearest));
        using var turned = surface.PeekPixels();

        // By its options and not by its format, which would keep every other encoder of Skia's in the image.
        using var png = turned.Encode(SKPngEncoderOptions.Default) ?? throw new IOException($"{path} cannot be compressed");
        File.WriteAllBytes(path, png.AsSpan());
    }

    private Preview? With(string option, string value, out string fault)
    {
        fault = string.Empty;
        return option switch
        {
            "--size" => WithSize(value, out fault),
            "--dpi" when IsNumber(value, out int dpi) => this with { Dpi = dpi },
            "--dpi" => Fault($"--dpi wants a number of dots per inch, not \"{value}\".", out fault),
            "--rotate" when value is "0" or "90" or "180" or "270" => this with { Rotate = int.Parse(value, CultureInfo.InvariantCulture) },
            "--rotate" => Fault($"--rotate wants 0, 90, 180 or 270, not \"{value}\".", out fault),
            "--theme" when Codes.Theme(value) is { } theme => this with { Choices = Choices with { Theme = theme } },
            "--theme" => Fault($"--theme wants dark, light or high-contrast, not \"{value}\".", out fault),
            "--language" when Codes.Languages.Contains(value) => this with { Choices = Choices with { Language = value } },
            "--language" => Fault($"--language wants one of {string.Join(", ", Codes.Languages)}, not \"{value}\".", out fault),
            "--keyboard" when Codes.Keyboards.Contains(value) => this with { Choices = Choices with { Keyboard = value } },
            "--keyboard" => Fault($"--keyboard wants one of {string.Join(", ", Codes.Keyboards)}, not \"{value}\".", out fault),
            _ => Fault($"--preview knows no {option}.", out fault),
        };
    }

    private Preview? WithSize(string value, out string fault)
    {
        fault = string.Empty;
        int cross = value.IndexOf('x', StringComparison.Ordinal);
        return cross > 0 && IsNumber(value[..cross], out int width) && IsNumber(value[(cross + 1)..], out int height)
            ? this with { Width = width, Height = height }
            : Fault($"--size wants WIDTHxHEIGHT in pixels, as 720x1440, not \"{value}\".", out fault);
    }

    private static bool IsNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 0 and <= MostPixels;

    private static Preview? Fault(string sentence, out string fault)
    {
        fault = sentence;
        return null;
    }
}
