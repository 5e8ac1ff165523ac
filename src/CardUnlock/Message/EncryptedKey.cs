// SPDX-License-Identifier: GPL-3.0-or-later
// The key file: an OpenPGP message of session key packets (RFC 9580 section 5.1) in front of one encrypted data packet
// (section 5.13.1 with MDC, or GnuPG's AEAD packet 20). At most 1 MiB; holds ciphertext only.

namespace CardUnlock;

/// <summary>Why a key file cannot be used.</summary>
public enum MessageFault
{
    /// <summary>It can be.</summary>
    None,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>It ends inside a packet, or before the encrypted data.</summary>
    Truncated,

    /// <summary>ASCII armour: gpg was called with --armor.</summary>
    Armoured,

    /// <summary>Not an OpenPGP message that is encrypted to a public key.</summary>
    NotOpenPgp,

    /// <summary>Encrypted without integrity protection; such data are never decrypted.</summary>
    NoIntegrity,

    /// <summary>A packet version or an algorithm that is not known here.</summary>
    UnsupportedAlgorithm,

    /// <summary>More than 1 MiB.</summary>
    TooLarge,
}

/// <summary>A parsed OpenPGP message: who can open it, and the encrypted data packet.</summary>
public sealed class EncryptedKey
{
    /// <summary>The largest key file in bytes.</summary>
    public const int MaxFileLength = 1 << 20;

    private const int MaxRecipients = 64;

    private readonly List<SessionKeyPacket> recipients = [];
    private IEncryptedData? data;

    private EncryptedKey()
    {
    }

    /// <summary>The key ids of the recipients, in the file's order; 0 is a hidden one.</summary>
    internal IReadOnlyList<ulong> RecipientKeyIds => recipients.ConvertAll(static recipient => recipient.KeyId);

    /// <summary>Parses a whole key file.</summary>
    /// <returns>None and the message, or the fault and null.</returns>
    public static MessageFault Parse(ReadOnlySpan<byte> file, out EncryptedKey? message)
    {
        message = null;
        if (file.IsEmpty)
        {
            return MessageFault.Empty;
        }

        if (file.Length > MaxFileLength)
        {
            return MessageFault.TooLarge;
        }

        if (file.TrimStart(" \t\r\n\uFEFF"u8).StartsWith("-----BEGIN PGP"u8))
        {
            return MessageFault.Armoured;
        }

        var parsed = new EncryptedKey();
        MessageFault fault = parsed.ReadPackets(file);
        message = fault == MessageFault.None ? parsed : null;
        return fault;
    }

    /// <summary>A recipient is the card's decryption key, or hidden and of its kind.</summary>
    internal bool IsFor(CardData card) => recipients.Exists(recipient => recipient.IsFor(card));

    /// <summary>
    /// What the card may be asked to decipher: the packet that names its key first, hidden ones after it.
    /// </summary>
    internal IEnumerable<SessionKeyPacket> CandidatesFor(CardData card) =>
        recipients.Where(recipient => recipient.IsFor(card)).OrderBy(static recipient => recipient.IsAnonymous);

    /// <summary>
    /// Decrypts and checks with a session key block (cipher id and key); null unless all of it is right.
    /// </summary>
    internal SecretBuffer? Decrypt(ReadOnlySpan<byte> sessionKey)
    {
        using SecretBuffer? packets = data!.Decrypt(sessionKey);
        return packets is null ? null : Plaintext.Extract(packets.Span);
    }

    private MessageFault ReadPackets(ReadOnlySpan<byte> file)
    {
        var reader = new PacketReader(file);
        Span<byte> body = new byte[file.Length];
        MessageFault skipped = MessageFault.None;
        while (reader.TryRead(body, out PacketTag tag, out int length))
        {
            MessageFault fault = Take(tag, body[..length]);
            if (data is not null)
            {
                return reader.AtEnd ? Judge(skipped) : MessageFault.NotOpenPgp;
            }

            if (fault == MessageFault.UnsupportedAlgorithm && tag == PacketTag.PublicKeySessionKey)
            {
                skipped = fault;
            }
            else if (fault != MessageFault.None)
            {
                return fault;
            }
        }

        return reader.Fault != MessageFault.None ? reader.Fault : MessageFault.Truncated;
    }

    private MessageFault Judge(MessageFault skipped)
    {
        if (recipients.Count > 0)
        {
            return MessageFault.None;
        }

        return skipped == MessageFault.None ? MessageFault.NotOpenPgp : skipped;
    }

    private MessageFault Take(PacketTag tag, ReadOnlySpan<byte> body)
    {
        switch (tag)
        {
            case PacketTag.PublicKeySessionKey:
                return TakeRecipient(body);
            case PacketTag.IntegrityProtected:
                return MdcData.Parse(body, out data);
            case PacketTag.GnuPgAead:
                return OcbData.Parse(body, out data);
            case PacketTag.SymmetricallyEncrypted:
                return MessageFault.NoIntegrity;
            case PacketTag.SymmetricSessionKey or PacketTag.Marker or PacketTag.Padding:
                return MessageFault.None;
            default:
                return MessageFault.NotOpenPgp;
        }
    }

    private MessageFault TakeRecipient(ReadOnlySpan<byte> body)
    {
        MessageFault fault = SessionKeyPacket.Parse(body, out SessionKeyPacket? recipient);
        if (recipient is null)
        {
            return fault;
        }

        recipients.Add(recipient);
        return recipients.Count > MaxRecipients ? MessageFault.TooLarge : MessageFault.None;
    }
}

/// <summary>An encrypted data packet of one of the kinds that protect integrity.</summary>
internal interface IEncryptedData
{
    /// <summary>
    /// The packets inside, after their integrity was checked; null when it fails or the cipher is not known.
    /// </summary>
    /// <param name="sessionKey">Cipher id (1 byte) and key.</param>
    SecretBuffer? Decrypt(ReadOnlySpan<byte> sessionKey);
}
