// SPDX-License-Identifier: GPL-3.0-or-later
// What is encrypted here is computed here: against another library's numbers, and against published ones.

using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace CardUnlock.Tests.Desk;

public sealed class ArithmeticTests
{
    private static readonly Random Random = new(5);

    public static TheoryData<string> Oids =>
    [
        "2A8648CE3D030107", "2B81040022", "2B81040023", "2B2403030208010107", "2B240303020801010B", "2B240303020801010D", "2B8104000A",
    ];

    [Theory]
    [InlineData(256)]
    [InlineData(521)]
    [InlineData(1024)]
    [InlineData(2047)]
    [InlineData(4096)]
    public void Powers_sums_and_differences_are_those_of_another_library(int bits)
    {
        for (int round = 0; round < 20; round++)
        {
            BigInteger n = Number(bits).SetBit(0).SetBit(bits - 1);
            int length = (bits + 7) / 8;
            using var modulus = new Modulus(Bytes(n, length), 3);

            // Also the numbers at the edges.
            BigInteger a = round switch { 0 => BigInteger.Zero, 1 => n.Subtract(BigInteger.One), _ => Number(bits).Mod(n) };
            BigInteger b = round is 1 or 2 ? n.Subtract(BigInteger.One) : Number(bits).Mod(n);
            modulus.Read(Bytes(a, length), modulus.Element(0));
            modulus.Read(Bytes(b, length), modulus.Element(1));
            modulus.Add(modulus.Element(0), modulus.Element(1), modulus.Element(2));
            Assert.Equal(a.Add(b).Mod(n), Value(modulus, 2));
            modulus.Subtract(modulus.Element(0), modulus.Element(1), modulus.Element(2));
            Assert.Equal(a.Subtract(b).Mod(n), Value(modulus, 2));
            modulus.Multiply(modulus.Element(0), modulus.Element(1), modulus.Element(2));
            Assert.Equal(a.Multiply(b).Mod(n), Value(modulus, 2));
            modulus.Power(modulus.Element(0), [1, 0, 1], modulus.Element(2));
            Assert.Equal(a.ModPow(BigInteger.ValueOf(65537), n), Value(modulus, 2));
        }
    }

