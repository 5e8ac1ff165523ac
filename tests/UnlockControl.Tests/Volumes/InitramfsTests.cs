// SPDX-License-Identifier: GPL-3.0-or-later
// Images of the real mkinitramfs, and images packed by cpio that lack one thing after the other; unpacked by the real unmkinitramfs.
using System.Diagnostics;
using UnlockControl.Volumes;

namespace UnlockControl.Tests.Volumes;

public sealed class InitramfsTests : IDisposable
{
    private const string Kernel = "6.1.0-1-test";
    private const string Line = "root_crypt UUID=1 /etc/unlock-agent/root.gpg luks,initramfs,keyscript=unlock-agent\n";

    private static readonly string[] Whole =
    [
        "usr/lib/unlock-agent/unlock-agent", "usr/lib/unlock-agent/libSkiaSharp.so.1", "usr/lib/unlock-agent/libskiacxx.so",
        "usr/lib/unlock-agent/pcscd", "usr/lib/x86_64-linux-gnu/libpcsclite.so.1",
        "usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Linux/libccid.so", "usr/lib/cryptsetup/scripts/unlock-agent", "usr/lib/cryptsetup/askpass",
        "usr/sbin/cryptsetup", "scripts/init-premount/unlock-agent", "etc/unlock-agent/root.gpg",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unlockctl-test.");

    private string Root => _folder.FullName + "/root";

    private string Image => $"{Root}/boot/initrd.img-{Kernel}";

    private static IReadOnlyList<CrypttabEntry> Wanted => Crypttab.Parse(Line).Entries;

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("zstd", false)]
    [InlineData("zstd", true)]
    public void A_whole_image_misses_nothing(string compressor, bool isAfterMicrocode)
    {
        Lay();
        Pack(Whole, compressor, isAfterMicrocode);
        ImageReport report = Assert.Single(new Initramfs(Root).Look(Wanted));
        Assert.Equal((Image, Kernel), (report.Path, report.Kernel));
        Assert.Empty(report.Missing);
        Assert.Empty(report.Newer);
    }

    [Fact]
    public void Each_thing_that_is_not_there_is_named()
    {
        Lay();
        var named = new HashSet<string>();
        foreach (string part in Whole)
        {
            Pack([.. Whole.Where(path => path != part)], "gzip", false);
            Assert.True(named.Add(Assert.Single(Assert.Single(new Initramfs(Root).Look(Wanted)).Missing)));
        }

        Pack(Whole, "gzip", false, "root_crypt UUID=1 none luks,initramfs\n");
        Assert.Contains("as it is now", Assert.Single(new Initramfs(Root).Look(Wanted)[0].Missing), StringComparison.Ordinal);
        Pack(Whole, "gzip", false, "");
        Assert.Contains("root_crypt", Assert.Single(new Initramfs(Root).Look(Wanted)[0].Missing), StringComparison.Ordinal);
        Pack(Whole, "gzip", false);
        File.WriteAllText(Root + "/etc/unlock-agent/root.gpg", "another key");
        Assert.Contains("key file", Assert.Single(new Initramfs(Root).Look(Wanted)[0].Missing), StringComparison.Ordinal);
        Assert.Empty(new Initramfs(Root).Look([])[0].Missing);
    }

    [Fact]
    public void What_changed_afterwards_is_named()
    {
        Lay();
        Pack(Whole, "gzip", false);
        DateTime made = DateTime.UtcNow.AddDays(1);
        File.SetLastWriteTimeUtc(Image, made);
        Assert.Empty(new Initramfs(Root).Look(Wanted)[0].Newer);
        foreach (string input in new[] { "/etc/crypttab", "/etc/unlock-agent/root.gpg", "/etc/initramfs-tools/initramfs.conf" })
        {
            File.SetLastWriteTimeUtc(Root + input, made.AddSeconds(1));
            Assert.Equal([input], new Initramfs(Root).Look(Wanted)[0].Newer);
            File.SetLastWriteTimeUtc(Root + input, made.AddSeconds(-1));
        }

        // A package's file is old, but came after the image.
        File.SetLastWriteTimeUtc(Image, DateTime.UtcNow.AddHours(-1));
        foreach (string file in Directory.GetFiles(Root, "*", SearchOption.AllDirectories).Where(file => file != Image))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddYears(-1));
        }

        Assert.Contains("/etc/crypttab", new Initramfs(Root).Look(Wanted)[0].Newer);
    }

    [Fact]
    public void Kernels_without_an_image_and_broken_images_are_told()
    {
        Lay();
        File.WriteAllText(Image, "no image");
        _ = Directory.CreateDirectory($"{Root}/lib/modules/6.1.0-2-test");
        File.WriteAllText($"{Root}/boot/vmlinuz-6.1.0-2-test", "");
        _ = Directory.CreateDirectory($"{Root}/lib/modules/headers-only");
        IReadOnlyList<ImageReport> reports = new Initramfs(Root).Look(Wanted);
        Assert.Equal([Kernel, "6.1.0-2-test"], reports.Select(report => report.Kernel));
        Assert.Contains("cannot be unpacked", Assert.Single(reports[0].Missing), StringComparison.Ordinal);
        Assert.Contains("update-initramfs -c", Assert.Single(reports[1].Missing), StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_that_cannot_run_says_so()
    {
        Lay();
        List<string> lines = [];
        string? fault = new Initramfs(Root).Update(lines.Add, TestContext.Current.CancellationToken);
        Assert.Matches("update-initramfs ended with status 1[0-9]+: .+", fault);
        Assert.NotEmpty(lines);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Sh(string folder, string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-ec", script]) { WorkingDirectory = folder })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private static void Write(string path, string text)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private void Lay()
    {
        _ = Directory.CreateDirectory($"{Root}/lib/modules/{Kernel}");
        Write(Root + "/etc/crypttab", Line);
        Write(Root + "/etc/initramfs-tools/initramfs.conf", "");
        Write(Root + "/etc/unlock-agent/root.gpg", "etc/unlock-agent/root.gpg");
        _ = Directory.CreateDirectory(Root + "/boot");
    }

    /// <summary>An image of files that hold their own names.</summary>
    private void Pack(IEnumerable<string> paths, string compressor, bool isAfterMicrocode, string crypttab = Line)
    {
        string content = _folder.FullName + "/content";
        if (Directory.Exists(content))
        {
            Directory.Delete(content, recursive: true);
        }

        foreach (string path in paths)
        {
            Write($"{content}/{path}", path);
        }

        Write(content + "/cryptroot/crypttab", crypttab);
        Write(_folder.FullName + "/early/kernel/x86/microcode/GenuineIntel.bin", "microcode");
        Sh(_folder.FullName + "/early", isAfterMicrocode ? $"find . | cpio --quiet -o -H newc >{Image}" : $": >{Image}");
        Sh(content, $"find . | cpio --quiet -o -H newc | {compressor} >>{Image}");
    }
}
