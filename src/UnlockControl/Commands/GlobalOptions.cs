// SPDX-License-Identifier: GPL-3.0-or-later
// Options of every command: how the person is asked and told.
using System.CommandLine;
using UnlockControl.Terminal;

namespace UnlockControl.Commands;

internal static class GlobalOptions
{
    private static readonly Option<string?> Pinentry = new("--pinentry")
    {
        Description = "Ask for PINs and passphrases through pinentry, or through that program",
        HelpName = "PROGRAM",
        Arity = ArgumentArity.ZeroOrOne,
        Recursive = true,
    };

    private static readonly Option<bool> NoPinentry = new("--no-pinentry")
    {
        Description = "Ask at the terminal only, never through pinentry",
        Recursive = true,
    };

    private static readonly Option<bool> NoColour = new("--no-colour", "--no-color")
    {
        Description = "No colours (also where the environment has NO_COLOR)",
        Recursive = true,
    };

    private static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Say results, questions and errors only, not what is going on",
        Recursive = true,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All => [Pinentry, NoPinentry, NoColour, Quiet];

    /// <summary>The person, as the command line has them asked.</summary>
    public static Person PersonOf(ParseResult line) => new(new PersonOptions
    {
        Pinentry = line.GetResult(Pinentry) is null ? null : line.GetValue(Pinentry) ?? PinentryProgram.Usual,
        NeverPinentry = line.GetValue(NoPinentry),
        Colour = !line.GetValue(NoColour) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        Quiet = line.GetValue(Quiet),
    });
}
