// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command line. Pure.

using System.Globalization;

namespace PhoneBench;

/// <summary>What a person wants.</summary>
/// <param name="Rounds">At least 1.</param>
/// <param name="Labels">Whom to boot.</param>
/// <param name="Again">No boots: the tables and the chart of what was measured last.</param>
internal sealed record Choice(int Rounds, IReadOnlyList<string> Labels, bool Again)
{
    private const int UsualRounds = 5;

    /// <summary>Null where it is none.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="known">All labels.</param>
    public static Choice? Parse(IReadOnlyList<string> arguments, IReadOnlyList<string> known)
    {
        var choice = new Choice(UsualRounds, known, false);
        for (int i = 0; i < arguments.Count; i++)
        {
            string value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            Choice? next = arguments[i] switch
            {
                "--again" => choice with { Again = true },
                "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) && rounds > 0 =>
                    choice with { Rounds = rounds },
                "--only" when value.Split(',') is var labels && labels.All(known.Contains) => choice with { Labels = labels },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            choice = next;
            i += arguments[i] == "--again" ? 0 : 1;
        }

        return choice;
    }
}
