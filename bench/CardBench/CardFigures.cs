// SPDX-License-Identifier: GPL-3.0-or-later

using System.Text.Json;

namespace CardBench;

/// <summary>What was measured with one kind of key; times in milliseconds.</summary>
/// <param name="Key">The algorithm as gpg names it.</param>
/// <param name="Ours">PIN confirmed to key on stdout.</param>
/// <param name="GpgWarm">gpg --decrypt, agent and scdaemon running and the PIN verified.</param>
/// <param name="GpgCold">A bare gpg --decrypt with neither agent nor scdaemon running, but with the card's key stubs.</param>
/// <param name="BootScript">Debian's own keyscript around gpg, from nothing but the public key, as a boot runs it.</param>
/// <param name="CardMilliseconds">What the simulated card takes for one decryption.</param>
/// <param name="Asked">What each peer asks of pcscd and the card.</param>
internal sealed record CardFigures(
    string Key, double[] Ours, double[] GpgWarm, double[] GpgCold, double[] BootScript, double CardMilliseconds, AskedByAll Asked)
{
    private const double MaxMilliseconds = 15;
    private const double MaxToWarm = 0.25;
    private const double MaxToCold = 0.05;

    public static JsonSerializerOptions Json { get; } = new() { WriteIndented = true };

    public double ToWarm => Median(Ours) / Median(GpgWarm);

    public double ToCold => Median(Ours) / Median(GpgCold);

    /// <summary>What a boot sees of ours: each process' first unlock.</summary>
    public double First => Median([.. Ours.Where(static (_, i) => i % CardLab.UnlocksAtOnce == 0)]);

    public double ToBootScript => Median(Ours) / Median(BootScript);

    public bool IsReached => IsFast && ToWarm <= MaxToWarm && ToCold <= MaxToCold;

    /// <summary>Which of the three goals are reached.</summary>
    public string Verdict =>
        FormattableString.Invariant(
            $"at most {MaxMilliseconds} ms: {Word(IsFast)}; {MaxToWarm} of warm: {Word(ToWarm <= MaxToWarm)}; ")
        + FormattableString.Invariant($"{MaxToCold} of cold, bare: {Word(ToCold <= MaxToCold)}.");

    private bool IsFast => Median(Ours) <= MaxMilliseconds;

    private static string Word(bool isReached) => isReached ? "reached" : "NOT reached";

    public static double Median(double[] times)
    {
        double[] sorted = [.. times.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
