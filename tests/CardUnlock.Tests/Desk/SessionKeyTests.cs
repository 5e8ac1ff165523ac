// SPDX-License-Identifier: GPL-3.0-or-later
// Session keys to every kind of key, opened with another library's private keys; numbers with leading zeros are forced, for they are
// one in 256 and a card's whole undoing.

using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace CardUnlock.Tests.Desk;

public sealed class SessionKeyTests
{
    private const int Few = 8;
    private const int Many = 600;

    // A short cryptogram comes once in 256 at most; that 6,000 have none is less likely than one in 10^10.
    private const int MostTries = 6000;

    public static TheoryData<string> Curves =>
    [
        "2A8648CE3D030107", "2B81040022", "2B81040023", "2B2403030208010107", "2B240303020801010B", "2B240303020801010D", "2B8104000A",
    ];

    public static TheoryData<byte, string> NativeCurves => new()
    {
        { EncryptionKey.Ecdh, "2B060104019755010501" },
        { EncryptionKey.Ecdh, "2B656E" },
        { EncryptionKey.Ecdh, "2B656F" },
        { EncryptionKey.X25519, "" },
        { EncryptionKey.X448, "" },
    };

    [Theory]
    [InlineData(1024, 3)]
    [InlineData(1031, 65537)]
    [InlineData(1535, 4294967297)]
    [InlineData(2048, 65537)]
    public void Rsa_cryptogram_with_leading_zeros_opens(int bits, long exponent) => AssertRsa(bits, exponent);

    [Theory]
    [Trait("When", "All")]
    [InlineData(2047, 65537)]
    [InlineData(3071, 3)]
    [InlineData(3072, 65537)]
    [InlineData(4095, 65537)]
    [InlineData(4096, 4294967297)]
    public void Rsa_cryptogram_of_a_long_key_with_leading_zeros_opens(int bits, long exponent) => AssertRsa(bits, exponent);

    [Theory]
    [MemberData(nameof(Curves))]
    public void Key_on_a_curve_opens(string oid) => AssertCurve(oid, Few);

    [Theory]
    [Trait("When", "All")]
    [MemberData(nameof(Curves))]
    public void Key_on_a_curve_opens_many_times(string oid) => AssertCurve(oid, Many);

    [Theory]
    [MemberData(nameof(NativeCurves))]
    public void Key_on_a_native_curve_opens(byte algorithm, string oid) => AssertNative(algorithm, oid, Few);

    [Theory]
    [Trait("When", "All")]
    [MemberData(nameof(NativeCurves))]
    public void Key_on_a_native_curve_opens_many_times(byte algorithm, string oid) => AssertNative(algorithm, oid, Many);

    // The scalars are looked for with the other library: X or Y of the ephemeral point, of the recipient's, and the shared X.
    [Theory]
    [MemberData(nameof(Curves))]
    public void Coordinates_with_leading_zeros_keep_their_length(string oid)
    {
        X9ECParameters parameters = Parameters(oid);
        using WeierstrassCurve curve = WeierstrassCurve.Find(Convert.FromHexString(oid))!;
        int length = (parameters.Curve.FieldSize + 7) / 8;
        BigInteger d = Number(parameters.N);
        ECPoint recipient = parameters.G.Multiply(d).Normalize();
        foreach (Func<ECPoint, byte[]> part in (Func<ECPoint, byte[]>[])[X, Y])
        {
            (BigInteger scalar, ECPoint point) = WithLeadingZeros(parameters, parameters.G, part);
            using SecretBuffer secret = Secret(scalar, parameters);
            Assert.Equal(point.GetEncoded(false), curve.PublicKey(secret));
            Assert.Equal(1 + (2 * length), curve.PublicKey(secret).Length);
            Assert.True(curve.Takes(point.GetEncoded(false)));

            // As the recipient's.
            using SecretBuffer ours = curve.NewScalar();
            using SecretBuffer shared = curve.SharedSecret(ours, point.GetEncoded(false));
            Assert.Equal(X(point.Multiply(new BigInteger(1, ours.Span)).Normalize()), shared.Span.ToArray());
        }

        (BigInteger ephemeral, ECPoint product) = WithLeadingZeros(parameters, recipient, X);
        using SecretBuffer forced = Secret(ephemeral, parameters);
        using SecretBuffer agreed = curve.SharedSecret(forced, recipient.GetEncoded(false));
        Assert.Equal((length, 0), (agreed.Length, agreed.Span[length == 66 ? 1 : 0]));
        Assert.Equal(X(product), agreed.Span.ToArray());

        byte[] X(ECPoint point) => BigIntegers.AsUnsignedByteArray(length, point.AffineXCoord.ToBigInteger());
        byte[] Y(ECPoint point) => BigIntegers.AsUnsignedByteArray(length, point.AffineYCoord.ToBigInteger());
    }

