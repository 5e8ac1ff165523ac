// SPDX-License-Identifier: GPL-3.0-or-later
// The program as a person or a script uses it: a reader on the command line, words on stdin, one line back for each.

using System.Diagnostics;

namespace CardSimulator.Tests;

public sealed class ProgramTests
{
    [Fact]
    public void The_program_does_what_its_stdin_says_and_keeps_its_state()
    {
        using PcscDaemon daemon = PcscDaemon.Start();
        using GpgHome home = new(daemon);
        string state = Path.Combine(home.Folder, "card.json");
        string[] arguments = ["--vpcd", $"127.0.0.1:{daemon.Port}", "--state", state, "--serial", "0000ABCD", "--out"];

        using (Process program = Start(arguments))
        {
            Assert.Equal("ok out tries=3,3 verified=0 verifies=0 commands=0 resets=0", Tell(program, "status"));
            Assert.Equal("ok", Tell(program, "insert"));
            Assert.Contains("0000ABCD", home.CardStatus());
            Assert.StartsWith("ok in tries=3,3 verified=0 verifies=0 commands=", Tell(program, "status"));
            Assert.Contains("00A40400 6 9000", Tell(program, "log"));
            Assert.Equal("ok", Tell(program, "tries 2"));
            Assert.Contains("PIN retry counter : 2 0 3", home.CardStatus());
            Assert.Equal("ok", Tell(program, "pull-ins CA"));
            Assert.NotEqual(0, home.Run("", "--card-status").ExitCode);
            Assert.StartsWith("ok out", Tell(program, "status"));
            Assert.Equal("ok", Tell(program, "fail 1 6F00"));
            Assert.Equal("ok", Tell(program, "clear"));
            Assert.Equal("ok", Tell(program, "delay 1"));
            Assert.Equal("ok", Tell(program, "insert"));
            Assert.Contains("PIN retry counter : 2 0 3", home.CardStatus());
            Assert.Equal("ok", Tell(program, "remove"));
            Assert.Equal("ok", Tell(program, "reset"));
            Assert.StartsWith("error", Tell(program, "dance"));
            Assert.StartsWith("error", Tell(program, "fail one 6F00"));
            program.StandardInput.WriteLine("quit");
            program.WaitForExit();
            Assert.Equal(0, program.ExitCode);
        }

        Assert.Equal(2, VirtualCard.Load(state).UserTriesLeft);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--vpcd")]
    [InlineData("--vpcd 1 --vscard /x")]
    [InlineData("--dance")]
    public void Wrong_arguments_end_with_the_usage(string arguments)
    {
        using Process program = Start(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        string errors = program.StandardError.ReadToEnd();
        program.WaitForExit();

        Assert.Equal(2, program.ExitCode);
        Assert.Contains("--vscard-listen", errors);
    }

    private static Process Start(string[] arguments) =>
        Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "card-simulator"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static string Tell(Process program, string command)
    {
        program.StandardInput.WriteLine(command);
        program.StandardInput.Flush();
        return program.StandardOutput.ReadLine() ?? "";
    }
}
