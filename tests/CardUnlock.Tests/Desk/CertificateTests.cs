// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates as gpg writes them, good and bad: which key is taken, and why none is.

using CardSimulator;

namespace CardUnlock.Tests.Desk;

public sealed class CertificateTests : IDisposable
{
    private readonly GpgHome home = new();

    public void Dispose() => home.Dispose();

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

    // Every signature must be the primary key's own and over exactly this: any bit that is changed in the certificate, other than in
    // what no signature covers, leaves nobody to encrypt to.
    [Theory]
    [InlineData("ed25519", "cv25519")]
    [InlineData("rsa2048", "nistp256")]
    [InlineData("nistp256", "rsa2048")]
    public void Changed_certificate_is_nobody_to_encrypt_to(string primary, string subkey)
    {
        Make(primary, subkey);
        (int Tag, byte[] Body)[] packets = Packets(Export());
        Assert.Equal([6, 13, 2, 14, 2], packets.Select(packet => packet.Tag));
        byte[] fingerprint = Read([.. packets.SelectMany(Bytes)]).Fingerprint;
        for (int at = 0; at < packets.Length; at++)
        {
            int length = packets[at].Body.Length;
            foreach (int position in Enumerable.Range(0, length).Where(i => length < 64 || i < 24 || i > length - 8 || i % 16 == 0))
            {
                (int Tag, byte[] Body)[] changed = [.. packets];
                changed[at].Body = [.. packets[at].Body];
                changed[at].Body[position] ^= 4;
                Recipient? read = Recipient.Read([.. changed.SelectMany(Bytes)], DateTimeOffset.UtcNow, out _);
                bool covered = at != 2 && at != 4;
                Assert.False(covered && read is not null, $"packet {at} byte {position}");
                Assert.True(read is null || read.Fingerprint.AsSpan().SequenceEqual(fingerprint));
            }
        }
    }

    // A subkey that a stranger has put in, with a binding of the stranger's own, or with none.
    [Fact]
    public void Strangers_subkey_is_not_taken()
    {
        Make("ed25519", "cv25519");
        (int Tag, byte[] Body)[] mine = Packets(Export());
        using var stranger = new GpgHome();
        stranger.Expect(
            "--faked-system-time", "20250101T000000", "--passphrase", "", "--quick-generate-key", "Ada", "ed25519", "cert", "never");
        stranger.Expect("--passphrase", "", "--quick-add-key", stranger.Fingerprints()[0], "nistp256", "encr", "never");
        stranger.Expect("--yes", "-o", Path.Combine(stranger.Folder, "export"), "--export");
        (int Tag, byte[] Body)[] other = Packets(File.ReadAllBytes(Path.Combine(stranger.Folder, "export")));
        foreach ((int Tag, byte[] Body)[] added in ((int Tag, byte[] Body)[][])[other[3..], other[3..4], [other[3], mine[4]]])
        {
            byte[] file = [.. mine.Concat(added).SelectMany(Bytes)];
            Assert.Equal("cv25519", Read(file).Algorithm);
            byte[] alone = [.. mine[..3].Concat(added).SelectMany(Bytes)];
            Assert.Equal(RecipientFault.CannotEncrypt, FaultOf(alone));
        }

        // Nor somebody else's user id.
        byte[] renamed = [.. new[] { mine[0], other[1], other[2], mine[3], mine[4] }.SelectMany(Bytes)];
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf(renamed));
    }

    // Whoever can make two texts of one SHA-1 could have had a harmless one signed.
    [Fact]
    public void Sha_1_signatures_bind_nothing()
    {
        home.Expect("--cert-digest-algo", "SHA1", "--passphrase", "", "--quick-generate-key", "Old", "rsa2048", "cert", "never");
        string key = home.Fingerprints()[0];
        home.Expect("--cert-digest-algo", "SHA1", "--passphrase", "", "--quick-add-key", key, "rsa2048", "encr", "never");
        Assert.Equal(2, Packets(Export())[2].Body[3]);
        Assert.Equal(RecipientFault.CannotEncrypt, FaultOf(Export()));
    }

    [Fact]
    public void Other_peoples_signatures_are_passed_over()
    {
        string key = home.GenerateKey("cv25519");
        using var other = new GpgHome();
        other.Expect("--passphrase", "", "--quick-generate-key", "Other", "ed25519", "cert", "never");
        string file = Path.Combine(home.Folder, "file");
        File.WriteAllBytes(file, Export());
        other.Expect("--import", file);
        other.Expect("--yes", "--passphrase", "", "--quick-sign-key", key);
        other.Expect("--yes", "-o", file, "--export", key);
        (int Tag, byte[] Body)[] packets = Packets(File.ReadAllBytes(file));
        Assert.Equal(3, packets.Count(packet => packet.Tag == 2));
        Assert.Equal("cv25519", Read(File.ReadAllBytes(file)).Algorithm);
    }

    private string Make(string primary, string subkey, string userId = "Ada <ada@example.org>")
    {
        home.Expect("--passphrase", "", "--quick-generate-key", userId, primary, "cert", "never");
        string fingerprint = home.Fingerprints()[^1];
        home.Expect("--passphrase", "", "--quick-add-key", fingerprint, subkey, "encr", "never");
        return fingerprint;
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

    private static byte[] Dearmoured(string file)
    {
        Assert.Equal(MessageFault.None, Armour.Open(File.ReadAllBytes(file), "PUBLIC KEY BLOCK"u8, out byte[] packets));
        return packets;
    }

    private byte[] Export(string armour = "--no-armor")
    {
        string file = Path.Combine(home.Folder, "export");
        home.Expect("--yes", armour, "-o", file, "--export");
        return File.ReadAllBytes(file);
    }

    private static Recipient Read(byte[] file, string? day = null)
    {
        Recipient? recipient = Recipient.Read(file, Day(day), out RecipientFault fault);
        Assert.Equal(RecipientFault.None, fault);
        return recipient!;
    }

    private static RecipientFault FaultOf(byte[] file, string? day = null)
    {
        Assert.Null(Recipient.Read(file, Day(day), out RecipientFault fault));
        Assert.NotEqual(RecipientFault.None, fault);
        return fault;
    }

    private static DateTimeOffset Day(string? day) => day is null ? DateTimeOffset.UtcNow : DateTimeOffset.Parse(day + "T00:00:00Z");

    private void AssertOpens(Recipient recipient)
    {
        using SecretBuffer key = KeyMessage.RandomKey(32);
        string file = Path.Combine(home.Folder, "message");
        File.WriteAllBytes(file, KeyMessage.Encrypt(key, [recipient]));
        home.Expect("--yes", "--passphrase", "", "-o", file + ".plain", "-d", file);
        Assert.Equal(key.Span.ToArray(), File.ReadAllBytes(file + ".plain"));
    }

    private static byte[] Bytes((int Tag, byte[] Body) packet) => PacketMaker.Packet(packet.Tag, packet.Body);

    private static (int Tag, byte[] Body)[] Packets(byte[] file)
    {
        List<(int, byte[])> packets = [];
        var reader = new PacketReader(file);
        byte[] body = new byte[file.Length];
        while (reader.TryRead(body, out PacketTag tag, out int length))
        {
            packets.Add(((int)tag, body[..length]));
        }

        return [.. packets];
    }
}
