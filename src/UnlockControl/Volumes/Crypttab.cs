// SPDX-License-Identifier: GPL-3.0-or-later
// /etc/crypttab (crypttab(5)): read, changed line by line so that every other byte stays, shown as a diff, replaced in one rename.

namespace UnlockControl.Volumes;

/// <summary>A line that names a volume.</summary>
/// <param name="Line">0-based.</param>
internal sealed record CrypttabEntry(int Line, string Name, string Source, string Key, IReadOnlyList<string> Options)
{
    /// <summary>Its keyscript is unlock-agent, by name or by path.</summary>
    public bool IsOurs => throw new NotSupportedException();

    /// <summary>Option header=, or null.</summary>
    public string? Header => throw new NotSupportedException();

    /// <summary>The block device or file that <see cref="Source"/> names (UUID=, PARTUUID=, LABEL=, PARTLABEL=, a path); null: not there.</summary>
    public string? Device => throw new NotSupportedException();
}

/// <summary>One version of the file; immutable.</summary>
internal sealed class Crypttab
{
    public const string Path = "/etc/crypttab";

    public string Text => throw new NotSupportedException();

    public IReadOnlyList<CrypttabEntry> Entries => throw new NotSupportedException();

    public static Crypttab Parse(string text) => throw new NotSupportedException();

    public static Crypttab Read(string path = Path) => throw new NotSupportedException();

    /// <summary>The same with that entry opened by the agent: key field, keyscript=unlock-agent, initramfs; comments and blanks stay.</summary>
    /// <param name="key">"none", or the path of the key file.</param>
    public Crypttab WithAgent(CrypttabEntry entry, string key) => throw new NotSupportedException();

    /// <summary>The same with that entry opened by a passphrase as Debian asks for it: key field none, no keyscript of ours.</summary>
    public Crypttab WithoutAgent(CrypttabEntry entry) => throw new NotSupportedException();

    /// <summary>A unified diff to <paramref name="after"/>; empty where nothing differs.</summary>
    public string DiffTo(Crypttab after) => throw new NotSupportedException();

    /// <summary>Replaces the file in one rename, mode and owner kept; the former content goes to a backup beside it.</summary>
    /// <returns>The backup's path.</returns>
    public string Save(string path = Path) => throw new NotSupportedException();
}
