// SPDX-License-Identifier: GPL-3.0-or-later
// RSA keys of 2048 to 4096 bits (OpenPGP card 3.4 section 4.4.3.9: attributes 01, modulus bits, exponent bits, format).

using System.Numerics;
using System.Security.Cryptography;

namespace CardSimulator;

/// <summary>An RSA private key.</summary>
internal sealed class RsaCardKey : CardKey
{
    private readonly RSAParameters key;

    private RsaCardKey(RSAParameters key) => this.key = key;

    /// <summary>Modulus length in bytes.</summary>
    public int Size => key.Modulus!.Length;

    public static RsaCardKey Generate(int bits)
    {
        using RSA rsa = RSA.Create(bits);
        return new RsaCardKey(rsa.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>From e, p and q, big-endian.</summary>
    /// <returns>null where they make no key of this many bits.</returns>
    public static RsaCardKey? FromPrimes(byte[] exponent, byte[] prime1, byte[] prime2, int bits)
    {
        BigInteger e = Number(exponent);
        BigInteger p = Number(prime1);
        BigInteger q = Number(prime2);
        BigInteger n = p * q;
        BigInteger phi = (p - 1) * (q - 1);
        if (p < 3 || q < 3 || e < 3 || n.GetBitLength() != bits || BigInteger.GreatestCommonDivisor(e, phi) != 1)
        {
            return null;
        }

        BigInteger d = Inverse(e, phi);
        int half = bits / 16;
        return new RsaCardKey(new RSAParameters
        {
            Modulus = Bytes(n, bits / 8),
            Exponent = e.ToByteArray(isUnsigned: true, isBigEndian: true),
            D = Bytes(d, bits / 8),
            P = Bytes(p, half),
            Q = Bytes(q, half),
            DP = Bytes(d % (p - 1), half),
            DQ = Bytes(d % (q - 1), half),
            InverseQ = Bytes(Inverse(q, p), half),
        });
    }

    public override byte[] PublicKeyObjects() =>
        Tlv.Concat(Tlv.Encode(0x81, key.Modulus!), Tlv.Encode(0x82, key.Exponent!));

    /// <summary>PSO:DECIPHER, section 7.2.11: padding indicator 00, then exactly the modulus' length.</summary>
    public override byte[]? Decipher(ReadOnlySpan<byte> input)
    {
        if (input.Length != Size + 1 || input[0] != 0)
        {
            return null;
        }

        byte[] block = RawPrivate(input[1..]);
        int zero = block.AsSpan(2).IndexOf((byte)0);

        // EME-PKCS1-v1_5: 00 02, at least eight bytes of padding, 00, the message.
        return block[0] == 0 && block[1] == 2 && zero >= 8 ? block[(2 + zero + 1)..] : null;
    }

    /// <summary>Signs what stands in a DigestInfo; at most 40 % of the modulus (section 7.2.10.2).</summary>
    public override byte[]? Sign(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty || input.Length > Size * 2 / 5)
        {
            return null;
        }

        byte[] block = new byte[Size];
        block[1] = 1;
        block.AsSpan(2, Size - input.Length - 3).Fill(0xFF);
        input.CopyTo(block.AsSpan(Size - input.Length));
        return RawPrivate(block);
    }

    public override IReadOnlyDictionary<int, byte[]> ImportObjects() =>
        new Dictionary<int, byte[]> { [0x91] = key.Exponent!, [0x92] = key.P!, [0x93] = key.Q! };

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger number, int length)
    {
        byte[] raw = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[Math.Max(0, length - raw.Length)], .. raw];
    }

    private static BigInteger Inverse(BigInteger number, BigInteger modulus)
    {
        (BigInteger r0, BigInteger r1) = (modulus, number % modulus);
        (BigInteger t0, BigInteger t1) = (BigInteger.Zero, BigInteger.One);
        while (!r1.IsZero)
        {
            BigInteger quotient = r0 / r1;
            (r0, r1) = (r1, r0 - (quotient * r1));
            (t0, t1) = (t1, t0 - (quotient * t1));
        }

        return t0.Sign < 0 ? t0 + modulus : t0;
    }

    // By the Chinese remainder theorem (RFC 8017 section 5.1.2), four times as fast as by d.
    private byte[] RawPrivate(ReadOnlySpan<byte> input)
    {
        BigInteger c = Number(input);
        (BigInteger p, BigInteger q) = (Number(key.P), Number(key.Q));
        BigInteger m1 = BigInteger.ModPow(c % p, Number(key.DP), p);
        BigInteger m2 = BigInteger.ModPow(c % q, Number(key.DQ), q);
        BigInteger h = (m1 - m2) * Number(key.InverseQ) % p;
        return Bytes(m2 + ((h.Sign < 0 ? h + p : h) * q), Size);
    }
}
