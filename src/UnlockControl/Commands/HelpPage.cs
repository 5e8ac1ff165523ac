// SPDX-License-Identifier: GPL-3.0-or-later
// --help: what System.CommandLine writes, then the examples and the exit codes.
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;

namespace UnlockControl.Commands;

/// <summary>Writes a command's help.</summary>
internal sealed class HelpPage(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>The codes that any command can end with.</summary>
    private static readonly ExitCode[] Always = [ExitCode.Success, ExitCode.Failure, ExitCode.Usage];

    public override int Invoke(ParseResult parseResult)
    {
        int result = usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is not ControlCommand command)
        {
            WriteCodes(output, Enum.GetValues<ExitCode>());
            output.WriteLine("unlockctl(8) says more: man unlockctl");
            return result;
        }

        if (command.Examples.Count > 0)
        {
            output.WriteLine("Examples:");
            foreach ((string line, string purpose) in command.Examples)
            {
                output.WriteLine($"  {line}");
                output.WriteLine($"      {purpose}");
            }

            output.WriteLine();
        }

        if (command.Subcommands.Count == 0)
        {
            WriteCodes(output, [.. Always, .. command.ExitCodes]);
        }

        return result;
    }

    /// <summary>What an exit code says, for help and manual page.</summary>
    public static string Meaning(ExitCode code) => code switch
    {
        ExitCode.Success => "done, or there was nothing to do",
        ExitCode.Failure => "failed, and everything is as it was before",
        ExitCode.Usage => "the command line is wrong",
        ExitCode.NoCard => "no card, no reader, or no card service",
        ExitCode.Refused => "a PIN, passphrase or code was refused",
        ExitCode.LastWayIn => "it would take away the last way in",
        ExitCode.GivenUp => "nobody answered, or the person gave up",
        ExitCode.NotUndone => "failed, and something could not be undone: what, was said",
        ExitCode.Interrupted => "interrupted by Ctrl-C; everything is as it was before",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };

    private static void WriteCodes(TextWriter output, IReadOnlyList<ExitCode> codes)
    {
        output.WriteLine("Exit codes:");
        foreach (ExitCode code in codes)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(int)code,-4} {Meaning(code)}"));
        }

        output.WriteLine();
    }
}
