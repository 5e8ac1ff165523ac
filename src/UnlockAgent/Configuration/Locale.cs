// SPDX-License-Identifier: GPL-3.0-or-later
// Which language a locale means (locale(7): language[_territory][.codeset][@modifier]), and the file that Debian keeps it in
// (/etc/locale.conf, /etc/default/locale: assignments as a shell reads them).
using System.Text;
using UnlockAgent.Text;

namespace UnlockAgent.Configuration;

internal static class Locale
{
    // The first that is set decides for sentences (locale(7)).
    private static readonly string[] Variables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    /// <summary>The agent's language for a locale, English for one that it does not speak.</summary>
    /// <param name="locale">As de_AT.UTF-8, or null.</param>
    public static string ToLanguage(string? locale) => Languages.Of(locale ?? string.Empty).Code;

    /// <summary>The locale that a set of variables names for sentences, or null.</summary>
    /// <param name="valueOf">A variable's value, or null.</param>
    public static string? Of(Func<string, string?> valueOf)
    {
        foreach (string variable in Variables)
        {
            if (valueOf(variable) is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>A variable's value in such a file, or null.</summary>
    public static string? InFile(ReadOnlySpan<byte> file, string variable)
    {
        string? value = null;
        foreach (var line in file.Split((byte)'\n'))
        {
            string text = Encoding.UTF8.GetString(file[line]).Trim();
            if (text.StartsWith(variable, StringComparison.Ordinal) && text.Length > variable.Length && text[variable.Length] == '=')
            {
                value = text[(variable.Length + 1)..].Trim('"', '\'');
            }
        }

        return value;
    }
}
