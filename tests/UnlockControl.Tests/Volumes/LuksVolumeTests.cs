// SPDX-License-Identifier: GPL-3.0-or-later
// The header against the cryptsetup program: what one writes the other reads.
using CardUnlock;
using UnlockControl.Volumes;

namespace UnlockControl.Tests.Volumes;

public sealed class LuksVolumeTests
{
    [Fact]
    public void A_new_volume_has_its_passphrase_and_no_token()
    {
        using var files = new TestVolume();
        using LuksVolume volume = LuksVolume.Open(files.Device);
        Assert.Equal(TestVolume.Run("", "luksUUID", files.Device).Trim(), volume.Uuid);
        Assert.Equal([0], volume.Keyslots);
        Assert.Equal([0], volume.PassphraseSlots);
        Assert.Empty(volume.UnnamedKeyslots);
        Assert.Empty(volume.Tokens);
    }

    [Fact]
    public void A_key_is_added_proved_named_and_removed()
    {
        using var files = new TestVolume();
        using LuksVolume volume = LuksVolume.Open(files.Device);
        using SecretBuffer passphrase = TestVolume.Secret(TestVolume.Passphrase), key = TestVolume.Key(), other = TestVolume.Key(7);

        int slot = volume.AddKeyslot(passphrase, key) ?? throw new InvalidOperationException("not added");
        Assert.Equal([0, slot], volume.Keyslots);
        Assert.Equal([0], volume.PassphraseSlots);
        Assert.Equal([slot], volume.UnnamedKeyslots);
        Assert.Equal(slot, volume.FindKeyslot(key));
        Assert.Null(volume.FindKeyslot(other));
        Assert.Null(volume.FindKeyslot(key, 0));
        Assert.True(volume.Proves(key, slot));
        Assert.False(volume.Proves(other, slot));
        Assert.False(volume.Proves(key, 0));
        string dump = files.Dump();
        Assert.Matches(@"1: luks2[\s\S]*PBKDF:\s+pbkdf2[\s\S]*Iterations:\s+1000\n", dump);

        int token = volume.AddToken(TestVolume.Token(slot));
        Assert.Equal(TestVolume.Token(slot), System.Text.Encoding.UTF8.GetBytes(
            TestVolume.Run("", "token", "export", "--token-id", $"{token}", files.Device).Trim()));
        HeaderToken there = Assert.Single(volume.Tokens);
        Assert.Equal((token, "unlock-agent-openpgp"), (there.Number, there.Type));
        Assert.Equal([slot], there.Keyslots);
        Assert.Empty(volume.UnnamedKeyslots);

        volume.RemoveKeyslot(slot);
        Assert.Empty(Assert.Single(volume.Tokens).Keyslots);
        volume.RemoveToken(token);
        Assert.Empty(volume.Tokens);
        Assert.Equal([0], volume.Keyslots);
        Assert.Null(volume.FindKeyslot(key));
        Assert.Equal(0, volume.FindKeyslot(passphrase));
    }

    [Fact]
    public void A_wrong_passphrase_adds_nothing()
    {
        using var files = new TestVolume();
        using LuksVolume volume = LuksVolume.Open(files.Device);
        using SecretBuffer wrong = TestVolume.Secret("wrong"), key = TestVolume.Key();
        byte[] before = File.ReadAllBytes(files.Device);
        Assert.Null(volume.AddKeyslot(wrong, key));
        Assert.Equal(before, File.ReadAllBytes(files.Device));
    }

    [Fact]
    public void A_token_is_replaced_in_place()
    {
        using var files = new TestVolume();
        using LuksVolume volume = LuksVolume.Open(files.Device);
        int token = volume.AddToken(TestVolume.Token(0));
        volume.ReplaceToken(token, TestVolume.Token(0, padding: 100));
        Assert.Equal(TestVolume.Token(0, padding: 100), Assert.Single(volume.Tokens).Json);
        Assert.Empty(volume.PassphraseSlots);
    }

    [Fact]
    public void A_slot_that_cryptsetup_passes_over_is_no_way_in_at_a_prompt()
    {
        using var files = new TestVolume();
        _ = TestVolume.Run("", "config", "--key-slot", "0", "--priority", "ignore", files.Device);
        using LuksVolume volume = LuksVolume.Open(files.Device);
        Assert.Equal([0], volume.Keyslots);
        Assert.Empty(volume.PassphraseSlots);
    }

    [Fact]
    public void A_header_apart_from_its_device_is_found()
    {
        using var files = new TestVolume();
        string header = Path.Combine(files.Folder, "header"), data = Path.Combine(files.Folder, "data");
        File.WriteAllBytes(data, new byte[1 << 20]);
        _ = TestVolume.Run(TestVolume.Passphrase, "luksFormat", "--batch-mode", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "2000", "--key-file", "-", "--header", header, data);
        using LuksVolume volume = LuksVolume.Open(data, header);
        using SecretBuffer passphrase = TestVolume.Secret(TestVolume.Passphrase), key = TestVolume.Key();
        int slot = volume.AddKeyslot(passphrase, key)!.Value;
        Assert.True(volume.Proves(key, slot));
        Assert.Equal(LuksFault.NotLuks, Fault(() => LuksVolume.Open(data)).Fault);
        Assert.Equal(LuksFault.NotFound, Fault(() => LuksVolume.Open(data, header + "-nowhere")).Fault);
    }

