// SPDX-License-Identifier: GPL-3.0-or-later
//
// The installer: every file at its agreed place with its mode, twice in a row, and a refusal when a built file is missing.

namespace Hooks.Tests;

public sealed class InstallTests : IDisposable
{
    private static readonly string Installer = Path.Combine(Sandbox.Hooks, "install");
    private readonly Sandbox sandbox = new();

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void Everything_lands_at_its_agreed_place()
    {
        sandbox.WriteFile("bin/unlock-agent", "agent");
        sandbox.WriteFile("bin/libSkiaSharp.so", "skia");
        sandbox.WriteFile("bin/libskiacxx.so", "skia's stand-in");
        sandbox.WriteFile("bin/libpcscd-stand-ins.so", "stand-ins");
        var tree = sandbox.PathOf("tree");

        Assert.Equal(0, Sandbox.Run([Installer, tree, sandbox.PathOf("bin")]).Status);
        Assert.Equal(0, Sandbox.Run([Installer, tree + "/", sandbox.PathOf("bin")]).Status);

        string[] expected =
        [
            "rw-r--r-- etc/unlock-agent.conf",
            "rw-r--r-- etc/unlock-agent/initramfs.conf",
            "rw-r--r-- usr/lib/unlock-agent/libSkiaSharp.so",
            "rw-r--r-- usr/lib/unlock-agent/libpcscd-stand-ins.so",
            "rw-r--r-- usr/lib/unlock-agent/libskiacxx.so",
            "rwxr-xr-x usr/lib/cryptsetup/scripts/unlock-agent",
            "rwxr-xr-x usr/lib/unlock-agent/unlock-agent",
            "rwxr-xr-x usr/share/initramfs-tools/hooks/unlock-agent",
            "rwxr-xr-x usr/share/initramfs-tools/scripts/init-premount/unlock-agent",
            "rwxr-xr-x usr/share/initramfs-tools/scripts/local-bottom/unlock-agent",
            "rwxr-xr-x usr/share/initramfs-tools/scripts/panic/unlock-agent",
        ];
        var found = Directory.EnumerateFiles(tree, "*", SearchOption.AllDirectories)
            .Select(path => $"{ModeOf(path)} {Path.GetRelativePath(tree, path)}");
        Assert.Equal(expected, found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_configuration_that_is_there_is_left_alone()
    {
        sandbox.WriteFile("bin/unlock-agent", "agent");
        sandbox.WriteFile("bin/libSkiaSharp.so", "skia");
        sandbox.WriteFile("bin/libskiacxx.so", "skia's stand-in");
        var config = sandbox.WriteFile("tree/etc/unlock-agent/initramfs.conf", "LIBREM5_READER=no\n");
        var looks = sandbox.WriteFile("tree/etc/unlock-agent.conf", "theme = light\n");

        Assert.Equal(0, Sandbox.Run([Installer, sandbox.PathOf("tree"), sandbox.PathOf("bin")]).Status);

        Assert.Equal("theme = light\n", File.ReadAllText(looks));
        Assert.Equal("LIBREM5_READER=no\n", File.ReadAllText(config));
    }

    [Theory]
    [InlineData("unlock-agent")]
    [InlineData("libSkiaSharp.so")]
    [InlineData("libskiacxx.so")]
    public void A_missing_build_is_refused_before_anything_is_installed(string missing)
    {
        sandbox.WriteFile("bin/unlock-agent", "agent");
        sandbox.WriteFile("bin/libSkiaSharp.so", "skia");
        sandbox.WriteFile("bin/libskiacxx.so", "skia's stand-in");
        File.Delete(sandbox.PathOf("bin/" + missing));

        var outcome = Sandbox.Run([Installer, sandbox.PathOf("tree"), sandbox.PathOf("bin")]);

        Assert.Equal(1, outcome.Status);
        Assert.Contains($"{missing} is missing", outcome.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(sandbox.PathOf("tree")));
    }

    private static string ModeOf(string path)
    {
        var mode = (int)File.GetUnixFileMode(path);
        return string.Concat(Enumerable.Range(0, 9).Select(bit => (mode & (0x100 >> bit)) != 0 ? "rwx"[bit % 3] : '-'));
    }
}
