// SPDX-License-Identifier: GPL-3.0-or-later
// The on-screen keyboards by name, and the order in which one key goes through them.
using System.Collections.Immutable;

namespace UnlockAgent.Keyboards;

internal static class KeyboardLayouts
{
    private const string Qwerty = "qwertyuiop asdfghjkl zxcvbnm";
    private const string QwertyUpper = "QWERTYUIOP ASDFGHJKL ZXCVBNM";

    /// <summary>All of them; the first serves where nothing else is asked for.</summary>
    public static ImmutableArray<KeyboardLayout> All { get; } =
    [
        new("us", "English (US)", Qwerty, QwertyUpper),
        new("gb", "English (UK)", Qwerty, QwertyUpper) { Currency = '£' },
        new("de", "Deutsch", "qwertzuiopü asdfghjklöä yxcvbnmß", "QWERTZUIOPÜ ASDFGHJKLÖÄ YXCVBNMẞ"),
        new(
            "fr", "Français", "azertyuiop qsdfghjklm wxcvbné", "AZERTYUIOP QSDFGHJKLM WXCVBNÉ",
            "aàâæ cç eèêë iîï oôœ uùûü yÿ éèêë", "AÀÂÆ CÇ EÈÊË IÎÏ OÔŒ UÙÛÜ YŸ ÉÈÊË"),
        new("es", "Español", "qwertyuiop asdfghjklñ zxcvbnm", "QWERTYUIOP ASDFGHJKLÑ ZXCVBNM", "aáª eé ií oóº uúü", "AÁ EÉ IÍ OÓ UÚÜ"),
        new("it", "Italiano", "qwertyuiopè asdfghjklòà zxcvbnmù", "QWERTYUIOPÈ ASDFGHJKLÒÀ ZXCVBNMÙ", "eé iì èé", "EÉ IÌ ÈÉ"),
        new("se", "Svenska", "qwertyuiopå asdfghjklöä zxcvbnm", "QWERTYUIOPÅ ASDFGHJKLÖÄ ZXCVBNM", "eé öø äæ", "EÉ ÖØ ÄÆ"),
        new("no", "Norsk", "qwertyuiopå asdfghjkløæ zxcvbnm", "QWERTYUIOPÅ ASDFGHJKLØÆ ZXCVBNM", "eé øö æä", "EÉ ØÖ ÆÄ"),
        new("dk", "Dansk", "qwertyuiopå asdfghjklæø zxcvbnm", "QWERTYUIOPÅ ASDFGHJKLÆØ ZXCVBNM", "eé øö æä", "EÉ ØÖ ÆÄ"),
        new("pt", "Português", "qwertyuiop asdfghjklç zxcvbnm", "QWERTYUIOP ASDFGHJKLÇ ZXCVBNM", "aãáâà eéê ií oõóô uúü", "AÃÁÂÀ EÉÊ IÍ OÕÓÔ UÚÜ"),
        new("pl", "Polski", Qwerty, QwertyUpper, "aą cć eę lł nń oó sś zżź", "AĄ CĆ EĘ LŁ NŃ OÓ SŚ ZŻŹ"),
        new(
            "cz", "Čeština", "ěščřžýáíé qwertzuiopú asdfghjklů yxcvbnm", "ĚŠČŘŽÝÁÍÉ QWERTZUIOPÚ ASDFGHJKLŮ YXCVBNM",
            "dď nň oó tť", "DĎ NŇ OÓ TŤ"),
        new("ru", "Русский", "йцукенгшщзх фывапролджэ ячсмитьбю", "ЙЦУКЕНГШЩЗХ ФЫВАПРОЛДЖЭ ЯЧСМИТЬБЮ", "её ьъ", "ЕЁ ЬЪ") { FirstLetters = "абв" },
        new(
            "ua", "Українська", "йцукенгшщзхї фівапролджє ячсмитьбюґ", "ЙЦУКЕНГШЩЗХЇ ФІВАПРОЛДЖЄ ЯЧСМИТЬБЮҐ",
            "её іы єэ ьъ", "ЕЁ ІЫ ЄЭ ЬЪ") { FirstLetters = "абв" },
        new(
            "gr", "Ελληνικά", "ςερτυθιοπ ασδφγηξκλ ζχψωβνμ", ":ΕΡΤΥΘΙΟΠ ΑΣΔΦΓΗΞΚΛ ΖΧΨΩΒΝΜ",
            "αά εέ ηή ιίϊΐ οό υύϋΰ ωώ", "ΑΆ ΕΈ ΗΉ ΙΊΪ ΟΌ ΥΎΫ ΩΏ") { FirstLetters = "αβγ" },
    ];

    /// <summary>Every character that some keyboard types: those that the fonts must have.</summary>
    public static IEnumerable<int> Characters =>
        from layout in All
        from page in Enum.GetValues<Machine.KeyboardPage>()
        from row in layout.Rows(page)
        from key in row
        from character in key.Variants.Append(key.Character)
        select character;

    /// <summary>The keyboard of a name; the first of all for a name that there is not.</summary>
    public static KeyboardLayout Of(string name)
    {
        foreach (var layout in All)
        {
            if (layout.Name == name)
            {
                return layout;
            }
        }

        return All[0];
    }

    /// <summary>The keyboard after one, going round; the same where there is no other.</summary>
    /// <param name="order">The configured keyboards, at least one. Where none of them types ASCII letters, the first of all follows them.</param>
    /// <param name="current">The one that is shown; before the first of the order where it is not in it.</param>
    public static string After(ImmutableArray<string> order, string current)
    {
        int next = order.IndexOf(current) + 1;
        return next < order.Length ? order[next] : current == All[0].Name || HasLatin(order) ? order[0] : All[0].Name;
    }

    private static bool HasLatin(ImmutableArray<string> names)
    {
        foreach (string name in names)
        {
            if (Of(name).IsLatin)
            {
                return true;
            }
        }

        return false;
    }
}
