// SPDX-License-Identifier: GPL-3.0-or-later
// Which of several cards is meant. Pure.
using CardUnlock;

namespace UnlockControl.Cards;

/// <summary>What the command line said of the card.</summary>
/// <param name="Reader">A reader's name, or a part of it; null: any.</param>
/// <param name="Serial">A serial number as it is printed anywhere, or its end; null: any.</param>
internal sealed record CardWish(string? Reader, string? Serial)
{
    /// <summary>The card may be meant.</summary>
    public bool Matches(CardReport card) =>
        (Reader is null || card.Reader.Contains(Reader, StringComparison.OrdinalIgnoreCase))
        && (Serial is null || Digits(card.Serial).EndsWith(Digits(Serial), StringComparison.Ordinal));

    // "0006 12345678", "0006:12345678" and "12345678" are the same card; letters are hexadecimal digits.
    private static string Digits(string serial) => string.Concat(serial.ToUpperInvariant().Where(char.IsAsciiHexDigit));
}
