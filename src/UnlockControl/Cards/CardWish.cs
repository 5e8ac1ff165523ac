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
        && (Serial is null || IsEnd(Digits(card.Serial), Digits(Serial)));

    // Nothing is no card's end: what is left of a typing error must not be any card that is there.
    private static bool IsEnd(string serial, string end) => end.Length > 0 && serial.EndsWith(end, StringComparison.OrdinalIgnoreCase);

    // "0006 12345678", "0006:12345678" and "12345678" are the same card; what else is no digit fits none.
    private static string Digits(string serial) => string.Concat(serial.Where(static c => c is not (' ' or ':' or '-')));
}
