// SPDX-License-Identifier: GPL-3.0-or-later
// The images that the machine boots (/boot/initrd.img-*): rebuilt by update-initramfs, unpacked by unmkinitramfs, which knows every
// compression and what may stand before it, and compared with what they are made from.
using UnlockControl.Native;

namespace UnlockControl.Volumes;

/// <summary>What is known of one image.</summary>
/// <param name="Missing">What a boot with a card would miss, each in words; empty: nothing.</param>
/// <param name="Newer">The files that changed after it was made; empty: none.</param>
internal sealed record ImageReport(string Path, string Kernel, IReadOnlyList<string> Missing, IReadOnlyList<string> Newer);

/// <param name="root">The system's root folder; "" for the running one.</param>
internal sealed class Initramfs(string root = "")
{
    private const string Modules = "/lib/modules";

    /// <summary>Files and folders that images are made from, where they are there.</summary>
    private static readonly string[] Inputs =
    [
        Crypttab.Path, "/etc/unlock-agent.conf", "/etc/unlock-agent", "/usr/lib/unlock-agent", "/usr/lib/cryptsetup/scripts/unlock-agent",
        "/usr/share/initramfs-tools/hooks/unlock-agent", "/usr/share/initramfs-tools/scripts/init-premount/unlock-agent",
        "/usr/share/initramfs-tools/scripts/local-bottom/unlock-agent", "/usr/share/initramfs-tools/scripts/panic/unlock-agent",
        "/usr/sbin/pcscd", "/usr/lib/pcsc/drivers", "/etc/reader.conf.d", "/etc/initramfs-tools",
    ];

    /// <summary>The installed kernels, each with the path of its image, which may not be there.</summary>
    public IReadOnlyList<(string Kernel, string Image)> Kernels
    {
        get
        {
            string[] withModules = Directory.Exists(root + Modules) ? Directory.GetDirectories(root + Modules) : [];
            return [.. withModules.Select(folder => System.IO.Path.GetFileName(folder)).Order(StringComparer.Ordinal)
                .Select(kernel => (Kernel: kernel, Image: $"{root}/boot/initrd.img-{kernel}"))
                .Where(pair => File.Exists(pair.Image) || File.Exists($"{root}/boot/vmlinuz-{pair.Kernel}"))];
        }
    }

    /// <summary>Looks at every installed kernel's image.</summary>
    /// <param name="wanted">The entries that it must be able to open by card.</param>
    public IReadOnlyList<ImageReport> Look(IReadOnlyList<CrypttabEntry> wanted) =>
        [.. Kernels.Select(pair => Look(pair.Kernel, pair.Image, wanted))];

    /// <summary>update-initramfs -u -k all.</summary>
    /// <param name="line">Called with each line that it prints.</param>
    /// <param name="end">Ends it early: some images may be new then, and none is half an image.</param>
    /// <returns>Null: done; else its exit status and last lines, for a person.</returns>
    public string? Update(Action<string> line, CancellationToken end = default)
    {
        string[] command = ["update-initramfs", "-u", "-k", "all"];
        ChildResult result = root.Length == 0
            ? ChildProgram.Run(command[0], command[1..], line: line, end: end)
            : ChildProgram.Run("chroot", [root, .. command], line: line, end: end);
        return result.Status == 0
            ? null
            : $"update-initramfs ended with status {result.Status}: {string.Join('\n', result.LastLines)}";
    }

    private ImageReport Look(string kernel, string path, IReadOnlyList<CrypttabEntry> wanted)
    {
        if (!File.Exists(path))
        {
            return new ImageReport(path, kernel, ["the image itself: update-initramfs -c makes it"], []);
        }

        using var contents = ImageContents.Unpack(path, out string? fault);
        IReadOnlyList<string> missing = contents is null ? [$"all: it cannot be unpacked ({fault})"] : contents.Missing(wanted, root);
        return new ImageReport(path, kernel, missing, [.. Newer(File.GetLastWriteTimeUtc(path), wanted)]);
    }

    /// <summary>A package's files keep their packing's date; when they came here, they were renamed.</summary>
    private IEnumerable<string> Newer(DateTime made, IReadOnlyList<CrypttabEntry> wanted) =>
        Inputs.Concat(wanted.SelectMany(KeyFiles)).SelectMany(Files)
            .Where(file => File.GetLastWriteTimeUtc(file) > made || LibcFiles.ChangeTime(file) > made)
            .Select(file => file[root.Length..]).Distinct();

    private static string[] KeyFiles(CrypttabEntry entry) => entry.Key.StartsWith('/') ? [entry.Key, entry.Key + ".pub"] : [];

    private IEnumerable<string> Files(string path) =>
        Directory.Exists(root + path) ? Directory.EnumerateFiles(root + path, "*", SearchOption.AllDirectories)
        : File.Exists(root + path) ? [root + path] : [];
}
