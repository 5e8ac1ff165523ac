// SPDX-License-Identifier: GPL-3.0-or-later
// One card as a person who looks after it wants to know it; nothing in it is secret.

using System.Buffers.Binary;
using System.Globalization;

namespace CardUnlock;

/// <summary>What a card says of itself.</summary>
/// <param name="Reader">The reader's name.</param>
/// <param name="Fault">Why it cannot be used; null where it is an OpenPGP card that answers.</param>
public sealed record CardReport(string Reader, string? Fault)
{
    /// <summary>Manufacturer and serial number: "0006 12345678"; empty where there is a fault.</summary>
    public string Serial { get; init; } = "";

    /// <summary>The maker by its number (OpenPGP card 3.4 section 4.2.1), for instance "Yubico"; else "maker 0006".</summary>
    public string Maker { get; init; } = "";

    /// <summary>The application's version, for instance "3.4".</summary>
    public string Version { get; init; } = "";

    /// <summary>The holder's name (5B), made fit to be printed; empty where the card has none.</summary>
    public string Holder { get; init; } = "";

    /// <summary>The decryption key: "rsa2048", "cv25519", "nistp256"; empty where there is none.</summary>
    public string KeyType { get; init; } = "";

    /// <summary>The decryption key's fingerprint, 20 bytes; empty where there is none.</summary>
    public byte[] Fingerprint { get; init; } = [];

    /// <summary>The PIN's tries; null where the card does not say.</summary>
    public int? TriesLeft { get; init; }

    /// <summary>The resetting code's tries; 0: none is set, or it is used up.</summary>
    public int ResetTriesLeft { get; init; }

    /// <summary>The admin PIN's tries; null where the card does not say.</summary>
    public int? AdminTriesLeft { get; init; }

    /// <summary>The PIN's least and most bytes.</summary>
    public (int Min, int Max) PinLength { get; init; }

    /// <summary>The admin PIN's least and most bytes.</summary>
    public (int Min, int Max) AdminLength { get; init; }

    /// <summary>The resetting code's least and most bytes.</summary>
    public (int Min, int Max) ResetLength { get; init; }

    /// <summary>DECIPHER waits for a touch.</summary>
    public bool NeedsTouch { get; init; }

    internal static CardReport Of(string reader, CardData data, CodeStatus codes, string holder) => new(reader, null)
    {
        Serial = data.Serial,
        Maker = Makers.Name((data.Aid[8] << 8) | data.Aid[9]),
        Version = string.Create(CultureInfo.InvariantCulture, $"{data.Aid[6]}.{data.Aid[7]}"),
        Holder = holder,
        KeyType = data.DecipherFingerprint.IsEmpty ? "" : KeyTypeOf(data),
        Fingerprint = data.DecipherFingerprint.ToArray(),
        TriesLeft = codes.PinTries,
        ResetTriesLeft = codes.ResetTries ?? 0,
        AdminTriesLeft = codes.AdminTries,
        PinLength = codes.PinLength,
        AdminLength = codes.AdminLength,
        ResetLength = codes.ResetLength,
        NeedsTouch = data.NeedsTouch,
    };

    private static string KeyTypeOf(CardData data) => data.DecipherAlgorithm switch
    {
        EncryptionKey.Rsa when data.DecipherAttributes.Length >= 3 => string.Create(
            CultureInfo.InvariantCulture, $"rsa{BinaryPrimitives.ReadUInt16BigEndian(data.DecipherAttributes.AsSpan(1))}"),
        EncryptionKey.Ecdh => CurveNames.Of(data.CurveOid),
        var other => string.Create(CultureInfo.InvariantCulture, $"algorithm {other}"),
    };
}
