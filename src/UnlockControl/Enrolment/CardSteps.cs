// SPDX-License-Identifier: GPL-3.0-or-later
// The steps that cards take part in.
using CardUnlock;

namespace UnlockControl.Enrolment;

internal static class CardSteps
{
    /// <summary>Has a card decrypt the new key's message as it is by now.</summary>
    public static void Prove(Job job, CardTable table, CardReport card, NewKey key) =>
        job.Work.Do($"Have the card {Wording.NameOf(card)} decrypt the new key", () => table.Prove(card, key.Parsed, key.Secret));

    /// <summary>Waits for a card that the volume's stored message is encrypted to.</summary>
    public static CardReport AwaitStored(CardTable table, StoredKeys stored, string request) => table.Await(
        request,
        card => IsFor(stored, card),
        static card => $"The card {Wording.NameOf(card)} does not open this volume.",
        atMost: int.MaxValue);

    /// <summary>The card can be expected to decrypt some message: it is a recipient, or could be a hidden one.</summary>
    public static bool IsFor(StoredKeys stored, CardReport card) => stored.Keys.Any(key => IsFor(key, card));

    /// <summary>The message that the card is for; <see cref="IsFor(StoredKeys, CardReport)"/> said that there is one.</summary>
    public static StoredKey MessageFor(StoredKeys stored, CardReport card) => stored.Keys.First(key => IsFor(key, card));

    public static bool IsAmong(IEnumerable<Recipient> recipients, byte[] fingerprint) =>
        recipients.Any(recipient => NewKey.IsSame(recipient.Fingerprint, fingerprint));

    /// <summary>The key id is that fingerprint's: a version 4 key's last 8 bytes, a later one's first.</summary>
    public static bool IsKeyId(ulong keyId, ReadOnlySpan<byte> fingerprint) =>
        fingerprint.Length >= 20
        && (keyId == System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(fingerprint[12..20])
            || keyId == System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(fingerprint));

    private static bool IsFor(StoredKey key, CardReport card) =>
        IsAmong(key.Recipients, card.Fingerprint) || key.Missing.Any(keyId => keyId == 0 || IsKeyId(keyId, card.Fingerprint));
}
