// SPDX-License-Identifier: GPL-3.0-or-later
// What the machine can refuse, as a sentence that says what to do next. What is not in here is a bug, and crashes.
using CardUnlock;
using UnlockControl.Enrolment;
using UnlockControl.Volumes;

namespace UnlockControl.Commands;

/// <summary>A failure for a person.</summary>
internal sealed record Fault(ExitCode Code, string Sentence);

internal static class Faults
{
    /// <returns>Null: no failure of the machine's.</returns>
    public static Fault? Describe(Exception error) => error switch
    {
        PcscException e => new(ExitCode.NoCard, OfCardService(e)),
        LuksException e => new(ExitCode.Failure, $"{e.Message}. Nothing was changed."),
        Refusal e => new(e.Code, e.Message),
        StepException e => new(ExitCode.Failure, e.Message),
        SecretMemoryException e => new(
            ExitCode.Failure, $"{e.Message} Secrets are only kept in locked memory: raise the limit (ulimit -l), or run as root."),
        UnauthorizedAccessException e => new(
            ExitCode.Failure, $"{e.Message} {(Environment.IsPrivilegedProcess ? "Is the file system mounted for reading only?" : "Try again with sudo.")}"),
        IOException e => new(ExitCode.Failure, e.Message),
        _ => null,
    };

    /// <summary>Why there is no card service.</summary>
    public static string OfCardService(PcscException error) => error.Operation switch
    {
        var library when library.StartsWith("libpcsclite", StringComparison.Ordinal) => "libpcsclite is not installed. Type: apt install pcscd",
        _ => $"{error.Message.TrimEnd('.')}. Type: systemctl start pcscd.socket",
    };
}
