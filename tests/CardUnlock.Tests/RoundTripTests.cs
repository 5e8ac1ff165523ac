// SPDX-License-Identifier: GPL-3.0-or-later
// Each kind of key that a card may hold, the whole way: gpg makes it, moves it to the simulated card through pcscd, and
// encrypts to it; the monitor unlocks through the same pcscd. The kinds that this gpg does not make are made here.

using System.Security.Cryptography;
using CardSimulator;

namespace CardUnlock.Tests;

[Collection(OnePcscd.Name)]
public sealed class RoundTripTests(PcscFixture pcsc)
{
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 5))];

    [Theory]
    [InlineData("rsa1024")]
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
    public void Key_of_gpg_on_the_card_opens_the_message_of_gpg(string algorithm)
    {
        var card = new VirtualCard();
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        EncryptedKey message = Parsed(MessageToCard(algorithm));
        card.PowerOff();
        AssertUnlocks(card, message);
    }

    // RFC 9580's own kinds of key, with version 3 packets for version 4 keys and version 6 for version 6; and X448 as ECDH.
    [Theory]
    [InlineData(SoftCard.X25519, 4)]
    [InlineData(SoftCard.X25519, 6)]
    [InlineData(SoftCard.X448, 4)]
    [InlineData(SoftCard.X448, 6)]
    [InlineData(SoftCard.Ecdh, 4)]
    public void Key_of_rfc_9580_on_the_card_opens(byte algorithm, byte version)
    {
        bool is448 = algorithm != SoftCard.X25519;
        byte[] scalar = RandomNumberGenerator.GetBytes(is448 ? 56 : 32);
        byte[] oid = is448 ? SoftCard.Oid448 : SoftCard.Oid25519;
        var key = new SoftCard(algorithm, oid, version, scalar);
        byte[] sessionKey = [9, .. RandomNumberGenerator.GetBytes(32)];
        byte[] packets = PacketMaker.Literal(Plain);
        byte[] data = version == 4
            ? PacketMaker.Mdc(sessionKey, packets)
            : PacketMaker.Aead(PacketMaker.Ocb, sessionKey, packets);
        byte[] file = [.. key.SessionKeyPacket(sessionKey, version == 4 ? (byte)3 : (byte)6), .. data];
        Assert.Equal(MessageFault.None, EncryptedKey.Parse(file, key.PublicKey("Ann"), out EncryptedKey? message));

        var card = new VirtualCard();
        byte[] imported = is448 ? scalar : [.. scalar.Reverse()];
        card.ImportDecryptionKey(
            [18, .. oid], new Dictionary<int, byte[]> { [0x92] = imported }, key.Fingerprint[..20], DateTimeOffset.UnixEpoch);
        using VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        AssertUnlocks(card, message!);
    }

    /// <summary>Has gpg make a key, encrypt to it, and move it to the card in the reader.</summary>
    private byte[] MessageToCard(string algorithm)
    {
        using GpgHome home = pcsc.NewHome();
        string fingerprint = home.GenerateKey(algorithm);
        string input = Path.Combine(home.Folder, "key");
        File.WriteAllBytes(input, Plain);
        home.Expect(["--trust-model", "always", "-r", fingerprint, "-o", input + ".gpg", "-e", input]);
        home.KeyToCard(fingerprint);
        return File.ReadAllBytes(input + ".gpg");
    }

    private static EncryptedKey Parsed(byte[] file)
    {
        Assert.Equal(MessageFault.None, EncryptedKey.Parse(file, out EncryptedKey? message));
        return message!;
    }

    private static void AssertUnlocks(VirtualCard card, EncryptedKey message)
    {
        int verifies = card.VerifyCount;
        using var monitor = new CardMonitor(message);
        CardInfo info = Ready(monitor);
        Assert.True(info.MatchesKey);
        AssertKey(monitor.Unlock(Pins.Make("123456"), info));
        Assert.Equal(verifies + 1, card.VerifyCount);
    }

    // gpg's daemons let go of the card a moment after they were told to end.
    private static CardInfo Ready(CardMonitor monitor)
    {
        CardStatus status = monitor.Wait();
        for (int i = 0; i < 20 && status is not CardStatus.Ready; i++)
        {
            status = monitor.Wait();
        }

        return Assert.IsType<CardStatus.Ready>(status).Card;
    }

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }
}