    [Fact]
    public void What_is_no_LUKS2_is_told_with_what_to_do()
    {
        using var files = new TestVolume();
        string old = Path.Combine(files.Folder, "old"), other = Path.Combine(files.Folder, "other");
        File.WriteAllBytes(old, new byte[20 << 20]);
        File.WriteAllBytes(other, new byte[1 << 20]);
        _ = TestVolume.Run(TestVolume.Passphrase, "luksFormat", "--batch-mode", "--type", "luks1", "--pbkdf-force-iterations", "1000", "--key-file", "-", old);
        LuksException luks1 = Fault(() => LuksVolume.Open(old));
        Assert.Equal(LuksFault.Luks1, luks1.Fault);
        Assert.Contains($"cryptsetup convert --type luks2 {old}", luks1.Message, StringComparison.Ordinal);
        Assert.Equal(LuksFault.NotLuks, Fault(() => LuksVolume.Open(other)).Fault);
        Assert.Equal(LuksFault.NotFound, Fault(() => LuksVolume.Open(other + "-nowhere")).Fault);
    }

    [Fact]
    public void A_full_header_takes_no_token_and_stays_as_it_is()
    {
        using var files = new TestVolume();
        using LuksVolume volume = LuksVolume.Open(files.Device);
        byte[] before = File.ReadAllBytes(files.Device);
        LuksException full = Fault(() => volume.AddToken(TestVolume.Token(0, padding: 12_000)));
        Assert.Equal(LuksFault.HeaderFull, full.Fault);
        Assert.Contains("no room", full.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(files.Device));
        Assert.Empty(volume.Tokens);
        _ = volume.AddToken(TestVolume.Token(0, padding: 5_000));
    }

    [Fact]
    public void The_thirty_third_token_is_refused()
    {
        using var files = new TestVolume();
        using LuksVolume volume = LuksVolume.Open(files.Device);
        for (int i = 0; i < 32; i++)
        {
            _ = volume.AddToken(TestVolume.Token(0));
        }

        LuksException full = Fault(() => volume.AddToken(TestVolume.Token(0)));
        Assert.Equal(LuksFault.HeaderFull, full.Fault);
        Assert.Contains("32 tokens", full.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1m", "no room for another keyslot")]
    [InlineData("16m", "All 32 keyslots")]
    public void No_keyslot_left_is_told(string area, string words)
    {
        using var files = new TestVolume("--luks2-keyslots-size", area);
        using LuksVolume volume = LuksVolume.Open(files.Device);
        using SecretBuffer passphrase = TestVolume.Secret(TestVolume.Passphrase), key = TestVolume.Key();
        LuksException full = Fault(() =>
        {
            for (int i = 0; i < 33; i++)
            {
                Assert.NotNull(volume.AddKeyslot(passphrase, key));
            }
        });
        Assert.Equal(LuksFault.NoFreeKeyslot, full.Fault);
        Assert.Contains(words, full.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_that_is_being_encrypted_anew_is_left_alone()
    {
        using var files = new TestVolume();
        _ = TestVolume.Run(TestVolume.Passphrase, "reencrypt", "--init-only", "--batch-mode", "--key-file", "-", "--pbkdf", "pbkdf2",
            "--pbkdf-force-iterations", "2000", "--disable-locks", "--force-offline-reencrypt", files.Device);
        using LuksVolume volume = LuksVolume.Open(files.Device);
        using SecretBuffer passphrase = TestVolume.Secret(TestVolume.Passphrase), key = TestVolume.Key();
        byte[] before = File.ReadAllBytes(files.Device);
        Assert.Equal(LuksFault.Reencryption, Fault(() => volume.AddKeyslot(passphrase, key)).Fault);
        Assert.Equal(LuksFault.Reencryption, Fault(() => volume.AddToken(TestVolume.Token(0))).Fault);
        Assert.Equal(LuksFault.Reencryption, Fault(() => volume.RemoveKeyslot(0)).Fault);
        Assert.Equal(before, File.ReadAllBytes(files.Device));
    }

    [Fact]
    public void A_backup_is_whole_private_and_overwrites_nothing()
    {
        using var files = new TestVolume();
        using LuksVolume volume = LuksVolume.Open(files.Device);
        string backup = Path.Combine(files.Folder, "backup");
        volume.Backup(backup);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(backup) & (UnixFileMode)0x3F);
        byte[] saved = File.ReadAllBytes(backup);
        Assert.Equal(LuksFault.Exists, Fault(() => volume.Backup(backup)).Fault);
        Assert.Equal(saved, File.ReadAllBytes(backup));
        Assert.Contains("0: luks2", TestVolume.Run("", "luksDump", backup), StringComparison.Ordinal);
        Assert.Equal(LuksFault.NotFound, Fault(() => volume.Backup(Path.Combine(files.Folder, "nowhere", "backup"))).Fault);
    }

    [Fact]
    public void A_number_that_is_not_there_is_told()
    {
        using var files = new TestVolume();
        using LuksVolume volume = LuksVolume.Open(files.Device);
        Assert.Equal(LuksFault.NotFound, Fault(() => volume.RemoveKeyslot(5)).Fault);
        Assert.Equal(LuksFault.NotFound, Fault(() => volume.RemoveToken(5)).Fault);
        Assert.Equal(LuksFault.NotFound, Fault(() => volume.AddToken(TestVolume.Token(5))).Fault);
        _ = Assert.Throws<ArgumentException>(() => volume.AddToken("{"u8));
    }

    private static LuksException Fault(Action action) => Assert.Throws<LuksException>(action);
}
