// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a terminal without an end shows after all that was sent to it: progress that is drawn over itself stands there once (ECMA-48).

using System.Text;
using System.Text.RegularExpressions;

namespace EmulatedPhone;

/// <summary>Lines that a cursor moves over; colours and titles are passed over.</summary>
internal sealed partial class TerminalPage
{
    private readonly List<StringBuilder> lines = [new()];
    private int row, column;

    /// <summary>The lines that a person would see, had they paper enough.</summary>
    public static string Render(string sent)
    {
        var page = new TerminalPage();
        int next = 0;
        foreach (Match control in Control().Matches(sent))
        {
            page.Write(sent.AsSpan(next, control.Index - next));
            page.Obey(control);
            next = control.Index + control.Length;
        }

        page.Write(sent.AsSpan(next));
        return string.Join('\n', page.lines.Select(line => line.ToString().TrimEnd()));
    }

    private StringBuilder Line
    {
        get
        {
            while (lines.Count <= row)
            {
                lines.Add(new StringBuilder());
            }

            return lines[row];
        }
    }

    private void Write(ReadOnlySpan<char> text)
    {
        foreach (char letter in text)
        {
            Line.Length = Math.Max(Line.Length, column + 1);
            Line[column++] = letter;
        }

        Line.Replace('\0', ' ');
    }

    private void Obey(Match control)
    {
        int count = int.TryParse(control.Groups["number"].ValueSpan, out int number) ? number : 0;
        switch (control.Groups["letter"].Success ? control.Groups["letter"].Value : control.Value)
        {
            case "\n":
                row++;
                break;
            case "\r":
                column = 0;
                break;
            case "\b":
                column = Math.Max(column - 1, 0);
                break;
            case "\t":
                column = (column + 8) & ~7;
                break;
            case "A":
                row = Math.Max(row - Math.Max(count, 1), 0);
                break;
            case "K":
                Erase(count);
                break;
            case "J":
                Erase(count);
                lines.RemoveRange(Math.Min(row + 1, lines.Count), Math.Max(lines.Count - row - 1, 0));
                break;
        }
    }

    // 0: to the end; 2: all of the line. Nobody here erases the beginning alone.
    private void Erase(int what) => Line.Length = what == 2 ? 0 : Math.Min(Line.Length, column);

    [GeneratedRegex(@"[\n\r\b\t\a]|\e\[[<-?]?(?<number>[0-9]*)[0-9;]*[ -/]*(?<letter>[@-~])|\e\][^\a\e]*(\a|\e\\)|\e[@-Z\\^_=>78]")]
    private static partial Regex Control();
}
