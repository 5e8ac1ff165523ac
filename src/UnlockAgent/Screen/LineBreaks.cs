// SPDX-License-Identifier: GPL-3.0-or-later
// Where a line of text may break: after spaces, and within Chinese and Japanese, which write none, as their rules want (kinsoku shori,
// JIS X 4051: no line begins with a closing sign or a small kana, none ends with an opening one).
namespace UnlockAgent.Screen;

internal static class LineBreaks
{
    private const string NeverFirst = "、。，．・：；？！」』）】〕｝〉》”’…‥ー～々％%!?,.:;)]}ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ";
    private const string NeverLast = "「『（【〔｛〈《“‘([{";

    /// <summary>True for what the fonts of Japanese and Chinese draw: ideographs, kana, and their signs.</summary>
    public static bool IsIdeographic(char c) => c >= 0x2E80;

    /// <summary>A paragraph's pieces, between which a line may break; each ends with the spaces that follow it.</summary>
    /// <param name="paragraph">Without line feeds.</param>
    public static List<string> Pieces(string paragraph) => Split(paragraph, paragraph.AsSpan().ContainsAnyInRange('ぁ', 'ん') ? IsJapaneseBreak : IsChineseBreak);

    /// <summary>The parts of a piece that is wider than a line.</summary>
    /// <param name="piece">One of <see cref="Pieces"/>.</param>
    public static List<string> Parts(string piece) => Split(piece, IsChineseBreak);

    private static List<string> Split(string text, Func<char, char, bool> isBreak)
    {
        var pieces = new List<string>();
        int start = 0;
        for (int i = 1; i < text.Length; i++)
        {
            char before = text[i - 1], after = text[i];
            if (after != ' ' && (before == ' ' || isBreak(before, after)))
            {
                pieces.Add(text[start..i]);
                start = i;
            }
        }

        pieces.Add(text[start..]);
        return pieces;
    }

    private static bool IsChineseBreak(char before, char after) =>
        (IsIdeographic(before) || IsIdeographic(after)) && !NeverFirst.Contains(after, StringComparison.Ordinal)
        && !NeverLast.Contains(before, StringComparison.Ordinal);

    // A phrase of Japanese ends with particles in hiragana: after them a reader expects a line to end, and within a word he does not.
    private static bool IsJapaneseBreak(char before, char after) =>
        IsChineseBreak(before, after) && (NeverFirst.Contains(before, StringComparison.Ordinal) ? before != 'ー' : IsHiragana(before))
        && !IsHiragana(after);

    private static bool IsHiragana(char c) => c is >= 'ぁ' and <= 'ん';
}
