// SPDX-License-Identifier: GPL-3.0-or-later
//
// A clean Debian with a kernel and an initramfs, in which packages are installed for real (tests/boot/image/in-tree). Thrown away after the test.

using EmulatedPhone;

namespace Package.Tests;

/// <summary>A Debian system of a test's own.</summary>
internal sealed class DebianTree : IDisposable
{
    /// <summary>What crypttab says before a card opens the disk.</summary>
    public const string PlainEntry = "# the root\nroot_crypt UUID=" + LuksDisk.Uuid + " none luks,discard,initramfs # by passphrase\n";

    private static readonly string InTree = Path.Combine(Repository.Root, "tests", "boot", "image", "in-tree");
    private static readonly string Files = Path.Combine(Repository.Root, "tests", "boot", "image", "files");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly string tree;
    private readonly string state = Directory.CreateTempSubdirectory("unlock-agent-tree").FullName;

    /// <param name="suite">"bookworm" or "trixie".</param>
    public DebianTree(string suite)
    {
        tree = PhoneImage.GetTree(suite);
        Directory.CreateDirectory(Share);
        HostCommand.Run(["cp", "-r", Files, Path.Combine(Share, "files")], Patience);
        File.WriteAllText(Path.Combine(Share, "crypttab"), PlainEntry);
        Run("cp -r --no-preserve=ownership /mnt/files/. / && cp /mnt/crypttab /etc/crypttab && update-initramfs -c -k all");
    }

    /// <summary>A folder that the system sees as /mnt.</summary>
    public string Share => Path.Combine(state, "share");

    /// <summary>Runs a shell script in the system, which must succeed.</summary>
    /// <returns>What it said on both streams.</returns>
    public string Run(string script) => HostCommand.RunAsRoot([InTree, tree, state, "sh", "-euc", $"exec 2>&1\n{script}"], Patience);

    /// <summary>Runs a shell script in the system, which must fail.</summary>
    /// <returns>What it said on both streams.</returns>
    public string Fail(string script) => Run($"if ( {script} ); then echo 'It did not fail.'; exit 1; fi");

    /// <summary>A file's content.</summary>
    public string Read(string path) => Run($"cat '{path}'");

    /// <summary>Makes or replaces a file.</summary>
    public void Write(string path, string content)
    {
        File.WriteAllText(Path.Combine(Share, "written"), content);
        Run($"install -D -m 0644 /mnt/written '{path}'");
    }

    /// <summary>Installs a package as dpkg does where nobody answers: a conffile that a person has changed stays.</summary>
    public string Install(Deb package) => Run(InstallCommand(package));

    /// <summary>What <see cref="Install"/> runs.</summary>
    public string InstallCommand(Deb package)
    {
        File.Copy(package.Path, Path.Combine(Share, "package.deb"), overwrite: true);
        return "dpkg --force-confdef --force-confold --install /mnt/package.deb";
    }

    /// <summary>Whether dpkg has it, in its words: "install ok installed" for one.</summary>
    public string Status() => Run("dpkg-query -W -f '${Status}' unlock-agent || true");

    /// <summary>The files of the initramfs, one a line.</summary>
    public string ImageListing() => Run("lsinitramfs /boot/initrd.img-*[0-9a-z]");

    /// <summary>All files but those that every installation leaves: mode, size and path.</summary>
    public string[] Everything() => Run(
            "find / -xdev \\( -path /mnt -o -path /var/log -o -path /var/lib/dpkg -o -path /var/cache -o -path /var/tmp -o -path /var/lib/initramfs-tools "
            + "-o -path '/boot/initrd.img-*' \\) -prune -o ! -type d -printf '%m %s %p\\n' -o -printf '%m %p/\\n'")
        .TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal).ToArray();

    public void Dispose() => HostCommand.RunAsRoot(["rm", "-rf", "--one-file-system", state], Patience);
}
