// SPDX-License-Identifier: GPL-3.0-or-later
//
// A whole Debian system on two disks: an encrypted root that only a passphrase opens, and an open /boot. Made once, kept by a hash of
// its inputs; each phone has copies of its own.

using System.Security.Cryptography;
using System.Text;

namespace EmulatedPhone;

/// <summary>Two raw images that nobody writes to.</summary>
/// <param name="Root">Path of the root's disk: a LUKS2 volume, <see cref="LuksDisk.Uuid"/>, with one keyslot.</param>
/// <param name="Boot">Path of the disk with the file system /boot.</param>
public sealed record DebianSystem(string Root, string Boot)
{
    /// <summary>crypttab as Debian's installer leaves it.</summary>
    public const string Crypttab = $"# <target name> <source device> <key file> <options>\n{LuksDisk.MappingName} UUID={LuksDisk.Uuid} none luks,discard\n";

    // A phone's processor takes a second for a million; an emulated one, a second for these.
    private const int PassphraseIterations = 50_000;

    private static readonly Lock Making = new();
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static string Scripts => Path.Combine(Repository.Root, "tests", "boot", "image");

    /// <summary>The system of a suite, made when it is not there yet.</summary>
    /// <param name="suite">"bookworm" (Debian 12) or "trixie" (Debian 13).</param>
    /// <param name="passphrase">What opens it.</param>
    public static DebianSystem Get(string suite, string passphrase)
    {
        string folder = Path.Combine(Repository.Out, "systems", $"{suite}-{Key(suite, passphrase)}");
        var system = new DebianSystem(Path.Combine(folder, "root.img"), Path.Combine(folder, "boot.img"));
        lock (Making)
        {
            if (!Directory.Exists(folder))
            {
                Make(suite, passphrase, folder);
            }
        }

        return system;
    }

    private static void Make(string suite, string passphrase, string folder)
    {
        // Made beside its final place and moved there whole: an interrupted run leaves no half system.
        string part = $"{folder}.{Environment.ProcessId}.part";
        DirectoryInfo files = Directory.CreateTempSubdirectory("unlock-agent-files");
        Directory.CreateDirectory(part);
        try
        {
            string etc = Directory.CreateDirectory(Path.Combine(files.FullName, "etc")).FullName;
            File.WriteAllText(Path.Combine(etc, "crypttab"), Crypttab);
            File.WriteAllText(Path.Combine(etc, "fstab"), $"/dev/mapper/{LuksDisk.MappingName} / ext4 defaults 0 0\n");
            HostCommand.RunAsRoot([Path.Combine(Scripts, "make-system"), suite, Repository.Trees, files.FullName, part], Patience);

            string root = Path.Combine(part, "root.img");
            using (FileStream image = File.OpenWrite(root))
            {
                image.SetLength(image.Length + (LuksDisk.HeaderMebibytes << 20));
            }

            LuksDisk.Encrypt(root, PassphraseIterations, Encoding.UTF8.GetBytes(passphrase));
            Directory.Move(part, folder);
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    private static string Key(string suite, string passphrase)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{suite}\0{passphrase}\0{PassphraseIterations}\0{Crypttab}\0"));
        foreach (string file in Directory.GetFiles(Scripts, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            byte[] content = File.ReadAllBytes(file);
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(Scripts, file)}\0{content.Length}\0"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
