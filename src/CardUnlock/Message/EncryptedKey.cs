// SPDX-License-Identifier: GPL-3.0-or-later
// The key file: an OpenPGP message, binary or armoured, of session key packets (RFC 9580 section 5.1) in front of one
// encrypted data packet (section 5.13, or GnuPG's AEAD packet 20). At most 1 MiB; holds ciphertext only.

namespace CardUnlock;

/// <summary>A parsed OpenPGP message: who can open it, and the encrypted data packet.</summary>
public sealed class EncryptedKey
{
    /// <summary>The largest key file, and the largest file of public keys, in bytes.</summary>
    public const int MaxFileLength = 1 << 20;

    private const int MaxRecipients = 64;

    private readonly List<SessionKeyPacket> recipients = [];
    private readonly List<ulong> keyIds = [];
    private readonly IReadOnlyList<RecipientKey> keys;
    private readonly IReadOnlyList<WantedCard>? wanted;
    private IEncryptedData? data;

    private EncryptedKey(IReadOnlyList<RecipientKey> keys, IReadOnlyList<WantedCard>? wanted)
    {
        this.keys = keys;
        this.wanted = wanted;
    }

    /// <summary>
    /// What the person should insert: as the caller of Parse said, else by the names in the recipients' public keys. Empty
    /// when nothing is known.
    /// </summary>
    public IReadOnlyList<WantedCard> WantedCards => wanted ?? [.. NamedRecipients()];

    /// <summary>A passphrase opens it too (`gpg --symmetric --encrypt`); there is nothing here that would ask for it.</summary>
    public bool HasPassphrase { get; private set; }

    /// <summary>
    /// The key ids of everybody who can open it, in the file's order, also by algorithms that are not known here: whoever makes the
    /// next message must leave nobody out. 0 is a hidden one, or one named by fingerprint.
    /// </summary>
    internal IReadOnlyList<ulong> RecipientKeyIds => keyIds;

    /// <summary>Parses a whole key file.</summary>
    /// <returns>None and the message, or the fault and null.</returns>
    public static MessageFault Parse(ReadOnlySpan<byte> file, out EncryptedKey? message) => Parse(file, default, out message);

    /// <summary>Parses a whole key file, and the recipients' public keys that travel with it.</summary>
    /// <param name="file">The message.</param>
    /// <param name="publicKeys">What `gpg --export` writes, binary or armoured, several keys as well; empty: none. ECDH's
    /// parameters and the cards' names are taken from it.</param>
    /// <param name="message">Null unless the result is None.</param>
    /// <returns>None and the message, or the fault of either and null.</returns>
    public static MessageFault Parse(ReadOnlySpan<byte> file, ReadOnlySpan<byte> publicKeys, out EncryptedKey? message) =>
        Parse(file, publicKeys, null, out message);

    /// <summary>The same, for a caller that knows what card to ask for.</summary>
    /// <param name="file">The message.</param>
    /// <param name="publicKeys">As above.</param>
    /// <param name="wanted">What <see cref="WantedCards"/> will say; null: the public keys' names.</param>
    /// <param name="message">Null unless the result is None.</param>
    /// <returns>None and the message, or the fault of either and null.</returns>
    public static MessageFault Parse(
        ReadOnlySpan<byte> file, ReadOnlySpan<byte> publicKeys, IReadOnlyList<WantedCard>? wanted, out EncryptedKey? message)
    {
        message = null;
        if (file.IsEmpty)
        {
            return MessageFault.Empty;
        }

        if (file.Length > MaxFileLength || publicKeys.Length > MaxFileLength)
        {
            return MessageFault.TooLarge;
        }

        MessageFault fault = PublicKeyFile.Parse(publicKeys, out IReadOnlyList<RecipientKey> keys);
        byte[] packets = [];
        fault = fault == MessageFault.None ? Armour.Open(file, "MESSAGE"u8, out packets) : fault;
        var parsed = new EncryptedKey(keys, wanted);
        fault = fault == MessageFault.None ? parsed.ReadPackets(packets) : fault;
        message = fault == MessageFault.None ? parsed : null;
        return fault;
    }

