// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is in the packages: the files with their modes, the programs that were tested, versions, dependencies, lintian's opinion, and
// the same bytes from a second build.

using System.Text.RegularExpressions;
using EmulatedPhone;

namespace Package.Tests;

public sealed partial class ContentTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private readonly string folder = Directory.CreateTempSubdirectory("unlock-agent-content").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public void Every_file_is_at_its_place_with_its_mode(string architecture)
    {
        string[] expected =
        [
            "-rw-r--r-- ./etc/unlock-agent.conf",
            "-rw-r--r-- ./etc/unlock-agent/initramfs.conf",
            "-rwxr-xr-x ./usr/lib/cryptsetup/scripts/unlock-agent",
            "-rw-r--r-- ./usr/lib/unlock-agent/libSkiaSharp.so.155.0.0",
            "-rw-r--r-- ./usr/lib/unlock-agent/libpcscd-stand-ins.so",
            "-rw-r--r-- ./usr/lib/unlock-agent/libskiacxx.so",
            "-rwxr-xr-x ./usr/lib/unlock-agent/unlock-agent",
            "-rwxr-xr-x ./usr/sbin/unlockctl",
            "-rw-r--r-- ./usr/share/bash-completion/completions/unlockctl",
            "-rw-r--r-- ./usr/share/doc/unlock-agent/changelog.gz",
            "-rw-r--r-- ./usr/share/doc/unlock-agent/copyright",
            "-rw-r--r-- ./usr/share/doc/unlock-agent/third-party/dotnet-notices.txt.gz",
            "-rw-r--r-- ./usr/share/doc/unlock-agent/third-party/skia-notices.txt.gz",
            "-rw-r--r-- ./usr/share/fish/vendor_completions.d/unlockctl.fish",
            "-rwxr-xr-x ./usr/share/initramfs-tools/hooks/unlock-agent",
            "-rwxr-xr-x ./usr/share/initramfs-tools/scripts/init-premount/unlock-agent",
            "-rwxr-xr-x ./usr/share/initramfs-tools/scripts/local-bottom/unlock-agent",
            "-rwxr-xr-x ./usr/share/initramfs-tools/scripts/panic/unlock-agent",
            "-rw-r--r-- ./usr/share/lintian/overrides/unlock-agent",
            "-rw-r--r-- ./usr/share/man/man5/unlock-agent.conf.5.gz",
            "-rw-r--r-- ./usr/share/man/man8/unlock-agent.8.gz",
            "-rw-r--r-- ./usr/share/man/man8/unlockctl.8.gz",
            "-rw-r--r-- ./usr/share/zsh/vendor-completions/_unlockctl",
        ];
        string[] listing = Deb.For(architecture).Listing();

        Assert.All(listing, line => Assert.Contains(" root/root ", line, StringComparison.Ordinal));
        var found = listing.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => !words[^1].EndsWith('/') && !DocumentPage().IsMatch(words[^1])).Select(words => $"{words[0]} {words[^1]}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    /// <summary>What the other tests say of out/bin, they say of the package.</summary>
    [Theory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public void The_programs_are_those_that_are_tested(string architecture)
    {
        string built = (architecture == "amd64" ? Architecture.Amd64 : Architecture.Arm64).Binaries;
        Deb.For(architecture).Unpack(folder);

        string[] programs = [.. Directory.GetFiles(folder + "/usr/lib/unlock-agent"), folder + "/usr/sbin/unlockctl"];
        Assert.Equal(5, programs.Length);
        Assert.All(programs, program => Assert.Equal(Sum(Path.Combine(built, Path.GetFileName(program))), Sum(program)));
    }

    [Fact]
    public void Version_and_dependencies_are_the_same_for_every_processor()
    {
        string version = HostCommand.Run(["dpkg-parsechangelog", "-l", Repository.Root + "/packaging/debian/changelog", "-S", "Version"], Patience).Trim();
        Assert.Contains($"<Version>{version}</Version>", File.ReadAllText(Repository.Root + "/Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains($"\n## {version}\n", File.ReadAllText(Repository.Root + "/CHANGELOG.md"), StringComparison.Ordinal);
        foreach (string architecture in (string[])["amd64", "arm64"])
        {
            var package = Deb.For(architecture);
            Assert.Equal(version, package.Field("Version"));
            Assert.Equal(architecture, package.Field("Architecture"));
            Assert.Equal(NamesOf(Deb.For("amd64")), NamesOf(package));
        }
    }

    /// <summary>libSkiaSharp and the compiler may not ask for more than the C library that is named, which Debian 12 has.</summary>
    [Theory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public void The_C_library_that_is_depended_on_is_new_enough(string architecture)
    {
        var package = Deb.For(architecture);
        package.Unpack(folder);
        var named = Version.Parse(LibraryVersion().Match(package.Field("Depends")).Groups[1].Value);

        Assert.True(named <= new Version(2, 36), $"Debian 12 has no libc6 {named}");
        foreach (string program in (string[])[.. Directory.GetFiles(folder + "/usr/lib/unlock-agent"), folder + "/usr/sbin/unlockctl"])
        {
            string needs = HostCommand.Run(["readelf", "--version-info", "--wide", program], Patience);
            Assert.All(GlibcVersion().Matches(needs), match => Assert.True(Version.Parse(match.Groups[1].Value) <= named, $"{program}: {match.Value}"));
        }
    }

    [Fact]
    public void The_arm64_unlockctl_runs()
    {
        Deb.For("arm64").Unpack(folder);
        string[] program = ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu", folder + "/usr/sbin/unlockctl"];

        Assert.Equal(Deb.For("arm64").Field("Version"), HostCommand.Run([.. program, "--version"], Patience).Trim());
        Assert.Contains("enroll", HostCommand.Run([.. program, "--help"], Patience), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public void Lintian_finds_nothing(string architecture)
    {
        string changes = Directory.GetFiles(Repository.Out + "/package", $"*_{architecture}.changes").Single();

        Assert.Equal("", HostCommand.Run(
            ["lintian", "--allow-root", "--display-info", "--pedantic", "--fail-on", "error,warning,info,pedantic", changes], Patience));
    }

    [Theory]
    [InlineData("unlock-agent.prerm")]
    [InlineData("unlock-agent.postrm")]
    public void Shellcheck_is_content(string script)
    {
        string path = Path.Combine(Repository.Root, "packaging", "debian", script);
        Assert.Equal("", HostCommand.Run(["shellcheck", "--shell=sh", path], Patience));
        HostCommand.Run(["busybox", "sh", "-n", path], Patience);
    }

    [Fact]
    public void A_second_build_elsewhere_gives_the_same_bytes()
    {
        string elsewhere = Path.Combine(folder, "another-folder");
        HostCommand.Run(
            ["sh", "-c", "umask 077 && exec ./build.sh package all \"$1\"", "sh", elsewhere],
            Patience,
            environment: new Dictionary<string, string> { ["TZ"] = "Asia/Tokyo", ["LC_ALL"] = "C", ["CFLAGS"] = "-O0 -g", ["SOURCE_DATE_EPOCH"] = "1" },
            folder: Repository.Root);

        foreach (string architecture in (string[])["amd64", "arm64"])
        {
            string first = Deb.For(architecture).Path;
            Assert.Equal(Sum(first), Sum(Path.Combine(elsewhere, Path.GetFileName(first))));
        }
    }

    /// <summary>A system under another root (dpkg --root): unlockctl would look at this machine's disks.</summary>
    [Fact]
    public void From_outside_of_a_system_removal_is_refused_while_crypttab_names_the_keyscript()
    {
        Deb.For("amd64").UnpackControl(folder + "/control");
        Directory.CreateDirectory(folder + "/root/etc");
        File.WriteAllText(folder + "/root/etc/crypttab", "# x y z keyscript=unlock-agent\nroot_crypt UUID=0 none luks,keyscript=unlock-agent\n");
        Remove("exit 1", "Remove the package in a chroot");

        File.WriteAllText(folder + "/root/etc/crypttab", "root_crypt UUID=0 none luks,keyscript=unlock-agent-2\n");
        Remove("exit 0", "");
    }

    private void Remove(string status, string told) => Assert.Contains(told, HostCommand.Run(
        ["sh", "-c", "said=$(sh \"$1\" remove 2>&1 && echo 'exit 0' || echo 'exit 1'); echo \"$said\" | grep -q -x \"$2\" && echo \"$said\"", "sh", folder + "/control/prerm", status],
        Patience,
        environment: new Dictionary<string, string> { ["DPKG_ROOT"] = folder + "/root" }), StringComparison.Ordinal);

    private static IEnumerable<string> NamesOf(Deb package) => package.Field("Depends").Split(", ").Select(word => word.Split(' ')[0]).Order(StringComparer.Ordinal);

    private static string Sum(string file) => HostCommand.Run(["sha256sum", file], Patience)[..64];

    [GeneratedRegex(@"^\./usr/share/doc/unlock-agent/(pictures/)?[^/]*\.(md|svg|png)$")]
    private static partial Regex DocumentPage();

    [GeneratedRegex(@"libc6 \(>= ([0-9.]+)\)")]
    private static partial Regex LibraryVersion();

    [GeneratedRegex(@"GLIBC_([0-9]+\.[0-9.]+)")]
    private static partial Regex GlibcVersion();
}
