// SPDX-License-Identifier: GPL-3.0-or-later
//
// A temporary directory in which one of our shell scripts runs against programs of the test's choice. The scripts name
// absolute paths and offer no way to change them at boot, so a test edits its own copy, and fails when there is nothing to edit.

using System.Diagnostics;

namespace Hooks.Tests;

/// <summary>What a program left behind: its exit status, the bytes of its stdout, the text of its stderr.</summary>
internal sealed record Outcome(int Status, byte[] Output, string Errors);

internal sealed class Sandbox : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("hooks-").FullName;

    /// <summary>The source tree.</summary>
    public static string Repository { get; } = RepositoryFolder();

    /// <summary>The folder initramfs-hooks of the source tree.</summary>
    public static string Hooks { get; } = Path.Combine(Repository, "initramfs-hooks");

    private static string[] RootPrefix => Environment.IsPrivilegedProcess ? [] : ["sudo", "--non-interactive", "--"];

    public void Dispose() => Run(["rm", "-rf", Root]);

    public string PathOf(string name) => Path.Combine(Root, name);

    public string WriteFile(string name, string content)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public string WriteProgram(string name, string script)
    {
        var path = WriteFile(name, "#!/bin/sh\n" + script + "\n");
        MakeExecutable(path);
        return path;
    }

    /// <summary>Copies a script of ours with some of its text replaced; each text must be there.</summary>
    public string CopyScript(string name, params (string Old, string New)[] edits)
    {
        var text = File.ReadAllText(Path.Combine(Hooks, name));
        foreach (var (old, replacement) in edits)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, replacement, StringComparison.Ordinal);
        }

        var path = WriteFile(Path.Combine("copy", name), text);
        MakeExecutable(path);
        return path;
    }

    /// <summary>Runs a command as root, whom initramfs-tools and the hook's chroot(8) need: through sudo where the tests are not root's.</summary>
    public static Outcome Run(string[] command, Dictionary<string, string>? environment = null)
    {
        string[] variables = [.. (environment ?? []).Select(variable => $"{variable.Key}={variable.Value}")];
        string[] whole = [.. RootPrefix, "env", .. variables, .. command];
        var start = new ProcessStartInfo(whole[0], whole[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return new Outcome(process.ExitCode, output.ToArray(), errors.GetAwaiter().GetResult());
    }

    public static bool IsAlive(int pid) =>
        File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    /// <summary>Kills the process whose number a pid file holds, where a test that failed left it behind.</summary>
    public static void KillLeftover(string pidFile)
    {
        if (File.Exists(pidFile) && IsAlive(int.Parse(File.ReadAllText(pidFile))))
        {
            Run(["kill", "-KILL", File.ReadAllText(pidFile).Trim()]);
        }
    }

    private static void MakeExecutable(string path) => File.SetUnixFileMode(path, File.GetUnixFileMode(path)
        | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    private static string RepositoryFolder()
    {
        for (var up = AppContext.BaseDirectory; up is not null; up = Path.GetDirectoryName(up))
        {
            if (File.Exists(Path.Combine(up, "UnlockAgent.sln")))
            {
                return up;
            }
        }

        throw new InvalidOperationException("UnlockAgent.sln is in no folder above the test program.");
    }
}
