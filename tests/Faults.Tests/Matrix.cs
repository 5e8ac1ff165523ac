// SPDX-License-Identifier: GPL-3.0-or-later
// From cells to test cases: each class of cells is a theory, and each cell a case of it, by its name.

using HostPhone;

namespace Faults.Tests;

/// <summary>Runs the cells of one kind.</summary>
public abstract class Matrix(Lab lab)
{
    // For whoever looks into some cells alone: a part of their names.
    private static readonly string Only = Environment.GetEnvironmentVariable("FAULTS_ONLY") ?? "";

    /// <summary>The cases of every run.</summary>
    internal static IEnumerable<TheoryDataRow<string>> Short(IEnumerable<Cell> cells) => Rows(cells, isLong: false);

    /// <summary>The cases of the whole matrix beyond them.</summary>
    internal static IEnumerable<TheoryDataRow<string>> Long(IEnumerable<Cell> cells) => Rows(cells, isLong: true);

    /// <summary>Runs the cell of that name.</summary>
    internal void Run(IEnumerable<Cell> cells, string name)
    {
        Cell cell = cells.Single(one => one.Name == name);
        using var run = new CellRun(lab, cell);
        Outcome outcome = run.Execute();
        Report.Add(cell, outcome, run.Problem);
        Assert.True(run.Problem.Length == 0, run.Problem);
    }

    private static IEnumerable<TheoryDataRow<string>> Rows(IEnumerable<Cell> cells, bool isLong) =>
        cells.Where(cell => cell.IsLong == isLong && cell.Name.Contains(Only, StringComparison.Ordinal)).Select(cell => new TheoryDataRow<string>(cell.Name));
}
