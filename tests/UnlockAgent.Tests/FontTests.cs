// SPDX-License-Identifier: GPL-3.0-or-later
using System.Text;
using SkiaSharp;
using UnlockAgent.Keyboards;
using UnlockAgent.Screen;
using UnlockAgent.Text;

namespace UnlockAgent.Tests;

public sealed class FontTests
{
    /// <summary>
    /// The lists that Assets/subset.sh makes the fonts from. Where one differs, the list that is wanted is in out/characters:
    /// copy it to src/UnlockAgent/Assets and run subset.sh there.
    /// </summary>
    [Theory]
    [InlineData("Inter")]
    [InlineData("Japanese")]
    [InlineData("SimplifiedChinese")]
    public void A_font_has_the_characters_of_texts_names_and_keyboards_and_no_others(string font)
    {
        string wanted = string.Concat(Wanted(font).Select(character => character.ToString()));
        string file = Path.Combine(Repository.Root, "src", "UnlockAgent", "Assets", font + ".characters.txt");
        if (wanted + "\n" != File.ReadAllText(file))
        {
            string directory = Directory.CreateDirectory(Path.Combine(Repository.Root, "out", "characters")).FullName;
            File.WriteAllText(Path.Combine(directory, font + ".characters.txt"), wanted + "\n");
            Assert.Fail($"{font}.characters.txt is out of step: copy the one of {directory} and run subset.sh");
        }

        using var data = SKData.CreateCopy(Bytes(font));
        using var typeface = SKTypeface.FromData(data);
        using var drawn = new SKFont(typeface);
        Assert.Equal([], Wanted(font).Where(character => !drawn.ContainsGlyph(character.Value)));
        Assert.InRange(typeface.GlyphCount, 1, Wanted(font).Count() + 8);
    }

    [Fact]
    public void Every_text_of_every_language_has_its_glyphs()
    {
        using var lettering = new Lettering();
        foreach (var language in Languages.All)
        {
            foreach (var phrase in Enum.GetValues<Phrase>())
            {
                lettering.Language = language;
                Assert.True(lettering.HasAll(language[phrase]), $"{language.Code} {phrase}: {language[phrase]}");
            }

            // The list of languages is read by whoever does not understand the one that is set.
            Assert.All(Languages.All, shown =>
            {
                lettering.Language = shown;
                Assert.True(lettering.HasAll(language.Name), $"{language.Name} in {shown.Code}");
            });
        }

        Assert.False(lettering.HasAll("\u9F98"));
        Assert.False(lettering.HasAll("\u05D0"));
    }

    [Fact]
    public void The_fonts_of_japanese_and_chinese_are_loaded_when_they_are_needed_and_not_before()
    {
        using var lettering = new Lettering();
        foreach (var language in Languages.All.Where(language => language.Code is not ("ja" or "zh_CN")))
        {
            lettering.Language = language;
            Assert.All(Enum.GetValues<Phrase>(), phrase => Assert.True(lettering.Measure(language[phrase], 34) > 0));
        }

        Assert.Equal(1, lettering.LoadedFonts);
        lettering.Language = Languages.Of("ja");
        lettering.Measure(lettering.Language[Phrase.EnterPin], 34);
        Assert.Equal(2, lettering.LoadedFonts);
        lettering.Measure(Languages.Of("zh_CN").Name, 34);
        Assert.Equal(3, lettering.LoadedFonts);
    }

    [Fact]
    public void What_a_card_may_be_called_has_its_glyphs()
    {
        using var lettering = new Lettering();
        for (int codePoint = 1; codePoint < 0x2000; codePoint++)
        {
            string name = CardName.Insert([new("Ada " + char.ConvertFromUtf32(codePoint), "")], Languages.English);
            Assert.True(lettering.HasAll(name), $"U+{codePoint:X4}: {name}");
        }
    }

