// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who is measured: a way to ask for what opens the disk, how it is started and how a person types there.

using EmulatedPhone;

namespace PhoneBench;

/// <summary>A way to unlock a disk, in an image of its own.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="Suite">The Debian that it runs in.</param>
/// <param name="Image">Makes its image.</param>
/// <param name="Program">The path of the program whose start counts as its own, as it is executed.</param>
/// <param name="Processes">The file names of all programs that run while it asks, because of it.</param>
/// <param name="Hand">How a person types; null where nobody is asked.</param>
internal sealed record Contender(string Name, string Suite, Func<KeySet, PhoneImage> Image, string Program, string[] Processes, Hand? Hand)
{
    /// <summary>Words for the kernel's command line.</summary>
    public string Words { get; init; } = "";

    /// <summary>It wants a card and its PIN; otherwise the passphrase.</summary>
    public bool UsesCard { get; init; }

    /// <summary>Nobody is asked: what the others add is counted from here.</summary>
    public bool IsBaseline => Hand is null;

    /// <summary>What opens the disk, without the key that confirms it.</summary>
    public string Answer => UsesCard ? KeySet.Pin : KeySet.Passphrase;

    /// <summary>Whose files are named alike.</summary>
    public string Label => $"{Name.Replace(' ', '-')}-{Suite}";

    /// <summary>The keys of the disk, as Debian's gpg of that release encrypts them.</summary>
    public KeySet Keys => KeySet.Get(Suite == "bookworm" ? "rsa2048" : "cv25519");
}
