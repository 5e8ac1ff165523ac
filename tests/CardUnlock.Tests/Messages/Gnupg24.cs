// SPDX-License-Identifier: GPL-3.0-or-later
// GnuPG 2.4, run out of Debian 13's tree with the tree's own loader and libraries; it encrypts, and needs no agent.

using System.Diagnostics;

namespace CardUnlock.Tests;

/// <summary>A temporary home of the newer gpg.</summary>
public sealed class Gnupg24 : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(20);
    private readonly string home = Directory.CreateTempSubdirectory("g24-").FullName;
    private readonly string tree;

    public Gnupg24()
    {
        string script = Path.Combine(Transcript.Solution, "tests", "boot", "image", "make-tree");
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string[] command = [script, "trixie", Path.Combine(cache, "unlock-agent", "trees")];
        tree = Run(Environment.IsPrivilegedProcess ? command : ["sudo", "--non-interactive", "--", .. command], []).Trim();
    }

    /// <summary>Encrypts what comes on its standard input to the key in a file.</summary>
    /// <param name="plain">The message's content.</param>
    /// <param name="publicKey">A file as gpg exports it.</param>
    /// <param name="hidden">The message does not name the key.</param>
    /// <param name="options">More of gpg's options.</param>
    public byte[] Encrypt(byte[] plain, string publicKey, bool hidden, params string[] options)
    {
        string message = Path.Combine(home, Guid.NewGuid().ToString("N"));
        Gpg(
            [
                "--no-keyring", "--trust-model", "always", .. options,
                hidden ? "--hidden-recipient-file" : "--recipient-file", publicKey, "-o", message, "-e",
            ],
            plain);
        return File.ReadAllBytes(message);
    }

    /// <summary>What it sees in a message without decrypting it.</summary>
    public string ListPackets(byte[] message) => Gpg(["--no-keyring", "--list-only", "--list-packets"], message);

    public void Dispose() => Directory.Delete(home, recursive: true);

    private string Gpg(string[] arguments, byte[] input)
    {
        string libraries = Path.Combine(tree, "usr", "lib", "x86_64-linux-gnu");
        return Run(
            [
                Path.Combine(libraries, "ld-linux-x86-64.so.2"), "--library-path", libraries,
                Path.Combine(tree, "usr", "bin", "gpg"), "--homedir", home, "--batch", .. arguments,
            ],
            input);
    }

    private static string Run(string[] command, byte[] input)
    {
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(Timeout), command[0]);
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Result;
    }
}
