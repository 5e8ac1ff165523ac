// SPDX-License-Identifier: GPL-3.0-or-later
// The table of results: out/faults/host.md.

using System.Globalization;
using System.Text;
using Faults.Tests;
using HostPhone;

[assembly: AssemblyFixture(typeof(Report))]

namespace Faults.Tests;

/// <summary>Collects every cell's result and writes them down at the end.</summary>
public sealed class Report : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly SortedDictionary<string, (Cell Cell, Outcome Outcome, string Problem)> Results = new(StringComparer.Ordinal);

    internal static void Add(Cell cell, Outcome outcome, string problem)
    {
        lock (Gate)
        {
            Results[cell.Name] = (cell, outcome, problem);
            if (Expectations.IsRecording)
            {
                string folder = Directory.CreateDirectory(Path.Combine(Checkout.Root, "out", "faults")).FullName;
                File.AppendAllLines(Path.Combine(folder, "cells.tsv"), [$"{cell.Name}\t{outcome}"]);
            }
        }
    }

    public void Dispose()
    {
        if (Results.Count == 0)
        {
            return;
        }

        string folder = Directory.CreateDirectory(Path.Combine(Checkout.Root, "out", "faults")).FullName;
        File.WriteAllText(Path.Combine(folder, "host.md"), Table());
    }

    private static string Table()
    {
        int failed = Results.Values.Count(result => result.Problem.Length > 0);
        var text = new StringBuilder("# Faults on the host: the real agent, pcscd and a simulated card\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Results.Count} cells, {failed} failed\n\n");
        text.Append("| Kind | Card | Stage | Fault | Screen | PIN tries before, after | VERIFYs | Disk opened by | Result |\n");
        text.Append("|---|---|---|---|---|---|---|---|---|\n");
        foreach ((Cell cell, Outcome outcome, string problem) in Results.Values)
        {
            string result = problem.Length == 0 ? "passed" : "FAILED: " + problem.ReplaceLineEndings(" ").Replace("|", "/", StringComparison.Ordinal);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {cell.Group} | {cell.Profile.Name} | {cell.Stage} | {cell.Fault} | {outcome.Screen} | 3, {outcome.Tries} | {outcome.Verifies} | {outcome.Result} | {result} |\n");
        }

        return text.ToString();
    }
}
