// SPDX-License-Identifier: GPL-3.0-or-later
// From crypttab's second field to a device, as Debian does (_resolve_device_spec: a path, or a tag that blkid knows), and from the root
// file system down to the encrypted volumes that it is on.
using System.Text;

namespace UnlockControl.Volumes;

internal static class BlockDevices
{
    private static readonly (string Tag, string Folder)[] Tags =
        [("UUID=", "by-uuid"), ("PARTUUID=", "by-partuuid"), ("LABEL=", "by-label"), ("PARTLABEL=", "by-partlabel")];

    /// <summary>The device or file of a crypttab source; null: not there.</summary>
    /// <param name="root">Where /dev is; for tests.</param>
    public static string? Resolve(string source, string root = "")
    {
        foreach ((string tag, string folder) in Tags)
        {
            if (source.StartsWith(tag, StringComparison.Ordinal))
            {
                string link = $"{root}/dev/disk/{folder}/{UdevName(source[tag.Length..])}";
                return File.Exists(link) ? RealPath(link) : root.Length == 0 ? AskBlkid(source) : null;
            }
        }

        return File.Exists(root + source) ? root + source : null;
    }

    /// <summary>Links followed to their end.</summary>
    public static string RealPath(string path) =>
        (Path.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(path);

    /// <summary>A block device that the kernel lets nobody write to; a write would only say "input/output error".</summary>
    public static bool IsReadOnly(string path)
    {
        string flag = $"/sys/class/block/{Path.GetFileName(RealPath(path))}/ro";
        return RealPath(path).StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(flag) && File.ReadAllText(flag).StartsWith('1');
    }

    /// <summary>The names of the LUKS mappings that the root file system is on, however deep; empty: none, or it cannot be told.</summary>
    /// <param name="root">Where /proc and /sys are; for tests.</param>
    public static IReadOnlyList<string> RootMappings(string root = "")
    {
        // Field 5 is the mount point; after " - " come type and source (proc_pid_mountinfo(5)). The last mount on /
        // is the one that is seen.
        string? source = File.ReadLines(root + "/proc/self/mountinfo")
            .Where(line => line.Split(' ') is [_, _, _, _, "/", ..])
            .Select(line => line.Split(" - ").Last().Split(' ').ElementAtOrDefault(1))
            .LastOrDefault();
        if (source is null || !source.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return [];
        }

        List<string> names = [];
        AddMappings($"{root}/sys/class/block/{Path.GetFileName(RealPath(root + CrypttabLine.Unescape(source)))}", names);
        return names;
    }

    private static void AddMappings(string device, List<string> names)
    {
        if (File.Exists(device + "/dm/uuid") && File.ReadAllText(device + "/dm/uuid").StartsWith("CRYPT-LUKS", StringComparison.Ordinal))
        {
            names.Add(File.ReadAllText(device + "/dm/name").Trim());
        }

        if (Directory.Exists(device + "/slaves"))
        {
            foreach (string below in Directory.GetFileSystemEntries(device + "/slaves"))
            {
                AddMappings(below, names);
            }
        }
    }

    private static string? AskBlkid(string tag)
    {
        ChildResult answer = ChildProgram.Run("blkid", ["-l", "-t", tag, "-o", "device"]);
        return answer is { Status: 0, LastLines: [var device, ..] } && File.Exists(device) ? device : null;
    }

    /// <summary>As udev names links: what is neither a letter, a digit, UTF-8 nor one of #+-.:=@_ is \xNN.</summary>
    private static string UdevName(string value)
    {
        var name = new StringBuilder();
        foreach (char c in value)
        {
            _ = c > 127 || char.IsAsciiLetterOrDigit(c) || "#+-.:=@_".Contains(c, StringComparison.Ordinal)
                ? name.Append(c)
                : name.Append("\\x").Append(((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return name.ToString();
    }
}
