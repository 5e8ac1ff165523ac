// SPDX-License-Identifier: GPL-3.0-or-later
//
// Images without the agent whose root is asked for by another: osk-sdl, unl0kr, plymouth, each by its own Debian package; and one in
// which nobody asks.

using System.Text;

namespace EmulatedPhone;

public sealed partial record PhoneImage
{
    private const string PeerScripts = "/usr/share/initramfs-tools/scripts/", Hooks = "/usr/share/initramfs-tools/hooks/";

    /// <summary>An image of Debian 12 that asks with osk-sdl's keyboard, by KMS and Mesa.</summary>
    public static PhoneImage WithOskSdl() =>
        Make("bookworm", "osk-sdl", EntryWithKeyscript(PeerScripts + "osk-sdl-keyscript"), [], agent: false, packages: "osk-sdl");

    /// <summary>An image of Debian 13 that asks with unl0kr's keyboard.</summary>
    public static PhoneImage WithUnl0kr() =>
        Make("trixie", "unl0kr", EntryWithKeyscript(PeerScripts + "unl0kr-keyscript"), [], agent: false);

    /// <summary>An image that asks with plymouth's own prompt, once its splash is switched on.</summary>
    public static PhoneImage WithPlymouth(string suite) =>
        Make(
            suite,
            "plymouth",
            EntryWithKeyscript(keyscript: null),
            WithoutHooks(suite == "bookworm" ? [] : ["unl0kr"], new() { ["/etc/plymouth/plymouthd.conf"] = "[Daemon]\nTheme=spinner\n"u8.ToArray() }),
            agent: false,
            packages: "plymouth,plymouth-themes");

    /// <summary>An image that opens nothing: no cryptsetup and nobody who asks. Its boot waits for a root that does not come.</summary>
    public static PhoneImage WithoutUnlocker(string suite) =>
        Make(
            suite,
            "without",
            "",
            WithoutHooks(
                [
                    "cryptgnupg", "cryptgnupg-sc", "cryptkeyctl", "cryptopensc", "cryptpassdev", "cryptroot", "cryptroot-unlock", "dmsetup",
                    .. suite == "bookworm" ? (string[])[] : ["unl0kr"],
                ],
                []),
            agent: false);

    private static string EntryWithKeyscript(string? keyscript) =>
        $"{LuksDisk.MappingName} UUID={LuksDisk.Uuid} none luks,initramfs{(keyscript is null ? "" : $",keyscript={keyscript}")}\n";

    /// <summary>With hooks that do nothing in place of a tree's own.</summary>
    private static Dictionary<string, byte[]> WithoutHooks(string[] hooks, Dictionary<string, byte[]> files)
    {
        foreach (string hook in hooks)
        {
            // What is copied over a file leaves it executable.
            files[Hooks + hook] = Encoding.ASCII.GetBytes("#!/bin/sh\n");
        }

        return files;
    }
}
