// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody is told who asks for help, types something wrong, is not root, or has no card service.

using System.CommandLine;
using UnlockControl.Commands;

namespace UnlockControl.Tests.Commands;

public sealed class HelpTests
{
    [Fact]
    public void Every_command_shows_its_use_its_examples_and_its_exit_codes()
    {
        Assert.All(CommandLine.Tree().Subcommands.SelectMany(command => command.Subcommands.Count == 0 ? [[command]] : command.Subcommands.Select(inner => (Command[])[command, inner])), path =>
        {
            var (code, output, error) = ControlProgram.Run([.. path.Select(command => command.Name), "--help"]);
            var command = Assert.IsType<ControlCommand>(path[^1]);
            Assert.Equal((0, ""), (code, error));
            Assert.Contains($"Usage:\n  unlockctl {string.Join(' ', path.Select(command => command.Name))}", output, StringComparison.Ordinal);
            Assert.NotEmpty(command.Examples);
            Assert.All(command.Examples, example => Assert.Contains($"  {example.Line}\n      {example.Purpose}\n", output, StringComparison.Ordinal));
            Assert.All((ExitCode[])[ExitCode.Success, ExitCode.Failure, ExitCode.Usage, .. command.ExitCodes], exit =>
                Assert.Contains($"  {(int)exit,-4} {HelpPage.Meaning(exit)}\n", output, StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData("enrol", "enroll")]
    [InlineData("enroll --recipent x", "--recipient")]
    [InlineData("disable --keep-key", "--keep-keys")]
    public void What_was_meant_by_a_mistyped_word_is_said(string line, string meant)
    {
        var (code, output, error) = ControlProgram.Run(line.Split(' '));
        Assert.Equal((int)ExitCode.Usage, code);
        Assert.Contains(meant, output + error, StringComparison.Ordinal);
        Assert.Contains("Type: unlockctl ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("card")]
    public void Without_a_command_help_is_shown_as_for_a_mistake(params string[] words)
    {
        var (code, output, error) = ControlProgram.Run(words);
        Assert.Equal(((int)ExitCode.Usage, ""), (code, output));
        Assert.Contains("Usage:\n  unlockctl", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_the_package_s() => Assert.Contains(
        $"<Version>{ControlProgram.Run(["--version"]).Output.Trim()}</Version>",
        File.ReadAllText(Repository.PathOf("Directory.Build.props")),
        StringComparison.Ordinal);

    [Fact]
    public void Without_a_card_service_a_sentence_says_what_to_do()
    {
        var (code, output, error) = ControlProgram.Run(["card", "info"], start => start.Environment["PCSCLITE_CSOCK_NAME"] = "/nowhere/pcscd.comm");
        Assert.Equal(((int)ExitCode.NoCard, ""), (code, output));
        Assert.Contains("Type: systemctl start pcscd.socket\n", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
