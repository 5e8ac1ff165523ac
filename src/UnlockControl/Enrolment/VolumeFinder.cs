// SPDX-License-Identifier: GPL-3.0-or-later
// Which of crypttab's entries is meant: by its name, by its device, by a UUID, or the only one that it can be.
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

internal static class VolumeFinder
{
    private const string MapperFolder = "/dev/mapper/";

    /// <summary>Finds the entry that a person means.</summary>
    /// <param name="volume">As for <see cref="EnrolOptions"/>.</param>
    /// <param name="among">Which entries the command is for, where none is named.</param>
    /// <param name="what">Those in words: "that a card opens"; empty: all.</param>
    /// <exception cref="Refusal">None, or several that it could be.</exception>
    public static CrypttabEntry Find(Crypttab crypttab, string? volume, Func<CrypttabEntry, bool> among, string what)
    {
        if (volume is not null)
        {
            return crypttab.Entries.FirstOrDefault(entry => IsNamed(entry, volume)) ?? throw new Refusal(ExitCode.Usage,
                $"{Crypttab.Path} has no volume \"{volume}\"; it has {NamesOf(crypttab.Entries)}. A volume needs a line there (see crypttab(5)) "
                + "before a card can open it.");
        }

        CrypttabEntry[] candidates = [.. crypttab.Entries.Where(entry => HoldsKey(entry) && among(entry))];
        return candidates switch
        {
            [] => throw new Refusal(ExitCode.Usage, what.Length == 0
                ? $"{Crypttab.Path} names no encrypted volume."
                : $"{Crypttab.Path} names no volume {what}."),
            [var only] => only,
            _ => RootAmong(candidates) ?? throw new Refusal(ExitCode.Usage,
                $"Which volume? {Crypttab.Path} has {NamesOf(candidates)}: say its name."),
        };
    }

    /// <summary>Swap with a new random key at each boot, and the like, cannot be opened by anybody's card.</summary>
    private static bool HoldsKey(CrypttabEntry entry) =>
        entry.Key is not ("/dev/urandom" or "/dev/random" or "/dev/hwrng")
        && !entry.Options.Any(static option => option is "plain" or "bitlk" or "tcrypt");

    private static bool IsNamed(CrypttabEntry entry, string volume) =>
        entry.Name == volume
        || volume == MapperFolder + entry.Name
        || entry.Source == volume
        || string.Equals(entry.Source, "UUID=" + volume, StringComparison.OrdinalIgnoreCase)
        || (entry.Device is { } device && (RealPath(device) == RealPath(volume) || HasUuid(entry, device, volume)));

    private static bool HasUuid(CrypttabEntry entry, string device, string uuid)
    {
        if (!Guid.TryParse(uuid, out _))
        {
            return false;
        }

        try
        {
            using var header = LuksVolume.Open(device, entry.Header);
            return string.Equals(header.Uuid, uuid, StringComparison.OrdinalIgnoreCase);
        }
        catch (LuksException)
        {
            return false;
        }
    }

    private static string RealPath(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (IOException)
        {
            return path;
        }
    }

    /// <summary>The one that the root file system lies on, through whatever stands between (LVM, RAID).</summary>
    private static CrypttabEntry? RootAmong(CrypttabEntry[] entries)
    {
        string? source = MountSource("/");
        if (source is null)
        {
            return null;
        }

        HashSet<string> names = [];
        AddMapped(Path.GetFileName(RealPath(source)), names);
        CrypttabEntry[] found = [.. entries.Where(entry => names.Contains(entry.Name))];
        return found is [var only] ? only : null;
    }

    /// <summary>proc(5), mountinfo: the source is the second field behind the lone dash; the last mount on a place is the one seen.</summary>
    private static string? MountSource(string place)
    {
        const int PlaceField = 4, SourceAfterDash = 2;
        return File.ReadLines("/proc/self/mountinfo")
            .Select(static line => line.Split(' '))
            .Where(fields => fields[PlaceField] == place)
            .Select(static fields => fields[Array.IndexOf(fields, "-") + SourceAfterDash])
            .LastOrDefault();
    }

    private static void AddMapped(string device, HashSet<string> names)
    {
        string folder = "/sys/class/block/" + device;
        string name = Path.Combine(folder, "dm/name");
        if (File.Exists(name))
        {
            names.Add(File.ReadAllText(name).Trim());
        }

        string below = Path.Combine(folder, "slaves");
        if (device.Length > 0 && Directory.Exists(below))
        {
            foreach (string part in Directory.EnumerateFileSystemEntries(below))
            {
                AddMapped(Path.GetFileName(part), names);
            }
        }
    }

    private static string NamesOf(IReadOnlyList<CrypttabEntry> entries) =>
        entries.Count == 0 ? "none" : string.Join(", ", entries.Select(static entry => entry.Name));
}
