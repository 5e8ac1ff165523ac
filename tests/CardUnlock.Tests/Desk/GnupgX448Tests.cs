// SPDX-License-Identifier: GPL-3.0-or-later
// X448 as GnuPG 2.4 has it: keys of version 5, points without 40 in front, and what its daemons write onto a card.

using System.Buffers.Binary;
using System.Security.Cryptography;
using CardSimulator;

namespace CardUnlock.Tests.Desk;

[Collection(OnePcscd.Name)]
public sealed class GnupgX448Tests(PcscFixture pcsc, Gnupg24 newer) : IClassFixture<Gnupg24>
{
    private const int PointLength = 56;

    // A header of 2 bytes, version, key id, algorithm, bit count.
    private const int EphemeralAt = 2 + 1 + 8 + 1 + 2;

    private static readonly byte[] Oid = [0x2B, 0x65, 0x6F];

    /// <summary>The fingerprint's first bytes, or the version 4 fingerprint of the same numbers, which scdaemon writes.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    public void A_card_with_a_key_of_gpg_s_is_found_and_encrypted_to(int version)
    {
        (byte[] body, byte[] scalar) = newer.MakeX448Key($"card{version}@example.org");
        byte[] onCard = version == 5 ? body : [4, .. body[1..6], .. body[10..]];
        using VpcdReader reader = Insert(onCard, scalar);
        using CardDesk desk = CardDesk.Open();
        CardReport report = Assert.Single(desk.Look());
        Recipient? recipient = desk.ReadRecipient(report, out RecipientFault fault);
        Assert.Equal(RecipientFault.None, fault);
        Assert.Equal(Fingerprint(onCard), recipient!.Fingerprint);
        Assert.Equal("cv448", recipient.Algorithm);
        AssertOpens(desk, report, recipient);
    }

    [Fact]
    public void A_point_that_begins_with_zero_keeps_it_or_not()
    {
        byte[] scalar = new byte[PointLength];
        byte[] point;
        do
        {
            RandomNumberGenerator.Fill(scalar);
            point = new SoftCard(SoftCard.X448, secret: scalar).Point;
        }
        while (point[0] != 0);

        byte[][] numbers = [[1, 0xC0, .. point], PacketWriter.Mpi(point), PacketWriter.Mpi([0x40, .. point])];
        Assert.Equal(3, numbers.Select(number => number.Length).Distinct().Count());
        foreach (byte[] number in numbers)
        {
            byte[] body = [4, 1, 2, 3, 4, 18, 3, .. Oid, .. number, 3, 1, 10, 9];
            using VpcdReader reader = Insert(body, scalar);
            using CardDesk desk = CardDesk.Open();
            CardReport report = Assert.Single(desk.Look());
            Recipient? recipient = desk.ReadRecipient(report, out RecipientFault fault);
            Assert.Equal(RecipientFault.None, fault);
            Assert.Equal(Fingerprint(body), recipient!.Fingerprint);
            AssertOpens(desk, report, recipient);
        }
    }

    [Fact]
    public void Gpg_opens_what_is_encrypted_to_its_certificate()
    {
        (byte[] body, _) = newer.MakeX448Key("file448@example.org");
        Recipient? recipient = Recipient.Read(newer.Export("file448@example.org"), DateTimeOffset.UtcNow.AddMinutes(1), out RecipientFault fault);
        Assert.Equal(RecipientFault.None, fault);
        Assert.Equal(Fingerprint(body), recipient!.Fingerprint);
        using SecretBuffer key = KeyMessage.RandomKey(64);

        byte[] message = KeyMessage.Encrypt(key, [recipient]);
        Assert.Equal(key.Span.ToArray(), newer.Decrypt(message));

        // One ephemeral point in 256 begins with a zero.
        while (message[EphemeralAt] != 0)
        {
            message = KeyMessage.Encrypt(key, [recipient]);
        }

        Assert.Equal(key.Span.ToArray(), newer.Decrypt(message));

        // The next key finds it again in the token's public keys.
        Recipient again = Assert.Single(Recipient.OfMessage(message, recipient.PublicKeys, out IReadOnlyList<ulong> missing));
        Assert.Empty(missing);
        Assert.Equal(recipient.Fingerprint, again.Fingerprint);
    }

    private static void AssertOpens(CardDesk desk, CardReport report, Recipient recipient)
    {
        using SecretBuffer plain = KeyMessage.RandomKey(64);
        EncryptedKey message = EncryptionTests.Parsed(KeyMessage.Encrypt(plain, [recipient]), recipient.PublicKeys);
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(desk.Decrypt(message, Pins.Make("123456"), report)).Secret;
        Assert.Equal(plain.Span.ToArray(), secret.Span.ToArray());
    }

    private VpcdReader Insert(byte[] body, byte[] scalar)
    {
        var card = new VirtualCard();
        card.ImportDecryptionKey(
            [18, .. Oid], new Dictionary<int, byte[]> { [0x92] = scalar }, Fingerprint(body)[..20],
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1))));
        VpcdReader reader = pcsc.Reader(card);
        reader.Insert();
        return reader;
    }

    private static byte[] Fingerprint(byte[] body) => body[0] == 4
        ? SHA1.HashData([0x99, (byte)(body.Length >> 8), (byte)body.Length, .. body])
        : SHA256.HashData([(byte)(0x95 + body[0]), 0, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body]);
}
