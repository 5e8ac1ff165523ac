// SPDX-License-Identifier: GPL-3.0-or-later
// An on-screen keyboard: which character stands where on its pages, and which others a held key offers.
using System.Collections.Immutable;
using UnlockAgent.Machine;

namespace UnlockAgent.Keyboards;

/// <summary>A key that types.</summary>
/// <param name="Character">The Unicode scalar value that it types.</param>
/// <param name="Label">The same, to be drawn.</param>
/// <param name="Variants">What it offers while it is held, the likeliest first; each is another than the key's own.</param>
internal sealed record KeyboardKey(int Character, string Label, ImmutableArray<int> Variants);

/// <summary>One keyboard. The function keys, comma, space and full stop are the same on all of them and not part of it.</summary>
internal sealed class KeyboardLayout
{
    private readonly string lower;
    private readonly string upper;
    private readonly string first;
    private readonly string firstUpper;
    private readonly ImmutableArray<ImmutableArray<KeyboardKey>>[] pages = new ImmutableArray<ImmutableArray<KeyboardKey>>[4];

    /// <summary>A keyboard of letters; rows are parted by a space.</summary>
    /// <param name="name">As us or de.</param>
    /// <param name="title">Its language in that language.</param>
    /// <param name="lower">Rows of small letters, from the top.</param>
    /// <param name="upper">The capitals in the same places.</param>
    /// <param name="first">The variants that come before those of <see cref="KeyVariants"/>: words of a key and its variants.</param>
    /// <param name="firstUpper">The same for capitals.</param>
    public KeyboardLayout(string name, string title, string lower, string upper, string first = "", string firstUpper = "")
    {
        (Name, Title) = (name, title);
        (this.lower, this.upper, this.first, this.firstUpper) = (lower, upper, first, firstUpper);
    }

    /// <summary>As the configuration names it.</summary>
    public string Name { get; }

    /// <summary>As a person knows it.</summary>
    public string Title { get; }

    /// <summary>Its first letters, for the key that leads back to them.</summary>
    public string FirstLetters { get; init; } = "abc";

    /// <summary>True where it types all of ASCII's letters.</summary>
    public bool IsLatin => FirstLetters == "abc";

    /// <summary>The sign of money among the common signs; the dollar changes places with it.</summary>
    public char Currency { get; init; } = '$';

    /// <summary>The rows of character keys of a page, from the top.</summary>
    public ImmutableArray<ImmutableArray<KeyboardKey>> Rows(KeyboardPage page)
    {
        // Caps Lock shows what Shift shows.
        ref var rows = ref pages[(int)(page == KeyboardPage.Capitals ? KeyboardPage.Upper : page)];
        if (rows.IsDefault)
        {
            rows = page switch
            {
                KeyboardPage.Lower => Letters(lower, first, KeyVariants.Lower),
                KeyboardPage.Symbols => Signs(KeyVariants.SymbolRows),
                KeyboardPage.MoreSymbols => Signs(KeyVariants.MoreSymbolRows),
                _ => Letters(upper, firstUpper, KeyVariants.Upper),
            };
        }

        return rows;
    }

    private static ImmutableArray<ImmutableArray<KeyboardKey>> Letters(string rows, string first, string common)
    {
        string[] split = rows.Split(' ');

        // The row of q and its likes holds the digits too; above it a layout may have a row of accented letters.
        int digits = split.Length - 3;
        return [.. split.Select((row, y) => Row(row, rows, y == digits, first, common))];
    }

    private ImmutableArray<ImmutableArray<KeyboardKey>> Signs(string rows)
    {
        string placed = string.Concat(rows.Select(c => c == '$' ? Currency : c == Currency ? '$' : c));
        return [.. placed.Split(' ').Select(row => Row(row, placed, digits: false, string.Empty, KeyVariants.Signs))];
    }

    private static ImmutableArray<KeyboardKey> Row(string row, string all, bool digits, string first, string common) =>
        [.. row.Select((c, x) => new KeyboardKey(c, c.ToString(), Variants(c, all, digits && x < 10 ? "1234567890"[x] : null, first, common)))];

    /// <summary>The digit, what the layout says, what is common; but nothing that has a key of its own on the page.</summary>
    private static ImmutableArray<int> Variants(char key, string all, char? digit, string first, string common) =>
        [.. $"{digit}{KeyVariants.Of(first, key)}{KeyVariants.Of(common, key)}".Where(c => !all.Contains(c, StringComparison.Ordinal)).Distinct()];
}
