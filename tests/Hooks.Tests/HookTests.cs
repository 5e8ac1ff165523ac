// SPDX-License-Identifier: GPL-3.0-or-later
//
// The hook against this machine's real initramfs-tools, cryptsetup, pcscd and libccid, with an image folder in place of a whole
// mkinitramfs run. The agent is `true` (its check passes) or `false` (it fails). Needs root for chroot(8), like mkinitramfs' own ldconfig.

namespace Hooks.Tests;

public sealed class HookTests : IDisposable
{
    private readonly Sandbox sandbox = new();

    public HookTests()
    {
        foreach (var folder in new[] { "usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "cryptroot" })
        {
            Directory.CreateDirectory(InImage(folder));
        }

        // The merged layout that mkinitramfs prepares.
        foreach (var folder in new[] { "bin", "sbin", "lib", "lib64" })
        {
            File.CreateSymbolicLink(InImage(folder), "usr/" + folder);
        }
    }

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void An_image_without_our_keyscript_stays_as_it_is()
    {
        sandbox.WriteFile("image/cryptroot/crypttab", "");
        var before = Listing();

        var outcome = RunHook("true", "root UUID=1 none luks\n");

        Assert.Equal(0, outcome.Status);
        Assert.Equal(before, Listing());
    }

    [Fact]
    public void The_image_gets_what_the_agent_and_pcscd_open_at_run_time()
    {
        var key = sandbox.WriteFile("key.gpg", "ciphertext");

        var outcome = RunHook("true", Entry(key));

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        var home = sandbox.PathOf("home");
        Assert.True(File.Exists(InImage(home + "/unlock-agent")));
        Assert.True(File.Exists(InImage(home + "/libSkiaSharp.so")));
        Assert.True(File.Exists(InImage(home + "/pcscd")));
        Assert.True(File.Exists(InImage(home + "/pcscd.args")));
        Assert.False(File.Exists(InImage("/usr/sbin/pcscd")));
        Assert.True(File.Exists(InImage("/lib/cryptsetup/askpass")));
        Assert.Contains(Listing(), path => path.EndsWith("/libpcsclite.so.1", StringComparison.Ordinal));
        Assert.Contains(Listing(), path => path.EndsWith("/libgcc_s.so.1", StringComparison.Ordinal));
        Assert.Contains(Listing(), path => path.EndsWith("/libusb-1.0.so.0", StringComparison.Ordinal));
        Assert.True(File.Exists(InImage("/etc/libccid_Info.plist")));
    }

    [Fact]
    public void The_reader_drivers_property_list_can_be_read_inside_the_image()
    {
        var outcome = RunHook("true", Entry(sandbox.WriteFile("key.gpg", "ciphertext")));

        Assert.Equal(0, outcome.Status);
        var plist = InImage("/usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Info.plist");
        var target = new FileInfo(plist).ResolveLinkTarget(returnFinalTarget: true);
        Assert.Equal(InImage("/etc/libccid_Info.plist"), target!.FullName);
    }

    [Fact]
    public void Key_files_keep_their_path_and_only_root_reads_them()
    {
        var first = sandbox.WriteFile("keys/first.gpg", "one");
        var second = sandbox.WriteFile("keys/with space.gpg", "two");

        var outcome = RunHook("true", Entry(first) + Entry(second.Replace(" ", "\\040", StringComparison.Ordinal)));

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.Equal("one", File.ReadAllText(InImage(first)));
        Assert.Equal("two", File.ReadAllText(InImage(second)));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(InImage(second)));
    }

    [Fact]
    public void A_failing_check_fails_the_build()
    {
        var outcome = RunHook("false", Entry(sandbox.WriteFile("key.gpg", "ciphertext")));

        Assert.Equal(1, outcome.Status);
        Assert.Contains("the check inside the image failed", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/no/such/key.gpg", "does not exist")]
    [InlineData("none", "must be the path of the encrypted key file")]
    [InlineData("/run/key.gpg", "would be hidden by a mount")]
    public void A_key_file_that_the_boot_could_not_read_fails_the_build(string key, string reason)
    {
        var outcome = RunHook("true", Entry(key));

        Assert.Equal(1, outcome.Status);
        Assert.Contains(reason, outcome.Errors, StringComparison.Ordinal);
    }

    private string Entry(string key) => $"root /dev/null {key} luks,initramfs,keyscript={Keyscript()}\n";

    // crypttab's parser wants a keyscript that exists; the name's last parts are what the hook looks at.
    private string Keyscript()
    {
        var path = sandbox.PathOf("cryptsetup/scripts/unlock-agent");
        return File.Exists(path) ? path : sandbox.WriteProgram("cryptsetup/scripts/unlock-agent", "");
    }

    private Outcome RunHook(string agent, string crypttab)
    {
        sandbox.WriteFile("image/cryptroot/crypttab", crypttab);
        Directory.CreateDirectory(sandbox.PathOf("home"));
        File.Copy("/usr/bin/" + agent, sandbox.PathOf("home/unlock-agent"));
        File.Copy("/usr/bin/true", sandbox.PathOf("home/libSkiaSharp.so"));
        var hook = sandbox.CopyScript(
            "hooks/unlock-agent",
            ("home=/usr/lib/unlock-agent\n", $"home={sandbox.PathOf("home")}\n"),
            ("/usr/lib/cryptsetup/scripts/unlock-agent) return 0", $"{Keyscript()}) return 0"));

        return Sandbox.Run([hook], new Dictionary<string, string>
        {
            ["DESTDIR"] = sandbox.PathOf("image"),
            ["DPKG_ARCH"] = "amd64",
            ["MODULESDIR"] = "/lib/modules/none",
            ["version"] = "none",
            ["verbose"] = "n",
            ["CONFDIR"] = "/etc/initramfs-tools",
            ["__MODULES_TO_ADD"] = sandbox.PathOf("modules"),
        });
    }

    private string InImage(string path) => sandbox.PathOf("image/" + path.TrimStart('/'));

    private string[] Listing() =>
        [.. Directory.EnumerateFileSystemEntries(sandbox.PathOf("image"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