    // RFC 8017 section 7.2.1: any byte but zero, each as likely as any other.
    [Fact]
    public void Padding_has_every_byte_but_zero()
    {
        (EncryptionKey key, ICipherParameters secret) = RsaKey(1024, 3);
        int[] seen = new int[256];
        for (int i = 0; i < 400; i++)
        {
            byte[] raw = Raw(secret, Fields(SessionKeyWriter.Write(key, SessionKey(i))));
            Assert.Equal(2, raw[0]);
            foreach (byte b in raw[1..^36])
            {
                seen[b]++;
            }

            Assert.Equal(0, raw[^36]);
        }

        // 36,000 bytes: 141 of each, give or take six times the deviation.
        Assert.Equal(0, seen[0]);
        Assert.All(seen[1..], static count => Assert.InRange(count, 70, 213));
    }

    private static void AssertRsa(int bits, long exponent)
    {
        (EncryptionKey key, ICipherParameters secret) = RsaKey(bits, exponent);
        Assert.Equal($"rsa{bits}", key.AlgorithmName);
        bool wasShort = false;
        for (int i = 0; i < Few || !wasShort; i++)
        {
            Assert.True(i < MostTries);
            byte[] sessionKey = SessionKey(i);
            byte[] number = Fields(SessionKeyWriter.Write(key, sessionKey));
            bool isShort = number.Length < 2 + key.Modulus.Length;
            wasShort |= isShort;
            if (i < Few || isShort)
            {
                var padding = new Pkcs1Encoding(new RsaEngine());
                padding.Init(false, secret);
                Assert.Equal(Block(sessionKey), padding.ProcessBlock(number, 2, number.Length - 2));
            }
        }
    }

    private static void AssertCurve(string oid, int rounds)
    {
        X9ECParameters parameters = Parameters(oid);
        int length = (parameters.Curve.FieldSize + 7) / 8;
        BigInteger d = Number(parameters.N);
        byte[] kdf = length switch { <= 32 => [8, 7], <= 48 => [9, 8], _ => [10, 9] };
        byte[] body = EcdhBody(Convert.FromHexString(oid), parameters.G.Multiply(d).Normalize().GetEncoded(false), kdf);
        EncryptionKey key = EncryptionKey.Parse(body)!;
        for (int i = 0; i < rounds; i++)
        {
            byte[] sessionKey = SessionKey(i);
            byte[] fields = Fields(SessionKeyWriter.Write(key, sessionKey));
            byte[] point = fields[2..(3 + (2 * length))];
            ECPoint shared = parameters.Curve.DecodePoint(point).Multiply(d).Normalize();
            byte[] x = BigIntegers.AsUnsignedByteArray(length, shared.AffineXCoord.ToBigInteger());
            AssertUnwraps(body, x, fields[(2 + point.Length)..], sessionKey);
        }
    }

