// SPDX-License-Identifier: GPL-3.0-or-later
// What each on-screen keyboard can type, and the bytes that come of it.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using UnlockAgent.Keyboards;
using UnlockAgent.Machine;
using UnlockAgent.Screen;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class KeyboardLayoutTests
{
    private const string Ascii = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    private static readonly KeyboardPage[] Pages = Enum.GetValues<KeyboardPage>();

    /// <summary>What a national keyboard of a desktop has beyond ASCII, as keys of their own here and as variants of a held key.</summary>
    public static TheoryData<string, string, string> National => new()
    {
        { "us", "", "" },
        { "gb", "£", "" },
        { "de", "äöüßÄÖÜẞ", "§°€µ²³" },
        { "fr", "éÉ", "èçàùâêîôûëïüœæÿÈÇÀÙÂÊÎÔÛËÏÜŒÆŸ§°µ£¤²€" },
        { "es", "ñÑ", "çáéíóúüªºÇÁÉÍÓÚÜ¡¿·€" },
        { "it", "èòàùÈÒÀÙ", "éìçÉÌÇ£§°€" },
        { "se", "åäöÅÄÖ", "éüÉÜ§½¤€£" },
        { "no", "åøæÅØÆ", "éÉ§¤€£" },
        { "dk", "åæøÅÆØ", "éÉ§½¤€£" },
        { "pt", "çÇ", "áàâãéêíóôõúüºªÁÀÂÃÉÊÍÓÔÕÚÜ«»€" },
        { "pl", "", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ€" },
        { "cz", "ěščřžýáíéůúĚŠČŘŽÝÁÍÉŮÚ", "ďňóťĎŇÓŤ§" },
        { "ru", "йцукенгшщзхфывапролджэячсмитьбюЙЦУКЕНГШЩЗХФЫВАПРОЛДЖЭЯЧСМИТЬБЮ", "ёъЁЪ№₽" },
        { "ua", "йцукенгшщзхїфівапролджєячсмитьбюґЙЦУКЕНГШЩЗХЇФІВАПРОЛДЖЄЯЧСМИТЬБЮҐ", "ёыэъЁЫЭЪʼ№₴" },
        { "gr", "ςερτυθιοπασδφγηξκλζχψωβνμΕΡΤΥΘΙΟΠΑΣΔΦΓΗΞΚΛΖΧΨΩΒΝΜ", "άέήίϊΐόύϋΰώΆΈΉΊΪΌΎΫΏ€«»" },
    };

    public static TheoryData<string> Names => [.. KeyboardLayouts.All.Select(layout => layout.Name)];

    [Fact]
    public void There_are_fifteen_and_each_has_its_name()
    {
        Assert.Equal("us gb de fr es it se no dk pt pl cz ru ua gr".Split(' '), KeyboardLayouts.All.Select(layout => layout.Name));
        Assert.All(KeyboardLayouts.All, layout => Assert.Same(layout, KeyboardLayouts.Of(layout.Name)));
        Assert.Same(KeyboardLayouts.All[0], KeyboardLayouts.Of("klingon"));
    }

    [Theory]
    [MemberData(nameof(National))]
    public void Each_nation_finds_its_letters(string name, string keys, string variants)
    {
        var typed = KeysOf(name).ToList();
        Assert.All(keys, c => Assert.Contains(typed, key => key.Character == c));
        var offered = typed.SelectMany(key => key.Variants.Append(key.Character)).ToHashSet();
        Assert.All(variants, c => Assert.True(offered.Contains(c), $"{name}: {c}"));
    }

    /// <summary>On a keyboard without Latin letters, the key that goes to the next one leads to them.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_printable_ascii_character_is_reachable(string name)
    {
        ImmutableArray<string> only = [name];
        var reachable = new HashSet<int>();
        var seen = new HashSet<string>();
        for (string shown = name; seen.Add(shown); shown = KeyboardLayouts.After(only, shown))
        {
            reachable.UnionWith(ButtonsOf(shown).Where(b => b.Button.Action == ButtonAction.Type).Select(b => b.Button.Character));
        }

        Assert.All(Ascii, c => Assert.True(reachable.Contains(c), $"{name}: {c}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_character_stands_twice_on_a_page_and_no_key_offers_itself(string name)
    {
        foreach (var page in Pages)
        {
            var layout = PadLayout.For(720, 1440, With(name, page));
            var typed = layout.Buttons.Where(b => b.Button.Action == ButtonAction.Type).ToList();
            Assert.Equal(typed.Count, typed.DistinctBy(b => b.Button.Character).Count());
            Assert.All(typed, b => Assert.DoesNotContain(b.Button.Character, b.Variants));
            Assert.All(typed, b => Assert.Equal(b.Variants.Length, b.Variants.Distinct().Count()));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_fit(string name)
    {
        var layout = KeyboardLayouts.Of(name);
        foreach (var page in Pages)
        {
            var rows = layout.Rows(page);
            Assert.InRange(rows.Length, 3, 4);
            Assert.All(rows, row => Assert.InRange(row.Length, 5, 12));
            Assert.InRange(rows[^1].Length, 5, 10);
        }
    }

    [Fact]
    public void Signs_are_the_same_everywhere()
    {
        var signs = Signs("us");
        Assert.All(KeyboardLayouts.All, layout => Assert.Equal(signs, Signs(layout.Name)));

        static HashSet<int> Signs(string name) =>
        [
            .. KeyboardLayouts.Of(name).Rows(KeyboardPage.Symbols).Concat(KeyboardLayouts.Of(name).Rows(KeyboardPage.MoreSymbols))
                .SelectMany(row => row).Select(key => key.Character),
        ];
    }

    /// <summary>Sharp s has a rare capital and the Greek final sigma none.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Capitals_stand_where_their_small_letters_do(string name)
    {
        var (lower, upper) = (KeyboardLayouts.Of(name).Rows(KeyboardPage.Lower), KeyboardLayouts.Of(name).Rows(KeyboardPage.Upper));
        Assert.Equal(lower.Select(row => row.Length), upper.Select(row => row.Length));
        foreach (var (small, capital) in lower.SelectMany(row => row).Zip(upper.SelectMany(row => row)))
        {
            Assert.Equal(Capital(small.Character), capital.Character);
            var wanted = small.Variants.Select(Capital).Where(c => c is not ('ª' or 'º' or 'ΐ' or 'ΰ')).ToHashSet();
            Assert.True(wanted.SetEquals(capital.Variants), $"{name}: {capital.Label}");
        }

        static int Capital(int c) => c switch
        {
            'ß' => 'ẞ',
            'ς' => ':',
            'ı' => 'İ',
            'ΐ' or 'ΰ' => c,
            _ => char.ToUpperInvariant((char)c),
        };
    }

    [Fact]
    public void The_row_of_q_offers_the_digits_first()
    {
        foreach (var layout in KeyboardLayouts.All)
        {
            var row = layout.Rows(KeyboardPage.Lower)[^3];
            Assert.Equal("1234567890"[..Math.Min(10, row.Length)].Select(c => (int)c), row.Take(10).Select(key => key.Variants[0]));
        }
    }

    /// <summary>A passphrase of letters of other Latin languages can be typed on any Latin keyboard.</summary>
    [Fact]
    public void Every_latin_keyboard_offers_the_letters_of_the_others()
    {
        var letters = KeyboardLayouts.All.Where(layout => layout.IsLatin)
            .SelectMany(layout => KeysOf(layout.Name)).Select(key => key.Character).Where(c => char.IsLetter((char)c)).ToHashSet();
        foreach (var layout in KeyboardLayouts.All.Where(layout => layout.IsLatin))
        {
            Assert.Subset(KeysOf(layout.Name).SelectMany(key => key.Variants.Append(key.Character)).ToHashSet(), letters);
        }
    }

    /// <summary>
    /// A console and a desktop send precomposed letters, and cryptsetup hashes what it is sent: the same letter from a base and a mark
    /// would open nothing. The bytes are those of the keys' keysyms.
    /// </summary>
    [Theory]
    [InlineData("us", "aZ09~", "61 5A 30 39 7E")]
    [InlineData("gb", "£", "C2 A3")]
    [InlineData("de", "äöüßÄÖÜẞ€", "C3 A4 C3 B6 C3 BC C3 9F C3 84 C3 96 C3 9C E1 BA 9E E2 82 AC")]
    [InlineData("fr", "éèçàùêœÉ", "C3 A9 C3 A8 C3 A7 C3 A0 C3 B9 C3 AA C5 93 C3 89")]
    [InlineData("es", "ñÑáü¿", "C3 B1 C3 91 C3 A1 C3 BC C2 BF")]
    [InlineData("it", "èòàùì", "C3 A8 C3 B2 C3 A0 C3 B9 C3 AC")]
    [InlineData("se", "åäöÅ", "C3 A5 C3 A4 C3 B6 C3 85")]
    [InlineData("no", "åøæØ", "C3 A5 C3 B8 C3 A6 C3 98")]
    [InlineData("dk", "åæøÆ", "C3 A5 C3 A6 C3 B8 C3 86")]
    [InlineData("pt", "çãõ", "C3 A7 C3 A3 C3 B5")]
    [InlineData("pl", "ąćęłńóśźżŁ", "C4 85 C4 87 C4 99 C5 82 C5 84 C3 B3 C5 9B C5 BA C5 BC C5 81")]
    [InlineData("cz", "ěščřžýáíéůúď", "C4 9B C5 A1 C4 8D C5 99 C5 BE C3 BD C3 A1 C3 AD C3 A9 C5 AF C3 BA C4 8F")]
    [InlineData("ru", "йёъЯ", "D0 B9 D1 91 D1 8A D0 AF")]
    [InlineData("ua", "іїєґҐ", "D1 96 D1 97 D1 94 D2 91 D2 90")]
    [InlineData("gr", "άςΐώΆ", "CE AC CF 82 CE 90 CF 8E CE 86")]
    public void Typed_text_becomes_the_bytes_of_a_desktops_keys(string name, string text, string bytes)
    {
        var offered = KeysOf(name).SelectMany(key => key.Variants.Append(key.Character)).ToHashSet();
        using var entries = new Entries();
        var state = With(name, KeyboardPage.Lower);
        foreach (int character in text.Select(c => (int)c))
        {
            Assert.Contains(character, offered);
            (state, var effect) = AgentMachine.Step(state, AgentEvent.Of(new(ButtonAction.Type, character), entries.LastCharacterBytes));
            Assert.Equal(Effect.Append, effect);
            entries.Append(character);
        }

        using var taken = entries.Take();
        Assert.Equal(bytes.Split(' ').Select(b => byte.Parse(b, NumberStyles.HexNumber)), taken.Span.ToArray());
        Assert.Equal((text.Length, taken.Length), (state.Typed, state.TypedBytes));
    }

    [Fact]
    public void No_key_types_a_mark_to_be_joined_or_what_is_no_character()
    {
        foreach (int character in KeyboardLayouts.Characters)
        {
            Assert.True(Rune.IsValid(character) && character > ' ', $"U+{character:X4}");
            var category = Rune.GetUnicodeCategory(new Rune(character));
            Assert.DoesNotContain(category, (UnicodeCategory[])
                [UnicodeCategory.NonSpacingMark, UnicodeCategory.SpacingCombiningMark, UnicodeCategory.Control, UnicodeCategory.Format]);
        }
    }

    [Theory]
    [InlineData("us", "us", "us")]
    [InlineData("de", "de", "de")]
    [InlineData("de us fr", "us", "fr")]
    [InlineData("de us fr", "fr", "de")]
    [InlineData("de", "us", "de")]
    [InlineData("ru", "ru", "us")]
    [InlineData("ru", "us", "ru")]
    [InlineData("ru ua", "ru", "ua")]
    [InlineData("ru ua", "ua", "us")]
    [InlineData("gr de", "gr", "de")]
    [InlineData("gr de", "de", "gr")]
    public void One_key_goes_round_the_configured_ones_and_always_finds_latin_letters(string order, string current, string next) =>
        Assert.Equal(next, KeyboardLayouts.After([.. order.Split(' ')], current));

    internal static AgentState With(string name, KeyboardPage page) =>
        Screens.Keyboard with { Page = page, Keyboards = [name], Choices = Choices.Default with { Keyboard = name } };

    private static IEnumerable<KeyboardKey> KeysOf(string name) =>
        from page in Pages from row in KeyboardLayouts.Of(name).Rows(page) from key in row select key;

    private static IEnumerable<PadButton> ButtonsOf(string name) =>
        Pages.SelectMany(page => PadLayout.For(720, 1440, With(name, page)).Buttons);
}
