// SPDX-License-Identifier: GPL-3.0-or-later
// What stands where nothing may stand: behind a session key, in a padding, between the packets that were encrypted.

using System.Security.Cryptography;
using CardSimulator;
using static CardUnlock.Tests.PacketMaker;

namespace CardUnlock.Tests;

public sealed class StrictnessTests
{
    private const byte DecipherInstruction = 0x2A;
    private const int HeaderLength = 6;
    private static readonly byte[] SessionKey = [9, .. Enumerable.Range(0, 32).Select(i => (byte)(150 - i))];
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 3))];

    [Theory]
    [InlineData(SoftCard.Rsa)]
    [InlineData(SoftCard.Ecdh)]
    [InlineData(SoftCard.X25519)]
    [InlineData(SoftCard.X448)]
    public void Nothing_follows_a_session_key(byte algorithm)
    {
        byte[] body = new SoftCard(algorithm).SessionKeyPacket(SessionKey)[HeaderLength..];
        Assert.Equal(MessageFault.None, SessionKeyPacket.Parse(body, [], out _));
        Assert.Equal(MessageFault.UnsupportedAlgorithm, SessionKeyPacket.Parse([.. body, 0], [], out _));
    }

    // Section 4.3: a packet below 40 that is not known must be understood by whoever goes on.
    [Theory]
    [InlineData(5, Opening.Damaged)]
    [InlineData(30, Opening.Damaged)]
    [InlineData(39, Opening.Damaged)]
    [InlineData(40, Opening.Opened)]
    [InlineData(60, Opening.Opened)]
    public void A_critical_packet_before_the_key_is_not_passed_over(int tag, object opening)
    {
        byte[] recipient = new SoftCard(SoftCard.Ecdh).SessionKeyPacket(SessionKey);
        EncryptedKey message = MessageAssert.Parse([.. recipient, .. Mdc(SessionKey, [.. Packet(tag, 1, 2, 3), .. Literal(Plain)])]);
        Assert.Equal((Opening)opening, message.Decrypt(SessionKey, out SecretBuffer? key));
        key?.Dispose();
    }

    [Theory]
    [InlineData(new byte[] { 3, 3, 3 }, 37)]
    [InlineData(new byte[] { 3, 2, 3 }, 0)]
    [InlineData(new byte[] { 2, 3, 3 }, 0)]
    [InlineData(new byte[] { 1, 2, 0 }, 0)]
    [InlineData(new byte[] { 1, 2, 40 }, 0)]
    public void A_padding_is_so_many_bytes_of_their_own_number(byte[] end, int length)
    {
        byte[] shared = [.. Enumerable.Range(7, 32).Select(i => (byte)i)], fingerprint = [.. Enumerable.Range(90, 20).Select(i => (byte)i)];
        byte[] oid = SoftCard.Oid25519;
        byte[] keyEncryptionKey = SHA256.HashData(
            [0, 0, 0, 1, .. shared, (byte)oid.Length, .. oid, SoftCard.Ecdh, 3, 1, 8, 7, .. "Anonymous Sender    "u8, .. fingerprint]);
        byte[] block = [.. Enumerable.Repeat((byte)0x55, 37), .. end];
        byte[] wrapped = KeyWrap.Wrap(keyEncryptionKey.AsSpan(0, 16), block);
        using SecretBuffer? unwrapped = KeyDerivation.UnwrapEcdh(shared, oid, fingerprint, new KdfParameters(8, 7), wrapped);
        Assert.NotNull(unwrapped);
        Assert.Equal(block[..length], unwrapped.Span.ToArray());
    }

    [Fact]
    public void A_hidden_share_does_not_stand_in_for_the_cards_own_that_is_damaged()
    {
        var key = new SoftCard(SoftCard.Ecdh);
        byte[] wrong = key.SessionKeyPacket([9, .. new byte[32]]);
        byte[] hidden = key.SessionKeyPacket(SessionKey, 3, hidden: true);
        byte[] data = Mdc(SessionKey, Literal(Plain));
        var card = new VirtualCard();
        card.ImportX25519DecryptionKey([.. key.Secret.Reverse()], key.Fingerprint[..20], DateTimeOffset.UnixEpoch);
        using CardSession session =
            CardSession.Open(new CardTransport(card), false, [MessageAssert.Parse([.. wrong, .. hidden, .. data])], askVerified: true)!;
        Assert.IsType<UnlockResult.DamagedMessage>(session.Unlock(Pins.Make("123456")));
        Assert.Equal(1, card.Log.Count(entry => entry.Ins == DecipherInstruction));
    }
}