    private static void AssertNative(byte algorithm, string oid, int rounds)
    {
        bool is448 = algorithm == EncryptionKey.X448 || oid == "2B656F";
        int length = is448 ? 56 : 32;
        byte[] secret = RandomNumberGenerator.GetBytes(length);
        byte[] own = is448
            ? new X448PrivateKeyParameters(secret).GeneratePublicKey().GetEncoded()
            : new X25519PrivateKeyParameters(secret).GeneratePublicKey().GetEncoded();
        byte[] body = algorithm == EncryptionKey.Ecdh
            ? EcdhBody(Convert.FromHexString(oid), [0x40, .. own], is448 ? [10, 9] : [8, 7])
            : [4, 0x63, 0x87, 0x7F, 0xE3, algorithm, .. own];
        EncryptionKey key = EncryptionKey.Parse(body)!;
        for (int i = 0; i < rounds; i++)
        {
            byte[] sessionKey = SessionKey(i);
            byte[] fields = Fields(SessionKeyWriter.Write(key, sessionKey));
            int start = algorithm == EncryptionKey.Ecdh ? 3 : 0;
            byte[] point = fields[start..(start + length)];
            byte[] share = fields[(start + length)..];
            byte[] shared = Agree(is448, secret, point);
            if (start != 0)
            {
                Assert.Equal([(byte)(((8 * length) + 7) >> 8), (byte)((8 * length) + 7), 0x40], fields[..3]);
                AssertUnwraps(body, shared, share, sessionKey);
                continue;
            }

            byte[] input = [.. point, .. own, .. shared];
            byte[] wrapping = is448
                ? HKDF.DeriveKey(HashAlgorithmName.SHA512, input, 32, [], "OpenPGP X448"u8.ToArray())
                : HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 16, [], "OpenPGP X25519"u8.ToArray());
            Assert.Equal((share.Length - 1, 9), (share[0], share[1]));
            Assert.Equal(sessionKey[1..], Unwrap(wrapping, share[2..]));
        }
    }

    private static void AssertUnwraps(byte[] body, byte[] shared, byte[] share, byte[] sessionKey)
    {
        byte[] oid = body[7..(7 + body[6])];
        byte[] framed = [0x99, (byte)(body.Length >> 8), (byte)body.Length, .. body];
        byte[] input =
        [
            0, 0, 0, 1, .. shared, (byte)oid.Length, .. oid, 18, 3, 1, .. body[^2..], .. "Anonymous Sender    "u8, .. SHA1.HashData(framed),
        ];
        byte[] digest = body[^2] switch { 8 => SHA256.HashData(input), 9 => SHA384.HashData(input), _ => SHA512.HashData(input) };
        byte[] block = Unwrap(digest[..PacketMaker.KeyLengths[body[^1]]], share[1..]);
        Assert.Equal(share.Length - 1, share[0]);
        Assert.Equal([.. Block(sessionKey), 5, 5, 5, 5, 5], block);
    }

    private static byte[] Unwrap(byte[] key, byte[] wrapped)
    {
        var engine = new Rfc3394WrapEngine(new AesEngine());
        engine.Init(false, new KeyParameter(key));
        return engine.Unwrap(wrapped, 0, wrapped.Length);
    }

    private static byte[] Agree(bool is448, byte[] secret, byte[] point)
    {
        byte[] shared = new byte[point.Length];
        if (is448)
        {
            new X448PrivateKeyParameters(secret).GenerateSecret(new X448PublicKeyParameters(point), shared, 0);
        }
        else
        {
            new X25519PrivateKeyParameters(secret).GenerateSecret(new X25519PublicKeyParameters(point), shared, 0);
        }

        return shared;
    }

    // Without the packet's header, version, key id and algorithm.
    private static byte[] Fields(byte[] packet)
    {
        var reader = new PacketReader(packet);
        byte[] body = new byte[packet.Length];
        Assert.True(reader.TryRead(body, out PacketTag tag, out int length) && reader.AtEnd);
        Assert.Equal((PacketTag.PublicKeySessionKey, 3), (tag, body[0]));
        return body[10..length];
    }

    // Some begin or end with zeros, some are nothing else.
    private static byte[] SessionKey(int round)
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        key.AsSpan(0, (round % 4) switch { 1 => 3, 2 => 32, _ => 0 }).Clear();
        key.AsSpan(32 - ((round % 4) == 3 ? 3 : 0)).Clear();
        return [9, .. key];
    }

    private static byte[] Block(byte[] sessionKey)
    {
        int sum = sessionKey[1..].Sum(static b => b);
        return [.. sessionKey, (byte)(sum >> 8), (byte)sum];
    }

    private static (EncryptionKey Key, ICipherParameters Secret) RsaKey(int bits, long exponent)
    {
        var generator = new RsaKeyPairGenerator();
        var random = SecureRandom.GetInstance("SHA256PRNG", autoSeed: false);
        random.SetSeed(bits + exponent);
        generator.Init(new RsaKeyGenerationParameters(BigInteger.ValueOf(exponent), random, bits, 20));
        AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        var open = (RsaKeyParameters)pair.Public;
        byte[] material = [.. PacketMaker.Mpi(open.Modulus.ToByteArrayUnsigned()), .. PacketMaker.Mpi(open.Exponent.ToByteArrayUnsigned())];
        return (EncryptionKey.Parse([4, 0x63, 0x87, 0x7F, 0xE3, 1, .. material])!, pair.Private);
    }

    private static byte[] Raw(ICipherParameters secret, byte[] number)
    {
        var engine = new RsaEngine();
        engine.Init(false, secret);
        return engine.ProcessBlock(number, 2, number.Length - 2);
    }

    private static byte[] EcdhBody(byte[] oid, byte[] point, byte[] kdf) =>
        [4, 0x63, 0x87, 0x7F, 0xE3, 18, (byte)oid.Length, .. oid, .. PacketMaker.Mpi(point), 3, 1, .. kdf];

    private static X9ECParameters Parameters(string oid) =>
        ECNamedCurveTable.GetByOid(DerObjectIdentifier.FromContents(Convert.FromHexString(oid)));

    private static BigInteger Number(BigInteger order) =>
        new BigInteger(1, RandomNumberGenerator.GetBytes(order.BitLength / 8)).Mod(order.Subtract(BigInteger.One)).Add(BigInteger.One);

    // The top byte of P-521 has one bit; there the one behind it is 0, too.
    private static (BigInteger Scalar, ECPoint Product) WithLeadingZeros(
        X9ECParameters parameters, ECPoint point, Func<ECPoint, byte[]> part)
    {
        ECPoint product = point;
        for (BigInteger scalar = BigInteger.One; ; scalar = scalar.Add(BigInteger.One), product = product.Add(point).Normalize())
        {
            if (part(product).AsSpan().StartsWith(parameters.Curve.FieldSize == 521 ? [0, 0] : [0]))
            {
                return (scalar, product);
            }
        }
    }

    private static SecretBuffer Secret(BigInteger scalar, X9ECParameters parameters)
    {
        byte[] bytes = BigIntegers.AsUnsignedByteArray(parameters.N.ToByteArrayUnsigned().Length, scalar);
        SecretBuffer secret = SecretBuffer.Allocate(bytes.Length);
        secret.TryAppend(bytes);
        return secret;
    }
}
