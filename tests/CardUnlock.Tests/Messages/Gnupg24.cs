// SPDX-License-Identifier: GPL-3.0-or-later
// GnuPG 2.4, run out of Debian 13's tree with the tree's own loader and libraries. For secret keys it uses this
// system's agent, which is older and serves.

using System.Buffers.Binary;
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

    /// <summary>Makes an Ed25519 key that certifies, and an X448 subkey, which is of version 5, neither with a passphrase.</summary>
    /// <param name="user">A mail address.</param>
    /// <returns>The subkey's public packet body, and the scalar as the curve has it.</returns>
    public (byte[] Body, byte[] Scalar) MakeX448Key(string user)
    {
        WithAgent("--quick-generate-key", user, "ed25519", "cert", "never");
        string primary = WithAgent("--with-colons", "--list-keys", user).Split('\n')
            .First(line => line.StartsWith("fpr", StringComparison.Ordinal)).Split(':')[9];
        WithAgent("--quick-add-key", primary, "cv448", "encr", "never");
        string file = Path.Combine(home, Guid.NewGuid().ToString("N"));
        WithAgent("-o", file, "--export-secret-subkeys", primary);

        // Of version 5: ten bytes, the last four of them the public part's length; no protection 2, a length 4, the scalar's bit count 2.
        byte[] subkey = Bodies(File.ReadAllBytes(file)).Single(body => body is [5, ..]);
        byte[] body = subkey[..(10 + BinaryPrimitives.ReadInt32BigEndian(subkey.AsSpan(6)))];
        byte[] scalar = subkey[(body.Length + 8)..^2];
        return (body, [.. new byte[56 - scalar.Length], .. scalar]);
    }

    /// <summary>The user's certificate.</summary>
    public byte[] Export(string user)
    {
        string file = Path.Combine(home, Guid.NewGuid().ToString("N"));
        WithAgent("-o", file, "--export", user);
        return File.ReadAllBytes(file);
    }

    /// <summary>Decrypts with a key that was made here.</summary>
    public byte[] Decrypt(byte[] message)
    {
        string file = Path.Combine(home, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(file, message);
        WithAgent("-o", file + ".plain", "-d", file);
        return File.ReadAllBytes(file + ".plain");
    }

    /// <summary>What it sees in a message without decrypting it.</summary>
    public string ListPackets(byte[] message) => Gpg(["--no-keyring", "--list-only", "--list-packets"], message);

    public void Dispose()
    {
        Run(["gpgconf", "--homedir", home, "--kill", "all"], []);
        Directory.Delete(home, recursive: true);
    }

    // gpg writes the old form's headers (RFC 9580 section 4.2.2) of lengths in one or two bytes.
    private static IEnumerable<byte[]> Bodies(byte[] packets)
    {
        for (int at = 0; at < packets.Length;)
        {
            int size = 1 << (packets[at] & 3);
            int length = size == 1 ? packets[at + 1] : BinaryPrimitives.ReadUInt16BigEndian(packets.AsSpan(at + 1));
            yield return packets[(at + 1 + size)..(at + 1 + size + length)];
            at += 1 + size + length;
        }
    }

    private string WithAgent(params string[] arguments) => Gpg(
        [
            "--agent-program", "/usr/bin/gpg-agent", "--compliance", "gnupg", "--pinentry-mode", "loopback", "--passphrase", "",
            "--trust-model", "always", .. arguments,
        ],
        []);

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
