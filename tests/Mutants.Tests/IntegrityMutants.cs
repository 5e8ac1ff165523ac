// SPDX-License-Identifier: GPL-3.0-or-later
// Integrity: the message, its session key, and what may stand in it.
using static Mutants.Tests.Decision;
using static Mutants.Tests.Mutant;

namespace Mutants.Tests;

internal static class IntegrityMutants
{
    private const string Mdc = "CardUnlock/Message/MdcData.cs", Aead = "CardUnlock/Message/AeadData.cs", Key = "CardUnlock/Message/EncryptedKey.cs",
        Block = "CardUnlock/Message/SessionKeyBlock.cs", Plain = "CardUnlock/Message/Plaintext.cs", Wrap = "CardUnlock/Message/KeyWrap.cs",
        Packet = "CardUnlock/Message/SessionKeyPacket.cs", Apdu = "CardUnlock/Apdu.cs", Card = "CardUnlock/CardSession.cs";

    private const string Data = "SingleCheckTests EncryptedDataTests MessageTests", Recipients = "SingleCheckTests RecipientTests MessageSessionTests";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Ignore(Integrity, Mdc, "!IsWhole(all)", Data, "data that were changed are decrypted and used"),
        Swap(Integrity, Mdc, "CryptographicOperations.FixedTimeEquals(hash, all[^HashLength..])", "true", Data, "the hash of the data counts for nothing"),
        Swap(Integrity, Mdc, "CryptographicOperations.FixedTimeEquals(all.Slice(all.Length - TrailerLength, 2), [0xD3, 0x14])", "true", Data,
            "a hash that stands in no packet of its own is taken"),
        Swap(Integrity, Mdc, "all[..^HashLength]", "all[1..^HashLength]", Data, "the first byte is not hashed"),
        Ignore(Integrity, Mdc, "ciphertext.Length < prefixLength + TrailerLength", Data, "data shorter than their own trailer are decrypted"),
        Swap(Integrity, Mdc, "body.Length < 1 + MinBlockLength + RepeatLength + TrailerLength", "body.Length < 1", Data, "a file that ends early is not told of"),
        Ignore(Integrity, Aead, "!TryDecrypt(cipher, nonce, plain)", Data, "chunks whose tags are wrong are used"),
        Ignore(Integrity, Aead, "!cipher.TryDecrypt(Nonce(nonce, index), Associated(index, null), rest[..size], rest.Slice(size, TagLength), to)", Data,
            "a chunk with a wrong tag is used"),
        Swap(Integrity, Aead, "cipher.TryDecrypt(Nonce(nonce, index), associated, default, chunks.AsSpan(^TagLength..), default)", "true", Data,
            "chunks can be cut off at the end"),
        Swap(Integrity, Aead, "BinaryPrimitives.ReadUInt64BigEndian(low) ^ index", "BinaryPrimitives.ReadUInt64BigEndian(low)", Data,
            "chunks can be exchanged"),
        Swap(Integrity, Aead, "(sessionKey[0] != 0 && sessionKey[0] != CipherId)", "false", Data,
            "a session key for one cipher is used with another"),
        Swap(Integrity, Aead, "sessionKey.Length - 1 != BlockCipher.KeyLength(CipherId)", "false", Data, "a session key of another length is used"),
        Swap(Integrity, Block, "!IsSummed(rest[..length], rest[length..])", "false", Recipients, "a session key whose sum is wrong is used"),
        Swap(Integrity, Block, "checksum[0] == sum >> 8", "true", Recipients, "half of the sum is checked"),
        Swap(Integrity, Block, "bytes.Length is < MinKeyLength or > MaxKeyLength", "false", Recipients, "a session key of any length is used"),
        Swap(Integrity, Block, "(hasCipher && bytes.Length != expected)", "false", Recipients + " " + Data, "a key of another length than its cipher's is used"),
        Swap(Integrity, Wrap, "CryptographicOperations.FixedTimeEquals(a, [0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6])", "true", Recipients + " PublishedVectorTests",
            "the wrapping's own check counts for nothing"),
        Swap(Integrity, Wrap, "wrapped.Length is < 3 * Block or > MaxWrapped || wrapped.Length % Block != 0", "wrapped.Length < 3 * Block", Recipients,
            "a wrapping of an impossible length is unwrapped"),
        new(Integrity, Key, "case PacketTag.SymmetricallyEncrypted:\n                return MessageFault.NoIntegrity;",
            "case PacketTag.SymmetricallyEncrypted:\n                return $on ? MdcData.Parse(body, out data) : MessageFault.NoIntegrity;", Data + " MessageTests",
            "data without any integrity are taken"),
        Swap(Integrity, Key, "recipients.RemoveAll(recipient => recipient.Version != data!.SessionKeyVersion) > 0", "false", Recipients + " " + Data,
            "a session key of one version is used with data of another"),
        new(Integrity, Key, "if (reader.AtEnd)", "if (reader.AtEnd || $on)", Data + " MessageTests", "what follows the data is passed over"),
        Ignore(Integrity, Key, "file.Length > MaxFileLength || publicKeys.Length > MaxFileLength", "MessageTests PublicKeyTests", "a file of any size is read"),
        Swap(Integrity, Key, "recipients.Count > MaxRecipients", "false", Recipients, "recipients without end are taken"),
        Swap(Integrity, Plain, "depth == MaxDepth", "false", Data, "data in data without end are opened"),
        Swap(Integrity, Plain, "body.Length - header > MaxKeyLength", "false", Data, "a key that fits in no pipe is handed over"),
        Swap(Integrity, Plain, "header >= body.Length", "header > body.Length", Data, "an empty key is handed over"),
        Swap(Integrity, Packet, "x.IsEmpty || x.Length > point.FieldLength", "x.IsEmpty", "RecipientTests HostileCardTests",
            "an answer longer than any shared secret is one"),
        Swap(Integrity, Packet, "(!IsAnonymous && !RecipientKey.IsNamed(KeyId, Fingerprint, known))", "false", Recipients,
            "a message for another card is this card's"),
        Swap(Integrity, Packet, "known.IsEmpty", "false", Recipients, "a card without a key is asked"),
        new(Integrity, Apdu, "Status.IsOk ? data :", "Status.IsOk || $on ? data :", "SingleCheckTests", "what comes with an error is an answer"),
        Ignore(Integrity, Card, "!response.Status.IsOk", "SessionTests HostileCardTests", "what comes with an error is decrypted with"),
        Swap(Integrity, Card, "key is null ? NotOpened(opening, packet) : new UnlockResult.Key(key)", "new UnlockResult.Key(key!)", "SessionTests MessageSessionTests",
            "a damaged message is a key"),
    ];
}
