// SPDX-License-Identifier: GPL-3.0-or-later
// The command line from end to end: parsed by System.CommandLine, one method called, one exit code; no exception leaves it.
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using UnlockControl.Terminal;
using UnlockControl.Volumes;

namespace UnlockControl.Commands;

internal static class CommandLine
{
    /// <summary>The whole tree.</summary>
    public static RootCommand Tree()
    {
        RootCommand root = new("Open the disk with a smart card: set up, look after, take away.");
        foreach (Option option in GlobalOptions.All)
        {
            root.Add(option);
        }

        root.Add(OverviewCommands.Status());
        EnrolmentCommands.AddTo(root);
        root.Add(OverviewCommands.List());
        root.Add(CardCommands.Card());
        // Without the /? and /h of another system.
        _ = root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Add(new HelpOption("--help", "-h", "-?") { Description = "Show this help", Action = new HelpPage(new HelpAction { MaxWidth = Screen.WidthOf(1) }) });
        return root;
    }

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static ExitCode Run(string[] arguments)
    {
        // As in the agent's Keyscript: before there is a second thread.
        _ = AppContext.GetData(nameof(CommandLine));
        using OutputStreams streams = new();
        ParseResult line = Tree().Parse(GlobalOptions.Complete(arguments));
        try
        {
            return line.Action is ParseErrorAction mistake ? SayMistake(line, mistake, streams) : (ExitCode)line.Invoke(streams.Configuration);
        }
        catch (InterruptedException)
        {
            streams.Error.WriteLine("unlockctl: interrupted.");
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (Faults.Describe(e) is { } fault)
        {
            streams.Error.WriteLine($"unlockctl: {fault.Sentence}");
            return fault.Code;
        }
    }

    /// <summary>Gives a command what it does.</summary>
    public static ControlCommand Does(this ControlCommand command, Func<ParseResult, Person, ExitCode> work)
    {
        command.SetAction(line =>
        {
            if (command.NeedsRoot && !Environment.IsPrivilegedProcess)
            {
                line.InvocationConfiguration.Error.WriteLine(
                    $"unlockctl: '{command.Name}' reads and changes what belongs to root. Type: sudo unlockctl {string.Join(' ', Words(line))}");
                return (int)ExitCode.Failure;
            }

            using Person person = GlobalOptions.PersonOf(line);
            return (int)work(line, person);
        });
        return command;
    }

    private static IEnumerable<string> Words(ParseResult line) =>
        line.Tokens.Select(token => token.Value.Contains(' ', StringComparison.Ordinal) ? $"'{token.Value}'" : token.Value);

    private static ExitCode SayMistake(ParseResult line, ParseErrorAction mistake, OutputStreams streams)
    {
        // "unlockctl" and "unlockctl card" alone ask what there is.
        Command command = line.CommandResult.Command;
        if (command.Subcommands.Count > 0 && line.UnmatchedTokens.Count == 0 && line.Tokens.All(token => token.Type == System.CommandLine.Parsing.TokenType.Command))
        {
            string[] path = [.. line.Tokens.Select(token => token.Value), "--help"];
            _ = Tree().Parse(path).Invoke(new InvocationConfiguration { Output = streams.Error, Error = streams.Error, EnableDefaultExceptionHandler = false });
            return ExitCode.Usage;
        }

        mistake.ShowHelp = false;
        _ = line.Invoke(streams.Configuration);
        streams.Error.WriteLine($"Type: unlockctl {string.Concat(PathOf(command).Select(name => name + " "))}--help");
        return ExitCode.Usage;
    }

    private static IEnumerable<string> PathOf(Command command) =>
        command is RootCommand ? [] : [.. command.Parents.OfType<Command>().SelectMany(PathOf), command.Name];
}
