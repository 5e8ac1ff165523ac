// SPDX-License-Identifier: GPL-3.0-or-later
// crypttab as Debian reads it, and edits that leave every other byte where it was.
using System.Diagnostics;
using UnlockControl.Volumes;

namespace UnlockControl.Tests.Volumes;

public sealed class CrypttabTests : IDisposable
{
    private const string Sample =
        "# <target> <source> <key> <options>\n\n"
        + "root\tUUID=c0ffee\t none  \tluks,discard,tries=5\n"
        + "  data /dev/sdb1 /etc/keys/my\\040data.key luks,x-systemd.device-timeout=10 \n"
        + "half /dev/sdc\n"
        + "#old /dev/sdd none luks\n"
        + "bare /dev/sde none";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unlockctl-test.");

    private string Table => Path.Combine(_folder.FullName, "crypttab");

    [Fact]
    public void Entries_are_what_Debian_takes_for_entries()
    {
        IReadOnlyList<CrypttabEntry> entries = Crypttab.Parse(Sample).Entries;
        Assert.Equal(["root", "data", "bare"], entries.Select(entry => entry.Name));
        Assert.Equal((2, "UUID=c0ffee", "none"), (entries[0].Line, entries[0].Source, entries[0].Key));
        Assert.Equal(["luks", "discard", "tries=5"], entries[0].Options);
        Assert.Equal("/etc/keys/my data.key", entries[1].Key);
        Assert.Empty(entries[2].Options);
    }

    /// <summary>Debian's own functions (package cryptsetup) read the edited file to the same fields.</summary>
    [Theory]
    [InlineData("none", "none")]
    [InlineData("/etc/my keys/a\\b.gpg", "/etc/my keys/a\\b.gpg")]
    public void Debians_functions_read_what_is_written(string key, string read)
    {
        Crypttab before = Crypttab.Parse(Sample);
        File.WriteAllText(Table, before.WithAgent(before.Entries[0], key).Text);
        const string Script = "exec 2>/dev/null; . /lib/cryptsetup/functions; TABFILE=$1; show() { printf '%s|%s|%s\\n' \"$CRYPTTAB_NAME\" \"$CRYPTTAB_KEY\" \"$CRYPTTAB_OPTIONS\"; };"
            + " crypttab_foreach_entry show";
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", Table]) { RedirectStandardOutput = true };
        using Process shell = Process.Start(start)!;
        string[] lines = shell.StandardOutput.ReadToEnd().Split('\n');
        Assert.Equal($"root|{read}|luks,discard,tries=5,initramfs,keyscript=unlock-agent", lines[0]);
        Assert.Equal("data|/etc/keys/my data.key|luks,x-systemd.device-timeout=10", lines[1]);
    }

