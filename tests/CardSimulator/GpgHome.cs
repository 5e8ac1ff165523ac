// SPDX-License-Identifier: GPL-3.0-or-later
// A GnuPG home of a test's own: keys without passphrase, a scdaemon that goes through pcscd, no pinentry.

using System.Diagnostics;

namespace CardSimulator;

/// <summary>What a program said and how it ended.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Errors);

/// <summary>A temporary GNUPGHOME; its daemons end and it is removed on dispose.</summary>
public sealed class GpgHome : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private readonly PcscDaemon? daemon;

    /// <param name="daemon">The daemon whose reader scdaemon shall use; null where no card is needed.</param>
    public GpgHome(PcscDaemon? daemon = null)
    {
        this.daemon = daemon;

        // A short path: the agent's sockets live in it, and a socket's path has room for 108 bytes.
        Folder = Directory.CreateTempSubdirectory("g-").FullName;
        File.WriteAllText(Path.Combine(Folder, "gpg-agent.conf"), "allow-loopback-pinentry\n");
        File.WriteAllText(Path.Combine(Folder, "scdaemon.conf"), "disable-ccid\n");
    }

    public string Folder { get; }

    /// <summary>Makes a certifying key (Ed25519) and an encryption subkey, both without passphrase.</summary>
    /// <param name="algorithm">As gpg names it: rsa2048, cv25519, …</param>
    /// <returns>The primary key's fingerprint, 40 hexadecimal digits.</returns>
    public string GenerateKey(string algorithm, string userId = "Card Test <card@example.org>")
    {
        Expect("--passphrase", "", "--quick-generate-key", userId, "ed25519", "cert", "never");
        string fingerprint = Fingerprints()[^1];
        Expect("--passphrase", "", "--quick-add-key", fingerprint, algorithm, "encr", "never");
        return fingerprint;
    }

    /// <summary>Every fingerprint in the keyring: each primary key, then its subkeys.</summary>
    public string[] Fingerprints() =>
        [.. Colons("fpr", "--list-keys")];

    /// <summary>The field 10 of every line of a kind in gpg's machine-readable listing.</summary>
    public IEnumerable<string> Colons(string kind, params string[] arguments) =>
        Expect(["--with-colons", .. arguments]).Split('\n')
            .Select(line => line.Split(':'))
            .Where(fields => fields.Length > 9 && fields[0] == kind)
            .Select(fields => fields[9]);

    /// <summary>Moves the (first) encryption subkey to the card's decryption slot.</summary>
    public void KeyToCard(string fingerprint, string adminPin = "12345678") =>
        Expect(Run(
            "key 1\nkeytocard\n2\nsave\n",
            "--passphrase", adminPin, "--command-fd", "0", "--status-fd", "1", "--edit-key", fingerprint));

    /// <summary>Encrypts a file to every key named.</summary>
    public void Encrypt(string plain, string message, params string[] recipients) =>
        Expect(["--trust-model", "always", .. recipients.SelectMany(name => new[] { "-r", name }), "-o", message, "-e", plain]);

    /// <summary>Decrypts with the card.</summary>
    public ProgramResult Decrypt(string message, string pin) => Run("", "--passphrase", pin, "-d", message);

    /// <summary>The card as gpg sees it; one that was just put in takes pcscd a moment.</summary>
    public string CardStatus()
    {
        ProgramResult result = default!;
        SpinWait.SpinUntil(() => (result = Run("", "--card-status")).ExitCode == 0, TimeSpan.FromSeconds(5));
        return Expect(result);
    }

    /// <summary>Runs gpg and expects success.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public string Expect(params string[] arguments) => Expect(Run("", arguments));

    /// <summary>Runs gpg without asking anybody: a PIN or a passphrase comes from the arguments.</summary>
    public ProgramResult Run(string input, params string[] arguments) =>
        Run("gpg", input, ["--batch", "--pinentry-mode", "loopback", .. arguments]);

    /// <summary>Ends scdaemon and the agent, which hold the card for themselves; the next gpg starts them again.</summary>
    public void StopDaemons() => Run("gpgconf", "", ["--kill", "all"]);

    public void Dispose()
    {
        StopDaemons();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Expect(ProgramResult result) => result.ExitCode == 0
        ? result.Output
        : throw new InvalidOperationException($"gpg ended with {result.ExitCode}: {result.Output}{result.Errors}");

    private ProgramResult Run(string program, string input, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GNUPGHOME"] = Folder;
        start.Environment["LC_ALL"] = "C.UTF-8";
        daemon?.ApplyTo(start);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} does not end.");
        }

        return new ProgramResult(process.ExitCode, output.Result, errors.Result);
    }
}
