// SPDX-License-Identifier: GPL-3.0-or-later
// Software that nobody here wrote drives the card: GnuPG, through scdaemon, pcscd and the vpcd driver.

namespace CardSimulator.Tests;

public sealed class GnuPgTests : IDisposable
{
    private const string UserPin = "123456";
    private const string WrongPin = "999999";
    private readonly PcscDaemon daemon = PcscDaemon.Start();

    public void Dispose() => daemon.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Card_status_shows_a_new_card(bool t0)
    {
        using VpcdReader reader = daemon.NewReader(new VirtualCard(new CardOptions { T0 = t0, Serial = 0x1234 }));
        reader.Insert();
        using GpgHome home = new(daemon);

        string status = home.CardStatus();

        Assert.Contains("Application type .: OpenPGP", status);
        Assert.Contains("Version ..........: 3.4", status);
        Assert.Contains("Serial number ....: 00001234", status);
        Assert.Contains("PIN retry counter : 3 0 3", status);
        Assert.Contains("Encryption key....: [none]", status);
    }

    [Theory]
    [InlineData("rsa2048", false)]
    [InlineData("rsa2048", true)]
    [InlineData("rsa4096", true)]
    [InlineData("cv25519", false)]
    [InlineData("cv25519", true)]
    [InlineData("nistp521", true)]
    public void A_key_moved_to_the_card_decrypts_what_gpg_encrypts(string algorithm, bool t0)
    {
        VirtualCard card = new(new CardOptions { T0 = t0 });
        using VpcdReader reader = daemon.NewReader(card);
        reader.Insert();
        using GpgHome home = new(daemon);
        string key = home.GenerateKey(algorithm);
        home.KeyToCard(key);

        string message = Encrypt(home, key);
        card.ClearLog();
        ProgramResult decrypted = home.Decrypt(message, UserPin);

        Assert.True(decrypted.ExitCode == 0, decrypted.Errors);
        Assert.Equal("a disk's key", decrypted.Output);
        Assert.Equal(1, card.VerifyCount);
        Assert.Single(card.Log, entry => entry is { Ins: 0x2A, P1: 0x80, P2: 0x86, Cla: 0x00 });
        string subkey = home.Fingerprints()[1];
        Assert.Contains(subkey, home.CardStatus().Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrong_pin_lowers_the_counter_and_the_right_one_restores_it()
    {
        VirtualCard card = new();
        using VpcdReader reader = daemon.NewReader(card);
        reader.Insert();
        using GpgHome home = new(daemon);
        string key = home.GenerateKey("cv25519");
        home.KeyToCard(key);
        string message = Encrypt(home, key);

        Assert.NotEqual(0, home.Decrypt(message, WrongPin).ExitCode);
        Assert.Equal(2, card.UserTriesLeft);
        Assert.Contains("PIN retry counter : 2 0 3", home.CardStatus());

        Assert.NotEqual(0, home.Decrypt(message, WrongPin).ExitCode);
        Assert.Contains("PIN retry counter : 1 0 3", home.CardStatus());

        Assert.Equal(0, home.Decrypt(message, UserPin).ExitCode);
        Assert.Equal(3, card.UserTriesLeft);
        Assert.Contains("PIN retry counter : 3 0 3", home.CardStatus());
    }

    [Fact]
    public void A_blocked_pin_is_unblocked_by_gpg_with_the_admin_pin()
    {
        VirtualCard card = new();
        using VpcdReader reader = daemon.NewReader(card);
        reader.Insert();
        using GpgHome home = new(daemon);
        card.UserTriesLeft = 0;
        Assert.Contains("PIN retry counter : 0 0 3", home.CardStatus());

        ProgramResult unblocked = TalkTo(home, "--change-pin", "2\nq\n");

        Assert.True(unblocked.ExitCode == 0, unblocked.Errors);
        Assert.Equal(3, card.UserTriesLeft);
    }

    [Fact]
    public void Hashed_pins_set_up_by_gpg_work_as_the_plain_ones()
    {
        VirtualCard card = new();
        using VpcdReader reader = daemon.NewReader(card);
        reader.Insert();
        using GpgHome home = new(daemon);
        TalkTo(home, "--card-edit", "admin\nkdf-setup\nquit\n");
        Assert.Contains("KDF setting ......: on", home.CardStatus());
        string key = home.GenerateKey("cv25519");
        home.KeyToCard(key);
        string message = Encrypt(home, key);
        card.ClearLog();

        Assert.Equal("a disk's key", home.Decrypt(message, UserPin).Output);

        Assert.Contains(card.Log, entry => entry is { Ins: 0x20, P2: 0x82, DataLength: 32, Status: 0x9000 });
    }

    [Fact]
    public void A_card_loaded_from_its_state_file_decrypts_as_before()
    {
        using GpgHome home = new(daemon);
        string state = Path.Combine(home.Folder, "card.json");
        VirtualCard first = new();
        string message;
        using (VpcdReader reader = daemon.NewReader(first))
        {
            reader.Insert();
            string key = home.GenerateKey("rsa2048");
            home.KeyToCard(key);
            message = Encrypt(home, key);
        }

        first.Save(state);
        using VpcdReader again = daemon.NewReader(VirtualCard.Load(state));
        again.Insert();
        Assert.Contains("PIN retry counter", home.CardStatus());

        Assert.Equal("a disk's key", home.Decrypt(message, UserPin).Output);
    }

    [Fact]
    public void A_card_pulled_out_at_decipher_gives_no_plaintext_and_works_again_once_put_back()
    {
        VirtualCard card = new();
        using VpcdReader reader = daemon.NewReader(card);
        reader.Insert();
        using GpgHome home = new(daemon);
        string key = home.GenerateKey("cv25519");
        home.KeyToCard(key);
        string message = Encrypt(home, key);

        card.Faults.PullAtInstruction(0x2A);
        ProgramResult pulled = home.Decrypt(message, UserPin);
        Assert.NotEqual(0, pulled.ExitCode);
        Assert.Equal("", pulled.Output);
        Assert.False(reader.IsInserted);

        reader.Insert();
        Assert.Contains("PIN retry counter : 3 0 3", home.CardStatus());
        Assert.Equal("a disk's key", home.Decrypt(message, UserPin).Output);
    }

    // These dialogues are not for batch mode; the admin PIN answers every question for a PIN.
    private static ProgramResult TalkTo(GpgHome home, string dialogue, string answers) => home.Run(
        answers, "--no-batch", "--no-tty", "--passphrase", "12345678", "--command-fd", "0", "--status-fd", "1", dialogue);

    private static string Encrypt(GpgHome home, string key)
    {
        string plain = Path.Combine(home.Folder, "plain");
        string message = Path.Combine(home.Folder, "message.gpg");
        File.WriteAllText(plain, "a disk's key");
        home.Encrypt(plain, message, key);
        return message;
    }
}
