// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kernel and initramfs of the phone, made by the real mkinitramfs of a Debian tree and kept by a hash of their inputs.

using System.Security.Cryptography;
using System.Text;

namespace EmulatedPhone;

/// <summary>A kernel and an initramfs that fit every <see cref="LuksDisk"/>.</summary>
/// <param name="Kernel">Path of the kernel.</param>
/// <param name="Initrd">Path of the initramfs.</param>
/// <param name="Tree">The Debian tree that they were made in.</param>
/// <param name="Architecture">The processor that they are for.</param>
public sealed partial record PhoneImage(string Kernel, string Initrd, string Tree, Architecture Architecture)
{
    /// <summary>Where crypttab says that the encrypted key file is.</summary>
    public const string KeyFilePath = "/etc/unlock-agent/root.gpg";

    private const string EntryWithKeyFile =
        $"{LuksDisk.MappingName} UUID={LuksDisk.Uuid} {KeyFilePath} luks,initramfs,keyscript=unlock-agent\n";

    private static readonly Lock Making = new();
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static string Scripts => Path.Combine(Repository.Root, "tests", "boot", "image");

    /// <summary>The path of the Debian tree of a suite, made when it is not there yet.</summary>
    /// <param name="suite">"bookworm" (Debian 12) or "trixie" (Debian 13).</param>
    /// <param name="architecture">For which processor; null: amd64.</param>
    /// <param name="packages">What comes on top of the usual packages, with commas between them.</param>
    public static string GetTree(string suite, Architecture? architecture = null, string packages = "") =>
        HostCommand.RunAsRoot(
            [Path.Combine(Scripts, "make-tree"), suite, Repository.Trees, (architecture ?? Architecture.Amd64).Name, packages], Patience).Trim();

    /// <summary>An image whose root is asked for by Debian's own text prompt.</summary>
    /// <param name="alone">Without unl0kr, which is in each image of Debian 13 that does not say so.</param>
    public static PhoneImage WithTextPrompt(string suite, bool alone = false) =>
        Make(suite, alone ? "text-alone" : "text", EntryWithKeyscript(keyscript: null), alone ? WithoutHooks(["unl0kr"], []) : [], agent: false);

    /// <summary>An image with the agent, as its hook installs it.</summary>
    /// <param name="keyFile">The encrypted key file that goes into the image.</param>
    /// <param name="alone">Without unl0kr, which is in each image of Debian 13 that does not say so.</param>
    public static PhoneImage WithAgent(string suite, byte[] keyFile, bool alone = false)
    {
        var files = new Dictionary<string, byte[]> { [KeyFilePath] = keyFile };
        return Make(suite, alone ? "agent-alone" : "agent", EntryWithKeyFile, alone ? WithoutHooks(["unl0kr"], files) : files, agent: true);
    }

    /// <summary>An image for the Librem 5, made on another machine: arm64, with the driver of its built-in reader beside the one for USB.</summary>
    /// <param name="keyFile">The encrypted key file that goes into the image.</param>
    public static PhoneImage ForLibrem5(string suite, byte[] keyFile) =>
        Make(
            suite,
            "librem5",
            EntryWithKeyFile,
            new() { [KeyFilePath] = keyFile, ["/etc/unlock-agent/initramfs.conf"] = "LIBREM5_READER=yes\n"u8.ToArray() },
            agent: true,
            Architecture.Arm64);

    /// <summary>The same with a hardware keyboard's layout, as Debian puts it into an initramfs with KEYMAP=y.</summary>
    /// <param name="suite">One whose tree has console-setup: "trixie".</param>
    /// <param name="keyFile">The encrypted key file that goes into the image.</param>
    /// <param name="layout">As XKB names it, for instance "de".</param>
    public static PhoneImage WithKeymap(string suite, byte[] keyFile, string layout) =>
        Make(
            suite,
            "keymap-" + layout,
            EntryWithKeyFile,
            new()
            {
                [KeyFilePath] = keyFile,
                ["/etc/default/keyboard"] = Encoding.ASCII.GetBytes($"XKBMODEL=pc105\nXKBLAYOUT={layout}\nXKBVARIANT=\nXKBOPTIONS=\nBACKSPACE=guess\n"),
                ["/etc/default/console-setup"] = "ACTIVE_CONSOLES=\"/dev/tty[1-6]\"\nCHARMAP=\"UTF-8\"\nCODESET=\"guess\"\nFONTFACE=\nFONTSIZE=\n"u8.ToArray(),
                ["/etc/initramfs-tools/conf.d/keymap"] = "KEYMAP=y\n"u8.ToArray(),
            },
            agent: true);

