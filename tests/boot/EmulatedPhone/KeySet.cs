// SPDX-License-Identifier: GPL-3.0-or-later
//
// A disk's keys as a person would have them: gpg makes a key pair and moves its decryption key to the (simulated) card,
// the random disk key is encrypted to it with `gpg --encrypt`, and a passphrase stands beside. Test keys: kept under out/.

using System.Security.Cryptography;
using CardSimulator;

namespace EmulatedPhone;

/// <summary>The keys of a disk and the card that opens it.</summary>
public sealed class KeySet
{
    /// <summary>The card's PIN.</summary>
    public const string Pin = "123456";

    /// <summary>The passphrase in the disk's second keyslot.</summary>
    public const string Passphrase = "tulip4river";

    private const string CardFile = "card.json", LuksKeyFile = "luks.key", MessageFile = "root.gpg", PublicKeyFile = "pub.gpg";
    private static readonly Lock Making = new();
    private readonly string folder;

    private KeySet(string folder) => this.folder = folder;

    /// <summary>The random bytes in the disk's first keyslot; a newline among them.</summary>
    public byte[] LuksKey => File.ReadAllBytes(Path.Combine(folder, LuksKeyFile));

    /// <summary>What gpg made of <see cref="LuksKey"/>.</summary>
    public byte[] KeyFile => File.ReadAllBytes(Path.Combine(folder, MessageFile));

    /// <summary>The card owner's public key, as gpg exports it.</summary>
    public byte[] PublicKey => File.ReadAllBytes(Path.Combine(folder, PublicKeyFile));

    /// <summary><see cref="KeyFile"/> as a token for the disk's own header.</summary>
    /// <param name="keyslot">The keyslot that <see cref="LuksKey"/> opens.</param>
    public string Token(int keyslot) =>
        $$"""{"type":"unlock-agent-openpgp","keyslots":["{{keyslot}}"],"message":"{{Convert.ToBase64String(KeyFile)}}"}""";

    /// <summary>The keys for an algorithm, made when they are not there yet.</summary>
    /// <param name="algorithm">As gpg names it: "rsa2048" (the message is of the host's GnuPG, 2.2 on Debian 12) or "cv25519" (of 2.4).</param>
    public static KeySet Get(string algorithm)
    {
        string folder = Path.Combine(Repository.Out, "keys", algorithm);
        lock (Making)
        {
            if (!File.Exists(Path.Combine(folder, PublicKeyFile)))
            {
                // Of a checkout whose keys had no public one beside them yet.
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }

                Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
                string part = Directory.CreateDirectory($"{folder}.{Environment.ProcessId}.part").FullName;
                Make(algorithm, part);
                Directory.Move(part, folder);
            }
        }

        return new KeySet(folder);
    }

    /// <summary>A fresh card with the decryption key, all tries left. QEMU's reader speaks T=0 only.</summary>
    /// <param name="serial">Its serial number.</param>
    public VirtualCard NewCard(uint serial = 1) =>
        VirtualCard.Load(Path.Combine(folder, CardFile), new CardOptions { T0 = true, Serial = serial });

    private static void Make(string algorithm, string folder)
    {
        byte[] key = RandomNumberGenerator.GetBytes(64);
        key[17] = (byte)'\n';
        string keyPath = Path.Combine(folder, LuksKeyFile);
        File.WriteAllBytes(keyPath, key);

        var card = new VirtualCard(new CardOptions());
        using PcscDaemon daemon = PcscDaemon.Start();
        using VpcdReader reader = daemon.NewReader(card);
        reader.Insert();
        using var gpg = new GpgHome(daemon);
        string fingerprint = gpg.GenerateKey(algorithm);
        gpg.KeyToCard(fingerprint);
        string message = Path.Combine(folder, MessageFile);
        string publicKey = Path.Combine(folder, PublicKeyFile);
        gpg.Expect("-o", publicKey, "--export", fingerprint);
        if (algorithm == "cv25519")
        {
            EncryptWithDebian13(keyPath, message, publicKey);
        }
        else
        {
            gpg.Encrypt(keyPath, message, fingerprint);
        }

        card.Save(Path.Combine(folder, CardFile));
    }

    /// <summary>GnuPG 2.4, run out of its tree with its own loader and libraries: the tree stays as it is.</summary>
    private static void EncryptWithDebian13(string plain, string message, string publicKey)
    {
        string tree = PhoneImage.GetTree("trixie");
        string libraries = Path.Combine(tree, "usr", "lib", "x86_64-linux-gnu");
        DirectoryInfo home = Directory.CreateTempSubdirectory("gpg");
        try
        {
            HostCommand.Run(
                [
                    Path.Combine(libraries, "ld-linux-x86-64.so.2"), "--library-path", libraries, Path.Combine(tree, "usr", "bin", "gpg"),
                    "--homedir", home.FullName, "--batch", "--no-keyring", "--trust-model", "always",
                    "--recipient-file", publicKey, "-o", message, "-e", plain,
                ],
                Phone.StepTimeout);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
