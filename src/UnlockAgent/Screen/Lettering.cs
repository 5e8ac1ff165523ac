// SPDX-License-Identifier: GPL-3.0-or-later
// Text on the screen: Inter for Latin, Greek and Cyrillic, and a font of few glyphs for Japanese and for Chinese, which is loaded when
// the first such character is met. Measures, draws, and fills lines; where a line may break is LineBreaks' business.
using System.Text;
using SkiaSharp;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

internal sealed class Lettering : IDisposable
{
    /// <summary>
    /// How far below a middle the baseline of centred text is, in parts of the text's size: half the height of Inter's capitals and digits.
    /// </summary>
    public const float MiddleToBaseline = 0.3635f;

    // Halvings of a line's width: to a sixty-fourth.
    private const int BalanceSteps = 6;

    private readonly SKFont inter = Load(FontData.Inter);
    private SKFont? japanese;
    private SKFont? chinese;

    /// <summary>The language whose form a character takes that Japanese and Chinese write differently.</summary>
    public Language Language { get; set; } = Languages.English;

    /// <summary>How many fonts were needed yet; each is some 100 kB of memory.</summary>
    public int LoadedFonts => 1 + (japanese is null ? 0 : 1) + (chinese is null ? 0 : 1);

    private SKFont Japanese => japanese ??= Load(FontData.Japanese);

    private SKFont Chinese => chinese ??= Load(FontData.SimplifiedChinese);

    /// <summary>The width of a text in one line.</summary>
    /// <param name="text">Without line feeds.</param>
    /// <param name="size">Pixels of an em.</param>
    public float Measure(ReadOnlySpan<char> text, float size)
    {
        float width = 0;
        int length;
        for (var rest = text; !rest.IsEmpty; rest = rest[length..])
        {
            length = RunLength(rest, text, out var font);
            font.Size = size;
            width += font.MeasureText(rest[..length]);
        }

        return width;
    }

    /// <summary>The width of one character.</summary>
    /// <param name="codePoint">A Unicode scalar value; nothing of it is kept.</param>
    /// <param name="size">Pixels of an em.</param>
    public float MeasureScalar(int codePoint, float size)
    {
        inter.Size = size;
        return inter.MeasureText([inter.GetGlyph(codePoint)]);
    }

    /// <summary>True where a font has each of a text's characters.</summary>
    /// <param name="text">Without line feeds.</param>
    public bool HasAll(ReadOnlySpan<char> text)
    {
        int length;
        for (var rest = text; !rest.IsEmpty; rest = rest[length..])
        {
            length = RunLength(rest, text, out var font);
            if (!font.ContainsGlyphs(rest[..length]))
            {
                return false;
            }
        }

        return true;
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
        float left = x - (Measure(text, size) / 2);
        int length;
        for (var rest = text.AsSpan(); !rest.IsEmpty; rest = rest[length..])
        {
            length = RunLength(rest, text, out var font);
            string run = length == text.Length ? text : rest[..length].ToString();
            font.Size = size;
            canvas.DrawText(run, left, y, SKTextAlign.Left, font, paint);
            left += font.MeasureText(run);
        }
    }

    /// <summary>Draws one character from its left edge on; a frame where the font has none.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="codePoint">A Unicode scalar value; no string is made of it.</param>
    /// <param name="x">The left edge.</param>
    /// <param name="y">The baseline.</param>
    /// <param name="size">Pixels of an em.</param>
    /// <param name="paint">The colour.</param>
    public void DrawScalar(SKCanvas canvas, int codePoint, float x, float y, float size, SKPaint paint)
    {
        inter.Size = size;
        Span<byte> utf8 = stackalloc byte[4];
        int length = new Rune(codePoint).EncodeToUtf8(utf8);
        using (var blob = SKTextBlob.Create(utf8[..length], SKTextEncoding.Utf8, inter))
        {
            canvas.DrawText(blob, x, y, paint);
        }

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
            lines.AddRange(Fill(paragraph, size, width));
        }

