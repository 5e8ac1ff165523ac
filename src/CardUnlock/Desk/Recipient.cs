// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody to encrypt to: a public key that can encrypt, from a card, a file or a token (RFC 9580 section 10.1).

using System.Buffers.Binary;
using System.Text;

namespace CardUnlock;

/// <summary>A key to encrypt to, and what it is called.</summary>
public sealed class Recipient
{
    // In bytes: 2048 bits.
    private const int StrongModulusLength = 256;

    internal Recipient(EncryptionKey key, string name, string serial)
    {
        Key = key;
        Name = name;
        Serial = serial;
    }

    /// <summary>The holder's name, or the user id's; may be empty.</summary>
    public string Name { get; }

    /// <summary>The card's serial number where it came from one, "0006 12345678"; else empty.</summary>
    public string Serial { get; }

    /// <summary>The encryption (sub)key's fingerprint: 20 bytes, 32 of version 6.</summary>
    public byte[] Fingerprint => Key.Parameters.Fingerprint;

    /// <summary>As gpg calls it: "rsa2048", "cv25519", "nistp256".</summary>
    public string Algorithm => Key.AlgorithmName;

    /// <summary>RSA of less than 2048 bits: it opens what is encrypted to it, and nothing new should be.</summary>
    public bool IsWeak => Key.Modulus is [var first, ..] && (Key.Modulus.Length < StrongModulusLength
        || (Key.Modulus.Length == StrongModulusLength && first < 0x80));

    /// <summary>The key id that a message names it by.</summary>
    public ulong KeyId => BinaryPrimitives.ReadUInt64BigEndian(Key.KeyId);

    /// <summary>
    /// The packets for a token's public_keys, as few as the agent and a later re-encryption need: the key as a primary key's packet
    /// (its fingerprint is the same) and, where it has a name or a serial number, a user id "Name (serial)".
    /// </summary>
    public byte[] PublicKeys
    {
        get
        {
            string userId = Serial.Length > 0 ? $"{Name} ({Serial})".Trim() : Name;
            byte[] packet = PacketWriter.Packet(PacketTag.PublicKey, Key.Body);
            return userId.Length == 0 ? packet : [.. packet, .. PacketWriter.Packet(PacketTag.UserId, Encoding.UTF8.GetBytes(userId))];
        }
    }

    internal EncryptionKey Key { get; }

    /// <summary>
    /// Reads one certificate, binary or armoured, and takes its newest valid encryption key: bound by a signature that is verified,
    /// not revoked, not expired.
    /// </summary>
    /// <param name="file">At most 1 MiB.</param>
    /// <param name="now">What is expired by then does not count.</param>
    /// <param name="fault">None, or why the result is null.</param>
    public static Recipient? Read(ReadOnlySpan<byte> file, DateTimeOffset now, out RecipientFault fault)
    {
        fault = Certificate.Parse(file, out Certificate? certificate);
        return certificate?.Choose(now.ToUnixTimeSeconds(), out fault);
    }

    /// <summary>The recipients that a token's message has, from its public_keys and cards.</summary>
    /// <param name="missing">The key ids of those recipients of the message whose public keys are not there; 0 is a hidden one.</param>
    public static IReadOnlyList<Recipient> OfToken(LuksToken token, out IReadOnlyList<ulong> missing)
    {
        IReadOnlyList<Recipient> found = OfMessage(token.Message, token.PublicKeys, out missing);
        return [.. found.Select(recipient => WithSerial(recipient, token.Cards, found.Count))];
    }

    /// <summary>The same from a key file and the public keys beside it.</summary>
    /// <param name="message">The key file's bytes.</param>
    /// <param name="publicKeys">What stands in the file of its name and `.pub`; may be empty.</param>
    /// <param name="missing">As above; a message that cannot be read has one hidden recipient.</param>
    public static IReadOnlyList<Recipient> OfMessage(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKeys, out IReadOnlyList<ulong> missing)
    {
        if (EncryptedKey.Parse(message, out EncryptedKey? parsed) != MessageFault.None)
        {
            missing = [0];
            return [];
        }

        List<Recipient> keys = KeyList.Read(publicKeys);
        List<Recipient> found = [];
        List<ulong> unknown = [];
        foreach (ulong keyId in parsed!.RecipientKeyIds)
        {
            if (keyId != 0 && keys.Find(key => key.KeyId == keyId) is Recipient recipient)
            {
                found.Add(recipient);
            }
            else
            {
                unknown.Add(keyId);
            }
        }

        missing = unknown;
        return found;
    }

    // Tokens that were made by hand tell serial numbers in their cards alone.
    private static Recipient WithSerial(Recipient recipient, IReadOnlyList<WantedCard> cards, int recipients)
    {
        WantedCard[] its = cards.Count == 1 && recipients == 1 ? [cards[0]]
            : [.. cards.Where(card => card.Name.Length > 0 && card.Name == recipient.Name)];
        return recipient.Serial.Length > 0 || its.Length != 1 ? recipient
            : new Recipient(recipient.Key, recipient.Name.Length > 0 ? recipient.Name : its[0].Name, its[0].Serial);
    }
}
