// SPDX-License-Identifier: GPL-3.0-or-later
//
// Images without the agent whose root is asked for by another: osk-sdl, unl0kr, plymouth, each by its own Debian package; and one in
// which nobody asks.

using System.Buffers.Binary;
using System.Text;

namespace EmulatedPhone;

public sealed partial record PhoneImage
{
    private const string PeerScripts = "/usr/share/initramfs-tools/scripts/", Hooks = "/usr/share/initramfs-tools/hooks/";

    private const string PanelFile = "edid/phone.bin";

    /// <summary>For the kernel's command line of a phone that <see cref="PhoneOptions.HasEdid"/>: the EDID in <see cref="WithOskSdl"/>.</summary>
    public const string PanelWords = "drm.edid_firmware=" + PanelFile;

    /// <summary>
    /// An image of Debian 12 that asks with osk-sdl's keyboard, by KMS and Mesa. It takes the largest mode there is, of which a phone's
    /// panel has one and QEMU's display many: the image has an EDID of such a panel.
    /// </summary>
    public static PhoneImage WithOskSdl() =>
        Make(
            "bookworm",
            "osk-sdl",
            EntryWithKeyscript(PeerScripts + "osk-sdl-keyscript"),
            new() { ["/usr/lib/firmware/" + PanelFile] = Panel(720, 1440) },
            agent: false,
            packages: "osk-sdl");

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

    /// <summary>A display with one mode of 60 Hz and no size in millimetres (VESA E-EDID 1.4, section 3; 128 bytes).</summary>
    private static byte[] Panel(int width, int height)
    {
        const int Blank = 80, VerticalBlank = 20, Refresh = 60, Dummy = 0x10;
        byte[] edid = new byte[128];
        edid.AsSpan(1, 6).Fill(0xFF);

        // Version 1.4; digital; the first detailed timing is the preferred one. No established timing, and standard ones are unused.
        (edid[18], edid[19], edid[20], edid[24]) = (1, 4, 0x80, 0x02);
        edid.AsSpan(38, 16).Fill(0x01);
        Span<byte> timing = edid.AsSpan(54, 18);
        BinaryPrimitives.WriteUInt16LittleEndian(timing, (ushort)((width + Blank) * (height + VerticalBlank) * Refresh / 10_000));
        (timing[2], timing[3], timing[4]) = ((byte)width, Blank, (byte)(width >> 8 << 4));
        (timing[5], timing[6], timing[7]) = ((byte)height, VerticalBlank, (byte)(height >> 8 << 4));

        // Synchronisation: 8 pixels after the picture for 32, 3 lines after it for 10; digital, separate.
        (timing[8], timing[9], timing[10], timing[17]) = (8, 32, 0x3A, 0x18);
        for (int other = 72; other < 126; other += 18)
        {
            edid[other + 3] = Dummy;
        }

        edid[127] = (byte)-edid.Sum(value => value);
        return edid;
    }

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
