// SPDX-License-Identifier: GPL-3.0-or-later
// An image that Debian's mkinitramfs made in a Debian tree with the agent's own hook, as the boot tests' images are made.
using System.Diagnostics;
using UnlockControl.Volumes;

namespace UnlockControl.Tests.Volumes;

public sealed class RealImageTests : IDisposable
{
    private const string Line = "root_crypt UUID=5c1c4b2a-8c1e-4b0e-9d7e-2f4f0b6d7a10 none luks,initramfs,keyscript=unlock-agent\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unlockctl-test.");

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void Debians_image_misses_nothing_with_the_hook_and_all_without_it(string suite)
    {
        string scripts = Path.Combine(Checkout(), "tests", "boot", "image");
        string tree = AsRoot([scripts + "/make-tree", suite, Trees()]).Trim();
        string files = Path.Combine(_folder.FullName, "files"), root = Path.Combine(_folder.FullName, "root");
        AsRoot(["cp", "-r", scripts + "/files", files]);
        _ = Directory.CreateDirectory(files + "/etc");
        File.WriteAllText(files + "/etc/crypttab", Line);
        File.WriteAllText(files + "/etc/fstab", "/dev/mapper/root_crypt / ext4 defaults 0 1\n");
        _ = Directory.CreateDirectory(root + "/lib/modules/1");
        _ = Directory.CreateDirectory(root + "/boot");
        var initramfs = new Initramfs(root);

        Make(["--with"]);
        IReadOnlyList<CrypttabEntry> wanted = Crypttab.Parse(Line).Entries;
        Assert.Empty(Assert.Single(initramfs.Look(wanted)).Missing);

        File.WriteAllText(files + "/etc/crypttab", Line.Replace(",keyscript=unlock-agent", "", StringComparison.Ordinal));
        Make([]);
        IReadOnlyList<string> missing = Assert.Single(initramfs.Look(wanted)).Missing;
        foreach (string what in new[] { "the agent", "pcscd", "reader's driver", "the keyscript", "as it is now" })
        {
            Assert.Contains(missing, text => text.Contains(what, StringComparison.Ordinal));
        }

        void Make(string[] hook)
        {
            string made = _folder.FullName + "/made";
            string[] install = hook.Length > 0 ? [Checkout() + "/initramfs-hooks/install", Checkout() + "/out/bin"] : [];
            AsRoot([scripts + "/make-initramfs", tree, files, made, .. install]);
            File.Move(made + "/initrd.img", root + "/boot/initrd.img-1", overwrite: true);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Trees()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : home + "/.cache", "unlock-agent", "trees");
    }

    private static string Checkout()
    {
        DirectoryInfo at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "build.sh")))
        {
            at = at.Parent ?? throw new InvalidOperationException("Not inside the checkout.");
        }

        return at.FullName;
    }

    private static string AsRoot(string[] arguments)
    {
        string[] words = Environment.UserName == "root" ? arguments : ["sudo", "-n", .. arguments];
        using Process process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', words)}: status {process.ExitCode}");
    }
}
