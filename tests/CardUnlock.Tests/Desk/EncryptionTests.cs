// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way of enrolment: gpg makes a key and moves it to a card; the card tells its public key; a new key is encrypted to it;
// gpg and the desk decrypt it with that card.

using CardSimulator;

namespace CardUnlock.Tests.Desk;

[Collection(OnePcscd.Name)]
public sealed class EncryptionTests(PcscFixture pcsc)
{
    [Theory]
    [InlineData("rsa2048")]
    [InlineData("rsa3072")]
    [InlineData("rsa4096")]
    [InlineData("cv25519")]
    [InlineData("nistp256")]
    [InlineData("nistp384")]
    [InlineData("nistp521")]
    [InlineData("brainpoolP256r1")]
    [InlineData("brainpoolP384r1")]
    [InlineData("brainpoolP512r1")]
    [InlineData("secp256k1")]
    public void Key_encrypted_to_the_card_opens_with_gpg_and_with_the_desk(string algorithm)
    {
        var card = new VirtualCard(new CardOptions { Serial = 0x12345678 });
        card.Put(0x5B, "Lovelace<<Ada"u8);
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        using GpgHome home = pcsc.NewHome();
        string primary = home.GenerateKey(algorithm);
        home.KeyToCard(primary);
        string fingerprint = home.Fingerprints()[1];
        home.Run("", "--card-status");
        using SecretBuffer key = KeyMessage.RandomKey(32);
        using CardDesk desk = CardDesk.Open();
        home.StopDaemons();
        card.ClearLog();

        CardReport report = Assert.Single(desk.Look());
        Assert.Null(report.Fault);
        Assert.Equal((algorithm, fingerprint), (report.KeyType, Convert.ToHexString(report.Fingerprint)));
        Recipient recipient = Assert.IsType<Recipient>(desk.ReadRecipient(report, out RecipientFault fault));
        Assert.Equal(RecipientFault.None, fault);
        Assert.Equal((algorithm, fingerprint), (recipient.Algorithm, Convert.ToHexString(recipient.Fingerprint)));
        Assert.Equal(("Ada Lovelace", "FFFE 12345678"), (recipient.Name, recipient.Serial));
        Assert.Equal(0, card.VerifyCount);
        byte[] message = KeyMessage.Encrypt(key, [recipient]);
        EncryptedKey parsed = Parsed(message, recipient.PublicKeys);
        Assert.Equal(new WantedCard("Ada Lovelace", ""), Assert.Single(parsed.WantedCards));

        using (SecretBuffer secret = Assert.IsType<UnlockResult.Key>(desk.Decrypt(parsed, Pins.Make("123456"), report)).Secret)
        {
            Assert.Equal(key.Span.ToArray(), secret.Span.ToArray());
        }

        Assert.Equal(1, card.VerifyCount);
        MonitorWaits.AssertSwitchedOff(card);
        Assert.Equal(3, card.UserTriesLeft);

        string file = Path.Combine(home.Folder, "message");
        File.WriteAllBytes(file, message);
        string plain = file + ".plain";
        ProgramResult result = home.Run("", "--passphrase", "123456", "-o", plain, "-d", file);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(key.Span.ToArray(), File.ReadAllBytes(plain));
    }

    internal static EncryptedKey Parsed(byte[] message, byte[] publicKeys)
    {
        Assert.Equal(MessageFault.None, EncryptedKey.Parse(message, publicKeys, out EncryptedKey? parsed));
        return parsed!;
    }
}
