// SPDX-License-Identifier: GPL-3.0-or-later
// What each cell must come to: cells.tsv, a line for each with its name, the screen after the fault (or how the agent ended), the
// PIN's tries left, the VERIFY commands with a PIN that reached the card, and how the disk was opened then. "a|b": either.

using HostPhone;

namespace Faults.Tests;

/// <summary>What a cell came to, or must come to.</summary>
internal sealed record Outcome(string Screen, string Tries, string Verifies, string Result)
{
    /// <summary>Whether this is one of what is expected.</summary>
    public bool Fits(Outcome expected) =>
        Fits(Screen, expected.Screen) && Fits(Tries, expected.Tries) && Fits(Verifies, expected.Verifies) && Fits(Result, expected.Result);

    public override string ToString() => string.Join('\t', Screen, Tries, Verifies, Result);

    private static bool Fits(string value, string expected) => expected.Split('|').Contains(value);
}

internal static class Expectations
{
    private static readonly Dictionary<string, Outcome> Table = Read();

    private static readonly string? Recording = Environment.GetEnvironmentVariable("FAULTS_RECORD");

    /// <summary>
    /// Told (FAULTS_RECORD, milliseconds) to write down into out/faults/cells.tsv what is, instead of holding it against what must be;
    /// a person judges it then.
    /// </summary>
    public static bool IsRecording => Recording is not null;

    /// <summary>How long a screen must stand to be written down, in milliseconds.</summary>
    public static int RecordingSteady => int.Parse(Recording ?? "0", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Every cell's name that there is an expectation for.</summary>
    public static IReadOnlyCollection<string> Names => Table.Keys;

    public static Outcome? Find(string name) => Table.GetValueOrDefault(name);

    private static Dictionary<string, Outcome> Read()
    {
        string file = Path.Combine(Checkout.Root, "tests", "Faults.Tests", "cells.tsv");
        return File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t'))
            .ToDictionary(fields => fields[0], fields => new Outcome(fields[1], fields[2], fields[3], fields[4]));
    }
}