    [Theory]
    [InlineData("ja")]
    [InlineData("zh_CN")]
    public void A_character_is_drawn_in_the_form_of_the_language(string code)
    {
        using var lettering = new Lettering { Language = Languages.Of(code) };
        using var data = SKData.CreateCopy(code == "ja" ? FontData.Japanese : FontData.SimplifiedChinese);
        using var typeface = SKTypeface.FromData(data);
        using var font = new SKFont(typeface, 100) { Subpixel = true, Hinting = SKFontHinting.None };
        string both = string.Concat(Wanted("Japanese").Intersect(Wanted("SimplifiedChinese")).Select(character => character.ToString()));
        Assert.NotEmpty(both);
        Assert.Equal(Picture(font, both), Picture(lettering, both));
    }

    [Fact]
    public void One_character_is_measured_and_drawn_as_a_text_of_it()
    {
        using var lettering = new Lettering();
        foreach (int character in KeyboardLayouts.Characters)
        {
            string text = char.ConvertFromUtf32(character);
            Assert.Equal(lettering.Measure(text, 40), lettering.MeasureScalar(character, 40), 3);
        }

        using var one = SKSurface.Create(new SKImageInfo(100, 100));
        using var other = SKSurface.Create(new SKImageInfo(100, 100));
        using var paint = new SKPaint { Color = SKColors.White, IsAntialias = true };
        lettering.Draw(one.Canvas, "ß", 50, 70, 60, paint);
        lettering.DrawScalar(other.Canvas, 'ß', 50 - (lettering.MeasureScalar('ß', 60) / 2), 70, 60, paint);
        Assert.Equal(one.PeekPixels().GetPixelSpan().ToArray(), other.PeekPixels().GetPixelSpan().ToArray());
    }

    private static IEnumerable<Rune> Wanted(string font) => font switch
    {
        "Inter" => Characters(Languages.All)
            .Where(character => character.Value < 0x2E80)
            .Concat(KeyboardLayouts.Characters.Select(character => new Rune(character)))
            .Concat(KeyboardLayouts.All.SelectMany(layout => (layout.Title + layout.FirstLetters).EnumerateRunes()))
            .Concat(Enumerable.Range(1, 0x1FFF).Where(codePoint => CardName.IsKnown(codePoint)).Select(codePoint => new Rune(codePoint)))
            .Concat("\u00A0".EnumerateRunes())
            .Distinct()
            .Order(),
        "Japanese" => Characters([Languages.Of("ja")]).Where(character => character.Value >= 0x2E80),
        _ => Characters([Languages.Of("zh_CN")]).Where(character => character.Value >= 0x2E80),
    };

    private static IEnumerable<Rune> Characters(IEnumerable<Language> languages) => languages
        .SelectMany(language => Enum.GetValues<Phrase>().Select(phrase => language[phrase]).Append(language.Name))
        .SelectMany(text => text.EnumerateRunes())
        .Distinct()
        .Order();

    private static ReadOnlySpan<byte> Bytes(string font) => font switch
    {
        "Inter" => FontData.Inter,
        "Japanese" => FontData.Japanese,
        _ => FontData.SimplifiedChinese,
    };

    private static byte[] Picture(SKFont font, string text)
    {
        using var surface = SKSurface.Create(new SKImageInfo(6000, 140));
        using var paint = new SKPaint { Color = SKColors.White, IsAntialias = true };
        surface.Canvas.DrawText(text, 3000 - (font.MeasureText(text) / 2), 110, SKTextAlign.Left, font, paint);
        return surface.PeekPixels().GetPixelSpan().ToArray();
    }

    private static byte[] Picture(Lettering lettering, string text)
    {
        using var surface = SKSurface.Create(new SKImageInfo(6000, 140));
        using var paint = new SKPaint { Color = SKColors.White, IsAntialias = true };
        lettering.Draw(surface.Canvas, text, 3000, 110, 100, paint);
        return surface.PeekPixels().GetPixelSpan().ToArray();
    }
}
