// SPDX-License-Identifier: GPL-3.0-or-later
// A public (sub)key packet's body as something to encrypt to (RFC 9580 section 5.5.5): RSA: n, e; ECDH: OID, point, KDF; X25519
// and X448: the bare point. Version 4, 6, and GnuPG's 5.

using System.Globalization;

namespace CardUnlock;

/// <summary>A public key that session keys can be encrypted to; its numbers and points have been checked.</summary>
internal sealed class EncryptionKey
{
    public const byte Rsa = 1;
    public const byte RsaEncryptOnly = 2;
    public const byte Ecdh = 18;
    public const byte X25519 = 25;
    public const byte X448 = 26;

    private const int MinModulus = 1024;
    private const int MaxModulus = 4096;

    private EncryptionKey(byte[] body, RecipientKey parameters, string algorithmName)
    {
        Body = body;
        Parameters = parameters;
        AlgorithmName = algorithmName;
    }

    /// <summary>The packet's body.</summary>
    public byte[] Body { get; }

    /// <summary>Fingerprint and key derivation.</summary>
    public RecipientKey Parameters { get; }

    public byte Algorithm => Body[5];

    /// <summary>"rsa2048", "cv25519".</summary>
    public string AlgorithmName { get; }

    /// <summary>RSA: n and e, big-endian; else empty.</summary>
    public byte[] Modulus { get; private init; } = [];

    public byte[] Exponent { get; private init; } = [];

    /// <summary>Elliptic curves; else null.</summary>
    public Curve? Curve { get; private init; }

    /// <summary>The point as <see cref="CurvePoint.Bytes"/>; else empty.</summary>
    public byte[] Point { get; private init; } = [];

    /// <summary>ECDH on X448, as GnuPG has it: points stand in packets as they are, and not behind 40.</summary>
    public bool HasBarePoints { get; private init; }

    /// <summary>8 bytes; version 4: the fingerprint's last ones, later: its first ones.</summary>
    public ReadOnlySpan<byte> KeyId => Body[0] == 4 ? Parameters.Fingerprint.AsSpan()[^8..] : Parameters.Fingerprint.AsSpan(0, 8);

    /// <summary>The algorithm of a key packet's body can encrypt, whether it is known here or not.</summary>
    public static bool CanEncrypt(ReadOnlySpan<byte> body) =>
        body.Length > 5 && body[5] is Rsa or RsaEncryptOnly or 16 or Ecdh or X25519 or X448 or 8 or 29 or 35 or 36;

    /// <summary>Null: malformed, or an algorithm, a curve or a size that is not known here.</summary>
    public static EncryptionKey? Parse(ReadOnlySpan<byte> body)
    {
        if (RecipientKey.Parse(body, "") is not RecipientKey parameters || body[0] is not (4 or 5 or 6))
        {
            return null;
        }

        ReadOnlySpan<byte> material = body[(body[0] == 4 ? 6 : 10)..];
        return body[5] switch
        {
            Rsa or RsaEncryptOnly => ReadRsa(body, parameters, material),
            Ecdh => ReadEcdh(body, parameters, material),
            X25519 => ReadPoint(body, parameters, Curve.Curve25519, new CurvePoint(material.ToArray(), true)),
            X448 => ReadPoint(body, parameters, Curve.X448, new CurvePoint(material.ToArray(), true)),
            _ => null,
        };
    }

    /// <summary>The curve's arithmetic.</summary>
    public IEphemeralCurve OpenCurve() => OpenCurve(Curve!)!;

    private static IEphemeralCurve? OpenCurve(Curve curve) =>
        curve.IsNative ? new MontgomeryCurve(curve) : WeierstrassCurve.Find(curve.Oid);

    private static EncryptionKey? ReadRsa(ReadOnlySpan<byte> body, RecipientKey parameters, ReadOnlySpan<byte> material)
    {
        if (!Mpi.TryRead(ref material, out ReadOnlySpan<byte> n) || !Mpi.TryRead(ref material, out ReadOnlySpan<byte> e)
            || !material.IsEmpty)
        {
            return null;
        }

        n = n.TrimStart((byte)0);
        e = e.TrimStart((byte)0);
        int bits = n.IsEmpty ? 0 : (8 * n.Length) - byte.LeadingZeroCount(n[0]);

        // An exponent of 1 encrypts nothing, and an even one is none.
        bool isSound = bits is >= MinModulus and <= MaxModulus && n[^1] % 2 == 1
            && e.Length is > 0 and <= 8 && e[^1] % 2 == 1 && e is not [1];
        return !isSound ? null : new EncryptionKey(body.ToArray(), parameters, string.Create(CultureInfo.InvariantCulture, $"rsa{bits}"))
        {
            Modulus = n.ToArray(),
            Exponent = e.ToArray(),
        };
    }

    private static EncryptionKey? ReadEcdh(ReadOnlySpan<byte> body, RecipientKey parameters, ReadOnlySpan<byte> material)
    {
        ReadOnlySpan<byte> rest = material[(1 + material[0])..];
        return Curve.Find(parameters.CurveOid) is Curve curve && parameters.Kdf.AreKnown
            && Mpi.TryRead(ref rest, out ReadOnlySpan<byte> number) && CurvePoint.Read(number) is CurvePoint point
            ? ReadPoint(body, parameters, curve, point, hasBarePoints: number.Length <= curve.FieldLength)
            : null;
    }

    private static EncryptionKey? ReadPoint(
        ReadOnlySpan<byte> body, RecipientKey parameters, Curve curve, CurvePoint point, bool hasBarePoints = false)
    {
        using IEphemeralCurve? arithmetic = curve.Takes(point) ? OpenCurve(curve) : null;
        return arithmetic is null || !arithmetic.Takes(point.Bytes) ? null
            : new EncryptionKey(body.ToArray(), parameters, CurveNames.Of(curve.Oid))
            {
                Curve = curve, Point = point.Bytes, HasBarePoints = hasBarePoints,
            };
    }
}
