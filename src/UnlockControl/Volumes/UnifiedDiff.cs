// SPDX-License-Identifier: GPL-3.0-or-later
// A unified diff of two short texts, as diff -u writes it.
using System.Text;

namespace UnlockControl.Volumes;

internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>Empty where nothing differs.</summary>
    public static string Make(string before, string after, string beforeName, string afterName)
    {
        List<(char Sign, string Line)> edits = Edits(Lines(before), Lines(after));
        var text = new StringBuilder();
        for (int start = NextHunk(edits, 0); start < edits.Count; )
        {
            int end = HunkEnd(edits, start);
            AppendHunk(text, edits, Math.Max(0, start - Context), end);
            start = NextHunk(edits, end);
        }

        return text.Length == 0 ? "" : $"--- {beforeName}\n+++ {afterName}\n{text}";
    }

    /// <summary>Each with its newline, so that a missing one is a difference.</summary>
    private static List<string> Lines(string text)
    {
        List<string> lines = [];
        for (int start = 0; start < text.Length; )
        {
            int end = text.IndexOf('\n', start) + 1;
            end = end == 0 ? text.Length : end;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }

    /// <summary>By the longest common subsequence: both texts' lines in order, each kept, taken out or put in.</summary>
    private static List<(char Sign, string Line)> Edits(List<string> before, List<string> after)
    {
        int[][] common = [.. Enumerable.Range(0, before.Count + 1).Select(_ => new int[after.Count + 1])];
        for (int i = before.Count - 1; i >= 0; i--)
        {
            for (int j = after.Count - 1; j >= 0; j--)
            {
                common[i][j] = before[i] == after[j] ? common[i + 1][j + 1] + 1 : Math.Max(common[i + 1][j], common[i][j + 1]);
            }
        }

        List<(char Sign, string Line)> edits = [];
        int b = 0, a = 0;
        while (b < before.Count || a < after.Count)
        {
            bool isKept = b < before.Count && a < after.Count && before[b] == after[a];
            bool isTaken = !isKept && b < before.Count && (a == after.Count || common[b + 1][a] >= common[b][a + 1]);
            edits.Add((isKept ? ' ' : isTaken ? '-' : '+', isKept || isTaken ? before[b] : after[a]));
            b += isKept || isTaken ? 1 : 0;
            a += isKept || !isTaken ? 1 : 0;
        }

        return edits;
    }

    private static int NextHunk(List<(char Sign, string Line)> edits, int from)
    {
        int next = edits.FindIndex(from, edit => edit.Sign != ' ');
        return next < 0 ? edits.Count : next;
    }

    /// <summary>Behind the last line of context; changes that share context share a hunk.</summary>
    private static int HunkEnd(List<(char Sign, string Line)> edits, int start)
    {
        int last = start;
        for (int i = start; i < edits.Count && i <= last + (2 * Context); i++)
        {
            last = edits[i].Sign != ' ' ? i : last;
        }

        return Math.Min(edits.Count, last + 1 + Context);
    }

    private static void AppendHunk(StringBuilder text, List<(char Sign, string Line)> edits, int start, int end)
    {
        var hunk = edits[start..end];
        string before = Span(edits[..start].Count(edit => edit.Sign != '+'), hunk.Count(edit => edit.Sign != '+'));
        string after = Span(edits[..start].Count(edit => edit.Sign != '-'), hunk.Count(edit => edit.Sign != '-'));
        _ = text.Append("@@ -").Append(before).Append(" +").Append(after).Append(" @@\n");
        foreach ((char sign, string line) in hunk)
        {
            _ = text.Append(sign).Append(line).Append(line.EndsWith('\n') ? "" : "\n\\ No newline at end of file\n");
        }
    }

    private static string Span(int first, int count) =>
        count == 1 ? $"{first + 1}" : $"{(count == 0 ? first : first + 1)},{count}";
}
