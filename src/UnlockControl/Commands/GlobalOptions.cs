// SPDX-License-Identifier: GPL-3.0-or-later
// Options of every command: how the person is asked and told.
using System.CommandLine;
using UnlockControl.Terminal;

namespace UnlockControl.Commands;

internal static class GlobalOptions
{
    private const string PinentryName = "--pinentry";

    private static readonly Option<string?> Pinentry = new(PinentryName)
    {
        Description = "Ask for PINs and passphrases through pinentry; with =PROGRAM through that one",
        HelpName = "PROGRAM",
        Recursive = true,
    };

    private static readonly Option<bool> NoPinentry = new("--no-pinentry")
    {
        Description = "Ask at the terminal only, never through pinentry",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    private static readonly Option<bool> NoColour = new("--no-colour", "--no-color")
    {
        Description = "No colours (also where the environment has NO_COLOR)",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    private static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Say questions and errors only",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All => [Pinentry, NoPinentry, NoColour, Quiet];

    /// <summary>A lone --pinentry means the usual one; the word after it is none of its business.</summary>
    public static string[] Complete(string[] arguments) =>
        [.. arguments.Select(word => word == PinentryName ? $"{PinentryName}={PinentryProgram.Usual}" : word)];

    /// <summary>The person, as the command line has them asked.</summary>
    public static Person PersonOf(ParseResult line) => new(new PersonOptions
    {
        Pinentry = line.GetValue(Pinentry),
        NeverPinentry = line.GetValue(NoPinentry),
        Colour = !line.GetValue(NoColour) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        Quiet = line.GetValue(Quiet),
    });
}
