// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who is measured: a way to ask for what opens the disk, how it is started and how a person types there.

using EmulatedPhone;

namespace PhoneBench;

/// <summary>A way to unlock a disk, in an image of its own.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="Suite">The Debian that it runs in.</param>
/// <param name="Image">Makes its image.</param>
/// <param name="Start">The program whose start counts as its own: its path, or its file name where nothing else has that.</param>
/// <param name="Processes">The file names of all programs that run while it asks, because of it.</param>
/// <param name="Hand">How a person types; null where nobody is asked.</param>
internal sealed record Contender(
    string Name, string Suite, Func<KeySet, PhoneImage> Image, string Start, IReadOnlyList<string> Processes, Hand? Hand)
{
    /// <summary>Everyone: for each Debian one that asks nobody, the agent, and its peers.</summary>
    public static IReadOnlyList<Contender> All { get; } =
        [.. ((string[])["bookworm", "trixie"]).SelectMany(suite => (Contender[])[Nobody(suite), Agent(suite), .. Peer.All.Where(peer => peer.Suite == suite).Select(Of)])];

    /// <summary>What the screen shows when it asks; null: it stands still, long enough.</summary>
    public Func<Picture, bool>? Asks { get; init; }

    /// <summary>Words for the kernel's command line.</summary>
    public string Words { get; init; } = "";

    /// <summary>It must be told what display there is.</summary>
    public bool HasEdid { get; init; }

    /// <summary>It wants a card and its PIN; otherwise the passphrase.</summary>
    public bool UsesCard { get; init; }

    /// <summary>Nobody is asked: what the others add is counted from here.</summary>
    public bool IsBaseline => Hand is null;

    /// <summary>What opens the disk, without the key that confirms it.</summary>
    public string Answer => UsesCard ? KeySet.Pin : KeySet.Passphrase;

    /// <summary>Names its files.</summary>
    public string Label => $"{Name.Replace(' ', '-')}-{Suite}";

    /// <summary>The keys of the disk, as Debian's gpg of that release encrypts them.</summary>
    public KeySet Keys => KeySet.Get(Suite == "bookworm" ? "rsa2048" : "cv25519");

    private static Contender Nobody(string suite) =>
        new("no unlocker", suite, _ => PhoneImage.WithoutUnlocker(suite), "/scripts/init-premount/test-shell", [], null);

    private static Contender Agent(string suite)
    {
        Picture? pad = null;
        return new(
            "unlock-agent",
            suite,
            keys => PhoneImage.WithAgent(suite, keys.KeyFile, alone: true),
            "/usr/lib/unlock-agent/unlock-agent",
            ["unlock-agent", "pcscd"],
            new Finger((phone, key) => PadScreen.Pin(3).BoxFor(key, phone.Width, phone.Height)))
        {
            UsesCard = true,
            Asks = screen => screen.CountDifferences(pad ??= PadScreen.Pin(3).Draw(PromptSign.Width, PromptSign.Height), Phone.EdgeLevels) == 0,
        };
    }

    private static Contender Of(Peer peer) =>
        new(
            peer.Name,
            peer.Suite,
            peer.Image,

            // pinentry is the last of a chain, which begins with the keyscript.
            peer.UsesCard ? peer.Name : peer.Program,
            peer.Processes,
            peer.Rows is null ? new Keyboard(peer.Seen) : new Finger((_, key) => peer.KeyFor(key)))
        {
            UsesCard = peer.UsesCard,
            Words = peer.Words,
            HasEdid = peer.HasEdid,
            Asks = peer.Sign.IsOn,
        };
}
