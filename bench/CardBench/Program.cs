// SPDX-License-Identifier: GPL-3.0-or-later
// From the confirmed PIN to the key on stdout, beside `gpg --decrypt`, over one reader (pcscd, vpcd) and one simulated card
// that answers at once. Rounds of each: five unlocks by ours, one by gpg from cold (agent, scdaemon and card selected anew)
// and one by gpg at its best (agent and scdaemon running, PIN verified in the card). Writes out/bench/card.md and card.json.

using System.Globalization;
using System.Text.Json;

namespace CardBench;

internal static class Program
{
    private const int Rounds = 10;

    private static readonly string[] Algorithms = ["cv25519", "rsa2048"];

    private static int Main()
    {
        string root = Root(AppContext.BaseDirectory);
        List<CardFigures> all = [];
        foreach (string algorithm in Algorithms)
        {
            using var lab = new CardLab(algorithm, Path.Combine(root, "out", "probe", "unlock-probe"));
            all.Add(Measure(lab, algorithm));
        }

        string folder = Directory.CreateDirectory(Path.Combine(root, "out", "bench")).FullName;
        string table = Table(all);
        File.WriteAllText(Path.Combine(folder, "card.md"), table);
        File.WriteAllText(Path.Combine(folder, "card.json"), JsonSerializer.Serialize(all, CardFigures.Json) + '\n');
        Console.Write(table);
        return all.TrueForAll(static figures => figures.IsReached) ? 0 : 1;
    }

    private static CardFigures Measure(CardLab lab, string algorithm)
    {
        List<double> ours = [];
        List<double> warm = [];
        List<double> cold = [];
        for (int round = 0; round < Rounds; round++)
        {
            lab.UnlockByProbe(ours);
            cold.Add(lab.DecryptByGpg(cold: true));
            warm.Add(lab.DecryptByGpg(cold: false));
            lab.EndGpg();
        }

        return new CardFigures(
            algorithm, [.. ours], [.. warm], [.. cold], lab.WorkOfOneUnlock.TotalMilliseconds, lab.ExchangesOfOneUnlock);
    }

    private static string Table(List<CardFigures> all)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine("PIN confirmed to key on stdout, milliseconds: median (least to most).");
        text.WriteLine();
        text.WriteLine("| key | ours | gpg, warm | gpg, cold | ours / warm (at most 0.25) | ours / cold (at most 0.05) |");
        text.WriteLine("|---|---|---|---|---|---|");
        foreach (CardFigures f in all)
        {
            text.WriteLine(
                $"| {f.Key} | {Row(f.Ours)} | {Row(f.GpgWarm)} | {Row(f.GpgCold)} | {f.ToWarm:0.000} | {f.ToCold:0.000} |");
        }

        text.WriteLine();
        foreach (CardFigures f in all)
        {
            text.WriteLine(
                $"{f.Key}: {f.Exchanges} exchanges for one unlock, "
                + $"{f.CardMilliseconds:0.00} ms of them are the simulated card's own work; "
                + f.Verdict);
        }

        text.WriteLine(
            "Warm gpg finds its PIN verified in the card and sends none; ours verifies it each time. "
            + "Cold: `gpgconf --kill all` before each.");
        return text.ToString();
    }

    private static FormattableString Row(double[] times) =>
        $"{CardFigures.Median(times):0.0} ({times.Min():0.0} to {times.Max():0.0}, n={times.Length})";

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "UnlockAgent.sln")) ? folder : Root(Path.GetDirectoryName(folder)!);
}
