// SPDX-License-Identifier: GPL-3.0-or-later
// How a person tells cards apart: the holder's name and the last digits of the serial number, both of whatever
// length and characters a card or a key file may claim.
using System.Text;
using CardUnlock;

namespace UnlockAgent.Text;

internal static class CardName
{
    private const int LongestName = 30;
    private const int SerialDigits = 4;

    /// <summary>Names the card at hand; empty where nothing is known of it.</summary>
    public static string Of(CardInfo card, Language language) =>
        Describe(card.Holder, card.Serial, language) is { Length: > 0 } name ? language.With(Phrase.ThisCard, name) : string.Empty;

    /// <summary>The wish for a card: one of those that open the disk.</summary>
    /// <param name="wanted">What is known of them; none, or two that are named, or more.</param>
    /// <param name="language">The language of the wish.</param>
    public static string Insert(IReadOnlyList<WantedCard> wanted, Language language)
    {
        string[] names =
            [.. wanted.Select(card => Describe(card.Name, card.Serial, language)).Where(name => name.Length > 0).Distinct()];
        return names switch
        {
            [] => language[Phrase.InsertYourCard],
            [var only] => language.With(Phrase.InsertCard, only),
            [var first, var second] => language.With(Phrase.InsertEither, first, second),
            _ => language[Phrase.InsertOneOfThese],
        };
    }

    /// <summary>True for what names are shown in: ASCII, Latin-1, Latin Extended-A, the letters of Greek and Cyrillic.</summary>
    public static bool IsKnown(int codePoint) => codePoint is (> 0x20 and < 0x7F) or (> 0xA0 and <= 0x17F and not (0xAD or 0x149))
        or (>= 0x388 and <= 0x3CE and not (0x38B or 0x38D or 0x3A2)) or 0x386 or (>= 0x400 and <= 0x45F) or 0x490 or 0x491;

    private static string Describe(string holder, string serial, Language language)
    {
        string name = Legible(holder);
        string end = Legible(serial.Length > SerialDigits ? serial[^SerialDigits..] : serial);
        return (name, end) switch
        {
            ("", "") => string.Empty,
            ("", _) => language.With(Phrase.CardEnding, end),
            (_, "") => language.With(Phrase.CardOf, name),
            _ => language.With(Phrase.CardOfEnding, name, end),
        };
    }

    /// <summary>One line of signs that the font has; empty where hardly any is one.</summary>
    private static string Legible(string text)
    {
        var line = new StringBuilder();
        int foreign = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bool known = IsKnown(rune.Value);
            bool space = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);
            foreign += known || space ? 0 : 1;
            line.Append(known ? (char)rune.Value : space ? ' ' : '?');
        }

        string joined = string.Join(' ', line.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return foreign * 2 > joined.Length ? string.Empty
            : joined.Length <= LongestName ? joined : joined[..(LongestName - 1)].TrimEnd() + "…";
    }
}
