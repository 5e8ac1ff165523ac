// SPDX-License-Identifier: GPL-3.0-or-later
//
// A package's life in clean Debian 12 and 13 systems, with their own dpkg and initramfs-tools: installed, upgraded, removed, purged.

using System.Text.RegularExpressions;
using EmulatedPhone;

namespace Package.Tests;

public sealed partial class LifeTests : IDisposable
{
    private const string OurEntry = "root_crypt UUID=" + LuksDisk.Uuid + " none luks,initramfs,keyscript=unlock-agent";
    private const string Agent = "usr/lib/unlock-agent/unlock-agent";
    private readonly string folder = Directory.CreateTempSubdirectory("unlock-agent-debs").FullName;

    private static Deb Current => Deb.For("amd64");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void Installed_upgraded_removed_and_purged(string suite)
    {
        using var system = new DebianTree(suite);
        string[] before = system.Everything();

        // A former version, whose configuration differs from today's.
        string told = system.Install(Current.As("0.0.9", folder, root => Append(root + "/etc/unlock-agent.conf", root + "/etc/unlock-agent/initramfs.conf")));
        Assert.Equal(1, CountImages(told));
        Assert.Equal("install ok installed", system.Status());
        Assert.Equal("", system.Run("dpkg --verify unlock-agent"));
        Assert.DoesNotContain(Agent, system.ImageListing(), StringComparison.Ordinal);
        Assert.Equal(DebianTree.PlainEntry, system.Read("/etc/crypttab"));
        Assert.NotEqual("", system.Run("unlockctl --version"));

        // A person's own: a card opens the disk, and one of the configuration files is changed.
        system.Write("/etc/crypttab", $"# the root\n{OurEntry}\n");
        system.Run("echo 'theme = light' >>/etc/unlock-agent.conf");
        string mine = system.Read("/etc/unlock-agent.conf");

        told = system.Install(Current);
        Assert.Equal(1, CountImages(told));
        Assert.Equal(Current.Field("Version"), system.Run("dpkg-query -W -f '${Version}' unlock-agent"));
        Assert.Equal(mine, system.Read("/etc/unlock-agent.conf"));
        Assert.DoesNotContain("0.0.9", system.Read("/etc/unlock-agent/initramfs.conf"), StringComparison.Ordinal);
        Assert.Equal($"# the root\n{OurEntry}\n", system.Read("/etc/crypttab"));
        Assert.Contains(Agent, system.ImageListing(), StringComparison.Ordinal);

        told = system.Run("dpkg --remove unlock-agent");
        Assert.Equal("deinstall ok config-files", system.Status());
        Assert.DoesNotContain("keyscript", system.Read("/etc/crypttab"), StringComparison.Ordinal);
        Assert.StartsWith($"# the root\nroot_crypt UUID={LuksDisk.Uuid} none luks,initramfs", system.Read("/etc/crypttab"), StringComparison.Ordinal);
        Assert.Contains(OurEntry, system.Run("cat /etc/crypttab.before-unlockctl-*"), StringComparison.Ordinal);
        Assert.Equal(mine, system.Read("/etc/unlock-agent.conf"));
        string image = system.ImageListing();
        Assert.DoesNotContain("unlock-agent", image, StringComparison.Ordinal);
        Assert.Contains("askpass", image, StringComparison.Ordinal);
        Assert.Contains("update-initramfs: Generating", told, StringComparison.Ordinal);

        system.Write("/etc/unlock-agent/left.gpg", "encrypted");
        system.Run("dpkg --purge unlock-agent");
        system.Write("/etc/crypttab", DebianTree.PlainEntry);
        Assert.Equal(before, system.Everything());
    }

