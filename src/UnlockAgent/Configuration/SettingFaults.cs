// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a configuration, a sentence for each; bounded, so that a file of junk cannot fill a log.
namespace UnlockAgent.Configuration;

internal sealed class SettingFaults
{
    private const int Most = 20;
    private const int MostShown = 40;

    private readonly List<string> sentences = [];
    private int more;

    /// <summary>The sentences, the last of which says how many others there were.</summary>
    public IReadOnlyList<string> Sentences => more == 0 ? sentences : [.. sentences, $"{more} more faults"];

    /// <param name="place">Where: a file and a line, or the kernel command line.</param>
    /// <param name="what">What is wrong there.</param>
    public void Add(string place, string what)
    {
        if (sentences.Count < Most)
        {
            sentences.Add($"{place}: {what}");
        }
        else
        {
            more++;
        }
    }

    /// <summary>Foreign text, cut short and without control characters.</summary>
    public static string Quote(string text)
    {
        string shown = text.Length > MostShown ? text[..MostShown] + "…" : text;
        return "\"" + string.Create(shown.Length, shown, (target, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                target[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
            }
        }) + "\"";
    }
}
