// SPDX-License-Identifier: GPL-3.0-or-later
// The card's three key slots and the attributes that say which algorithm each holds (OpenPGP card 3.4 section 4.4.3.9).

namespace CardSimulator;

/// <summary>Which of the card's keys.</summary>
public enum KeyUse
{
    /// <summary>Signature key, control reference template B6, attributes C1.</summary>
    Sign,

    /// <summary>Decryption key, B8, C2.</summary>
    Decrypt,

    /// <summary>Authentication key, A4, C3.</summary>
    Authenticate,
}

/// <summary>One slot: a key or none, and what the host wrote about it.</summary>
internal sealed class KeySlot
{
    public const int FingerprintLength = 20;
    public const int CreationTimeLength = 4;

    /// <summary>RSA 2048, exponent of 32 bits, import as e, p, q.</summary>
    public static readonly byte[] DefaultAttributes = [0x01, 0x08, 0x00, 0x00, 0x20, 0x00];

    public byte[] Attributes { get; set; } = DefaultAttributes;

    public CardKey? Key { get; set; }

    /// <summary>0 none, 1 generated on the card, 2 imported (data object DE).</summary>
    public byte Origin { get; set; }

    public byte[] Fingerprint { get; set; } = new byte[FingerprintLength];

    public byte[] CaFingerprint { get; set; } = new byte[FingerprintLength];

    /// <summary>Seconds since 1970, big-endian.</summary>
    public byte[] CreationTime { get; set; } = new byte[CreationTimeLength];

    /// <summary>User interaction flag, 2 bytes: 00 off, then 20 for a button.</summary>
    public byte[] InteractionFlag { get; set; } = [0x00, 0x20];

    /// <summary>A new algorithm makes the old key and what was said of it void.</summary>
    public void ChangeAttributes(byte[] attributes)
    {
        if (!Attributes.AsSpan().SequenceEqual(attributes))
        {
            Attributes = attributes;
            Key = null;
            Origin = 0;
            Fingerprint = new byte[FingerprintLength];
            CreationTime = new byte[CreationTimeLength];
        }
    }
}

/// <summary>Makes keys from attributes: the one place that knows all families.</summary>
internal static class CardKeys
{
    private const byte Rsa = 0x01;
    private const byte Ecdh = 0x12;
    private const byte Ecdsa = 0x13;
    private const byte EdDsa = 0x16;

    private static readonly byte[] Cv25519 = [0x2B, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01];
    private static readonly byte[] X448 = [0x2B, 0x65, 0x6F];
    private static readonly byte[] Ed25519 = [0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01];

    private static readonly byte[][] Weierstrass =
    [
        [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07], // NIST P-256
        [0x2B, 0x81, 0x04, 0x00, 0x22], // NIST P-384
        [0x2B, 0x81, 0x04, 0x00, 0x23], // NIST P-521
        [0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07], // brainpoolP256r1
        [0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B], // brainpoolP384r1
        [0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0D], // brainpoolP512r1
        [0x2B, 0x81, 0x04, 0x00, 0x0A], // secp256k1
    ];

    private static readonly int[] RsaBits = [1024, 2048, 3072, 4096];

    /// <summary>Attributes of ECDH on Cv25519.</summary>
    public static byte[] X25519Attributes => [Ecdh, .. Cv25519];

    /// <summary>Attributes of ECDH on X448.</summary>
    public static byte[] X448Attributes => [Ecdh, .. X448];

    /// <summary>Attributes of RSA with a modulus of this many bits.</summary>
    public static byte[] RsaAttributes(int bits) => [Rsa, (byte)(bits >> 8), (byte)bits, 0x00, 0x20, 0x00];

    /// <summary>Every attributes value that a slot accepts, for data object FA.</summary>
    public static IEnumerable<byte[]> Supported(KeyUse use)
    {
        foreach (int bits in RsaBits)
        {
            yield return RsaAttributes(bits);
        }

        foreach (byte[] oid in Weierstrass)
        {
            yield return [use == KeyUse.Decrypt ? Ecdh : Ecdsa, .. oid];
        }

        yield return use == KeyUse.Decrypt ? X25519Attributes : [EdDsa, .. Ed25519];
        if (use == KeyUse.Decrypt)
        {
            yield return X448Attributes;
        }
    }

    public static bool IsSupported(KeyUse use, byte[] attributes) =>
        Supported(use).Any(known => known.AsSpan().SequenceEqual(attributes)
            || (known[0] == Rsa && attributes is [Rsa, _, _, _, _, 0x00] && known.AsSpan(0, 3).SequenceEqual(attributes.AsSpan(0, 3))));

    public static CardKey? Generate(byte[] attributes)
    {
        ReadOnlySpan<byte> oid = attributes.AsSpan(1);
        return attributes[0] switch
        {
            Rsa => RsaCardKey.Generate(Bits(attributes)),
            Ecdh when oid.SequenceEqual(Cv25519) => X25519CardKey.Generate(),
            Ecdh when oid.SequenceEqual(X448) => X448CardKey.Generate(),
            EdDsa => Ed25519CardKey.Generate(),
            _ => WeierstrassCardKey.Generate(oid),
        };
    }

    /// <summary>From import objects: 91 e, 92 p, 93 q for RSA; 92 the private key for curves.</summary>
    public static CardKey? Import(byte[] attributes, IReadOnlyDictionary<int, byte[]> objects)
    {
        if (!objects.TryGetValue(0x92, out byte[]? secret))
        {
            return null;
        }

        ReadOnlySpan<byte> oid = attributes.AsSpan(1);
        return attributes[0] switch
        {
            Rsa => objects.TryGetValue(0x91, out byte[]? e) && objects.TryGetValue(0x93, out byte[]? q)
                ? RsaCardKey.FromPrimes(e, secret, q, Bits(attributes))
                : null,
            Ecdh when oid.SequenceEqual(Cv25519) => X25519CardKey.FromBigEndian(secret),
            Ecdh when oid.SequenceEqual(X448) => X448CardKey.FromScalar(secret),
            EdDsa => Ed25519CardKey.FromSeed(secret),
            _ => WeierstrassCardKey.FromScalar(oid, secret),
        };
    }

    private static int Bits(byte[] attributes) => (attributes[1] << 8) | attributes[2];
}
