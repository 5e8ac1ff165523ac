// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a command for a reason that the person can do something about.

namespace UnlockControl.Enrolment;

/// <summary>Ends the command; everything before it is undone on the way out.</summary>
/// <param name="code">The exit status.</param>
/// <param name="message">What happened and what to do next.</param>
internal sealed class Refusal(ExitCode code, string message) : Exception(message)
{
    /// <summary>The exit status.</summary>
    public ExitCode Code { get; } = code;
}
