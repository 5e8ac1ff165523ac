// SPDX-License-Identifier: GPL-3.0-or-later
//
// The agent's own program on this machine, waiting for a screen that it does not have: no limit of its caller's lets it leave a core,
// and another process of the same user can neither trace it nor read it. (Root can, as it can read all memory.)

using System.Diagnostics;
using System.Text.RegularExpressions;
using EmulatedPhone;

namespace Boot.Tests;

public sealed partial class ProcessGuardTests : IDisposable
{
    private const string AttachFor = "timeout 2 strace -o /dev/null -p ";

    // Somebody else than root, whom nothing is forbidden: of the same user as the agent.
    private static readonly string AsUser = Environment.IsPrivilegedProcess ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("guard");
    private readonly Process agent;
    private readonly Process other;

    public ProcessGuardTests()
    {
        // Where any user can read it.
        HostCommand.Run(["chmod", "0755", folder.FullName], Phone.StepTimeout);
        foreach (string file in Directory.GetFiles(Repository.Binaries))
        {
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        }

        agent = Start($"env -u CRYPTTAB_NAME {folder}/unlock-agent {folder}/no.gpg");
        other = Start("sh -c 'echo Waiting >&2; exec sleep 60'");
    }

    public void Dispose()
    {
        End(agent);
        agent.Dispose();
        End(other);
        other.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void No_limit_of_its_caller_lets_it_leave_a_core()
    {
        Assert.DoesNotMatch(NoCore(), File.ReadAllText($"/proc/{other.Id}/limits"));
        Assert.Matches(NoCore(), File.ReadAllText($"/proc/{agent.Id}/limits"));
    }

    [Fact]
    public void No_other_process_of_its_user_traces_it_or_reads_its_memory()
    {
        Assert.Equal(0, Run($": </proc/{other.Id}/mem").Status);
        Assert.Contains("attached", Run(AttachFor + other.Id).Errors, StringComparison.Ordinal);

        (int status, string errors) = Run($": </proc/{agent.Id}/mem");
        Assert.NotEqual(0, status);
        Assert.Contains("denied", errors, StringComparison.Ordinal);
        Assert.Contains("not permitted", Run(AttachFor + agent.Id).Errors, StringComparison.Ordinal);
        Assert.False(agent.HasExited);
    }

    /// <summary>Starts a program that may leave cores, and waits until it says that it waits.</summary>
    private static Process Start(string command)
    {
        Process process = Process.Start(Shell($"ulimit -c unlimited; exec {AsUser}{command}"))!;
        string? line;
        while ((line = process.StandardError.ReadLine()) is not null && !line.StartsWith("Waiting", StringComparison.Ordinal))
        {
        }

        Assert.NotNull(line);
        return process;
    }

    private static void End(Process process)
    {
        process.Kill();
        process.WaitForExit();
    }

    private static (int Status, string Errors) Run(string command)
    {
        using Process process = Process.Start(Shell($"exec {AsUser}sh -c '{command}'"))!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }

    private static ProcessStartInfo Shell(string command) => new("/bin/sh", ["-c", command]) { RedirectStandardError = true, RedirectStandardOutput = true };

    [GeneratedRegex(@"Max core file size +0 +0 ")]
    private static partial Regex NoCore();
}
