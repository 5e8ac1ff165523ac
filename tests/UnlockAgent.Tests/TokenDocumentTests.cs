// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of docs/luks2-token.md, run as they stand there with the real gpg and cryptsetup on a volume in a file.
using System.Diagnostics;
using System.Text;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class TokenDocumentTests : IDisposable
{
    private const string Fence = "```";

    // The prompts of cryptsetup read from a standard input that is no terminal.
    private const string Passphrase = "tulip4river\n";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("t-");

    public void Dispose()
    {
        Run("gpgconf --kill all");
        folder.Delete(recursive: true);
    }

    [Fact]
    public void The_commands_make_a_token_that_the_agent_reads_check_it_and_take_it_away()
    {
        string[] blocks = Blocks();
        Assert.Equal(3, blocks.Length);
        Run(
            """
            truncate -s 20M "$device"
            cryptsetup luksFormat --type luks2 --batch-mode --pbkdf pbkdf2 --pbkdf-force-iterations 1000 "$device"
            gpg --batch --passphrase '' --quick-generate-key 'Blue <blue@example.org>' ed25519 cert never
            gpg --batch --passphrase '' --quick-add-key "$(fingerprint)" cv25519 encr never
            """);

        Run(blocks[0]);
        Assert.Equal(KeyFileFault.None, HeaderTokens.Read(Device, out var messages));
        Assert.Single(messages);

        Assert.Contains("0: unlock-agent-openpgp", Run(blocks[1]), StringComparison.Ordinal);

        Run(blocks[2]);
        Assert.Equal(KeyFileFault.NoToken, HeaderTokens.Read(Device, out _));
        Assert.DoesNotContain("1: luks2", Run("cryptsetup luksDump \"$device\""), StringComparison.Ordinal);
    }

    private string Device => Path.Combine(folder.FullName, "disk");

    private static string[] Blocks()
    {
        string[] parts = File.ReadAllText(Path.Combine(Repository.Root, "docs/luks2-token.md")).Split(Fence);
        return [.. parts.Where(part => part.StartsWith("sh\n", StringComparison.Ordinal)).Select(part => part[3..])];
    }

    private string Run(string commands)
    {
        string script = $$"""
            set -e
            PATH=$PATH:/sbin
            device={{Device}}
            fingerprint() { gpg --batch --with-colons --list-keys | sed -n 's/^fpr:*\([0-9A-F]*\):/\1/p' | head -n 1; }
            card=$(fingerprint)
            {{commands}}
            """;
        var start = new ProcessStartInfo("sh", ["-c", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GNUPGHOME"] = folder.FullName;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.StandardInput.BaseStream.Write(Encoding.ASCII.GetBytes(Passphrase));
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }
}
