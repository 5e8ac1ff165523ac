// SPDX-License-Identifier: GPL-3.0-or-later
//
// The hook against this machine's real initramfs-tools, cryptsetup, pcscd and libccid, with an image folder in place of a whole
// mkinitramfs run. The agent is `true` (its check passes) or `false` (it fails). Needs root for chroot(8), like mkinitramfs' own ldconfig.

using System.Text;

namespace Hooks.Tests;

public sealed class HookTests : IDisposable
{
    private const string SerialDriver = "/usr/lib/pcsc/drivers/serial/libccidtwin.so";
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
        var names = sandbox.WriteFile("keys/first.gpg.pub", "public");
        var second = sandbox.WriteFile("keys/with space.gpg", "two");

        var outcome = RunHook("true", Entry(first) + Entry(second.Replace(" ", "\\040", StringComparison.Ordinal)));

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.Equal("one", File.ReadAllText(InImage(first)));
        Assert.Equal("public", File.ReadAllText(InImage(names)));
        Assert.Equal("two", File.ReadAllText(InImage(second)));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(InImage(second)));
    }

    [Fact]
    public void What_pcscd_never_calls_is_left_out()
    {
        CompileStandIns(sandbox.PathOf("home"));

        var outcome = RunHook("true", Entry(sandbox.WriteFile("key.gpg", "ciphertext")));

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        var standIns = sandbox.PathOf("home/stand-ins") + "/";
        Assert.Contains(Listing(), path => path.EndsWith(standIns + "libsystemd.so.0", StringComparison.Ordinal));
        Assert.DoesNotContain(Listing(), path => IsReplaceable(path) && !path.Contains(standIns, StringComparison.Ordinal));
        Assert.True(File.Exists(InImage(sandbox.PathOf("home/pcscd"))));
    }

    [Fact]
    public void Stand_ins_that_pcscd_cannot_start_with_give_way_to_the_real_libraries()
    {
        Directory.CreateDirectory(sandbox.PathOf("home"));
        // A library that can be loaded and has none of the names that pcscd looks for.
        File.Copy(CLibrary("libutil.so.1"), sandbox.PathOf("home/libpcscd-stand-ins.so"));

        var outcome = RunHook("true", Entry(sandbox.WriteFile("key.gpg", "ciphertext")));

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.DoesNotContain(Listing(), path => path.Contains("/stand-ins", StringComparison.Ordinal));
        Assert.Contains(Listing(), path => path.EndsWith("-linux-gnu/libsystemd.so.0", StringComparison.Ordinal));
        Assert.Equal(0, Sandbox.Run(["chroot", sandbox.PathOf("image"), sandbox.PathOf("home/pcscd"), "--version"]).Status);
    }

    [Fact]
    public void Pcscd_is_told_to_do_without_polkit_where_it_knows_polkit()
    {
        var knows = Encoding.UTF8.GetString(Sandbox.Run(["/usr/sbin/pcscd", "--help"]).Output)
            .Contains("--disable-polkit", StringComparison.Ordinal);

        var outcome = RunHook("true", Entry(sandbox.WriteFile("key.gpg", "ciphertext")));

        Assert.Equal(0, outcome.Status);
        Assert.Equal(knows ? "--disable-polkit\n" : "\n", File.ReadAllText(InImage(sandbox.PathOf("home/pcscd.args"))));
    }

    [Theory]
    [InlineData("purism,librem5r4\0purism,librem5\0fsl,imx8mq\0", null)]
    [InlineData("purism,librem5\0fsl,imx8mq\0", "auto")]
    [InlineData(null, "yes")]
    public void A_librem5s_image_has_its_readers_driver_its_entry_and_its_switch(string? compatible, string? setting)
    {
        var outcome = RunHook("true", Entry(sandbox.WriteFile("key.gpg", "ciphertext")), compatible, setting);

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.True(File.Exists(InImage(SerialDriver)));
        Assert.Equal(
            ["FRIENDLYNAME \"Librem 5\"", "DEVICENAME   /dev/ttymxc2:SEC1210", $"LIBPATH      {SerialDriver}"],
            File.ReadAllLines(InImage("/etc/reader.conf.d/unlock-agent")));
        Assert.Equal("/sys/class/leds/smc_en/brightness\n", File.ReadAllText(InImage(sandbox.PathOf("home/reader-switch"))));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("purism,librem5-devkit\0fsl,imx8mq\0", null)]
    [InlineData("pine64,pinephone-pro\0rockchip,rk3399\0", "auto")]
    [InlineData("purism,librem5r4\0purism,librem5\0fsl,imx8mq\0", "no")]
    public void Other_images_have_nothing_of_it(string? compatible, string? setting)
    {
        var outcome = RunHook("true", Entry(sandbox.WriteFile("key.gpg", "ciphertext")), compatible, setting);

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.False(File.Exists(InImage(SerialDriver)));
        Assert.False(File.Exists(InImage("/etc/reader.conf.d/unlock-agent")));
        Assert.False(File.Exists(InImage(sandbox.PathOf("home/reader-switch"))));
    }

    [Fact]
    public void An_entry_that_the_system_has_for_the_readers_port_is_kept_and_stays_the_only_one()
    {
        sandbox.WriteFile("readers/mine", $"FRIENDLYNAME \"Mine\"\nDEVICENAME /dev/ttymxc2:SEC1210\nLIBPATH {SerialDriver}\n");

        var outcome = RunHook(
            "true", Entry(sandbox.WriteFile("key.gpg", "ciphertext")), setting: "yes", readers: sandbox.PathOf("readers"));

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.True(File.Exists(InImage(SerialDriver)));
        Assert.True(File.Exists(InImage(sandbox.PathOf("readers/mine"))));
        Assert.True(File.Exists(InImage(sandbox.PathOf("home/reader-switch"))));
        Assert.False(File.Exists(InImage(sandbox.PathOf("readers/unlock-agent"))));
    }

    [Fact]
    public void A_setting_that_nobody_knows_fails_the_build()
    {
        var outcome = RunHook("true", Entry(sandbox.WriteFile("key.gpg", "ciphertext")), setting: "maybe");

        Assert.Equal(1, outcome.Status);
        Assert.Contains("auto, yes or no, and not 'maybe'", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failing_check_fails_the_build(bool isKeyFile)
    {
        var outcome = RunHook("false", Entry(isKeyFile ? sandbox.WriteFile("key.gpg", "ciphertext") : "none"));

        Assert.Equal(1, outcome.Status);
        Assert.Contains("the check inside the image failed", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/no/such/key.gpg", "does not exist")]
    [InlineData("key.gpg", "must be the path of the encrypted key file, or none")]
    [InlineData("/run/key.gpg", "would be hidden by a mount")]
    public void A_key_file_that_the_boot_could_not_read_fails_the_build(string key, string reason)
    {
        var outcome = RunHook("true", Entry(key));

        Assert.Equal(1, outcome.Status);
        Assert.Contains(reason, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_keys_in_the_disks_header_no_key_file_is_asked_for_and_the_image_is_checked()
    {
        var outcome = RunHook("echo", Entry("none"));

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.Contains("--check none\n", Encoding.UTF8.GetString(outcome.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_whose_header_holds_no_token_for_a_card_is_told_while_the_image_is_built()
    {
        var disk = sandbox.WriteFile("disk", "");
        using (var image = File.OpenWrite(disk))
        {
            image.SetLength(20 << 20);
        }

        var options = "--type luks2 --batch-mode --pbkdf pbkdf2 --pbkdf-force-iterations 1000";
        Cryptsetup($"printf key | /sbin/cryptsetup luksFormat --disable-locks {options} {disk} -");
        var entry = Entry("none").Replace("/dev/null", disk, StringComparison.Ordinal);
        var without = RunHook("true", entry);
        Assert.Equal(0, without.Status);
        Assert.Contains("root: the disk's LUKS2 header holds no token for a card", without.Errors, StringComparison.Ordinal);

        var token = """{"type":"unlock-agent-openpgp","keyslots":["0"]}""";
        Cryptsetup($"echo '{token}' | /sbin/cryptsetup token import --disable-locks {disk}");
        Assert.Equal((0, ""), RunHook("true", entry) switch { var with => (with.Status, with.Errors) });
    }

    [Fact]
    public void The_image_gets_the_configuration_the_owners_picture_and_the_locale()
    {
        var key = sandbox.WriteFile("key.gpg", "ciphertext");
        var picture = sandbox.WriteFile("my logo.png", "png");
        var config = sandbox.WriteFile("unlock-agent.conf", $"#logo = /nowhere.png\n logo = /nowhere.png\n\tlogo=\"{picture}\" \r\n");
        var locale = sandbox.WriteFile("locale.conf", "LANG=de_DE.UTF-8\n");
        File.CreateSymbolicLink(sandbox.PathOf("locale"), "locale.conf");

        var outcome = RunHook("true", Entry(key));

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
        Assert.Equal("png", File.ReadAllText(InImage(picture)));
        Assert.Equal(File.ReadAllText(config), File.ReadAllText(InImage(config)));
        Assert.Equal("LANG=de_DE.UTF-8\n", File.ReadAllText(InImage(locale)));
        Assert.Equal("LANG=de_DE.UTF-8\n", File.ReadAllText(InImage(sandbox.PathOf("locale"))));
    }

    [Fact]
    public void A_picture_that_is_not_there_fails_no_build()
    {
        sandbox.WriteFile("unlock-agent.conf", "logo = /no/such/logo.png\n");

        var outcome = RunHook("true", Entry(sandbox.WriteFile("key.gpg", "ciphertext")));

        Assert.Equal((0, ""), (outcome.Status, outcome.Errors));
    }

    private static void Cryptsetup(string command) => Assert.Equal(0, Sandbox.Run(["sh", "-c", command]).Status);

    private static bool IsReplaceable(string path) => new[] { "libsystemd.so", "libglib-2.0.so", "libpolkit-gobject-1.so" }
        .Any(name => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal));

    private static void CompileStandIns(string folder)
    {
        Directory.CreateDirectory(folder);
        Assert.Equal(0, Sandbox.Run([Path.Combine(Sandbox.Hooks, "stand-ins/compile"), folder]).Status);
    }

    private static string CLibrary(string name) =>
        Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu").Select(folder => Path.Combine(folder, name)).First(File.Exists);

    private string Entry(string key) => $"root /dev/null {key} luks,initramfs,keyscript={Keyscript()}\n";

    // crypttab's parser wants a keyscript that exists; the name's last parts are what the hook looks at.
    private string Keyscript()
    {
        var path = sandbox.PathOf("cryptsetup/scripts/unlock-agent");
        return File.Exists(path) ? path : sandbox.WriteProgram("cryptsetup/scripts/unlock-agent", "");
    }

    // What tells the hook about the machine and its owner's wishes are files of the sandbox, absent unless given.
    private Outcome RunHook(string agent, string crypttab, string? compatible = null, string? setting = null, string? readers = null)
    {
        if (compatible is not null)
        {
            sandbox.WriteFile("compatible", compatible);
        }

        if (setting is not null)
        {
            sandbox.WriteFile("initramfs.conf", $"LIBREM5_READER={setting}\n");
        }

        sandbox.WriteFile("image/cryptroot/crypttab", crypttab);
        Directory.CreateDirectory(sandbox.PathOf("home"));
        File.Copy("/usr/bin/" + agent, sandbox.PathOf("home/unlock-agent"), overwrite: true);
        var hook = sandbox.CopyScript(
            "hooks/unlock-agent",
            ("home=/usr/lib/unlock-agent\n", $"home={sandbox.PathOf("home")}\n"),
            ("/usr/lib/cryptsetup/scripts/unlock-agent) return 0", $"{Keyscript()}) return 0"),
            ("compatible=/proc/device-tree/compatible\n", $"compatible={sandbox.PathOf("compatible")}\n"),
            ("settings=/etc/unlock-agent/initramfs.conf\n", $"settings={sandbox.PathOf("initramfs.conf")}\n"),
            ("configuration=/etc/unlock-agent.conf\n", $"configuration={sandbox.PathOf("unlock-agent.conf")}\n"),
            ("locales=\"/etc/locale.conf /etc/default/locale\"\n", $"locales=\"{sandbox.PathOf("locale.conf")} {sandbox.PathOf("locale")}\"\n"),
            ("/etc/reader.conf.d", readers ?? "/etc/reader.conf.d"));

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
