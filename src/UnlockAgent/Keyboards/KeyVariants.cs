// SPDX-License-Identifier: GPL-3.0-or-later
// What a held key offers on every keyboard, so that any Latin passphrase can be typed on any Latin keyboard, and the pages of signs.
// Characters are precomposed (NFC), as keyboards of a console or a desktop send them.
namespace UnlockAgent.Keyboards;

internal static class KeyVariants
{
    /// <summary>Words of a key and its variants.</summary>
    public const string Lower =
        "aàáâäãåāąăæª cçćčċĉ dďđð eèéêëēęěėĕ gğģġĝ hħĥ iìíîïīįıĭ jĵ kķ lłľļĺ nñńňņŋ oòóôöõøōőœº rřŕ sßśšşșŝ tťţțþŧ uùúûüūůűųŭ wŵẃẅẁ yýÿŷ zžźż";

    /// <summary>The same for capitals.</summary>
    public const string Upper =
        "AÀÁÂÄÃÅĀĄĂÆ CÇĆČĊĈ DĎĐÐ EÈÉÊËĒĘĚĖĔ GĞĢĠĜ HĦĤ IÌÍÎÏĪĮİĬ JĴ KĶ LŁĽĻĹ NÑŃŇŅŊ OÒÓÔÖÕØŌŐŒ RŘŔ SẞŚŠŞȘŜ TŤŢȚÞŦ UÙÚÛÜŪŮŰŲŬ WŴẂẄẀ YÝŸŶ ZŽŹŻ";

    /// <summary>The same for signs.</summary>
    public const string Signs =
        "1¹½¼ 2² 3³¾ 0° $€£¥¢₽₴¤ £€$¥¢₽₴¤ €£$¥¢₽₴¤ -–—·¬ +± ([{< )]}> /\\÷ *×•† \"“”„«» '‘’‚ʼ´` !¡ ?¿ _¯ &§ #№ @© :… ;¶ .… %‰ ~¨ |¦ ^´¨ <«‹ >»› =≠≈";

    /// <summary>The first page of signs; comma, space and full stop stand below it.</summary>
    public const string SymbolRows = "1234567890 @#$_&-+()/ *\"':;!?";

    /// <summary>The second page of signs.</summary>
    public const string MoreSymbolRows = "~`|^<>[]{} \\%=€£¥¢§°µ ¿¡«»„“”";

    /// <summary>The variants of a key, without the key; empty where it has none.</summary>
    /// <param name="words">Words of a key and its variants, parted by a space.</param>
    /// <param name="key">The key.</param>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> words, char key)
    {
        foreach (var word in words.Split(' '))
        {
            if (words[word] is [var first, .. var variants] && first == key)
            {
                return variants;
            }
        }

        return [];
    }
}
