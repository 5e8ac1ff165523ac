// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of copies, out/leaks.md and its like: by contender, moment and secret, and whose memory they are in.

using System.Text;
using EmulatedPhone;

namespace Boot.Tests;

internal static class LeakTable
{
    private static readonly Dictionary<LeakMoment, string> Words = new()
    {
        [LeakMoment.PassphraseTyped] = "passphrase typed, not confirmed",
        [LeakMoment.PassphraseDropped] = "passphrase dropped",
        [LeakMoment.PinTyped] = "PIN typed, not confirmed",
        [LeakMoment.PinAtCard] = "the card checks the PIN",
        [LeakMoment.Deciphering] = "the card deciphers",
        [LeakMoment.KeyAtHand] = "key at hand, the pipe to cryptsetup full",
        [LeakMoment.HandedOver] = "key handed over, not yet read by cryptsetup",
        [LeakMoment.RootOpen] = "root open, the programs of the initramfs gone",
    };

    /// <summary>Writes the table, and its end to the figures.</summary>
    /// <param name="name">The file's, in out.</param>
    /// <param name="boots">By contender.</param>
    public static void Write(string name, Dictionary<string, LeakBoot> boots)
    {
        StringBuilder text = new();
        text.AppendLine("# Copies of secrets in the phone's memory");
        text.AppendLine();
        text.AppendLine("Whole copies, pieces and copies as UTF-16 in 1 GiB of physical memory, found by tests/boot/Boot.Tests/LeakTests.cs.");
        text.AppendLine();
        foreach ((LeakMoment moment, string words) in Words)
        {
            KeyValuePair<string, LeakBoot>[] those = [.. boots.Where(boot => boot.Value.Moments.ContainsKey(moment))];
            if (those.Length == 0)
            {
                continue;
            }

            string[] secrets = [.. those.SelectMany(boot => boot.Value.Secrets).Distinct()];
            text.AppendLine($"## {char.ToUpperInvariant(words[0])}{words[1..]}").AppendLine();
            text.AppendLine($"| | {string.Join(" | ", those.Select(boot => boot.Key))} |");
            text.AppendLine($"|---|{string.Concat(those.Select(_ => "---|"))}");
            foreach (string secret in secrets)
            {
                IEnumerable<string> cells = those.Select(boot =>
                    boot.Value.Secrets.Contains(secret) ? LeakScene.Count(boot.Value[moment], secret) : "–");
                text.AppendLine($"| {secret} | {string.Join(" | ", cells)} |");
            }

            text.AppendLine();
            foreach ((string contender, LeakBoot boot) in those)
            {
                foreach (IGrouping<string, Leak> owner in boot[moment].GroupBy(leak => leak.ToString()))
                {
                    text.AppendLine($"- {contender}: {owner.Key}{(owner.Count() > 1 ? $" ({owner.Count()} times)" : "")}");
                }
            }

            text.AppendLine();
        }

        File.WriteAllText(Path.Combine(Repository.Out, name), text.ToString());
        foreach (LeakMoment moment in (LeakMoment[])[LeakMoment.HandedOver, LeakMoment.RootOpen])
        {
            IEnumerable<string> sums = boots.Select(boot => $"{boot.Key} {Sum(boot.Value, moment)}");
            Figures.Write($"copies of secrets in memory, {Words[moment]}: {string.Join("; ", sums)}");
        }
    }

    private static string Sum(LeakBoot boot, LeakMoment moment) => string.Join(
        ", ", boot.Secrets.Select(secret => $"{secret} {LeakScene.Count(boot[moment], secret)}"));
}
