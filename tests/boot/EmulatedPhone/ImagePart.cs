// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the bytes of an initramfs go to: the files that one image has beyond another, in parts, each part an archive compressed by
// itself as mkinitramfs compresses the whole (initramfs-tools of Debian 12 and 13: cpio newc, zstd -9).

using System.Text;
using UnlockAgent.Screen;

namespace EmulatedPhone;

/// <summary>A part of an image.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Bytes">Compressed by itself; a little more than its share of the whole.</param>
/// <param name="FontBytes">How many of them the fonts inside of it are, by the same compressor.</param>
public sealed record ImagePart(string Name, long Bytes, long FontBytes = 0)
{
    /// <summary>Parts that are made here, whatever Debian's packages are: their bytes change only when our files do.</summary>
    public const string Agent = "agent", Skia = "libSkiaSharp", StandIns = "stand-ins", Scripts = "scripts and settings";

    /// <summary>Parts that come from Debian's packages.</summary>
    public const string Pcscd = "pcscd", Drivers = "reader drivers", Modules = "kernel modules", Libraries = "libraries";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly (string Part, string[] Places)[] Places =
    [
        (Agent, ["usr/lib/unlock-agent/unlock-agent"]),
        (Skia, ["usr/lib/unlock-agent/libSkiaSharp"]),
        (StandIns, ["usr/lib/unlock-agent/stand-ins/", "usr/lib/unlock-agent/libpcscd-stand-ins", "usr/lib/unlock-agent/libskiacxx"]),
        (Pcscd, ["usr/lib/unlock-agent/pcscd"]),
        (Drivers, ["usr/lib/pcsc/", "etc/reader.conf.d/", "etc/libccid"]),
        (Modules, ["usr/lib/modules/", "lib/modules/", "usr/lib/firmware/"]),
        (Scripts, ["scripts/", "etc/unlock-agent", "cryptroot/", "usr/lib/cryptsetup/scripts/"]),
    ];

    /// <summary>What an image has beyond another.</summary>
    /// <returns>Parts that have bytes, in the order in which they are named here.</returns>
    /// <exception cref="PhoneException">An image cannot be unpacked.</exception>
    public static IReadOnlyList<ImagePart> Of(PhoneImage image, PhoneImage without)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("unlock-agent-parts");
        try
        {
            string with = Unpack(image, Path.Combine(folder.FullName, "with"));
            string less = Unpack(without, Path.Combine(folder.FullName, "without"));
            ILookup<string, string> files = FilesOf(with).Where(file => IsNew(with, less, file)).ToLookup(PartOf);
            return
            [
                .. Places.Select(place => place.Part).Append(Libraries).Where(files.Contains)
                    .Select(part => new ImagePart(part, Pack(with, files[part]), part == Agent ? Fonts() : 0)),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The part that a file belongs to.</summary>
    /// <param name="file">Its path from the image's root on.</param>
    internal static string PartOf(string file) =>
        Places.FirstOrDefault(place => Array.Exists(place.Places, start => file.StartsWith(start, StringComparison.Ordinal))).Part ?? Libraries;

    private static string Unpack(PhoneImage image, string folder)
    {
        HostCommand.Run(["unmkinitramfs", image.Initrd, folder], Patience);
        string main = Path.Combine(folder, "main");
        string root = Directory.Exists(main) ? main : folder;

        // Debian 13 has compressed modules in an archive of their own, which is not compressed once more.
        string early = Path.Combine(folder, "early");
        if (root == main && Directory.Exists(early))
        {
            HostCommand.Run(["cp", "-a", early + "/.", root], Patience);
        }

        return root;
    }

    private static string[] FilesOf(string root) =>
        HostCommand.Run(["find", root, "(", "-type", "f", "-o", "-type", "l", ")", "-printf", "%P\\n"], Patience)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsNew(string with, string less, string file)
    {
        FileInfo here = new(Path.Combine(with, file)), there = new(Path.Combine(less, file));
        return here.LinkTarget != there.LinkTarget
            || !(there.Exists || there.LinkTarget is not null)
            || (here.LinkTarget is null && !File.ReadAllBytes(here.FullName).AsSpan().SequenceEqual(File.ReadAllBytes(there.FullName)));
    }

    private static long Pack(string root, IEnumerable<string> files)
    {
        byte[] names = Encoding.UTF8.GetBytes(string.Join('\n', files.Order(StringComparer.Ordinal)) + "\n");
        return Compress(archive => HostCommand.Run(
            ["cpio", "--quiet", "--reproducible", "-o", "-H", "newc", "-R", "0:0", "-F", archive], Patience, names, folder: root));
    }

    private static long Fonts() => Compress(file => File.WriteAllBytes(file, [.. FontData.Inter, .. FontData.Japanese, .. FontData.SimplifiedChinese]));

    private static long Compress(Action<string> write)
    {
        string file = Path.GetTempFileName();
        try
        {
            write(file);
            HostCommand.Run(["zstd", "-q", "-9", "-f", file, "-o", file + ".zst"], Patience);
            return new FileInfo(file + ".zst").Length;
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".zst");
        }
    }
}
