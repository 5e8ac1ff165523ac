// SPDX-License-Identifier: GPL-3.0-or-later
// An OpenPGP card (specification 3.4; cards of 2.x and 3.3 too) seen through a transport: what it says about itself.

using System.Buffers.Binary;

namespace CardUnlock;

/// <summary>The application on one card; owns the channel's buffers, borrows the transport.</summary>
internal sealed partial class OpenPgpCard(ICardTransport transport, bool characterProtocol) : IDisposable
{
    private const int TagApplicationData = 0x6E;
    private const int TagDiscretionary = 0x73;
    private const int TagAid = 0x4F;
    private const int TagHistoricalBytes = 0x5F52;
    private const int TagDecipherAttributes = 0xC2;
    private const int TagPinStatus = 0xC4;
    private const int TagFingerprints = 0xC5;
    private const int TagKdf = 0xF9;

    private readonly ApduChannel channel = new(transport, characterProtocol);

    /// <summary>
    /// Reads what unlocking needs: all from 6E (4.4.1), single objects only where 6E lacks them. Null: not an OpenPGP
    /// card, or it does not say how it wants its PIN.
    /// </summary>
    /// <exception cref="PcscException">From the transport.</exception>
    public CardData? ReadCardData()
    {
        byte[] all = ReadObject(TagApplicationData);
        ReadOnlySpan<byte> inner = all;
        if (Tlv.TryFind(all, TagDiscretionary, out ReadOnlySpan<byte> discretionary))
        {
            inner = discretionary;
        }

        byte[] aid = Find(all, inner, TagAid);
        if (aid.Length < CardData.AidLength || !aid.AsSpan().StartsWith(ApplicationId)
            || !TryReadDerivation(out PinDerivation? derivation))
        {
            return null;
        }

        byte[] historical = Find(all, inner, TagHistoricalBytes);
        var data = new CardData(
            aid,
            HasExtendedLength(historical),
            Find(all, inner, TagDecipherAttributes),
            Find(all, inner, TagFingerprints),
            PinStatus.Parse(Find(all, inner, TagPinStatus)),
            derivation);
        channel.ExtendedLength = data.ExtendedLength;
        return data;
    }

    /// <summary>Reads the PIN status bytes alone (C4, 4.4.2): the counter after a wrong PIN.</summary>
    public PinStatus ReadPinStatus() => PinStatus.Parse(ReadObject(TagPinStatus));

    /// <summary>Zeroes the channel's last answer.</summary>
    public void Forget() => channel.Forget();

    public void Dispose() => channel.Dispose();

    // Capability byte 3 follows tag 73 in the compact TLV of the historical bytes (6.1); bit 0x40 is extended length.
    internal static bool HasExtendedLength(ReadOnlySpan<byte> historical)
    {
        for (int at = 1; at < historical.Length;)
        {
            int length = historical[at] & 0x0F;
            if (historical[at] == 0x73)
            {
                return at + 3 < historical.Length && (historical[at + 3] & 0x40) != 0;
            }

            at += 1 + length;
        }

        return false;
    }

    private byte[] Find(ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner, int tag) =>
        Tlv.TryFind(inner, tag, out ReadOnlySpan<byte> value) || Tlv.TryFind(outer, tag, out value)
            ? value.ToArray()
            : ReadObject(tag);

    // Public data objects, never secret: plain arrays. Empty when the card has none.
    private byte[] ReadObject(int tag)
    {
        ResponseApdu response = GetData(tag);
        return response.Status.IsOk ? Unwrap(tag, response.Data) : [];
    }

    // A failure to read F9 must not pass for its absence: the PIN as it is would cost a try on a card that wants a hash.
    private bool TryReadDerivation(out PinDerivation? derivation)
    {
        ResponseApdu response = GetData(TagKdf);
        derivation = response.Status.IsOk ? PinDerivation.Parse(Unwrap(TagKdf, response.Data)) : null;
        return response.Status.IsOk || response.Status.IsAbsent;
    }

    private static byte[] Unwrap(int tag, ReadOnlySpan<byte> data)
    {
        bool wrapped = Tlv.TryFind(data, tag, out ReadOnlySpan<byte> value)
            && Tlv.HeaderLength(tag, value.Length) + value.Length == data.Length;
        return wrapped ? value.ToArray() : data.ToArray();
    }
}

/// <summary>What a card says about itself, read once per connection.</summary>
internal sealed record CardData(
    byte[] Aid, bool ExtendedLength, byte[] DecipherAttributes, byte[] Fingerprints, PinStatus Pin, PinDerivation? Derivation)
{
    /// <summary>
    /// The full application identifier (4.2.1): RID 5, application 1, version 2, manufacturer 2, serial 4, reserved 2.
    /// </summary>
    public const int AidLength = 16;

    private const int FingerprintLength = 20;

    /// <summary>
    /// Manufacturer and serial number in hexadecimal, as people read them off the card: "0006 12345678".
    /// </summary>
    public string Serial => $"{Convert.ToHexString(Aid, 8, 2)} {Convert.ToHexString(Aid, 10, 4)}";

    /// <summary>The second of C5's fingerprints, the decryption key's (20 bytes); empty when there is no key.</summary>
    public ReadOnlySpan<byte> DecipherFingerprint
    {
        get
        {
            if (Fingerprints.Length < 2 * FingerprintLength)
            {
                return default;
            }

            ReadOnlySpan<byte> fingerprint = Fingerprints.AsSpan(FingerprintLength, FingerprintLength);
            return fingerprint.ContainsAnyExcept((byte)0) ? fingerprint : default;
        }
    }

    /// <summary>A version 4 key's id: its fingerprint's last 8 bytes.</summary>
    public ulong DecipherKeyId =>
        DecipherFingerprint.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(DecipherFingerprint[12..]);

    /// <summary>The decryption key's OpenPGP algorithm: 1 RSA, 18 ECDH (4.4.3.9); 0 unknown.</summary>
    public byte DecipherAlgorithm => DecipherAttributes.Length > 0 ? DecipherAttributes[0] : (byte)0;

    /// <summary>RSA: the modulus' length in bytes.</summary>
    public int ModulusLength =>
        DecipherAttributes.Length >= 3 ? (BinaryPrimitives.ReadUInt16BigEndian(DecipherAttributes.AsSpan(1)) + 7) / 8 : 0;

    /// <summary>ECDH: the curve's OID as an OpenPGP key has it.</summary>
    public ReadOnlySpan<byte> CurveOid
    {
        get
        {
            // A last byte FF (import with the public key) is no part of an OID, whose last byte is below 80.
            ReadOnlySpan<byte> oid = DecipherAttributes.AsSpan(Math.Min(1, DecipherAttributes.Length));
            oid = oid.EndsWith([(byte)0xFF]) ? oid[..^1] : oid;

            // RFC 8410's name of X25519; version 4 keys carry the older one.
            return oid.SequenceEqual<byte>([0x2B, 0x65, 0x6E]) ? KeyDerivation.Curve25519Oid : oid;
        }
    }
}

/// <summary>PIN status bytes, C4 (4.4.2). Null tries: the card did not say.</summary>
internal readonly record struct PinStatus(int? TriesLeft, int MaxLength)
{
    /// <summary>PW1's least length (4.2).</summary>
    public const int MinLength = 6;

    private const int DefaultMaxLength = 127;

    public static PinStatus Parse(ReadOnlySpan<byte> status)
    {
        if (status.Length < 7)
        {
            return new PinStatus(null, DefaultMaxLength);
        }

        int length = status[1] & 0x7F;
        return new PinStatus(status[4], length < MinLength ? DefaultMaxLength : length);
    }
}
