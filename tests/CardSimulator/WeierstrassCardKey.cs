// SPDX-License-Identifier: GPL-3.0-or-later
// ECDH and ECDSA on the NIST and brainpool curves (RFC 9580 section 9.2): points are 04, X, Y; a shared secret is X;
// a signature is R, S, each of the field's size.

using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities;

namespace CardSimulator;

/// <summary>A private key on a curve in Weierstrass form.</summary>
internal sealed class WeierstrassCardKey : CardKey
{
    private readonly ECPrivateKeyParameters key;

    private WeierstrassCardKey(ECPrivateKeyParameters key) => this.key = key;

    private int FieldSize => (key.Parameters.Curve.FieldSize + 7) / 8;

    /// <param name="oid">The curve's OID as the algorithm attributes hold it: without tag and length.</param>
    /// <returns>null where the curve is unknown.</returns>
    public static WeierstrassCardKey? Generate(ReadOnlySpan<byte> oid)
    {
        if (Domain(oid) is not { } domain)
        {
            return null;
        }

        SecureRandom random = new();
        BigInteger scalar = BigIntegers.CreateRandomInRange(BigInteger.One, domain.N.Subtract(BigInteger.One), random);
        return new WeierstrassCardKey(new ECPrivateKeyParameters(scalar, domain));
    }

    /// <summary>From the scalar, a big-endian number.</summary>
    public static WeierstrassCardKey? FromScalar(ReadOnlySpan<byte> oid, byte[] scalar)
    {
        if (Domain(oid) is not { } domain)
        {
            return null;
        }

        BigInteger number = new(1, scalar);
        return number.SignValue > 0 && number.CompareTo(domain.N) < 0
            ? new WeierstrassCardKey(new ECPrivateKeyParameters(number, domain))
            : null;
    }

    public override byte[] PublicKeyObjects() =>
        Tlv.Encode(0x86, key.Parameters.G.Multiply(key.D).Normalize().GetEncoded(compressed: false));

    public override byte[]? Decipher(ReadOnlySpan<byte> input) =>
        SharedPoint(input) is [0x04, .. var point] ? point[..FieldSize] : null;

    public override byte[]? SharedPoint(ReadOnlySpan<byte> input)
    {
        if (ReadPoint(input) is not { } encoded || encoded.Length != 1 + (2 * FieldSize))
        {
            return null;
        }

        try
        {
            Org.BouncyCastle.Math.EC.ECPoint shared =
                key.Parameters.Curve.DecodePoint(encoded).Multiply(key.D).Normalize();
            return shared.IsInfinity ? null : shared.GetEncoded(compressed: false);
        }
        catch (ArgumentException)
        {
            // The point is not on the curve.
            return null;
        }
    }

    public override byte[]? Sign(ReadOnlySpan<byte> input)
    {
        ECDsaSigner signer = new();
        signer.Init(forSigning: true, key);
        BigInteger[] signature = signer.GenerateSignature(input.ToArray());
        return Tlv.Concat(
            BigIntegers.AsUnsignedByteArray(FieldSize, signature[0]),
            BigIntegers.AsUnsignedByteArray(FieldSize, signature[1]));
    }

    public override IReadOnlyDictionary<int, byte[]> ImportObjects() =>
        new Dictionary<int, byte[]> { [0x92] = BigIntegers.AsUnsignedByteArray(FieldSize, key.D) };

    private static ECDomainParameters? Domain(ReadOnlySpan<byte> oid)
    {
        DerObjectIdentifier identifier = DerObjectIdentifier.FromContents(oid.ToArray());
        X9ECParameters? curve = ECNamedCurveTable.GetByOid(identifier);
        return curve is null ? null : new ECDomainParameters(curve);
    }
}
