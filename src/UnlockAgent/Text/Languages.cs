// SPDX-License-Identifier: GPL-3.0-or-later
// The languages that the screen speaks.
using System.Collections.Immutable;

namespace UnlockAgent.Text;

internal static class Languages
{
    /// <summary>The language of the log, and of whoever asks for one that is not here.</summary>
    public static Language English { get; } = new English();

    /// <summary>In the order of the menu.</summary>
    public static ImmutableArray<Language> All { get; } =
    [
        English, new German(), new French(), new Spanish(), new Italian(), new Portuguese(), new Dutch(), new Swedish(), new Polish(),
        new Czech(), new Russian(), new Ukrainian(), new Greek(), new Japanese(), new SimplifiedChinese(),
    ];

    /// <summary>The language of a code or a locale.</summary>
    /// <param name="code">As de, de_AT.UTF-8, zh_CN or zh-Hans; anything else gives English.</param>
    public static Language Of(string code)
    {
        foreach (var language in All)
        {
            if (language.Code == code)
            {
                return language;
            }
        }

        string part = LanguagePart(code);
        foreach (var language in All)
        {
            if (LanguagePart(language.Code).Equals(part, StringComparison.OrdinalIgnoreCase))
            {
                return language;
            }
        }

        return English;
    }

    /// <summary>What stands before a locale's country, script, character set or variant.</summary>
    private static string LanguagePart(string code)
    {
        int end = code.AsSpan().IndexOfAny("_-.@");
        return end < 0 ? code : code[..end];
    }
}
