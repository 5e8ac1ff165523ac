// SPDX-License-Identifier: GPL-3.0-or-later
// A small Debian around the real unlockctl: a mount namespace with /etc, /boot, /usr/sbin and /usr/lib of the test's own. cryptsetup,
// pcscd and the pseudo-terminal are real; update-initramfs is a script that packs what the checks look for, since the real one takes a
// minute.

using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace UnlockControl.Tests.Enrolment;

/// <summary>One machine with one encrypted disk, "root_crypt".</summary>
internal sealed class TestSystem : IDisposable
{
    public const string Volume = "root_crypt";
    private const string Kernel = "6.1.0-test";

    // The former /usr/sbin stays reachable through the links in the new one. $1: the machine's folder.
    private const string Enter = """
        set -e
        root=$1; shift
        for name in sbin lib; do
            mount --bind "/usr/$name" "$root/$name.real"
            mount --bind "$root/$name" "/usr/$name"
        done
        mount --bind "$root/boot" /boot
        mount --bind "$root/etc" /etc
        exec "$@"
        """;

    private readonly EnrolmentLab lab;

    /// <summary>A machine as <see cref="EnrolmentLab.Enrolled"/> left one.</summary>
    public static TestSystem Enrolled(EnrolmentLab lab, bool two = false)
    {
        string from = lab.Enrolled(two);
        var system = new TestSystem(lab);
        Tool.Run("cp", "--sparse=always", Path.Combine(from, "disk"), system.Disk);
        string crypttab = File.ReadAllText(Path.Combine(from, "etc/crypttab"));
        system.Crypttab = System.Text.RegularExpressions.Regex.Replace(crypttab, "/[^ ]*/disk", system.Disk);
        system.Run("update-initramfs", "-u", "-k", "all");
        return system;
    }

    public TestSystem(EnrolmentLab lab)
    {
        this.lab = lab;
        Folder = Directory.CreateTempSubdirectory("machine-").FullName;
        foreach (string name in (string[])["etc", "boot", "sbin", "sbin.real", "lib", "lib.real", "lib/modules/" + Kernel])
        {
            Directory.CreateDirectory(PathOf(name));
        }

        Disk = PathOf("disk");
        Tool.Run("cp", "--sparse=always", lab.Disk, Disk);
        foreach (string file in (string[])["passwd", "group", "nsswitch.conf", "ld.so.cache", "ld.so.conf", "dotnet"])
        {
            if (Path.Exists("/etc/" + file))
            {
                Tool.Run("cp", "-a", "/etc/" + file, PathOf("etc/"));
            }
        }

        foreach (string folder in (string[])["sbin", "lib"])
        {
            foreach (string name in Directory.EnumerateFileSystemEntries("/usr/" + folder).Select(path => Path.GetFileName(path)))
            {
                if (!Path.Exists(PathOf(Path.Combine(folder, name))))
                {
                    File.CreateSymbolicLink(PathOf(Path.Combine(folder, name)), PathOf(Path.Combine(folder + ".real", name)));
                }
            }
        }

        Crypttab = $"# the root\n{Volume}\t{Disk}  none\tluks,discard\n# keep me\n";
        File.WriteAllText(PathOf("boot/vmlinuz-" + Kernel), "kernel");
        WriteProgram("update-initramfs", FakeUpdate);
        Run("update-initramfs", "-u", "-k", "all");
    }

    public string Folder { get; }

    /// <summary>The disk's path, the same inside and outside.</summary>
    public string Disk { get; }

    public string Crypttab
    {
        get => File.ReadAllText(PathOf("etc/crypttab"));
        set => File.WriteAllText(PathOf("etc/crypttab"), value);
    }

    public string Image => PathOf("boot/initrd.img-" + Kernel);

