// SPDX-License-Identifier: GPL-3.0-or-later
// A command with what its help says beyond the options: examples and exit codes.
using System.CommandLine;

namespace UnlockControl.Commands;

/// <summary>A command of the tree.</summary>
internal sealed class ControlCommand(string name, string description) : Command(name, description)
{
    /// <summary>Command lines, each with what it does.</summary>
    public IReadOnlyList<(string Line, string Purpose)> Examples { get; init; } = [];

    /// <summary>The exit codes that it can end with, beside Success, Failure and Usage, which every command has.</summary>
    public IReadOnlyList<ExitCode> ExitCodes { get; init; } = [];

    /// <summary>It reads or changes what only root may.</summary>
    public bool NeedsRoot { get; init; }
}
