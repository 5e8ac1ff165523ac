// SPDX-License-Identifier: GPL-3.0-or-later
// A word that begins with a dash and is no option must not become a volume's or a card's name: System.CommandLine would take it for one.
using System.CommandLine;
using System.CommandLine.Parsing;

namespace UnlockControl.Commands;

internal static class Mistyped
{
    // So many letters may be wrong.
    private const int Farthest = 3;

    /// <summary>Refuses what looks like an option, and says which one was meant.</summary>
    public static Argument<T> NoOption<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens.Where(token => token.Value.StartsWith('-')))
            {
                result.AddError($"'{token.Value}' is no option here.{Meant(token.Value, result)}");
            }
        });
        return argument;
    }

    /// <summary>Letters to change, add or take away to make one word of the other.</summary>
    internal static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private static string Meant(string word, ArgumentResult result)
    {
        Command command = ((CommandResult)result.Parent!).Command;
        string? nearest = command.Options.Concat(GlobalOptions.All)
            .SelectMany(option => (string[])[option.Name, .. option.Aliases])
            .Where(name => Distance(word, name) <= Farthest && name.Length > Farthest)
            .MinBy(name => Distance(word, name));
        return nearest is null ? "" : $" Did you mean {nearest}?";
    }
}
