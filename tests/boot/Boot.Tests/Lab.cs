// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the boots of this program share: a disk and a phone for a test, thrown away after it.

using System.Text;
using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

/// <summary>A booting phone with a disk of its own, whose nonce only this test knows.</summary>
internal sealed class Lab : IDisposable
{
    private readonly string disk = Path.GetTempFileName();
    private readonly string nonce = Guid.NewGuid().ToString("N");

    private Lab(
        PhoneImage image,
        KeySet[] keys,
        string[] tokens,
        Func<PhoneOptions, PhoneOptions> change,
        string name,
        string passphrase = KeySet.Passphrase)
    {
        LuksDisk.Create(disk, image, nonce, [.. keys.Select(set => set.LuksKey), Encoding.UTF8.GetBytes(passphrase)]);
        Array.ForEach(tokens, token => LuksDisk.ImportToken(disk, token));
        Phone = Phone.Boot(change(new PhoneOptions(image.Kernel, image.Initrd, disk, name) { Architecture = image.Architecture }));
    }

    public Phone Phone { get; }

    /// <summary>A phone that asks with Debian's own text prompt.</summary>
    public static Lab WithTextPrompt(string suite, string name, string passphrase = KeySet.Passphrase) =>
        new(PhoneImage.WithTextPrompt(suite), [KeySet.Get(AlgorithmOf(suite))], [], options => options, $"{name}-{suite}", passphrase);

    /// <summary>A phone that asks for the card's PIN with cryptsetup's decrypt_gnupg-sc, hence pinentry-curses; the card is not inserted.</summary>
    /// <param name="words">More words for the kernel's command line.</param>
    public static Lab WithGnuPg(string suite, string name, out VirtualCard card, string words = "")
    {
        KeySet keys = KeySet.Get(AlgorithmOf(suite));
        VirtualCard fitting = card = keys.NewCard();
        PhoneOptions Change(PhoneOptions options) => options with { Card = fitting, ExtraCommandLine = words };
        return new Lab(PhoneImage.WithGnuPg(suite, keys), [keys], [], Change, $"{name}-{suite}");
    }

    /// <summary>A phone that a peer of the agent asks on; a card that fits is in its reader.</summary>
    internal static Lab WithPeer(Peer peer, string name, out VirtualCard card)
    {
        KeySet keys = KeySet.Get(AlgorithmOf(peer.Suite));
        VirtualCard fitting = card = keys.NewCard();
        PhoneOptions Change(PhoneOptions options) => options with
        {
            Card = fitting,
            HasTouch = false,
            HasEdid = peer.HasEdid,
            ExtraCommandLine = $"quiet vt.global_cursor_default=0 {peer.Words}",
        };
        var lab = new Lab(peer.Image(keys), [keys], [], Change, $"{name}-{peer.Label}");
        lab.Phone.InsertCard();
        return lab;
    }

    /// <summary>A phone with the agent and a reader for a card that fits; the card is not inserted.</summary>
    /// <param name="change">How this phone differs from the usual one; null: not at all.</param>
    /// <param name="passphrase">What opens the disk's second keyslot.</param>
    /// <param name="keymap">The layout of a hardware keyboard that the initramfs loads; null: none, which is American.</param>
    public static Lab WithAgent(
        string suite,
        string name,
        out VirtualCard card,
        Func<PhoneOptions, PhoneOptions>? change = null,
        string passphrase = KeySet.Passphrase,
        string? keymap = null)
    {
        KeySet keys = KeySet.Get(AlgorithmOf(suite));
        VirtualCard fitting = card = keys.NewCard();
        PhoneOptions Change(PhoneOptions options) => (change ?? (same => same))(options with { Card = fitting });
        PhoneImage image = keymap is null
            ? PhoneImage.WithAgent(suite, keys.KeyFile)
            : PhoneImage.WithKeymap(suite, keys.KeyFile, keymap);
        return new Lab(image, [keys], [], Change, $"{name}-{suite}", passphrase);
    }

    /// <summary>A Librem 5's image, booted on an ARM machine that has a USB reader for a card that fits; the card is not inserted.</summary>
    public static Lab ForLibrem5(string suite, string name, out VirtualCard card)
    {
        KeySet keys = KeySet.Get(AlgorithmOf(suite));
        VirtualCard fitting = card = keys.NewCard();
        return new Lab(
            PhoneImage.ForLibrem5(suite, keys.KeyFile), [keys], [], options => options with { Card = fitting }, $"{name}-{suite}");
    }

    /// <summary>A phone with the agent and without a key file, and a disk that carries its keys itself.</summary>
    /// <param name="keys">The keys in the disk's first keyslots, in this order.</param>
    /// <param name="tokens">What its header says of them.</param>
    /// <param name="inReader">Whose card can be inserted.</param>
    public static Lab WithTokens(string suite, string name, KeySet[] keys, string[] tokens, KeySet inReader, out VirtualCard card)
    {
        VirtualCard fitting = card = inReader.NewCard();
        return new Lab(PhoneImage.WithTokens(suite), keys, tokens, options => options with { Card = fitting }, $"{name}-{suite}");
    }

    /// <summary>A phone with the agent, plymouth and dropbear; the card is not inserted.</summary>
    /// <param name="login">Who may log in.</param>
    /// <param name="words">More words for the kernel's command line.</param>
    public static Lab BesideOthers(string suite, string name, out VirtualCard card, RemoteLogin login, string words)
    {
        KeySet keys = KeySet.Get(AlgorithmOf(suite));
        VirtualCard fitting = card = keys.NewCard();
        PhoneOptions Change(PhoneOptions options) => options with { Card = fitting, MoreDevices = login.Arguments, ExtraCommandLine = words };
        return new Lab(PhoneImage.BesideOthers(suite, keys.KeyFile, login.PublicKey), [keys], [], Change, $"{name}-{suite}");
    }

    /// <summary>A phone with the agent for the root, and other volumes; the card is not inserted.</summary>
    /// <param name="before">Entries of crypttab before the root's.</param>
    /// <param name="after">Entries of crypttab after the root's.</param>
    /// <param name="disks">The other volumes.</param>
    public static Lab WithVolumes(string suite, string name, out VirtualCard card, string before, string after, params DataDisk[] disks)
    {
        KeySet keys = KeySet.Get(AlgorithmOf(suite));
        VirtualCard fitting = card = keys.NewCard();
        string[] devices = [.. disks.SelectMany((disk, i) => disk.Arguments($"data{i}"))];
        PhoneOptions Change(PhoneOptions options) => options with { Card = fitting, MoreDevices = devices };
        return new Lab(PhoneImage.WithVolumes(suite, keys.KeyFile, before, after), [keys], [], Change, $"{name}-{suite}");
    }

    /// <summary>The mapping is the LUKS2 volume, the root is on it, and it holds what this test encrypted.</summary>
    public void AssertRootOpened()
    {
        OpenedRoot root = Phone.WaitForRoot(Phone.StepTimeout);
        string uuid = LuksDisk.Uuid.Replace("-", "");
        Assert.Equal($"name={LuksDisk.MappingName} uuid=CRYPT-LUKS2-{uuid}-{LuksDisk.MappingName}", root.Mapping);
        Assert.Equal($"/dev/mapper/{LuksDisk.MappingName} ext4", root.Mounted);
        Assert.Equal(nonce, root.Nonce);
    }

    public void Dispose()
    {
        Phone.Dispose();
        File.Delete(disk);
    }

    // Each Debian opens with the other kind of key, so that both kinds go through a whole boot.
    public static string AlgorithmOf(string suite) => suite == "bookworm" ? "rsa2048" : "cv25519";
}