    [Fact]
    public void Only_the_entrys_key_and_options_change()
    {
        Crypttab before = Crypttab.Parse(Sample);
        Crypttab after = before.WithAgent(before.Entries[0], "none");
        Assert.Equal(Sample.Replace("tries=5", "tries=5,initramfs,keyscript=unlock-agent", StringComparison.Ordinal), after.Text);
        Assert.True(after.Entries[0].IsOurs);
        Assert.Equal(after.Text, after.WithAgent(after.Entries[0], "none").Text);

        after = before.WithAgent(before.Entries[1], "/etc/k");
        Assert.Contains("  data /dev/sdb1 /etc/k luks,x-systemd.device-timeout=10,initramfs,keyscript=unlock-agent \n", after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_last_line_without_newline_gets_the_one_that_Debian_needs()
    {
        Crypttab before = Crypttab.Parse(Sample);
        Crypttab after = before.WithAgent(before.Entries[2], "none");
        Assert.EndsWith("\nbare /dev/sde none luks,initramfs,keyscript=unlock-agent\n", after.Text, StringComparison.Ordinal);
        Assert.Equal(Sample.Length, Crypttab.Parse(Sample).Text.Length);
    }

    [Fact]
    public void Back_to_the_passphrase_takes_out_what_was_put_in()
    {
        Crypttab with = Crypttab.Parse("a UUID=1 /etc/k luks,keyscript=/lib/cryptsetup/scripts/unlock-agent,fido2-device=auto\nb UUID=2 none keyscript=unlock-agent\nc UUID=3 /k luks\n");
        Assert.Equal([true, true, false], with.Entries.Select(entry => entry.IsOurs));
        foreach (CrypttabEntry entry in with.Entries)
        {
            with = with.WithoutAgent(entry);
        }

        Assert.Equal("a UUID=1 none luks,fido2-device=auto\nb UUID=2 none luks\nc UUID=3 /k luks\n", with.Text);
    }

    [Fact]
    public void The_keyscript_stands_there_once()
    {
        Crypttab twice = Crypttab.Parse("a UUID=1 none keyscript=unlock-agent,luks,keyscript=/usr/lib/cryptsetup/scripts/unlock-agent\n");
        Assert.Equal("a UUID=1 none keyscript=unlock-agent,luks,initramfs\n", twice.WithAgent(twice.Entries[0], "none").Text);
    }

    [Theory]
    [InlineData("luks,keyscript=decrypt_keyctl", "keyscript=decrypt_keyctl")]
    [InlineData("luks,keyscript=/lib/cryptsetup/scripts/decrypt_gnupg-sc", "decrypt_gnupg-sc")]
    [InlineData("swap,cipher=aes-xts-plain64", "swap")]
    [InlineData("luks,keyslot=0", "keyslot=0")]
    [InlineData("luks,keyfile-size=32", "keyfile-size=32")]
    [InlineData("luks,noauto", "noauto")]
    [InlineData("luks # the root", "a line of its own")]
    [InlineData("luks\r", "carriage return")]
    public void What_would_not_boot_is_refused(string options, string words)
    {
        Crypttab crypttab = Crypttab.Parse($"a UUID=1 none {options}\n");
        StepException refused = Assert.Throws<StepException>(() => crypttab.WithAgent(crypttab.Entries[0], "none"));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("a:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_diff_is_what_diff_prints()
    {
        string many = string.Concat(Enumerable.Range(0, 12).Select(i => $"v{i} UUID={i} none luks\n"));
        foreach ((string text, int[] changed) in new[] { (Sample, [0]), (Sample, [2]), (many, [1, 10]), (many, new[] { 3, 9 }), (many, [0, 11]) })
        {
            Crypttab before = Crypttab.Parse(text), after = before;
            foreach (int entry in changed)
            {
                after = after.WithAgent(after.Entries[entry], "none");
            }

            File.WriteAllText(Table, before.Text);
            File.WriteAllText(Table + ".after", after.Text);
            var start = new ProcessStartInfo("diff", ["-u", "--label", Crypttab.Path, "--label", Crypttab.Path, Table, Table + ".after"]) { RedirectStandardOutput = true };
            using Process diff = Process.Start(start)!;
            Assert.Equal(diff.StandardOutput.ReadToEnd(), before.DiffTo(after));
        }

        Assert.Equal("", Crypttab.Parse(Sample).DiffTo(Crypttab.Parse(Sample)));
    }

    [Fact]
    public void A_saved_file_keeps_its_mode_its_link_and_a_backup()
    {
        string target = Path.Combine(_folder.FullName, "elsewhere");
        byte[] odd = [.. "# \xe9\n"u8, 0xff, (byte)'\n', .. "root UUID=1 none luks\n"u8];
        File.WriteAllBytes(target, odd);
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        _ = File.CreateSymbolicLink(Table, target);

        Crypttab before = Crypttab.Read(Table);
        string backup = before.WithAgent(before.Entries[0], "none").Save(Table)!;
        string second = Crypttab.Read(Table).WithoutAgent(Crypttab.Read(Table).Entries[0]).Save(Table)!;
        Assert.Matches(@"/crypttab\.before-unlockctl-\d{8}-\d{6}$", backup);
        Assert.NotEqual(backup, second);
        Assert.Equal(odd, File.ReadAllBytes(backup));
        Assert.NotNull(new FileInfo(Table).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, File.GetUnixFileMode(target));
        Assert.Equal([.. "# \xe9\n"u8, 0xff, (byte)'\n', .. "root UUID=1 none luks,initramfs\n"u8], File.ReadAllBytes(target));

        Crypttab.Restore(backup, Table);
        Assert.Equal(odd, File.ReadAllBytes(target));
        Assert.Null(Crypttab.Read(Table).Save(Table));
        Assert.Empty(_folder.GetFiles("*.unlockctl-new"));
    }

    [Fact]
    public void What_another_program_wrote_meanwhile_is_not_overwritten()
    {
        File.WriteAllText(Table, Sample);
        Crypttab read = Crypttab.Read(Table);
        File.WriteAllText(Table, Sample + "\n# new\n");
        _ = Assert.Throws<StepException>(() => read.WithAgent(read.Entries[0], "none").Save(Table));
        Assert.Equal(Sample + "\n# new\n", File.ReadAllText(Table));
        Assert.Single(_folder.GetFiles());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
