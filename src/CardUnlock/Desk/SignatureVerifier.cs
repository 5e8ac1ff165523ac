// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of a signature against a public key (RFC 9580 section 5.2.3): RSA, DSA, ECDSA, EdDSA. All of it is public, so that a
// library's arithmetic serves.

using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Oiw;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.TeleTrust;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace CardUnlock;

internal static class SignatureVerifier
{
    private const int MaxModulusBits = 16384;
    private const int MaxExponentBits = 64;
    private const int MaxPrimeBits = 4096;
    private const int MaxOrderBits = 521;

    private static ReadOnlySpan<byte> Ed25519Oid => [0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01];

    /// <summary>The key has made <paramref name="numbers"/> of <paramref name="hash"/>.</summary>
    /// <param name="key">A primary key's packet body, version 4 or 6.</param>
    /// <param name="hashAlgorithm">OpenPGP's id.</param>
    /// <param name="hash">The digest.</param>
    /// <param name="numbers">As the packet has them.</param>
    public static bool IsRight(ReadOnlySpan<byte> key, byte hashAlgorithm, byte[] hash, ReadOnlySpan<byte> numbers)
    {
        int head = key[0] == 4 ? 6 : 10;
        if (key.Length <= head)
        {
            return false;
        }

        ReadOnlySpan<byte> material = key[head..];
        try
        {
            return key[5] switch
            {
                1 or 3 => IsRsa(material, hashAlgorithm, hash, numbers),
                17 => IsDsa(material, hash, numbers),
                19 => IsEcdsa(material, hash, numbers),
                22 => IsLegacyEdDsa(material, hash, numbers),
                27 => material.Length == Ed25519.PublicKeySize && numbers.Length == Ed25519.SignatureSize
                    && Ed25519.Verify(numbers.ToArray(), 0, material.ToArray(), 0, hash, 0, hash.Length),
                28 => material.Length == Ed448.PublicKeySize && numbers.Length == Ed448.SignatureSize
                    && Ed448.Verify(numbers.ToArray(), 0, material.ToArray(), 0, [], hash, 0, hash.Length),
                _ => false,
            };
        }
        catch (Exception e) when (e is ArgumentException or ArithmeticException or FormatException or InvalidOperationException)
        {
            // Numbers that are no key's.
            return false;
        }
    }

    private static BigInteger? Next(ref ReadOnlySpan<byte> rest) =>
        Mpi.TryRead(ref rest, out ReadOnlySpan<byte> number) ? new BigInteger(1, number) : null;

    // RFC 8017 section 8.2.2: the whole encoding is made anew and compared.
    private static bool IsRsa(ReadOnlySpan<byte> material, byte hashAlgorithm, byte[] hash, ReadOnlySpan<byte> numbers)
    {
        if (Next(ref material) is not BigInteger n || Next(ref material) is not BigInteger e || Next(ref numbers) is not BigInteger s
            || n.BitLength > MaxModulusBits || e.BitLength > MaxExponentBits || !n.TestBit(0) || s.CompareTo(n) >= 0
            || e.CompareTo(BigInteger.Three) < 0)
        {
            return false;
        }

        DerObjectIdentifier name = hashAlgorithm switch
        {
            1 => PkcsObjectIdentifiers.MD5,
            2 => OiwObjectIdentifiers.IdSha1,
            3 => TeleTrusTObjectIdentifiers.RipeMD160,
            8 => NistObjectIdentifiers.IdSha256,
            9 => NistObjectIdentifiers.IdSha384,
            10 => NistObjectIdentifiers.IdSha512,
            11 => NistObjectIdentifiers.IdSha224,
            12 => NistObjectIdentifiers.IdSha3_256,
            _ => NistObjectIdentifiers.IdSha3_512,
        };
        byte[] info = new DigestInfo(new AlgorithmIdentifier(name, DerNull.Instance), hash).GetEncoded();
        int padding = ((n.BitLength + 7) / 8) - info.Length - 3;
        if (padding < 8)
        {
            return false;
        }

        byte[] expected = [0x01, .. Enumerable.Repeat((byte)0xFF, padding), 0x00, .. info];
        return s.ModPow(e, n).Equals(new BigInteger(1, expected));
    }

    private static bool IsDsa(ReadOnlySpan<byte> material, byte[] hash, ReadOnlySpan<byte> numbers)
    {
        if (Next(ref material) is not BigInteger p || Next(ref material) is not BigInteger q || Next(ref material) is not BigInteger g
            || Next(ref material) is not BigInteger y || Next(ref numbers) is not BigInteger r || Next(ref numbers) is not BigInteger s
            || p.BitLength > MaxPrimeBits || q.BitLength > MaxOrderBits || !p.TestBit(0) || !q.TestBit(0)
            || g.CompareTo(p) >= 0 || y.CompareTo(p) >= 0)
        {
            return false;
        }

        var signer = new DsaSigner();
        signer.Init(false, new DsaPublicKeyParameters(y, new DsaParameters(p, q, g)));
        return signer.VerifySignature(hash, r, s);
    }

    private static bool IsEcdsa(ReadOnlySpan<byte> material, byte[] hash, ReadOnlySpan<byte> numbers)
    {
        if (material.Length <= 1 + material[0] || Curve.Find(material.Slice(1, material[0])) is not Curve { IsNative: false } curve)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = material[(1 + material[0])..];
        X9ECParameters? parameters = ECNamedCurveTable.GetByOid(DerObjectIdentifier.FromContents(curve.Oid));
        if (parameters is null || !Mpi.TryRead(ref rest, out ReadOnlySpan<byte> point)
            || Next(ref numbers) is not BigInteger r || Next(ref numbers) is not BigInteger s)
        {
            return false;
        }

        var signer = new ECDsaSigner();
        signer.Init(false, new ECPublicKeyParameters(parameters.Curve.DecodePoint(point.ToArray()), new ECDomainParameters(parameters)));
        return signer.VerifySignature(hash, r, s);
    }

    // The point and both numbers are native, 32 bytes, and as MPIs without leading zeros.
    private static bool IsLegacyEdDsa(ReadOnlySpan<byte> material, byte[] hash, ReadOnlySpan<byte> numbers)
    {
        if (material.Length <= 1 + material[0] || !material.Slice(1, material[0]).SequenceEqual(Ed25519Oid))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = material[(1 + material[0])..];
        if (!Mpi.TryRead(ref rest, out ReadOnlySpan<byte> point) || point.Length != 1 + Ed25519.PublicKeySize || point[0] != 0x40
            || !Mpi.TryRead(ref numbers, out ReadOnlySpan<byte> r) || !Mpi.TryRead(ref numbers, out ReadOnlySpan<byte> s)
            || r.Length > 32 || s.Length > 32)
        {
            return false;
        }

        var signature = new byte[Ed25519.SignatureSize];
        r.CopyTo(signature.AsSpan(32 - r.Length));
        s.CopyTo(signature.AsSpan(64 - s.Length));
        return Ed25519.Verify(signature, 0, point.ToArray(), 1, hash, 0, hash.Length);
    }
}
