// SPDX-License-Identifier: GPL-3.0-or-later
//
// The phone's disk: a raw image that is one LUKS2 volume (UUID below, aes-xts-plain64) with an ext4 root. Made without
// root, mounts or device-mapper: mkfs.ext4 fills the file system from a folder, cryptsetup encrypts it in place.

using System.Globalization;
using System.Text;

namespace EmulatedPhone;

/// <summary>A disk with an encrypted root that reports on the console once it runs.</summary>
public static class LuksDisk
{
    /// <summary>The mapping's name in crypttab: the root is /dev/mapper/ + this.</summary>
    public const string MappingName = "root_crypt";

    /// <summary>The LUKS volume's UUID; always the same, so that an initramfs fits every disk.</summary>
    public const string Uuid = "5c1c4b2a-8c1e-4b0e-9d7e-2f4f0b6d7a10";

    private const int RootMebibytes = 32;

    // Twice the header's 8 MiB: data is moved backwards to make room for it.
    internal const int HeaderMebibytes = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Nothing hides behind these iterations: the guest has no hardware to hash with, and the keys are random test keys.
    private const int QuickIterations = 1000;
    private static readonly string[] QuickKeyslot = Keyslot(QuickIterations);

    /// <summary>Makes a disk.</summary>
    /// <param name="path">The raw image to write.</param>
    /// <param name="image">What will be booted from it: its tree has busybox and its libraries.</param>
    /// <param name="nonce">Words that only the encrypted root holds; the booted root prints them.</param>
    /// <param name="keys">The exact bytes that open it, one keyslot each, at least one.</param>
    /// <exception cref="PhoneException">A program failed.</exception>
    public static void Create(string path, PhoneImage image, string nonce, params byte[][] keys)
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("unlock-agent-root");
        try
        {
            FillRoot(root.FullName, image, nonce);
            File.Delete(path);
            using (FileStream disk = File.Create(path))
            {
                disk.SetLength((RootMebibytes + HeaderMebibytes) << 20);
            }

            HostCommand.Run(["mkfs.ext4", "-q", "-F", "-d", root.FullName, path, $"{RootMebibytes}M"], Patience);
            Encrypt(path, QuickIterations, keys);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>Puts a token into the disk's header.</summary>
    /// <param name="path">The disk.</param>
    /// <param name="json">The token, as docs/luks2-token.md has it.</param>
    /// <exception cref="PhoneException">cryptsetup does not take it.</exception>
    public static void ImportToken(string path, string json) =>
        HostCommand.Run(["cryptsetup", "token", "import", "--disable-locks", path], Patience, Encoding.UTF8.GetBytes(json));

    private static void FillRoot(string root, PhoneImage image, string nonce)
    {
        string libraries = Path.Combine("lib", image.Architecture.Triplet);
        foreach (string folder in (string[])["bin", "sbin", "dev", "proc", "sys", "run", "etc", "lib64", libraries])
        {
            Directory.CreateDirectory(Path.Combine(root, folder));
        }

        foreach (string file in (string[])["bin/busybox", image.Architecture.Loader, libraries + "/libc.so.6", libraries + "/libresolv.so.2"])
        {
            File.Copy(Path.Combine(image.Tree, "usr", file), Path.Combine(root, file));
        }

        // Copying keeps the permission to execute.
        File.Copy(Path.Combine(Repository.Root, "tests", "boot", "image", "root-init"), Path.Combine(root, "sbin", "init"));
        File.WriteAllText(Path.Combine(root, "etc", "nonce"), nonce + "\n");
    }

    /// <summary>Encrypts a file system in place.</summary>
    /// <param name="path">A raw image whose last <see cref="HeaderMebibytes"/> are free.</param>
    /// <param name="iterations">PBKDF2's, in the first keyslot; with the fewest, 1000, it looks like a random key's.</param>
    /// <param name="keys">The exact bytes that open it, one keyslot each, at least one.</param>
    internal static void Encrypt(string path, int iterations, params byte[][] keys)
    {
        // cryptsetup keeps a temporary header, named by the UUID, where it runs: each disk in a folder of its own.
        DirectoryInfo work = Directory.CreateTempSubdirectory("unlock-agent-disk");
        HostCommand.Run(
            [
                "cryptsetup", "reencrypt", "--encrypt", "--type", "luks2", "--uuid", Uuid, "--batch-mode", "--disable-locks",
                "--force-offline-reencrypt", "--reduce-device-size", $"{HeaderMebibytes}M", "--cipher", "aes-xts-plain64",
                .. Keyslot(iterations), "--key-file", "-", path,
            ],
            Patience,
            keys[0],
            folder: work.FullName);
        work.Delete(recursive: true);
        string first = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(first, keys[0]);
            foreach (byte[] key in keys.Skip(1))
            {
                HostCommand.Run(
                    ["cryptsetup", "luksAddKey", "--batch-mode", "--disable-locks", .. QuickKeyslot, "--key-file", first, path, "-"],
                    Patience,
                    key);
            }
        }
        finally
        {
            File.Delete(first);
        }
    }

    private static string[] Keyslot(int iterations) =>
        ["--pbkdf", "pbkdf2", "--pbkdf-force-iterations", iterations.ToString(CultureInfo.InvariantCulture)];
}
