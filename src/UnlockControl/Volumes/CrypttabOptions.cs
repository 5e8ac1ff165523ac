// SPDX-License-Identifier: GPL-3.0-or-later
// What the fourth field of crypttab must and must not hold for a volume that a card opens. The others stay, in their order.
namespace UnlockControl.Volumes;

internal static class CrypttabOptions
{
    private const string Ours = "unlock-agent";

    private static readonly string[] ScriptFolders = ["/lib/cryptsetup/scripts/", "/usr/lib/cryptsetup/scripts/"];

    /// <summary>Volumes that are no LUKS.</summary>
    private static readonly string[] OtherTypes = ["plain", "tcrypt", "bitlk", "fvault2", "swap", "tmp"];

    /// <summary>Options that cut the key or hold cryptsetup to another keyslot than the card's.</summary>
    private static readonly string[] KeyOptions = ["keyslot", "key-slot", "keyfile-size", "keyfile-offset"];

    /// <summary>An option's value; null: it is not there. As in Debian the last one counts.</summary>
    public static string? Value(IEnumerable<string> options, string name) => options
        .Where(option => Name(option) == name && option.Length > name.Length)
        .Select(option => CrypttabLine.Unescape(option[(name.Length + 1)..]))
        .LastOrDefault();

    public static bool IsOurScript(string? keyscript) =>
        keyscript == Ours || ScriptFolders.Any(folder => keyscript == folder + Ours);

    /// <summary>The options with ours among them.</summary>
    /// <exception cref="StepException">One of them cannot stand beside a card.</exception>
    public static IEnumerable<string> WithAgent(string volume, IReadOnlyList<string> options)
    {
        Refuse(volume, options);
        List<string> kept = [.. options.Where((option, i) => !IsOurs(option) || !options.Take(i).Any(IsOurs))];
        if (!kept.Contains("luks"))
        {
            kept.Insert(0, "luks");
        }

        // systemd knows no keyscripts: a volume that is opened by one is opened in the initramfs.
        string[] more = ["initramfs", "keyscript=" + Ours];
        return [.. kept, .. more.Where(option => !kept.Any(there => Name(there) == Name(option)))];
    }

    /// <summary>The options without our keyscript.</summary>
    public static IEnumerable<string> WithoutAgent(IReadOnlyList<string> options)
    {
        List<string> kept = [.. options.Where(option => !IsOurs(option))];
        return kept.Count > 0 ? kept : ["luks"];
    }

    private static string Name(string option) => option.Split('=')[0];

    private static bool IsOurs(string option) => Name(option) == "keyscript" && IsOurScript(Value([option], "keyscript"));

    private static void Refuse(string volume, IReadOnlyList<string> options)
    {
        if (options.FirstOrDefault(option => Name(option) == "keyscript" && !IsOurs(option)) is { } foreign)
        {
            throw new StepException($"{volume}: crypttab has {foreign}, which asks another program for the key. "
                + "Take that option out, see that the volume opens with its passphrase, then try again.");
        }

        if (options.FirstOrDefault(option => OtherTypes.Contains(Name(option))) is { } type)
        {
            throw new StepException($"{volume}: crypttab says {type}, so it is no LUKS volume; a card can open only LUKS2.");
        }

        if (options.FirstOrDefault(option => KeyOptions.Contains(Name(option))) is { } key)
        {
            throw new StepException($"{volume}: crypttab has {key}, which would keep the card's key from being used as it is. "
                + "Take that option out, then try again.");
        }

        if (options.Contains("noauto") && !options.Contains("initramfs"))
        {
            throw new StepException($"{volume}: crypttab says noauto, but a card opens volumes while the system starts. "
                + "Take that option out, then try again.");
        }
    }
}
