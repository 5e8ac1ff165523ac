// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates that somebody has changed: what the primary key has not signed is nothing.

using CardSimulator;

namespace CardUnlock.Tests.Desk;

public sealed class ForgedCertificateTests : CertificateHome
{
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
}
