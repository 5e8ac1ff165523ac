// SPDX-License-Identifier: GPL-3.0-or-later
//
// Images in which the agent is not alone: a splash, an ssh server, other encrypted volumes.

using System.Text;

namespace EmulatedPhone;

public sealed partial record PhoneImage
{
    /// <summary>For the kernel's command line: a network of QEMU's own, which begins at 10.0.2.0, with the phone at its usual address.</summary>
    public const string NetworkWords = "net.ifnames=0 ip=10.0.2.15::10.0.2.2:255.255.255.0::eth0:off";

    private const string Neighbours = "plymouth,plymouth-themes,dropbear-initramfs";

    /// <summary>The path of the tree of <see cref="BesideOthers"/>, which has dropbear's programs for the other side too.</summary>
    public static string GetTreeOfOthers(string suite) => GetTree(suite, packages: Neighbours);

    /// <summary>An image with the agent, plymouth with a theme that moves, and dropbear.</summary>
    /// <param name="keyFile">The encrypted key file that goes into the image.</param>
    /// <param name="loginKey">A public key as authorized_keys(5) has it: who may log in.</param>
    public static PhoneImage BesideOthers(string suite, byte[] keyFile, string loginKey) =>
        Make(
            suite,
            "others",
            EntryWithKeyFile,
            new()
            {
                [KeyFilePath] = keyFile,
                ["/etc/plymouth/plymouthd.conf"] = "[Daemon]\nTheme=spinner\n"u8.ToArray(),
                ["/etc/dropbear/initramfs/authorized_keys"] = Encoding.ASCII.GetBytes(loginKey + "\n"),
                ["/etc/initramfs-tools/modules"] =
                    [.. File.ReadAllBytes(Path.Combine(Scripts, "files", "etc", "initramfs-tools", "modules")), .. "virtio_net\n"u8],
            },
            agent: true,
            packages: Neighbours);

    /// <summary>An image with the agent for the root and other volumes before and after it.</summary>
    /// <param name="keyFile">The encrypted key file that goes into the image.</param>
    /// <param name="before">Entries of crypttab before the root's.</param>
    /// <param name="after">Entries of crypttab after the root's.</param>
    public static PhoneImage WithVolumes(string suite, byte[] keyFile, string before, string after) =>
        Make(suite, "volumes", before + EntryWithKeyFile + after, new() { [KeyFilePath] = keyFile }, agent: true);
}
