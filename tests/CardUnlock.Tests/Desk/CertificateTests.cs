// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates as gpg writes them: which key is taken, and why none is.

namespace CardUnlock.Tests.Desk;

public sealed class CertificateTests : CertificateHome
{
    [Theory]
    [InlineData("rsa2048", "rsa3072")]
    [InlineData("ed25519", "cv25519")]
    [InlineData("nistp256", "nistp256")]
    [InlineData("nistp521", "nistp384")]
    [InlineData("brainpoolP384r1", "brainpoolP512r1")]
    [InlineData("secp256k1", "secp256k1")]
    [InlineData("dsa2048", "rsa2048")]
    public void Subkey_of_gpgs_certificate_is_taken_and_gpg_opens_what_is_encrypted_to_it(string primary, string subkey)
    {
        Make(primary, subkey, "Ada Lovelace (work) <ada@example.org>");
        foreach (string armour in (string[])["--no-armor", "--armor"])
        {
            Recipient recipient = Read(Export(armour));
            Assert.Equal(home.Fingerprints()[1], Convert.ToHexString(recipient.Fingerprint));
            Assert.Equal((subkey, "Ada Lovelace", ""), (recipient.Algorithm, recipient.Name, recipient.Serial));
            AssertOpens(recipient);
        }
    }

    [Fact]
    public void Rsa_key_that_does_everything_encrypts_too()
    {
        home.Expect("--passphrase", "", "--quick-generate-key", "Bob <bob@example.org>", "rsa2048", "sign,cert,encr", "never");
        Recipient recipient = Read(Export());
        Assert.Equal(home.Fingerprints()[0], Convert.ToHexString(recipient.Fingerprint));
        AssertOpens(recipient);
    }

    [Fact]
    public void Newest_of_several_subkeys_is_taken_while_it_lasts()
    {
        string key = Make("ed25519", "cv25519");
        home.Expect("--passphrase", "", "--quick-add-key", key, "ed25519", "sign", "never");
        home.Expect(
            "--faked-system-time", "20300101T000000!", "--passphrase", "", "--quick-add-key", key, "nistp256", "encr", "2030-06-01");
        byte[] file = Export();
        Assert.Equal("cv25519", Read(file).Algorithm);
        Assert.Equal("nistp256", Read(file, "2030-03-01").Algorithm);
        Assert.Equal("cv25519", Read(file, "2031-01-01").Algorithm);
    }

    [Fact]
    public void Expired_primary_key_takes_its_subkeys_along()
    {
        string key = home.GenerateKey("cv25519");
        home.Expect("--passphrase", "", "--quick-set-expire", key, "2031-01-01");
        byte[] file = Export();
        Assert.NotNull(Read(file));
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf(file, "2031-06-01"));

        // A later signature over the user id makes it last longer; the older one is not what counts.
        home.Expect("--faked-system-time", "20301201T000000!", "--passphrase", "", "--quick-set-expire", key, "2040-01-01");
        file = Export();
        Assert.NotNull(Read(file, "2031-06-01"));
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf(file, "2041-01-01"));
    }

    [Fact]
    public void Signing_keys_alone_encrypt_nothing()
    {
        home.Expect("--passphrase", "", "--quick-generate-key", "Signer", "ed25519", "sign,cert", "never");
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf(Export()));
        home.Expect("--passphrase", "", "--quick-add-key", home.Fingerprints()[0], "rsa2048", "sign", "never");
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf(Export()));
    }

    [Fact]
    public void Elgamal_is_an_algorithm_that_is_not_known()
    {
        string key = Make("rsa2048", "elg2048");
        Assert.Equal(RecipientFault.UnsupportedAlgorithm, FaultOf(Export()));
        home.Expect("--passphrase", "", "--quick-add-key", key, "cv25519", "encr", "never");
        Assert.Equal("cv25519", Read(Export()).Algorithm);
    }

    [Fact]
    public void Secret_keys_and_several_certificates_are_refused_by_name()
    {
        string key = home.GenerateKey("cv25519");
        foreach (string armour in (string[])["--no-armor", "--armor"])
        {
            home.Expect("--yes", armour, "--passphrase", "", "-o", Path.Combine(home.Folder, "secret"), "--export-secret-keys", key);
            Assert.Equal(RecipientFault.SecretKey, FaultOf(File.ReadAllBytes(Path.Combine(home.Folder, "secret"))));
        }

        home.GenerateKey("cv25519", "Another <another@example.org>");
        Assert.Equal(RecipientFault.SeveralKeys, FaultOf(Export()));
        Assert.Equal(RecipientFault.SeveralKeys, FaultOf(Export("--armor")));
    }

    [Fact]
    public void What_is_no_certificate_is_told()
    {
        home.GenerateKey("cv25519");
        byte[] file = Export();
        Assert.Equal(RecipientFault.NotAPublicKey, FaultOf([]));
        Assert.Equal(RecipientFault.NotAPublicKey, FaultOf("a text"u8.ToArray()));
        Assert.Equal(RecipientFault.NotAPublicKey, FaultOf(file[..^1]));
        Assert.Equal(RecipientFault.NotAPublicKey, FaultOf(new byte[(1 << 20) + 1]));
        Assert.Equal(RecipientFault.NotAPublicKey, FaultOf([.. Packets(file).Skip(1).SelectMany(Bytes)]));
        Assert.Equal(RecipientFault.NotAPublicKey, FaultOf([.. file, .. PacketMaker.Literal([1])]));
    }

    private void AssertOpens(Recipient recipient)
    {
        using SecretBuffer key = KeyMessage.RandomKey(32);
        string file = Path.Combine(home.Folder, "message");
        File.WriteAllBytes(file, KeyMessage.Encrypt(key, [recipient]));
        home.Expect("--yes", "--passphrase", "", "-o", file + ".plain", "-d", file);
        Assert.Equal(key.Span.ToArray(), File.ReadAllBytes(file + ".plain"));
    }
}
