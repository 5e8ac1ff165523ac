// SPDX-License-Identifier: GPL-3.0-or-later
// Headers that the real cryptsetup made, read back through it: a LUKS2 volume in a file needs no device-mapper and no root.
using System.Diagnostics;
using System.Text;
using CardUnlock;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class HeaderTokensTests : IDisposable
{
    // Of the recordings' keys.
    private const string Owner = "t";

    private static readonly string[] QuickKeyslot = ["--batch-mode", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000"];

    private readonly string volume = Path.GetTempFileName();

    public HeaderTokensTests()
    {
        using (var image = File.OpenWrite(volume))
        {
            image.SetLength(20 << 20);
        }

        Cryptsetup("first", ["luksFormat", "--type", "luks2", .. QuickKeyslot, volume, "-"]);
    }

    public void Dispose() => File.Delete(volume);

    [Fact]
    public void Every_sound_token_of_ours_gives_its_message()
    {
        Import(Token("pico-rsa2048"), 3);
        Import("""{"type":"example-other","keyslots":[]}""", 4);
        Import(Token("pico-cv25519"), 31);
        Assert.Equal(KeyFileFault.None, HeaderTokens.Read(volume, out var messages));
        Assert.Equal(2, messages.Count);
    }

    [Fact]
    public void A_broken_token_beside_a_sound_one_is_passed_over()
    {
        Import("""{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"not base64"}""", 0);
        Import("""{"type":"unlock-agent-openpgp","keyslots":["0"],"message":"bm8gT3BlblBHUCBtZXNzYWdl"}""", 1);
        Assert.Equal(KeyFileFault.DamagedToken, HeaderTokens.Read(volume, out var none));
        Assert.Empty(none);

        Import(Token("pico-cv25519"), 2);
        Assert.Equal(KeyFileFault.None, HeaderTokens.Read(volume, out var messages));
        Assert.Single(messages);
    }

    [Fact]
    public void A_token_says_which_card_to_insert_and_else_its_public_keys_do()
    {
        string keys = $",\"public_keys\":\"{Convert.ToBase64String(File.ReadAllBytes(Recording("pico-cv25519", "pub.gpg")))}\"";
        Import(Token("pico-cv25519", more: keys), 0);
        Import(Token("pico-cv25519", more: keys + ",\"cards\":[{\"name\":\"Blue card\",\"serial\":\"0006 12345678\"}]"), 1);
        Import(Token("pico-cv25519", more: ",\"public_keys\":\"bm9uZQ==\""), 2);

        Assert.Equal(KeyFileFault.None, HeaderTokens.Read(volume, out var messages));
        Assert.Equal(
            [[new WantedCard(Owner, "")], [new WantedCard("Blue card", "0006 12345678")], []],
            messages.Select(message => message.WantedCards));
    }

    [Fact]
    public void A_key_files_public_keys_stand_beside_it_and_cost_nothing_when_they_are_broken()
    {
        string file = volume + ".gpg", publicKeys = file + KeyFile.PublicKeysSuffix;
        try
        {
            File.Copy(Recording("pico-cv25519", "msg.gpg"), file);
            Assert.Equal(KeyFileFault.None, KeyFile.Read(file, out var alone));
            Assert.Empty(alone!.WantedCards);

            File.Copy(Recording("pico-cv25519", "pub.gpg"), publicKeys);
            Assert.Equal(KeyFileFault.None, KeyFile.Read(file, out var named));
            Assert.Equal([new WantedCard(Owner, "")], named!.WantedCards);

            File.WriteAllText(publicKeys, "no keys");
            Assert.Equal(KeyFileFault.None, KeyFile.Read(file, out var broken));
            Assert.Empty(broken!.WantedCards);

            using (var large = File.OpenWrite(publicKeys))
            {
                large.SetLength(EncryptedKey.MaxFileLength + 1);
            }

            Assert.Equal(KeyFileFault.None, KeyFile.Read(file, out _));
            File.WriteAllText(file, "no message");
            Assert.Equal(KeyFileFault.NotOpenPgp, KeyFile.Read(file, out _));
        }
        finally
        {
            File.Delete(file);
            File.Delete(publicKeys);
        }
    }

    [Fact]
    public void A_token_whose_keyslot_was_removed_is_of_no_use()
    {
        string anyKey = Recording("pico-rsa2048", "msg.gpg");
        Cryptsetup("first", ["luksAddKey", .. QuickKeyslot, "--key-file", "-", volume, anyKey]);
        Import(Token("pico-cv25519", keyslot: 1), 0);
        Assert.Equal(KeyFileFault.None, HeaderTokens.Read(volume, out _));

        Cryptsetup("", "luksKillSlot", "--batch-mode", volume, "1");
        Assert.Equal(KeyFileFault.DamagedToken, HeaderTokens.Read(volume, out _));
    }

    [Fact]
    public void A_header_without_a_token_of_ours_is_named()
    {
        Assert.Equal(KeyFileFault.NoToken, HeaderTokens.Read(volume, out _));
        Import("""{"type":"example-other","keyslots":["0"]}""", 0);
        Assert.Equal(KeyFileFault.NoToken, HeaderTokens.Read(volume, out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/no/such/device")]
    [InlineData("/dev/null")]
    [InlineData("--version")]
    public void What_is_no_LUKS2_header_cannot_be_read(string? device) =>
        Assert.Equal(KeyFileFault.UnreadableHeader, HeaderTokens.Read(device, out _));

    [Fact]
    public void A_volume_of_LUKS1_has_no_tokens_to_read()
    {
        Cryptsetup("first", "luksFormat", "--type", "luks1", "--batch-mode", "--pbkdf-force-iterations", "1000", volume, "-");
        Assert.Equal(KeyFileFault.UnreadableHeader, HeaderTokens.Read(volume, out _));
    }

    [Fact]
    public void Crypttabs_none_means_the_header_and_waits_for_the_first_frame()
    {
        Import(Token("pico-rsa2048"), 0);
        var keys = new KeySource("none", volume);
        KeyFileFault? fault = null;
        var reading = new Thread(() => fault = keys.Read(out _));
        reading.Start();
        Assert.False(reading.Join(TimeSpan.FromMilliseconds(100)));

        keys.FramePresented();
        Assert.True(reading.Join(TimeSpan.FromMinutes(1)));
        Assert.Equal(KeyFileFault.None, fault);
    }

    [Fact]
    public void A_named_key_file_is_the_only_place()
    {
        Import(Token("pico-rsa2048"), 0);
        Assert.Equal(KeyFileFault.Missing, new KeySource("/no/such/key.gpg", volume).Read(out _));
        Assert.Equal(KeyFileFault.None, new KeySource(Recording("pico-cv25519", "msg.gpg"), null).Read(out var messages));
        Assert.Single(messages);
    }

    private static string Recording(string name, string file) =>
        Path.Combine(Repository.Root, "tests/data/transcripts", name, file);

    private static string Token(string recording, int keyslot = 0, string more = "")
    {
        string message = Convert.ToBase64String(File.ReadAllBytes(Recording(recording, "msg.gpg")));
        return $$"""{"type":"unlock-agent-openpgp","keyslots":["{{keyslot}}"],"message":"{{message}}"{{more}}}""";
    }

    private void Import(string json, int number) =>
        Cryptsetup(json, "token", "import", "--token-id", number.ToString(), volume);

    private static void Cryptsetup(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(HeaderTokens.Cryptsetup, ["--disable-locks", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(input));
        process.StandardInput.Close();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