    [Theory]
    [MemberData(nameof(Oids))]
    public void Points_of_prime_order_curves_are_those_of_another_library(string oid)
    {
        X9ECParameters parameters = ECNamedCurveTable.GetByOid(DerObjectIdentifier.FromContents(Convert.FromHexString(oid)));
        using WeierstrassCurve curve = WeierstrassCurve.Find(Convert.FromHexString(oid))!;
        byte[] point = curve.PublicKey(Secret(BigInteger.One, parameters));
        Assert.Equal(parameters.G.Normalize().GetEncoded(false), point);
        foreach (BigInteger scalar in (BigInteger[])
            [BigInteger.One, BigInteger.Two, BigInteger.Three, parameters.N.Subtract(BigInteger.One), Number(256).Mod(parameters.N)])
        {
            point = curve.PublicKey(Secret(scalar, parameters));
            Assert.Equal(parameters.G.Multiply(scalar).Normalize().GetEncoded(false), point);
            Assert.True(curve.Takes(point));
            using SecretBuffer other = curve.NewScalar();
            using SecretBuffer shared = curve.SharedSecret(other, point);
            byte[] expected = parameters.Curve.DecodePoint(point).Multiply(new BigInteger(1, other.Span)).Normalize()
                .AffineXCoord.GetEncoded();
            Assert.Equal(expected, shared.Span.ToArray());
            point[^1] ^= 1;
            Assert.False(curve.Takes(point));
        }

        Assert.False(curve.Takes(new byte[point.Length]));
        Assert.False(curve.Takes([]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Native_points_are_those_of_another_library(bool is448)
    {
        Curve curve = is448 ? Curve.X448 : Curve.Curve25519;
        using var arithmetic = new MontgomeryCurve(curve);
        for (int i = 0; i < 20; i++)
        {
            using SecretBuffer scalar = arithmetic.NewScalar();
            using SecretBuffer other = arithmetic.NewScalar();
            byte[] point = arithmetic.PublicKey(other);
            Assert.Equal(PublicKey(is448, other), point);
            Assert.True(arithmetic.Takes(point));
            using SecretBuffer shared = arithmetic.SharedSecret(scalar, point);
            Assert.Equal(Agree(is448, scalar, point), shared.Span.ToArray());
        }
    }

    // RFC 7748 section 5.2.
    [Theory]
    [InlineData(
        false,
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData(
        true,
        "3d262fddf9ec8e88495266fea19a34d28882acef045104d0d1aae121700a779c984c24f8cdd78fbff44943eba368f54b29259a4f1c600ad3",
        "06fce640fa3487bfda5f6cf2d5263f8aad88334cbd07437f020f08f9814dc031ddbdc38c19c6da2583fa5429db94ada18aa7a7fb4ef8a086",
        "ce3e4ff95a60dc6697da1db1d85e6afbdf79b50a2412d7546d5f239fe14fbaadeb445fc66a01b0779d98223961111e21766282f73dd96b6f")]
    public void Published_products(bool is448, string scalar, string point, string product)
    {
        using var arithmetic = new MontgomeryCurve(is448 ? Curve.X448 : Curve.Curve25519);
        byte[] clamped = Convert.FromHexString(scalar);
        clamped[0] &= (byte)(is448 ? 0xFC : 0xF8);
        clamped[^1] |= (byte)(is448 ? 0x80 : 0x40);
        clamped[^1] &= (byte)(is448 ? 0xFF : 0x7F);
        using SecretBuffer secret = SecretBuffer.Allocate(clamped.Length);
        secret.TryAppend(clamped);
        using SecretBuffer shared = arithmetic.SharedSecret(secret, Convert.FromHexString(point));
        Assert.Equal(product, Convert.ToHexStringLower(shared.Span));
    }

    [Fact]
    public void Points_of_small_order_are_none_to_agree_with()
    {
        using var curve = new MontgomeryCurve(Curve.Curve25519);
        foreach (string point in (string[])
            [
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            ])
        {
            Assert.False(curve.Takes(Convert.FromHexString(point)));
        }

        using var longer = new MontgomeryCurve(Curve.X448);
        Assert.False(longer.Takes(new byte[56]));
    }

    private static BigInteger Number(int bits)
    {
        byte[] bytes = new byte[(bits + 7) / 8];
        Random.NextBytes(bytes);
        return new BigInteger(1, bytes).Mod(BigInteger.One.ShiftLeft(bits));
    }

    private static byte[] Bytes(BigInteger number, int length) =>
        Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(length, number);

    private static BigInteger Value(Modulus modulus, int element)
    {
        byte[] bytes = new byte[modulus.Length];
        modulus.Write(modulus.Element(element), bytes);
        return new BigInteger(1, bytes);
    }

    private static SecretBuffer Secret(BigInteger scalar, X9ECParameters parameters)
    {
        byte[] bytes = Bytes(scalar, parameters.N.ToByteArrayUnsigned().Length);
        SecretBuffer secret = SecretBuffer.Allocate(bytes.Length);
        secret.TryAppend(bytes);
        return secret;
    }

    private static byte[] PublicKey(bool is448, SecretBuffer scalar) => is448
        ? new X448PrivateKeyParameters(scalar.Span.ToArray()).GeneratePublicKey().GetEncoded()
        : new X25519PrivateKeyParameters(scalar.Span.ToArray()).GeneratePublicKey().GetEncoded();

    private static byte[] Agree(bool is448, SecretBuffer scalar, byte[] point)
    {
        byte[] shared = new byte[point.Length];
        if (is448)
        {
            new X448PrivateKeyParameters(scalar.Span.ToArray()).GenerateSecret(new X448PublicKeyParameters(point), shared, 0);
        }
        else
        {
            new X25519PrivateKeyParameters(scalar.Span.ToArray()).GenerateSecret(new X25519PublicKeyParameters(point), shared, 0);
        }

        return shared;
    }
}
