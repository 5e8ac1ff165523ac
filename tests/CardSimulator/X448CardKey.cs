// SPDX-License-Identifier: GPL-3.0-or-later
// X448 keys, 56 bytes (RFC 7748): scalar, point and shared secret as the curve has them, little-endian without a prefix.

using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace CardSimulator;

/// <summary>An X448 private key.</summary>
internal sealed class X448CardKey : CardKey
{
    private readonly X448PrivateKeyParameters key;

    private X448CardKey(X448PrivateKeyParameters key) => this.key = key;

    public static X448CardKey Generate() => new(new X448PrivateKeyParameters(new SecureRandom()));

    /// <summary>From the scalar's 56 bytes; null for another length.</summary>
    public static X448CardKey? FromScalar(byte[] scalar) =>
        scalar.Length == X448PrivateKeyParameters.KeySize ? new X448CardKey(new X448PrivateKeyParameters(scalar)) : null;

    public override byte[] PublicKeyObjects() => Tlv.Encode(0x86, key.GeneratePublicKey().GetEncoded());

    public override byte[]? Decipher(ReadOnlySpan<byte> input)
    {
        if (ReadPoint(input) is not { } point || point.Length != X448PublicKeyParameters.KeySize)
        {
            return null;
        }

        byte[] secret = new byte[X448PrivateKeyParameters.SecretSize];
        try
        {
            key.GenerateSecret(new X448PublicKeyParameters(point), secret);
        }
        catch (InvalidOperationException)
        {
            // A point of low order: the shared secret would be zero.
            return null;
        }

        return secret;
    }

    public override IReadOnlyDictionary<int, byte[]> ImportObjects() => new Dictionary<int, byte[]> { [0x92] = key.GetEncoded() };
}