        return lines;
    }

    public void Dispose()
    {
        inter.Typeface.Dispose();
        inter.Dispose();
        japanese?.Typeface.Dispose();
        japanese?.Dispose();
        chinese?.Typeface.Dispose();
        chinese?.Dispose();
    }

    private static SKFont Load(ReadOnlySpan<byte> file)
    {
        using var data = SKData.CreateCopy(file);
        var typeface = SKTypeface.FromData(data) ?? throw new InvalidOperationException("The font cannot be read.");
        return new SKFont(typeface) { Subpixel = true, Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.None };
    }

    /// <summary>As many characters as one font draws, at least one, and that font.</summary>
    /// <param name="rest">What is to be drawn yet of the text; not empty.</param>
    /// <param name="text">The whole text.</param>
    private int RunLength(ReadOnlySpan<char> rest, ReadOnlySpan<char> text, out SKFont font)
    {
        bool ideographic = LineBreaks.IsIdeographic(rest[0]);
        int length = 1;
        while (length < rest.Length && LineBreaks.IsIdeographic(rest[length]) == ideographic)
        {
            length++;
        }

        font = ideographic ? IdeographicFont(text) : inter;
        return length;
    }

    /// <summary>The font of the language, but for a text that only the other one has: a language's own name in their list.</summary>
    private SKFont IdeographicFont(ReadOnlySpan<char> text)
    {
        bool prefersChinese = Language.Code == "zh_CN";
        var first = prefersChinese ? Chinese : Japanese;
        if (HasIdeographs(first, text))
        {
            return first;
        }

        var second = prefersChinese ? Japanese : Chinese;
        return HasIdeographs(second, text) ? second : first;
    }

    private static bool HasIdeographs(SKFont font, ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (LineBreaks.IsIdeographic(c) && !font.ContainsGlyph(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Breaks a paragraph into as few lines as it needs, of like length: no word stands alone in the last one.</summary>
    private List<string> Fill(string paragraph, float size, float width)
    {
        var pieces = Pieces(paragraph, size, width);
        var lines = Fill(pieces, width);
        float least = pieces.Max(piece => piece.Ink), most = width;
        for (int i = 0; i < BalanceSteps && lines.Count > 1; i++)
        {
            float middle = (least + most) / 2;
            var narrower = Fill(pieces, middle);
            bool fits = narrower.Count == lines.Count;
            (least, most, lines) = fits ? (least, middle, narrower) : (middle, most, lines);
        }

        return lines;
    }

    private static List<string> Fill(List<Piece> pieces, float width)
    {
        var lines = new List<string>();
        string line = string.Empty;
        float filled = 0;
        foreach (var piece in pieces)
        {
            if (line.Length > 0 && filled + piece.Ink > width)
            {
                lines.Add(line.TrimEnd(' '));
                (line, filled) = (string.Empty, 0);
            }

            line += piece.Text;
            filled += piece.Width;
        }

        lines.Add(line.TrimEnd(' '));
        return lines;
    }

    /// <summary>What a line may break between; none is wider than a line.</summary>
    private List<Piece> Pieces(string paragraph, float size, float width)
    {
        var pieces = new List<Piece>();
        foreach (string text in LineBreaks.Pieces(paragraph))
        {
            var whole = Measured(text, size);
            if (whole.Ink <= width)
            {
                pieces.Add(whole);
                continue;
            }

            foreach (string part in LineBreaks.Parts(text))
            {
                pieces.Add(Measured(Cut(part, size, width), size));
            }
        }

        return pieces;
    }

    private Piece Measured(string text, float size) => new(text, Measure(text, size), Measure(text.AsSpan().TrimEnd(' '), size));

    /// <summary>A word that is wider than a line ends in an ellipsis.</summary>
    private string Cut(string word, float size, float width)
    {
        if (Measure(word.TrimEnd(' '), size) <= width)
        {
            return word;
        }

        int length = word.TrimEnd(' ').Length - 1;
        while (length > 1 && Measure(word[..length] + "…", size) > width)
        {
            length--;
        }

        return word[..length] + "… ";
    }

    /// <summary>A piece of a line; without kerning, widths add up.</summary>
    /// <param name="Text">With the spaces that follow it.</param>
    /// <param name="Width">Pixels of it.</param>
    /// <param name="Ink">Pixels without those spaces, which take no room at a line's end.</param>
    private readonly record struct Piece(string Text, float Width, float Ink);
}
