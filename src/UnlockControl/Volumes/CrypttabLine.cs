// SPDX-License-Identifier: GPL-3.0-or-later
// One line of crypttab as Debian's cryptsetup reads it (crypttab_foreach_entry in its functions: fields by blanks and tabs, the fourth
// takes the rest of the line) and as it is written: every part stands in the line where it was found.
using System.Text;

namespace UnlockControl.Volumes;

/// <summary>A line of four fields, still escaped, and all that stands between them; joined they are the line.</summary>
/// <param name="Indent">Blanks before the name.</param>
/// <param name="Gap1">Blanks after the name; and so on.</param>
/// <param name="Tail">Blanks after the options and, should there be any, more words: Debian reads them as part of the last option.</param>
internal sealed record CrypttabLine(
    string Indent, string Name, string Gap1, string Source, string Gap2, string Key, string Gap3, string Options, string Tail)
{
    /// <summary>Null: an empty line, a comment, or one that Debian passes over for want of a source or a key.</summary>
    /// <param name="line">Without its newline.</param>
    public static CrypttabLine? Parse(string line)
    {
        int at = 0;
        string Take(bool blank)
        {
            int start = at;
            while (at < line.Length && (line[at] is ' ' or '\t') == blank)
            {
                at++;
            }

            return line[start..at];
        }

        var parsed = new CrypttabLine(
            Take(true), Take(false), Take(true), Take(false), Take(true), Take(false), Take(true), Take(false), line[at..]);
        return parsed.Name.StartsWith('#') || parsed.Key.Trim('\r').Length == 0 ? null : parsed;
    }

    public override string ToString() => string.Concat([Indent, Name, Gap1, Source, Gap2, Key, Gap3, Options, Tail]);

    /// <summary>Undoes the escapes of printf's %b, which Debian reads fields by: \040, \0040, \t.</summary>
    public static string Unescape(string field)
    {
        var text = new StringBuilder();
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] != '\\' || i + 1 == field.Length)
            {
                _ = text.Append(field[i]);
                continue;
            }

            i++;
            int named = "abfnrtv\\".IndexOf(field[i], StringComparison.Ordinal);
            int digits = OctalDigits(field, i, field[i] == '0' ? 4 : 3);
            _ = digits > 0 ? text.Append((char)(byte)Convert.ToInt32(field.Substring(i, digits), 8))
                : named >= 0 ? text.Append("\a\b\f\n\r\t\v\\"[named])
                : text.Append('\\').Append(field[i]);
            i += Math.Max(0, digits - 1);
        }

        return text.ToString();
    }

    /// <summary>A path as a field that is read as that path.</summary>
    public static string Escape(string path)
    {
        var text = new StringBuilder();
        foreach (char c in path)
        {
            _ = c is ' ' or '\t' or '\n' or '\r' or '\\'
                ? text.Append('\\').Append(Convert.ToString(c, 8).PadLeft(4, '0'))
                : text.Append(c);
        }

        return text.ToString();
    }

    private static int OctalDigits(string field, int start, int most)
    {
        int end = start;
        while (end < field.Length && end < start + most && field[end] is >= '0' and <= '7')
        {
            end++;
        }

        return end - start;
    }
}
