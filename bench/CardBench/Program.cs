// SPDX-License-Identifier: GPL-3.0-or-later
// From the confirmed PIN to the key on stdout, beside `gpg --decrypt`, over one reader (pcscd, vpcd) and one simulated card
// that answers at once. Rounds of each: five unlocks by ours, one by gpg from cold (agent, scdaemon and card selected anew),
// one by gpg at its best (agent and scdaemon running, PIN verified in the card), and one by the keyscript that Debian has for
// booting with gpg. Writes out/bench/card.md and card.json.

using System.Globalization;
using System.Text.Json;

namespace CardBench;

internal static class Program
{
    private const int Rounds = 10;

    private static readonly string[] Algorithms = ["cv25519", "rsa2048"];

    private const string Notes = """
        Connections and requests are pcscd's, exchanges the card's; counted in a run of their own.
        Warm: agent and scdaemon run, and the PIN, verified in the card, is not sent again; ours verifies it each time.
        Cold, bare: neither runs, but the home already knows that the key is on this card. Debian's keyscript starts as a boot does, from
        the public key alone, and has gpg learn the card first. Its pinentry types the PIN in no time.
        """;

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
        List<double> script = [];
        for (int round = 0; round < Rounds; round++)
        {
            lab.UnlockByProbe(ours);
            cold.Add(lab.DecryptByGpg(cold: true));
            warm.Add(lab.DecryptByGpg(cold: false));
            lab.EndGpg();
            script.Add(lab.DecryptByBootScript());
        }

        return new CardFigures(
            algorithm, [.. ours], [.. warm], [.. cold], [.. script], lab.WorkOfOneUnlock.TotalMilliseconds, lab.Count());
    }

    private static string Table(List<CardFigures> all)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine("To the key on stdout, milliseconds: median (least to most), and ours in proportion to it.");
        text.WriteLine();
        text.WriteLine("| key | | milliseconds | ours / it | goal | connections | requests | exchanges |");
        text.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (CardFigures f in all)
        {
            WriteRow(text, f.Key, "ours, from the confirmed PIN", f.Ours, $"|", f.Asked.Ours);
            WriteRow(text, f.Key, "gpg --decrypt, warm", f.GpgWarm, $"{f.ToWarm:0.000} | 0.25", f.Asked.GpgWarm);
            WriteRow(text, f.Key, "gpg --decrypt, cold (bare)", f.GpgCold, $"{f.ToCold:0.000} | 0.05", f.Asked.GpgCold);
            WriteRow(text, f.Key, "decrypt_gnupg-sc, cold", f.BootScript, $"{f.ToBootScript:0.000} |", f.Asked.BootScript);
        }

        text.WriteLine();
        foreach (CardFigures f in all)
        {
            text.WriteLine(
                $"{f.Key}: {f.CardMilliseconds:0.00} ms are the simulated card's own work; a process' first unlock: {f.First:0.00} ms; "
                + f.Verdict);
        }

        text.WriteLine(Notes);
        return text.ToString();
    }

    private static void WriteRow(StringWriter text, string key, string peer, double[] times, FormattableString ratio, Asked asked) =>
        text.WriteLine(
            $"| {key} | {peer} | {CardFigures.Median(times):0.00} ({times.Min():0.00} to {times.Max():0.0}, n={times.Length}) | {ratio} "
            + $"| {asked.Connections} | {asked.Requests} | {asked.Exchanges} |");

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "UnlockAgent.sln")) ? folder : Root(Path.GetDirectoryName(folder)!);
}
