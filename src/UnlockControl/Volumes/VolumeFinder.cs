// SPDX-License-Identifier: GPL-3.0-or-later
// The volume that a person means: by its crypttab name, its device, its UUID, or without a word the only one or the root's.
namespace UnlockControl.Volumes;

/// <summary>A volume that was named or found.</summary>
/// <param name="Name">Crypttab's name, or the device where crypttab has none.</param>
/// <param name="Entry">Null: crypttab does not name it, so nothing opens it while the system starts.</param>
internal sealed record FoundVolume(string Name, string Device, string? Header, CrypttabEntry? Entry);

internal static class VolumeFinder
{
    /// <param name="wanted">Name, device, UUID or UUID=…; null: the only LUKS2 volume of crypttab, else the root's.</param>
    /// <exception cref="StepException">None, or more than one; the message says which there are.</exception>
    public static FoundVolume Find(Crypttab crypttab, string? wanted, string root = "") =>
        wanted is null ? FindAlone(crypttab, root) : FindNamed(crypttab, wanted, root);

    private static FoundVolume FindNamed(Crypttab crypttab, string wanted, string root)
    {
        string source = Guid.TryParse(wanted, out _) ? "UUID=" + wanted : wanted;
        string? device = crypttab.Entries.Any(entry => entry.Name == wanted) ? null : Resolve(source, root);
        CrypttabEntry? named = crypttab.Entries.FirstOrDefault(entry => entry.Name == wanted)
            ?? crypttab.Entries.FirstOrDefault(entry => entry.Source == source)
            ?? crypttab.Entries.FirstOrDefault(entry => device is not null && Resolve(entry.Source, root) is { } its
                && BlockDevices.RealPath(its) == BlockDevices.RealPath(device));
        return named is not null ? ToVolume(named, root)
            : device is not null ? new FoundVolume(wanted, device, null, null)
            : throw new StepException($"There is no volume {wanted}: it is no name in crypttab{Names(crypttab.Entries)}, "
                + "no device and no UUID.");
    }

    private static FoundVolume FindAlone(Crypttab crypttab, string root)
    {
        List<CrypttabEntry> usable = [.. crypttab.Entries.Where(entry => IsLuks2(entry, root))];
        if (usable.Count > 1)
        {
            IReadOnlyList<string> mappings = BlockDevices.RootMappings(root);
            List<CrypttabEntry> under = [.. usable.Where(entry => mappings.Contains(entry.Name))];
            usable = under.Count == 1 ? under : usable;
        }

        return usable switch
        {
            [var only] => ToVolume(only, root),
            [] => throw new StepException($"crypttab names no LUKS2 volume that is here{Names(crypttab.Entries)}: name a device."),
            _ => throw new StepException($"There is more than one volume: say which{Names(usable)}."),
        };
    }

    private static FoundVolume ToVolume(CrypttabEntry entry, string root) => new(
        entry.Name,
        Resolve(entry.Source, root) ?? throw new StepException($"{entry.Name}: its device {entry.Source} is not here."),
        entry.Header,
        entry);

    private static string? Resolve(string source, string root) => BlockDevices.Resolve(source, root);

    private static bool IsLuks2(CrypttabEntry entry, string root)
    {
        if (Resolve(entry.Source, root) is not { } device)
        {
            return false;
        }

        try
        {
            using LuksVolume volume = LuksVolume.Open(device, entry.Header);
            return true;
        }
        catch (LuksException e) when (e.Fault is not (LuksFault.NoLibrary or LuksFault.NoAccess))
        {
            return false;
        }
    }

    private static string Names(IReadOnlyList<CrypttabEntry> entries) =>
        entries.Count == 0 ? "" : $" ({string.Join(", ", entries.Select(entry => entry.Name))})";
}