    /// <summary>A disk of cards only: without the agent nothing would open it.</summary>
    [Fact]
    public void Removal_is_refused_while_no_passphrase_opens_the_disk()
    {
        using var system = new DebianTree("bookworm");
        system.Install(Current);
        string token = """{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"AAAA"}""";
        system.Run(
            "truncate -s 20M /var/lib/disk && head -c 32 /dev/urandom >/var/lib/key && "
            + "cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 /var/lib/disk /var/lib/key && "
            + $"echo '{token}' | cryptsetup token import --disable-locks /var/lib/disk");
        string entry = $"root_crypt UUID={LuksDisk.Uuid} none luks,initramfs,header=/var/lib/disk,keyscript=unlock-agent\n";
        system.Write("/etc/crypttab", entry);

        string told = system.Fail("dpkg --remove unlock-agent");

        Assert.Contains("still has it open root_crypt at boot, and no passphrase is left", told, StringComparison.Ordinal);
        Assert.EndsWith(" ok installed", system.Status(), StringComparison.Ordinal);
        Assert.Equal("", system.Run("dpkg --verify unlock-agent"));
        Assert.Equal(entry, system.Read("/etc/crypttab"));

        system.Run(
            "echo passphrase >/var/lib/passphrase && cryptsetup luksAddKey -q --pbkdf pbkdf2 --pbkdf-force-iterations 2000 "
            + "--key-file /var/lib/key /var/lib/disk /var/lib/passphrase && dpkg --remove unlock-agent");
        Assert.DoesNotContain("keyscript", system.Read("/etc/crypttab"), StringComparison.Ordinal);
    }

    [Fact]
    public void Removal_is_refused_where_crypttab_cannot_be_put_back_and_says_how_a_person_can()
    {
        using var system = new DebianTree("trixie");
        system.Install(Current);
        system.Write("/etc/crypttab", OurEntry + "\n");
        system.Run("cp /bin/false /usr/sbin/unlockctl");

        string told = system.Fail("dpkg --remove unlock-agent");

        Assert.Contains("unlockctl could not change that (status 1", told, StringComparison.Ordinal);
        Assert.Contains("take keyscript=unlock-agent out of its line by hand", told, StringComparison.Ordinal);
        Assert.EndsWith(" ok installed", system.Status(), StringComparison.Ordinal);

        system.Run("sed -i 's/,keyscript=unlock-agent//' /etc/crypttab && dpkg --remove unlock-agent");
        Assert.DoesNotContain("unlock-agent", system.ImageListing(), StringComparison.Ordinal);
    }

    /// <summary>Keys in /etc/unlock-agent that another keyscript opens a disk with are no leftovers.</summary>
    [Fact]
    public void An_upgrade_that_fails_leaves_the_former_version_and_purging_leaves_what_crypttab_names()
    {
        using var system = new DebianTree("bookworm");
        system.Install(Current);
        system.Write("/etc/crypttab", OurEntry + "\n");
        Deb broken = Current.As("9.9", folder, root =>
        {
            File.WriteAllText(root + "/DEBIAN/preinst", "#!/bin/sh\nexit 1\n");
            File.SetUnixFileMode(root + "/DEBIAN/preinst", (UnixFileMode)0b111_101_101);
        });

        system.Fail(system.InstallCommand(broken));

        Assert.Equal("install ok installed", system.Status());
        Assert.Equal(Current.Field("Version"), system.Run("dpkg-query -W -f '${Version}' unlock-agent"));
        Assert.Equal("", system.Run("dpkg --verify unlock-agent"));
        Assert.Equal(OurEntry + "\n", system.Read("/etc/crypttab"));

        system.Write("/etc/unlock-agent/home.gpg", "encrypted");
        system.Run("echo 'home UUID=0 /etc/unlock-agent/home.gpg luks,keyscript=decrypt_gnupg' >>/etc/crypttab && dpkg --purge unlock-agent");
        Assert.Equal("encrypted", system.Read("/etc/unlock-agent/home.gpg"));
    }

    private static void Append(params string[] files) => Array.ForEach(files, file => File.AppendAllText(file, "# as 0.0.9 had it\n"));

    private static int CountImages(string told) => Generating().Count(told);

    [GeneratedRegex("^update-initramfs: Generating", RegexOptions.Multiline)]
    private static partial Regex Generating();
}