    /// <summary>An image with the agent and without a key file: the disk's header has the keys.</summary>
    public static PhoneImage WithTokens(string suite) =>
        Make(suite, "tokens", EntryWithKeyscript("unlock-agent"), [], agent: true);

    /// <summary>An image that the Debian package made: installed by dpkg, the initramfs by its trigger.</summary>
    /// <param name="keyFile">The encrypted key file that goes into the image.</param>
    /// <param name="package">The .deb.</param>
    public static PhoneImage WithPackage(string suite, byte[] keyFile, string package) =>
        Make(suite, "package", EntryWithKeyFile, new() { [KeyFilePath] = keyFile }, agent: false, package: package);

    private static PhoneImage Make(
        string suite,
        string label,
        string crypttab,
        Dictionary<string, byte[]> more,
        bool agent,
        Architecture? processor = null,
        string packages = "",
        string? package = null)
    {
        Architecture architecture = processor ?? Architecture.Amd64;
        string tree = GetTree(suite, architecture, packages);
        var files = new Dictionary<string, byte[]>(more)
        {
            ["/etc/crypttab"] = Encoding.UTF8.GetBytes(crypttab),
            ["/etc/fstab"] = Encoding.UTF8.GetBytes($"/dev/mapper/{LuksDisk.MappingName} / ext4 defaults 0 1\n"),
        };
        string[] install = agent ? [Path.Combine(Repository.Root, "initramfs-hooks", "install"), architecture.Binaries] : [];
        string[] inputs = [Scripts, .. agent ? (string[])[Path.GetDirectoryName(install[0])!, architecture.Binaries] : []];
        string script = "make-initramfs";
        if (package is not null)
        {
            (script, install, inputs) = ("make-package-initramfs", [package], [Scripts, package]);
        }

        string folder = Path.Combine(Repository.Out, "images", $"{suite}-{label}-{architecture.Name}-{Key(tree, files, inputs)}");
        var image = new PhoneImage(Path.Combine(folder, "vmlinuz"), Path.Combine(folder, "initrd.img"), tree, architecture);
        lock (Making)
        {
            if (!File.Exists(image.Initrd))
            {
                Build(tree, files, folder, [script, .. install]);
            }
        }

        return image;
    }

    private static void Build(string tree, Dictionary<string, byte[]> files, string folder, string[] command)
    {
        DirectoryInfo laid = Directory.CreateTempSubdirectory("unlock-agent-files");
        try
        {
            HostCommand.Run(["cp", "-r", Path.Combine(Scripts, "files") + "/.", laid.FullName], Patience);
            foreach ((string path, byte[] content) in files)
            {
                string target = laid.FullName + path;
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.WriteAllBytes(target, content);
            }

            // Made beside its final place and moved there whole: an interrupted run leaves no half image.
            string part = $"{folder}.{Environment.ProcessId}.part";
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            HostCommand.RunAsRoot([Path.Combine(Scripts, command[0]), tree, laid.FullName, part, .. command[1..]], Patience);
            if (!Directory.Exists(folder))
            {
                Directory.Move(part, folder);
            }
        }
        finally
        {
            laid.Delete(recursive: true);
        }
    }

    private static string Key(string tree, Dictionary<string, byte[]> files, string[] inputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string name, byte[] content)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{content.Length}\0"));
            hash.AppendData(content);
        }

        Add(tree, []);
        foreach ((string path, byte[] content) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            Add(path, content);
        }

        foreach (string input in inputs)
        {
            string[] found = File.Exists(input) ? [input] : Directory.GetFiles(input, "*", SearchOption.AllDirectories);
            foreach (string file in found.Order(StringComparer.Ordinal))
            {
                Add(file, File.ReadAllBytes(file));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
