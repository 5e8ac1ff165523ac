// SPDX-License-Identifier: GPL-3.0-or-later
//
// An image for a Librem 5, made by the real mkinitramfs in a tree of this Debian, and booted as far as its own scripts go:
// unpacked, nothing in it changed, with a pseudo-terminal in the place of the phone's third serial port and a file in that of
// its LED. Needs root.

using System.Text;
using CardSimulator;
using CardUnlock;

namespace Hooks.Tests;

[Collection(CardLibrary.Name)]
public sealed class LibremImageTests(CardSocket socket) : IDisposable
{
    private const string Driver = "usr/lib/pcsc/drivers/serial/libccidtwin.so";
    private const string Entry = "etc/reader.conf.d/unlock-agent";
    private const string Led = "sys/class/leds/smc_en/brightness";
    private const string LedModule = "/leds-gpio.ko";

    private readonly Sandbox sandbox = new();

    private string Image => sandbox.PathOf("image");

    public void Dispose()
    {
        Sandbox.KillLeftover(InImage("run/unlock-agent/pcscd.pid"));
        sandbox.Dispose();
    }

    [Fact]
    public void A_librem5s_image_reads_a_card_as_it_is()
    {
        MakeImage("yes");
        Assert.True(File.Exists(InImage(Driver)));
        Assert.Contains("DEVICENAME   /dev/ttymxc2:SEC1210", File.ReadAllLines(InImage(Entry)));
        Assert.Contains(Directory.EnumerateFiles(Image, "*", SearchOption.AllDirectories), IsLedModule);

        var card = new VirtualCard();
        using Sec1210Reader reader = new(card);
        var message = CardHost.KeyOnCard(card, reader, "cv25519");
        reader.Insert();
        reader.HasPower = false;
        socket.PointAt(InImage("run/pcscd/pcscd.comm"));

        Boot("/scripts/init-premount/unlock-agent", reader);
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(InImage(Led)) == "1\n", CardHost.Patience));
        reader.HasPower = true;
        var service = int.Parse(File.ReadAllText(InImage("run/unlock-agent/pcscd.pid")));
        using (CardMonitor monitor = new(message))
        {
            var shown = CardHost.WaitFor<CardStatus.Ready>(monitor).Card;
            Assert.Equal("Librem 5 00 00", shown.Reader);
            CardHost.AssertKey(monitor.Unlock(CardHost.Pin("123456"), shown));
        }

        GoOn("/scripts/local-bottom/unlock-agent", service);
        Assert.Equal("0\n", File.ReadAllText(InImage(Led)));
        Assert.True(SpinWait.SpinUntil(() => !Sandbox.IsAlive(service), CardHost.Patience));
        Assert.False(Directory.Exists(InImage("run/pcscd")));
    }

    [Fact]
    public void Another_phones_image_has_nothing_of_it()
    {
        MakeImage("auto");

        Assert.True(File.Exists(InImage("usr/lib/unlock-agent/pcscd")));
        Assert.False(File.Exists(InImage(Driver)));
        Assert.False(File.Exists(InImage(Entry)));
        Assert.False(File.Exists(InImage("usr/lib/unlock-agent/reader-switch")));
        Assert.DoesNotContain(Directory.EnumerateFiles(Image, "*", SearchOption.AllDirectories), IsLedModule);
    }

    private static bool IsLedModule(string path) => path.Contains(LedModule, StringComparison.Ordinal);

    private static string Succeed(params string[] command)
    {
        var outcome = Sandbox.Run(command);
        Assert.True(outcome.Status == 0, $"{string.Join(' ', command)} ended with {outcome.Status}: {outcome.Errors}");
        return Encoding.UTF8.GetString(outcome.Output).Trim();
    }

    private string InImage(string path) => Path.Combine(Image, path);

    // The agent is `true`: its check passes, and the card is let go of by pcscd's end alone.
    private void MakeImage(string setting)
    {
        var boot = Path.Combine(Sandbox.Repository, "tests/boot/image");
        var suite = File.ReadAllLines("/etc/os-release")
            .Select(line => line.Split('='))
            .First(pair => pair[0] == "VERSION_CODENAME")[1];
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var tree = Succeed(Path.Combine(boot, "make-tree"), suite, Path.Combine(cache, "unlock-agent/trees"));
        sandbox.WriteFile("files/etc/crypttab", "root UUID=1 /etc/unlock-agent/root.gpg luks,initramfs,keyscript=unlock-agent\n");
        sandbox.WriteFile("files/etc/unlock-agent/root.gpg", "ciphertext");
        sandbox.WriteFile("files/etc/unlock-agent/initramfs.conf", $"LIBREM5_READER={setting}\n");
        Directory.CreateDirectory(sandbox.PathOf("bin"));
        File.Copy("/usr/bin/true", sandbox.PathOf("bin/unlock-agent"));
        sandbox.WriteFile("bin/libSkiaSharp.so", "");
        sandbox.WriteFile("bin/libskiacxx.so", "");
        Succeed("cp", "-r", Path.Combine(boot, "files") + "/.", sandbox.PathOf("files"));

        Succeed(
            Path.Combine(boot, "make-initramfs"), tree, sandbox.PathOf("files"), sandbox.PathOf("out"),
            Path.Combine(Sandbox.Hooks, "install"), sandbox.PathOf("bin"));
        Succeed("unmkinitramfs", sandbox.PathOf("out/initrd.img"), Image);
    }

    /// <summary>Runs a script of the image as its boot would, in a mount namespace that pcscd then keeps.</summary>
    private void Boot(string script, Sec1210Reader reader) => Succeed(
        "unshare", "--mount", "sh", "-ec", """
        cd "$1"
        mkdir -p dev proc "${2%/*}"
        echo 0 >"$2"
        mount -t proc proc proc
        mount -t tmpfs tmpfs dev
        mknod -m 0666 dev/null c 1 3
        touch dev/ttymxc2
        mount --bind "$3" dev/ttymxc2
        exec chroot . "$4"
        """,
        "sh", Image, Led, reader.DevicePath, script);

    private static void GoOn(string script, int service) =>
        Succeed("nsenter", $"--target={service}", "--mount", "--root", "--wd=/", script);
}
