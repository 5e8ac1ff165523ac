// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardUnlock.Tests;

/// <summary>Opens messages with a key that answers as a card.</summary>
internal static class MessageAssert
{
    public static EncryptedKey Parse(byte[] file, byte[]? publicKeys = null)
    {
        Assert.Equal(MessageFault.None, EncryptedKey.Parse(file, publicKeys, out EncryptedKey? message));
        return message!;
    }

    /// <summary>The first candidate opens it, with that session key and that plain text.</summary>
    public static void Opens(EncryptedKey message, SoftCard card, CardData data, byte[] sessionKey, byte[] plain)
    {
        SessionKeyPacket packet = message.CandidatesFor(data).First();
        byte[] answer = card.Answer(packet.Cryptogram(data));
        Assert.Equal(Opening.Opened, packet.SessionKey(data, answer, out SecretBuffer? key));
        using (key)
        {
            Assert.Equal(sessionKey, key!.Span.ToArray());
        }

        using SecretBuffer? secret = message.Open(packet, data, answer, out Opening opening);
        Assert.Equal(Opening.Opened, opening);
        Assert.Equal(plain, secret!.Span.ToArray());
    }

    /// <summary>What the first candidate comes to; it gives no key.</summary>
    public static Opening Fails(EncryptedKey message, SoftCard card, CardData data)
    {
        SessionKeyPacket packet = message.CandidatesFor(data).First();
        Assert.Null(message.Open(packet, data, card.Answer(packet.Cryptogram(data)), out Opening opening));
        return opening;
    }
}
