// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates that were revoked: no later hand, no other order and no flood of forgeries brings one back.

namespace CardUnlock.Tests.Desk;

public sealed class RevocationTests : CertificateHome
{
    [Fact]
    public void Expired_and_revoked_subkeys_are_not_encrypted_to()
    {
        string key = home.GenerateKey("cv25519");
        home.Expect("--passphrase", "", "--quick-set-expire", key, "2031-01-01", "*");
        byte[] file = Export();
        Assert.NotNull(Read(file));
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf(file, "2031-06-01"));
        home.Run(
            "key 1\nrevkey\ny\n0\n\ny\nsave\n", "--no-batch", "--no-tty", "--passphrase", "", "--command-fd", "0", "--status-fd", "1",
            "--edit-key", key);
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf(Export()));
    }

    [Fact]
    public void Revoked_certificate_is_not_encrypted_to()
    {
        string key = home.GenerateKey("cv25519");
        string revocation = Directory.GetFiles(Path.Combine(home.Folder, "openpgp-revocs.d")).Single();
        File.WriteAllText(revocation, File.ReadAllText(revocation).Replace(":-----BEGIN", "-----BEGIN", StringComparison.Ordinal));
        Assert.NotNull(Read(Export()));
        home.Expect("--import", revocation);
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf(Export()));
        Assert.Contains("r", home.Expect("--with-colons", "--list-keys", key).Split("\npub:")[1][..1], StringComparison.Ordinal);
    }

    // GnuPG's revocations had SHA-1 for many years, and are made to be kept for as long.
    [Theory]
    [InlineData("rsa2048", "SHA1")]
    [InlineData("rsa2048", "RIPEMD160")]
    [InlineData("ed25519", "SHA1")]
    public void Revocation_with_an_old_hash_revokes(string primary, string hash)
    {
        string key = Make(primary, "cv25519");
        byte[] before = Export();
        Assert.NotNull(Read(before));
        home.Run(
            "key 1\nrevkey\ny\n0\n\ny\nsave\n", "--no-batch", "--no-tty", "--passphrase", "", "--command-fd", "0", "--status-fd", "1",
            "--cert-digest-algo", hash, "--edit-key", key);
        byte[] subkey = Export();
        Assert.Contains(Packets(subkey), packet => packet.Tag == 2 && packet.Body[1] == 0x28 && packet.Body[3] is 2 or 3);
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf(subkey));
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf([.. before, .. Revocation(key, "--cert-digest-algo", hash)]));

        // Of another hash it would be nobody's.
        byte[] changed = Revocation(key, "--cert-digest-algo", hash);
        changed[^1] ^= 1;
        Assert.NotNull(Read([.. before, .. changed]));
    }

    // As `cat key revocation` makes it: behind the last subkey, where gpg puts none; and the same in armour.
    [Fact]
    public void Revocation_that_stands_at_the_end_revokes()
    {
        string key = home.GenerateKey("cv25519");
        byte[] revocation = Revocation(key);
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf([.. Export(), .. revocation]));
        string armoured = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n"
            + Convert.ToBase64String(revocation) + "\n-----END PGP PUBLIC KEY BLOCK-----\n";
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf([.. Export("--armor"), .. System.Text.Encoding.ASCII.GetBytes(armoured)]));
    }

    // What a flood of forged signatures is for.
    [Theory]
    [InlineData(0x20)]
    [InlineData(0x28)]
    public void Revocation_behind_a_flood_of_forged_ones_revokes(byte type)
    {
        string key = home.GenerateKey("cv25519");
        byte[] revoked = Revocation(key);
        if (type == 0x28)
        {
            home.Run(
                "key 1\nrevkey\ny\n0\n\ny\nsave\n", "--no-batch", "--no-tty", "--passphrase", "", "--command-fd", "0", "--status-fd",
                "1", "--edit-key", key);
            revoked = Bytes(Packets(Export()).Single(packet => packet.Tag == 2 && packet.Body[1] == type));
        }

        byte[] forged = [.. revoked];
        forged[^1] ^= 1;
        (int Tag, byte[] Body)[] packets = [.. Packets(Export()).Where(packet => packet.Tag != 2 || packet.Body[1] != type)];
        Assert.NotNull(Read([.. packets.SelectMany(Bytes), .. forged, .. forged]));
        Assert.Equal(
            RecipientFault.CannotEncrypt,
            FaultOf([.. packets.SelectMany(Bytes), .. Enumerable.Repeat(forged, 200).SelectMany(static one => one), .. revoked]));
    }

    [Fact]
    public void Revocation_by_a_named_revoker_revokes()
    {
        string key = home.GenerateKey("cv25519");
        byte[] before = Export();
        home.Expect("--passphrase", "", "--quick-generate-key", "Revoker <revoker@example.org>", "ed25519", "sign,cert", "never");
        string revoker = home.Fingerprints()[^1];
        home.Run(
            $"addrevoker\n{revoker}\ny\nsave\n", "--no-batch", "--no-tty", "--passphrase", "", "--command-fd", "0", "--status-fd", "1",
            "--edit-key", key);
        string file = Path.Combine(home.Folder, "export");
        home.Expect("--yes", "-o", file, "--export", key);
        byte[] named = File.ReadAllBytes(file);
        Assert.NotNull(Read(named));
        string written = Path.Combine(home.Folder, "desig");
        home.Run(
            "y\n0\n\ny\n", "--no-batch", "--no-tty", "--passphrase", "", "--command-fd", "0", "--status-fd", "1", "--yes", "-o", written,
            "--desig-revoke", key);
        byte[] revocation = Bytes(Packets(Dearmoured(written)).Single(packet => packet.Tag == 2 && packet.Body[1] == 0x20));
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf([.. named, .. revocation]));

        // Of one whom the key does not name it is nothing.
        Assert.NotNull(Read([.. before, .. revocation]));
    }

    private byte[] Revocation(string key, params string[] options)
    {
        string file = Path.Combine(home.Folder, "revocation");
        home.Run(
            "y\n0\n\ny\n",
            ["--no-batch", "--no-tty", "--passphrase", "", "--command-fd", "0", "--status-fd", "1", .. options, "--yes",
                "-o", file, "--gen-revoke", key]);
        return Dearmoured(file);
    }
}
