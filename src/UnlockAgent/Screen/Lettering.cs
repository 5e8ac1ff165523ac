// SPDX-License-Identifier: GPL-3.0-or-later
// Text on the screen: Inter, and for what Inter lacks the font of the language. Measures, draws and breaks lines.
using System.Buffers.Text;
using System.Text;
using SkiaSharp;

namespace UnlockAgent.Screen;

internal sealed class Lettering : IDisposable
{
    /// <summary>
    /// How far below a middle the baseline of centred text is, in parts of the text's size: half the height of Inter's capitals and digits.
    /// </summary>
    public const float MiddleToBaseline = 0.3635f;

    private readonly SKTypeface typeface;
    private readonly SKFont font;

    /// <summary>Loads the font.</summary>
    /// <exception cref="InvalidOperationException">The font cannot be had.</exception>
    public Lettering()
    {
        byte[] file = new byte[Base64.GetMaxDecodedFromUtf8Length(FontData.Base64.Length)];
        Base64.DecodeFromUtf8(FontData.Base64, file, out _, out int length);
        using var data = SKData.CreateCopy(file.AsSpan(0, length));
        typeface = SKTypeface.FromData(data) ?? throw new InvalidOperationException("The font cannot be read.");
        font = new SKFont(typeface) { Subpixel = true, Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.None };
    }

    /// <summary>The width of a text in one line.</summary>
    /// <param name="text">Without line feeds.</param>
    /// <param name="size">Pixels of an em.</param>
    public float Measure(string text, float size)
    {
        font.Size = size;
        return font.MeasureText(text);
    }

    /// <summary>The width of one character.</summary>
    /// <param name="codePoint">A Unicode scalar value; nothing of it is kept.</param>
    /// <param name="size">Pixels of an em.</param>
    public float MeasureScalar(int codePoint, float size)
    {
        font.Size = size;
        return font.MeasureText([font.GetGlyph(codePoint)]);
    }

    /// <summary>Draws a text centred.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="text">Without line feeds.</param>
    /// <param name="x">The middle.</param>
    /// <param name="y">The baseline.</param>
    /// <param name="size">Pixels of an em.</param>
    /// <param name="paint">The colour.</param>
    public void Draw(SKCanvas canvas, string text, float x, float y, float size, SKPaint paint)
    {
        font.Size = size;
        canvas.DrawText(text, x, y, SKTextAlign.Center, font, paint);
    }

    /// <summary>Draws one character from its left edge on.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="codePoint">A Unicode scalar value; nothing of it is kept.</param>
    /// <param name="x">The left edge.</param>
    /// <param name="y">The baseline.</param>
    /// <param name="size">Pixels of an em.</param>
    /// <param name="paint">The colour.</param>
    public void DrawScalar(SKCanvas canvas, int codePoint, float x, float y, float size, SKPaint paint)
    {
        font.Size = size;
        Span<byte> utf8 = stackalloc byte[4];
        int length = new Rune(codePoint).EncodeToUtf8(utf8);
        using var blob = SKTextBlob.Create(utf8[..length], SKTextEncoding.Utf8, font);
        canvas.DrawText(blob, x, y, paint);
        utf8.Clear();
    }

    /// <summary>The size, at most <paramref name="size"/>, at which a text is no wider than <paramref name="most"/>.</summary>
    public float SizeToFit(string text, float size, float most)
    {
        float width = Measure(text, size);
        return width > most ? size * most / width : size;
    }

    /// <summary>Breaks a text into lines no wider than a box; a line feed begins a line too.</summary>
    /// <param name="text">What to break.</param>
    /// <param name="size">Pixels of an em.</param>
    /// <param name="width">Pixels of the box.</param>
    public List<string> Wrap(string text, float size, float width)
    {
        var lines = new List<string>();
        foreach (string paragraph in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string line = string.Empty;
            foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                string whole = Cut(word, size, width);
                string longer = line.Length == 0 ? whole : line + " " + whole;
                if (line.Length > 0 && Measure(longer, size) > width)
                {
                    lines.Add(line);
                    longer = whole;
                }

                line = longer;
            }

            lines.Add(line);
        }

        return lines;
    }

    public void Dispose()
    {
        font.Dispose();
        typeface.Dispose();
    }

    /// <summary>A word that is wider than a line ends in an ellipsis.</summary>
    private string Cut(string word, float size, float width)
    {
        string cut = word;
        for (int length = word.Length - 1; length > 0 && Measure(cut, size) > width; length--)
        {
            cut = word[..length] + "…";
        }

        return cut;
    }
}
