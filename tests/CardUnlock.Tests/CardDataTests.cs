// SPDX-License-Identifier: GPL-3.0-or-later
// What a card says about itself: attributes, holder, public key, counters.

using CardSimulator;

namespace CardUnlock.Tests;

public sealed class CardDataTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private static readonly byte[] Plain = [1, 2, 3, 4];

    [Theory]
    [InlineData("Lovelace<<Ada", "Ada Lovelace")]
    [InlineData("de<la<Cruz<<Juana<Ines", "Juana Ines de la Cruz")]
    [InlineData("Lovelace<<", "Lovelace")]
    [InlineData("<<Ada", "Ada")]
    [InlineData("Ada<Lovelace", "Ada Lovelace")]
    [InlineData("Ada Lovelace", "Ada Lovelace")]
    [InlineData("<<", "")]
    [InlineData("", "")]
    [InlineData("L<<<<A<<<B", "A B L")]
    [InlineData("G\u00f6del<<Kurt", "Kurt G\u00f6del")]
    [InlineData("Evil\u001b[2J\u009b<<\r\nName\0", "Name Evil[2J")]
    [InlineData("0123456789012345678901234567890123456789", "012345678901234567890123456789012345678")]
    public void Holders_name_reads_as_a_person_says_it(string card, string expected) =>
        Assert.Equal(expected, HolderName.Read(System.Text.Encoding.Latin1.GetBytes(card)));

    [Theory]
    [InlineData("010400002000", 128)]
    [InlineData("010800002000", 256)]
    [InlineData("0108000020", 256)]
    [InlineData("010C00001103", 384)]
    [InlineData("011000002002", 512)]
    [InlineData("011400002000", 640)]
    [InlineData("0107FF002000", 256)]
    [InlineData("01", 0)]
    [InlineData("", 0)]
    public void Rsa_attributes_give_the_modulus_in_bytes(string attributes, int bytes) =>
        Assert.Equal(bytes, Data(attributes).ModulusLength);

    [Theory]
    [InlineData("122B060104019755010501", "2B060104019755010501")]
    [InlineData("122B060104019755010501FF", "2B060104019755010501")]
    [InlineData("122B06010401975501050100", "2B060104019755010501")]
    [InlineData("122B656E", "2B060104019755010501")]
    [InlineData("122B656F", "2B656F")]
    [InlineData("122B656FFF", "2B656F")]
    [InlineData("122A8648CE3D030107", "2A8648CE3D030107")]
    [InlineData("122A8648CE3D03010700", "2A8648CE3D030107")]
    [InlineData("122B81040022FF", "2B81040022")]
    [InlineData("122B81040023", "2B81040023")]
    [InlineData("122B8104000A00", "2B8104000A")]
    [InlineData("122B2403030208010107FF", "2B2403030208010107")]
    [InlineData("122B240303020801010B", "2B240303020801010B")]
    [InlineData("122B240303020801010D00", "2B240303020801010D")]
    [InlineData("12", "")]
    [InlineData("12FF", "")]
    public void Ecdh_attributes_give_the_curve_without_the_import_format(string attributes, string oid) =>
        Assert.Equal(oid, Convert.ToHexString(Data(attributes).CurveOid));

    [Theory]
    [InlineData("7F7F7F7F030003", 3, 127, 0, 127)]
    [InlineData("00404040020103", 2, 64, 1, 64)]
    [InlineData("00FFFFFF030303", 3, 127, 3, 127)]
    [InlineData("00000000000000", 0, 127, 0, 127)]
    [InlineData("0005077F010203", 1, 127, 2, 127)]
    [InlineData("007F7F7F0300", null, 127, 0, 127)]
    [InlineData("", null, 127, 0, 127)]
    public void Pin_status_gives_counters_and_lengths(string status, int? tries, int max, int resetTries, int maxReset) =>
        Assert.Equal(new PinStatus(tries, max, resetTries, maxReset), PinStatus.Parse(Convert.FromHexString(status)));

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    public void Decryption_key_has_the_second_fingerprint(int length)
    {
        byte[] all = [.. Enumerable.Range(0, length).Select(i => (byte)(i / 20))];
        CardData data = Data("") with { Fingerprints = all };
        Assert.Equal(Enumerable.Repeat((byte)1, 20), data.DecipherFingerprint.ToArray());
        Assert.Equal(0x0101010101010101u, data.DecipherKeyId);
        Assert.True((data with { Fingerprints = new byte[length] }).DecipherFingerprint.IsEmpty);
        Assert.True((data with { Fingerprints = all[..39] }).DecipherFingerprint.IsEmpty);
    }

    [Theory]
    [InlineData("nistp256", 65)]
    [InlineData("cv25519", 32)]
    [InlineData("rsa2048", 0)]
    public void Public_key_is_read_from_the_card_when_it_is_wanted(string algorithm, int length)
    {
        VirtualCard card = keys.Card(algorithm);
        using var openPgp = new OpenPgpCard(new CardTransport(card), characterProtocol: false, extendedLength: false);
        Assert.True(openPgp.Select().IsOk);
        CardData data = openPgp.ReadCardData()!;
        Assert.DoesNotContain(card.Log, entry => entry.Ins == 0x47);
        byte[] point = data.DecipherPublicKey;
        Assert.Equal(length, point.Length);
        Assert.True(card.PublicKey(KeyUse.Decrypt).AsSpan().EndsWith(point));
        Assert.Same(point, data.DecipherPublicKey);
        Assert.Single(card.Log, entry => entry.Ins == 0x47);
    }

    [Fact]
    public void Public_key_of_an_empty_slot_is_empty()
    {
        using var openPgp = new OpenPgpCard(new CardTransport(new VirtualCard()), characterProtocol: false, extendedLength: false);
        openPgp.Select();
        Assert.Empty(openPgp.ReadCardData()!.DecipherPublicKey);
    }

    [Fact]
    public void Holder_of_another_card_is_told()
    {
        VirtualCard card = keys.Card("cv25519");
        card.Put(0x5B, "Lovelace<<Ada"u8);
        using CardSession session = CardSession.Open(new CardTransport(card), false, [keys.Parsed(Plain, ["rsa2048"])], askVerified: true)!;
        Assert.False(session.MatchesKey || session.KnowsHolder);
        session.ReadHolder();
        Assert.Equal("Ada Lovelace", session.Describe("reader").Holder);
        Assert.Equal("FFFE 00000001", session.Describe("reader").Serial);
    }

    [Theory]
    [InlineData(0x0200)]
    [InlineData(0x0201)]
    [InlineData(0x0300)]
    [InlineData(0x0303)]
    [InlineData(0x0304)]
    public void Every_version_of_the_specification_opens(int version)
    {
        foreach (string algorithm in (string[])["rsa2048", "nistp256"])
        {
            VirtualCard card = keys.Card(algorithm, new CardOptions { Version = (ushort)version });
            using CardSession session = CardSession.Open(new CardTransport(card), false, [keys.Parsed(Plain, [algorithm])], askVerified: true)!;
            using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(session.Unlock(Pins.Make("123456"))).Secret;
            Assert.Equal(Plain, secret.Span.ToArray());
        }
    }

    [Theory]
    [InlineData("h\u00e4slein")]
    [InlineData("\u043f\u0430\u0440\u043e\u043b\u044c")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("abcdef")]
    public void Pin_is_bytes_of_utf8_up_to_127(string pin)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(pin);
        VirtualCard card = keys.Card("cv25519", new CardOptions { ExtendedLength = false });
        card.SetUserPin(bytes);
        using CardSession session = CardSession.Open(new CardTransport(card), false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true)!;
        SecretBuffer secret = SecretBuffer.Allocate(127);
        secret.TryAppend(bytes);
        session.Unlock(secret);
        Assert.True(card.IsUserVerified);
        Assert.Equal(1, card.VerifyCount);
    }

    private static CardData Data(string attributes) =>
        new(new byte[16], false, Convert.FromHexString(attributes), [], default, null);
}
