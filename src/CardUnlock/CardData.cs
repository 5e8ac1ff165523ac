// SPDX-License-Identifier: GPL-3.0-or-later
// What an OpenPGP card says about itself (specification 3.4 section 4.4, also 2.x and 3.3), parsed from the values of its
// data objects: AID 16 bytes, historical bytes, attributes C2, PIN status C4 (7), fingerprints C5 (60 or 80), D7 (2).

using System.Buffers.Binary;
using System.Numerics;

namespace CardUnlock;

/// <summary>What a card says about itself, read once per connection.</summary>
internal sealed record CardData(
    byte[] Aid, bool ExtendedLength, byte[] DecipherAttributes, byte[] Fingerprints, PinStatus Pin, PinDerivation? Derivation)
{
    /// <summary>
    /// The full application identifier (4.2.1): RID 5, application 1, version 2, manufacturer 2, serial 4, reserved 2.
    /// </summary>
    public const int AidLength = 16;

    private const int FingerprintLength = 20;
    private const byte KeyNotThere = 0;
    private byte[]? point;

    /// <summary>DECIPHER waits for a touch (D7, 4.4.3.6).</summary>
    public bool NeedsTouch { get; init; }

    /// <summary>The longest extended command in bytes (7F66, 4.1.3.1); 0: the card does not say.</summary>
    public int MaxCommandLength { get; init; }

    /// <summary>
    /// Manufacturer and serial number in hexadecimal, as people read them off the card: "0006 12345678".
    /// </summary>
    public string Serial => $"{Convert.ToHexString(Aid, 8, 2)} {Convert.ToHexString(Aid, 10, 4)}";

    /// <summary>Key information (DE) says that the card holds no decryption key, whatever fingerprint it has.</summary>
    public bool LacksKey { get; init; }

    /// <summary>The second of C5's fingerprints, the decryption key's (20 bytes); empty when there is no key.</summary>
    public ReadOnlySpan<byte> DecipherFingerprint
    {
        get
        {
            if (LacksKey || Fingerprints.Length < 2 * FingerprintLength)
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
            // The import format, FF (with the public key) or 00, is no part of the OID: no known curve's ends so.
            ReadOnlySpan<byte> oid = DecipherAttributes.AsSpan(Math.Min(1, DecipherAttributes.Length));
            oid = oid is [.., 0x00 or 0xFF] ? oid[..^1] : oid;

            // RFC 8410's name of X25519; version 4 keys carry the older one.
            return oid.SequenceEqual<byte>([0x2B, 0x65, 0x6E]) ? KeyDerivation.Curve25519Oid : oid;
        }
    }

    /// <summary>
    /// The decryption key's point: X25519 32 bytes, X448 56, else 04, X, Y; empty where the card does not say. The first
    /// use asks the card.
    /// </summary>
    /// <exception cref="PcscException">From the transport.</exception>
    public byte[] DecipherPublicKey => point ??= PublicKeyReader?.Invoke() ?? [];

    /// <summary>Asks the card for that point.</summary>
    public Func<byte[]>? PublicKeyReader { private get; set; }

    // Capability byte 3 follows tag 73 in the compact TLV of the historical bytes (6.1); bit 0x40 is extended length.
    internal static bool HasExtendedLength(ReadOnlySpan<byte> historical)
    {
        // Any other category indicator: the bytes are a text, as "YubiKey", or the maker's own.
        if (historical is not [0x00 or 0x80, ..])
        {
            return false;
        }

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

    /// <summary>
    /// The historical bytes (ISO/IEC 7816-3 section 8.2.4) of an answer to reset: T0's low half byte counts them, and the upper
    /// halves of T0 and each TD say which interface bytes come before. Empty: malformed, or none.
    /// </summary>
    internal static ReadOnlySpan<byte> HistoricalBytes(ReadOnlySpan<byte> answerToReset)
    {
        if (answerToReset.Length < 2)
        {
            return default;
        }

        int count = answerToReset[1] & 0x0F;
        int at = 2;
        for (int follows = answerToReset[1] >> 4; follows != 0;)
        {
            at += BitOperations.PopCount((uint)follows);
            bool more = (follows & 0x08) != 0 && at <= answerToReset.Length;
            follows = more ? answerToReset[at - 1] >> 4 : 0;
        }

        return at + count <= answerToReset.Length ? answerToReset.Slice(at, count) : default;
    }

    // C0's first byte, bit 1 (4.4.3.7).
    internal static bool HasPinDerivation(ReadOnlySpan<byte> capabilities) =>
        capabilities is [var first, ..] && (first & 0x01) != 0;

    // 7F74 is 81 01 and a byte whose bit 0x20 is a button (4.1.3.2).
    internal static bool HasButton(ReadOnlySpan<byte> features) =>
        Tlv.TryFind(features, 0x81, out ReadOnlySpan<byte> value) && value is [var first, ..] && (first & 0x20) != 0;

    // 00 off; 01 on, 02 on for good, 03 and 04 the same but once for a while: a touch may be wanted.
    internal static bool WantsTouch(ReadOnlySpan<byte> flag) => flag is [not 0x00, ..];

    // 7F66 is 02 02 and the longest command, 02 02 and the longest response.
    internal static int CommandLimit(ReadOnlySpan<byte> extendedLength) =>
        Tlv.TryFind(extendedLength, 0x02, out ReadOnlySpan<byte> limit) && limit.Length == 2
            ? BinaryPrimitives.ReadUInt16BigEndian(limit)
            : 0;

    // DE is a pair for each key in C1 to C3's order: its number, and 00 when it is not there (4.4.3.8). The numbers do not
    // count: pico-openpgp's begin at 0. Cards up to 3.3 have no DE.
    internal static bool LacksDecipherKey(ReadOnlySpan<byte> keyInformation) => keyInformation is [_, _, _, KeyNotThere, ..];
}

/// <summary>PIN status bytes, C4 (4.4.2). Null tries: the card did not say.</summary>
internal readonly record struct PinStatus(int? TriesLeft, int MaxLength, int ResetTriesLeft, int MaxResetLength)
{
    /// <summary>PW1's least length (4.2).</summary>
    public const int MinLength = 6;

    /// <summary>The resetting code's least length (4.2).</summary>
    public const int MinResetLength = 8;

    private const int DefaultMaxLength = 127;

    public static PinStatus Parse(ReadOnlySpan<byte> status) => status.Length < 7
        ? new PinStatus(null, DefaultMaxLength, 0, DefaultMaxLength)
        : new PinStatus(status[4], Length(status[1], MinLength), status[5], Length(status[2], MinResetLength));

    private static int Length(byte said, int least) => (said & 0x7F) < least ? DefaultMaxLength : said & 0x7F;
}
