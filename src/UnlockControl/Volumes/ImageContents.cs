// SPDX-License-Identifier: GPL-3.0-or-later
// An image unpacked for a look: what is in it that a boot with a card needs, and whether its crypttab and key files are those of now.
namespace UnlockControl.Volumes;

/// <summary>Unpacked into a folder of its own, which is readable for its owner alone and removed at the end.</summary>
internal sealed class ImageContents : IDisposable
{
    private static readonly (string What, string Folder, string Pattern)[] Parts =
    [
        ("the agent", "usr/lib/unlock-agent", "unlock-agent"),
        ("the agent's library libSkiaSharp", "usr/lib/unlock-agent", "libSkiaSharp.so*"),
        ("the agent's library libskiacxx", "usr/lib/unlock-agent", "libskiacxx.so"),
        ("the card service pcscd", "usr/lib/unlock-agent", "pcscd"),
        ("the card service's library libpcsclite", "usr/lib", "libpcsclite.so.1"),
        ("a card reader's driver", "usr/lib/pcsc/drivers", "*.so*"),
        ("the keyscript", "usr/lib/cryptsetup/scripts", "unlock-agent"),
        ("the passphrase prompt askpass", "usr/lib/cryptsetup", "askpass"),
        ("cryptsetup", "usr/sbin", "cryptsetup"),
        ("the boot script that starts the card service", "scripts/init-premount", "unlock-agent"),
    ];

    private readonly string _folder;
    private readonly string _main;

    private ImageContents(string folder)
    {
        _folder = folder;

        // Where an archive without compression comes first (a processor's microcode), what boots is in a folder of its own.
        _main = Directory.Exists(folder + "/main") ? folder + "/main" : folder;
    }

    /// <summary>Unpacks an image.</summary>
    /// <param name="fault">What kept it from being unpacked.</param>
    public static ImageContents? Unpack(string image, out string? fault)
    {
        // In memory where that is to be had: an image may hold the key files of other volumes.
        string? memory = Directory.Exists("/dev/shm") ? "/dev/shm" : null;
        string folder = memory is null ? Directory.CreateTempSubdirectory("unlockctl.").FullName : NewFolder(memory);
        ChildResult result = ChildProgram.Run("unmkinitramfs", [image, folder]);
        var contents = new ImageContents(folder);
        if (result.Status == 0 && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            fault = null;
            return contents;
        }

        contents.Dispose();
        fault = result.LastLines.Count > 0 ? result.LastLines[^1] : $"unmkinitramfs ended with status {result.Status}";
        return null;
    }

    /// <summary>What a boot with a card would miss.</summary>
    /// <param name="root">The system's root folder, which the key files are in.</param>
    public IReadOnlyList<string> Missing(IReadOnlyList<CrypttabEntry> wanted, string root) =>
        wanted.Count == 0
            ? []
            : [.. Parts.Where(part => !Has(part.Folder, part.Pattern)).Select(part => part.What),
                .. wanted.SelectMany(entry => MissingFor(entry, root))];

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left in memory until the machine is switched off, for its owner alone to read.
        }
    }

    private static string NewFolder(string parent)
    {
        string folder = Path.Combine(parent, "unlockctl." + Path.GetRandomFileName());
        return Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    /// <summary>Images made where /usr is merged have usr/lib alone, others have lib too.</summary>
    private bool Has(string folder, string pattern) =>
        Find(folder, pattern) || (folder.StartsWith("usr/", StringComparison.Ordinal) && Find(folder[4..], pattern));

    private bool Find(string folder, string pattern) => Directory.Exists(Path.Combine(_main, folder))
        && Directory.EnumerateFiles(Path.Combine(_main, folder), pattern, SearchOption.AllDirectories).Any();

    private IEnumerable<string> MissingFor(CrypttabEntry entry, string root)
    {
        CrypttabEntry? there = Crypttab.Read(_main + "/cryptroot/crypttab").Entries.FirstOrDefault(line => line.Name == entry.Name);
        if (there is null)
        {
            yield return $"{entry.Name}'s line of crypttab";
        }
        else if (there.Key != entry.Key || !there.Options.SequenceEqual(entry.Options))
        {
            yield return $"{entry.Name}'s line of crypttab as it is now";
        }

        if (entry.Key.StartsWith('/') && !IsSame(root + entry.Key, _main + entry.Key))
        {
            yield return $"{entry.Name}'s key file {entry.Key} as it is now";
        }
    }

    private static bool IsSame(string here, string inside) =>
        File.Exists(here) && File.Exists(inside) && File.ReadAllBytes(here).AsSpan().SequenceEqual(File.ReadAllBytes(inside));
}