    /// <summary>What update-initramfs does here: an image of crypttab and of the key files that it names.</summary>
    private string FakeUpdate => $$"""
        case "$*" in *-u*) ;; *) exit 2 ;; esac
        work=$(mktemp -d)
        mkdir -p "$work/cryptroot"
        cp /etc/crypttab "$work/cryptroot/crypttab"
        if grep -q keyscript= /etc/crypttab; then
            for file in unlock-agent/unlock-agent unlock-agent/libSkiaSharp.so unlock-agent/libskiacxx.so unlock-agent/pcscd libpcsclite.so.1 \
                pcsc/drivers/ccid.so cryptsetup/scripts/unlock-agent cryptsetup/askpass ../sbin/cryptsetup ../../scripts/init-premount/unlock-agent; do
                mkdir -p "$work/usr/lib" "$(dirname "$work/usr/lib/$file")"
                echo x >"$work/usr/lib/$file"
            done
        fi
        if [ -d /etc/unlock-agent ]; then mkdir -p "$work/etc"; cp -r /etc/unlock-agent "$work/etc/"; fi
        (cd "$work" && find . | cpio --quiet -o -H newc | gzip -1) >/boot/initrd.img-{{Kernel}}.new
        rm -r "$work"
        echo "update-initramfs: Generating /boot/initrd.img-{{Kernel}}"
        mv -f /boot/initrd.img-{{Kernel}}.new /boot/initrd.img-{{Kernel}}
        """;

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>A program in front of the real one of that name in /usr/sbin; "$real" is the real one's path.</summary>
    public void WriteProgram(string name, string script)
    {
        string path = PathOf("sbin/" + name);
        File.Delete(path);
        File.WriteAllText(path, $"#!/bin/sh\nreal={PathOf("sbin.real/" + name)}\n{script}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }

    /// <summary>A script in the agent's place.</summary>
    public void WriteAgent(string script)
    {
        string path = PathOf("lib/unlock-agent/unlock-agent");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }

    /// <summary>A file in the machine's folder, which no state includes.</summary>
    public void WriteFile(string name, byte[] content) => File.WriteAllBytes(PathOf(name), content);

    /// <summary>unlockctl at a terminal.</summary>
    public PersonAtTerminal Unlockctl(params string[] arguments) => Start(Program, arguments);

    /// <summary>Any program at a terminal inside.</summary>
    public PersonAtTerminal Start(string program, params string[] arguments) =>
        new("unshare", [.. Namespaces, "sh", "-c", Enter, "sh", Folder, program, .. arguments], Configure);

    /// <summary>A program inside, without a terminal, that must succeed.</summary>
    public string Run(string program, params string[] arguments)
    {
        var (status, output) = TryRun(program, arguments);
        Assert.True(status == 0, output);
        return output;
    }

    /// <summary>A program inside, without a terminal: its exit status, its output and errors.</summary>
    public (int Status, string Output) TryRun(string program, params string[] arguments)
    {
        const string Detached = "exec setsid -w \"$@\" 2>&1 </dev/null";
        var start = new ProcessStartInfo("sh", ["-c", Detached, "sh", "unshare", .. Namespaces, "sh", "-c", Enter,
            "sh", Folder, program, .. arguments])
        {
            RedirectStandardOutput = true,
        };
        Configure(start);
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>unlockctl without a terminal.</summary>
    public (int Status, string Output) TryUnlockctl(params string[] arguments) => TryRun(Program, arguments);

    /// <summary>All that a command may change.</summary>
    public SystemState State() => SystemState.Of(this);

    /// <summary>The steps that a command would do, by its own word.</summary>
    public string[] StepsOf(params string[] command)
    {
        const string Mark = "would do: ";
        using var person = Unlockctl([.. command, "--dry-run"]);
        Assert.True(Dialogue.Go(person) == 0, person.Shown);
        return [.. person.Shown.Split("\r\n")
            .Where(line => line.Contains(Mark, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..])];
    }

    /// <summary>The keyslot that a passphrase opens; null: none.</summary>
    public int? SlotOpenedBy(string passphrase) => SlotOf($"printf %s '{passphrase}'");

    /// <summary>The keyslot that the header's token opens, by the agent's way from token to key, with the card in the reader.</summary>
    /// <param name="message">Another message than the token's.</param>
    public int? SlotOpenedByAgent(EnrolmentLab lab, string pin, string? message = null)
    {
        WriteMessage(out string stored, out string publicKeys);
        message ??= stored;
        string probe = Path.Combine(AppContext.BaseDirectory, "unlock-probe");
        return SlotOf($"(echo {pin}; echo; echo) | {lab.SocketSetting} '{probe}' '{message}' --hold '{publicKeys}' 2>/dev/null");
    }

    /// <summary>The same by gpg.</summary>
    public int? SlotOpenedByGpg(EnrolmentLab lab, string pin, string? message = null)
    {
        if (message is null)
        {
            WriteMessage(out message, out _);
        }

        string plain = PathOf("plain");
        File.Delete(plain);
        lab.Gpg.CardStatus();
        lab.Gpg.Expect("--passphrase", pin, "-o", plain, "-d", message);
        lab.EndGpg();
        return SlotOf($"cat '{plain}'");
    }

    private void WriteMessage(out string message, out string publicKeys)
    {
        using var header = System.Text.Json.JsonDocument.Parse(State().Header);
        var token = header.RootElement.GetProperty("tokens").EnumerateObject().Single().Value;
        Assert.Equal(
            CardUnlock.TokenFault.None,
            CardUnlock.LuksToken.Parse(System.Text.Encoding.UTF8.GetBytes(token.GetRawText()), out var parsed));
        message = PathOf("message");
        publicKeys = PathOf("message.pub");
        File.WriteAllBytes(message, parsed!.Message);
        File.WriteAllBytes(publicKeys, parsed.PublicKeys);
    }

    private int? SlotOf(string keySource)
    {
        string said = Tool.Output("sh", "-c", $"{keySource} | LC_ALL=C cryptsetup open --test-passphrase --verbose --key-file - "
            + $"'{Disk}' 2>&1");
        const string Mark = "Key slot ";
        int at = said.IndexOf(Mark, StringComparison.Ordinal);
        return at < 0 ? null : int.Parse(said[(at + Mark.Length)..].Split(' ')[0]);
    }

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "unlockctl");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string[] Namespaces =>
        Environment.IsPrivilegedProcess ? ["--mount"] : ["--user", "--map-root-user", "--mount"];

    private void Configure(ProcessStartInfo start)
    {
        lab.ApplyTo(start);
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(
            Path.GetDirectoryName(RuntimeFolder)!)))!;
        start.Environment.Remove("DISPLAY");
    }

    private static string RuntimeFolder => typeof(object).Assembly.Location;
}

/// <summary>The header's keyslots and tokens, crypttab, what is beside it, the key files, /boot.</summary>
/// <param name="Header">What luksDump prints as JSON.</param>
/// <param name="Files">Each file's path under /etc and /boot, its mode, and its content.</param>
internal sealed record SystemState(string Header, string Files)
{
    public static SystemState Of(TestSystem system)
    {
        string header = Tool.Run("cryptsetup", "luksDump", "--dump-json-metadata", system.Disk);
        var files = new System.Text.StringBuilder();
        foreach (string file in Directory.EnumerateFileSystemEntries(system.PathOf("etc"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFileSystemEntries(system.PathOf("boot"), "*", SearchOption.AllDirectories)).Order())
        {
            files.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"{Path.GetRelativePath(system.Folder, file)} {File.GetUnixFileMode(file)} ");
            files.AppendLine(Directory.Exists(file)
                ? ""
                : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(ReadAll(file))));
        }

        return new SystemState(header, files.ToString());
    }

    private static byte[] ReadAll(string file) => File.Exists(file) ? File.ReadAllBytes(file) : [];
}
