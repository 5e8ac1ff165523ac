// SPDX-License-Identifier: GPL-3.0-or-later
// docs/man/unlockctl.8 says what the command line takes, and nothing else.

using System.CommandLine;
using System.Text.RegularExpressions;
using UnlockControl.Commands;
using UnlockControl.Tests.Enrolment;

namespace UnlockControl.Tests.Commands;

public sealed partial class ManualTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "man", "unlockctl.8"));

    [Fact]
    public void Every_command_has_its_section_in_the_order_of_use_and_none_is_made_up()
    {
        IEnumerable<string> documented = Sections().Select(section => section.Split('\n')[0]);
        Assert.Equal(Commands().Select(found => Heading(found.Path, found.Command)).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_section_has_the_options_of_its_command_and_no_other()
    {
        Assert.All(Commands(), found =>
        {
            string section = Sections().Single(section => section.StartsWith(Heading(found.Path, found.Command) + "\n", StringComparison.Ordinal));
            Assert.Equal(NamesOf(found.Command.Options), Flags(section));
            Assert.All(found.Command.Options, option => Assert.Equal(option.HelpName ?? "", ArgumentOf(section, option.Name)));
        });
    }

    [Fact]
    public void The_options_of_every_command_are_all_there()
    {
        string section = Page.Split("\n.Sh ").Single(section => section.StartsWith("OPTIONS\n", StringComparison.Ordinal));
        Assert.Equal(NamesOf(CommandLine.Tree().Options), Flags(section));
    }

    [Fact]
    public void Every_exit_code_means_what_help_says()
    {
        string section = Page.Split("\n.Sh ").Single(section => section.StartsWith("EXIT STATUS\n", StringComparison.Ordinal));
        var documented = ExitStatus().Matches(section).Select(match => $"{match.Groups[1].Value}: {match.Groups[2].Value}");
        Assert.Equal(Enum.GetValues<ExitCode>().Select(code => $"{(int)code}: {Sentence(HelpPage.Meaning(code))}"), documented);
    }

    [Theory]
    [InlineData("unlockctl.8")]
    [InlineData("unlock-agent.8")]
    [InlineData("unlock-agent.conf.5")]
    public void Mandoc_has_nothing_to_warn_of(string page) =>
        Assert.Equal("", Tool.Output("mandoc", "-T", "lint", "-W", "warning", Repository.PathOf("docs", "man", page)));

    private static IEnumerable<(string Path, Command Command)> Commands() => CommandLine.Tree().Subcommands.SelectMany(command =>
        command.Subcommands.Count == 0 ? [(command.Name, command)] : command.Subcommands.Select(inner => ($"{command.Name} {inner.Name}", inner)));

    private static string Heading(string path, Command command) => string.Join(' ', command.Arguments
        .Select(argument => $"{(argument.Arity.MinimumNumberOfValues == 0 ? "Op " : "")}Ar {argument.HelpName ?? argument.Name}").Prepend(path));

    private static string[] Sections() => Page.Split("\n.Sh ").Single(section => section.StartsWith("COMMANDS\n", StringComparison.Ordinal)).Split("\n.Ss ")[1..];

    private static string[] NamesOf(IEnumerable<Option> options) =>
        [.. options.SelectMany(option => option.Aliases.Append(option.Name)).Order(StringComparer.Ordinal)];

    private static string[] Flags(string section) => [.. section.Split('\n')
        .Where(line => line.StartsWith(".It Fl ", StringComparison.Ordinal))
        .SelectMany(line => Flag().Matches(line).Select(match => "-" + match.Groups[1].Value.Replace(@"\&", "", StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal)];

    private static string ArgumentOf(string section, string option)
    {
        string line = section.Split('\n').Single(line => line.StartsWith(".It Fl ", StringComparison.Ordinal) && line.Split(' ').Contains(option[1..]));
        return line.Contains(" Ar ", StringComparison.Ordinal) ? line[(line.LastIndexOf(' ') + 1)..] : "";
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..] + ".";

    [GeneratedRegex(@"Fl (\S+)")]
    private static partial Regex Flag();

    [GeneratedRegex(@"\.It (\d+)\n(.*)")]
    private static partial Regex ExitStatus();
}
