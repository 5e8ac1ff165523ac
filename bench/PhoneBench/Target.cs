// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the figures are to reach, and whether they do. Pure.

using System.Globalization;

namespace PhoneBench;

/// <summary>A target and what was measured for it.</summary>
/// <param name="Text">What is compared with what.</param>
/// <param name="Wanted">The most it may be.</param>
/// <param name="Value">What it is; null where it was not measured.</param>
/// <param name="Unit">Of both; null: a ratio.</param>
internal sealed record Target(string Text, double Wanted, Spread? Value, Unit? Unit)
{
    /// <summary>By the median; null where nothing was measured.</summary>
    public bool? IsReached => Value is { } value ? value.Median <= Wanted : null;

    /// <summary>All of them, of what was measured in these rounds.</summary>
    public static IReadOnlyList<Target> Of(Results results) =>
    [
        Ratio(results, "start to first frame / unl0kr", 0.5, Row.FirstFrame, "unl0kr", "trixie"),
        Ratio(results, "press to changed pixels, median / unl0kr", 0.4, Row.PressMedian, "unl0kr", "trixie"),
        Ratio(results, "confirmed to disk open, less the card / decrypt_gnupg-sc", 0.1, Row.OpenWithoutCard, "decrypt_gnupg-sc", "bookworm"),
        new("resident memory, the agent's own process / unl0kr", 1.3, OwnToPeer(results), null),
        Ratio(results, "resident memory, the agent and pcscd / unl0kr", 1.3, Row.Resident, "unl0kr", "trixie"),
        .. results.Suites.SelectMany(suite => (Target[])
        [
            new($"bytes over askpass, Debian {Debian(suite)}", 7.0e6, OverAskpass(results, Row.Bytes, Results.Agent, suite), PhoneBench.Unit.Megabytes),
            new($"the same, aimed at", 6.0e6, OverAskpass(results, Row.Bytes, Results.Agent, suite), PhoneBench.Unit.Megabytes),
        ]),
        new("bytes over askpass / unl0kr and decrypt_gnupg-sc together", 1, ToBothPeers(results), null),

        // "About 0.1".
        new("bytes over askpass / osk-sdl", 0.105, ToOskSdl(results), null),
        .. results.Suites.Select(suite => new Target(
            $"boot time over askpass, Debian {Debian(suite)}", 300, OverAskpass(results, Row.BootTime, Results.Agent, suite), PhoneBench.Unit.Milliseconds)),
    ];

    /// <summary>Its number: people know those better than its names.</summary>
    public static string Debian(string suite) => suite switch { "bookworm" => "12", "trixie" => "13", _ => suite };

    public string Show(double value) => Unit is { } unit ? $"{Table.Number(unit, value)} {Table.NameOf(unit)}" : value.ToString("0.0##", CultureInfo.InvariantCulture);

    private static Target Ratio(Results results, string text, double wanted, Row row, string peer, string suite) => new(
        text,
        wanted,
        results.Find(Results.Agent, suite) is { } agent && results.Find(peer, suite) is { } other ? results.RatioOf(row, agent, other) : null,
        null);

    private static Spread? OwnToPeer(Results results) =>
        results.Find(Results.Agent, "trixie") is { } agent && results.Find("unl0kr", "trixie") is { } peer
            ? results.RatioOf(Row.OwnResident, agent, Row.Resident, peer)
            : null;

    private static Spread? OverAskpass(Results results, Row row, string name, string suite) =>
        results.Find(name, suite) is { } contender && results.Find(Results.Prompt, suite) is { } askpass
            ? results.DifferenceOf(row, contender, askpass)
            : null;

    // Bytes of an image are the same in each round.
    private static Spread? ToBothPeers(Results results) =>
        OverAskpass(results, Row.Bytes, Results.Agent, "trixie") is { } agent
        && OverAskpass(results, Row.Bytes, "unl0kr", "trixie") is { } unl0kr
        && OverAskpass(results, Row.Bytes, "decrypt_gnupg-sc", "bookworm") is { } gnupg
            ? Same(agent.Median / (unl0kr.Median + gnupg.Median))
            : null;

    private static Spread? ToOskSdl(Results results) =>
        OverAskpass(results, Row.Bytes, Results.Agent, "bookworm") is { } agent && OverAskpass(results, Row.Bytes, "osk-sdl", "bookworm") is { } peer
            ? Same(agent.Median / peer.Median)
            : null;

    private static Spread Same(double value) => new(value, value, value);
}