    /// <summary>
    /// What the card may be asked to decipher: the packets that name its key first, the hidden ones after them.
    /// </summary>
    internal IEnumerable<SessionKeyPacket> CandidatesFor(CardData card) =>
        recipients.Where(recipient => !recipient.IsAnonymous && recipient.IsFor(card))
            .Concat(recipients.Where(recipient => recipient.IsAnonymous && recipient.IsFor(card)));

    /// <summary>
    /// Decrypts and checks with what the card answered to one of <see cref="CandidatesFor"/>; null unless it is Opened.
    /// </summary>
    internal SecretBuffer? Open(SessionKeyPacket recipient, CardData card, ReadOnlySpan<byte> answer, out Opening opening)
    {
        opening = recipient.SessionKey(card, answer, out SecretBuffer? sessionKey);
        using (sessionKey)
        {
            SecretBuffer? key = null;
            opening = sessionKey is null ? opening : Decrypt(sessionKey.Span, out key);
            return key;
        }
    }

    /// <summary>
    /// Decrypts and checks with a session key (cipher id, or 0 with a version 6 packet's; key); null unless it is Opened.
    /// </summary>
    internal Opening Decrypt(ReadOnlySpan<byte> sessionKey, out SecretBuffer? key)
    {
        key = null;
        Opening opening = data!.Decrypt(sessionKey, out SecretBuffer? packets);
        using (packets)
        {
            return packets is null ? opening : Plaintext.Extract(packets.Span, out key);
        }
    }

    private IEnumerable<WantedCard> NamedRecipients() => keys
        .Where(key => key.Name.Length > 0 && recipients.Exists(
            recipient => !recipient.IsAnonymous && RecipientKey.IsNamed(recipient.KeyId, recipient.Fingerprint, key.Fingerprint)))
        .Select(static key => new WantedCard(key.Name, ""))
        .Distinct();

    private MessageFault ReadPackets(ReadOnlySpan<byte> packets)
    {
        var reader = new PacketReader(packets);
        Span<byte> body = new byte[packets.Length];
        MessageFault skipped = MessageFault.None;
        while (reader.TryRead(body, out PacketTag tag, out int length))
        {
            MessageFault fault = Take(tag, body[..length]);
            if (data is not null)
            {
                return ReadEnd(ref reader, body, skipped);
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

    // Nothing may follow; what has no integrity is called by its name also there.
    private MessageFault ReadEnd(ref PacketReader reader, Span<byte> body, MessageFault skipped)
    {
        if (reader.AtEnd)
        {
            return Judge(skipped);
        }

        while (reader.TryRead(body, out PacketTag tag, out _))
        {
            if (tag == PacketTag.SymmetricallyEncrypted)
            {
                return MessageFault.NoIntegrity;
            }
        }

        return MessageFault.NotOpenPgp;
    }

    // Session keys of a version that does not belong to the data's are not used (section 10.3.2.1).
    private MessageFault Judge(MessageFault skipped)
    {
        if (recipients.RemoveAll(recipient => recipient.Version != data!.SessionKeyVersion) > 0)
        {
            skipped = MessageFault.UnsupportedAlgorithm;
        }

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
            case PacketTag.IntegrityProtected when body is [1, ..]:
                return MdcData.Parse(body, out data);
            case PacketTag.IntegrityProtected or PacketTag.GnuPgAead:
                return AeadData.Parse(tag, body, out data);
            case PacketTag.SymmetricallyEncrypted:
                return MessageFault.NoIntegrity;
            case PacketTag.SymmetricSessionKey:
                HasPassphrase = true;
                return MessageFault.None;
            case PacketTag.Marker or PacketTag.Padding or >= PacketTag.NonCritical:
                return MessageFault.None;
            default:
                return MessageFault.NotOpenPgp;
        }
    }

    private MessageFault TakeRecipient(ReadOnlySpan<byte> body)
    {
        MessageFault fault = SessionKeyPacket.Parse(body, keys, out SessionKeyPacket? recipient);
        keyIds.Add(SessionKeyPacket.KeyIdOf(body));
        if (recipient is null)
        {
            return fault;
        }

        recipients.Add(recipient);
        return recipients.Count > MaxRecipients ? MessageFault.TooLarge : MessageFault.None;
    }
}
