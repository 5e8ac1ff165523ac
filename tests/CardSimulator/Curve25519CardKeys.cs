// SPDX-License-Identifier: GPL-3.0-or-later
// X25519 and Ed25519 keys, 32 bytes each (RFC 7748, RFC 8032). Hosts import the X25519 scalar as OpenPGP stores it,
// as a big-endian number, and the point and the shared secret travel little-endian without a prefix.

using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace CardSimulator;

/// <summary>An X25519 private key (ECDH on Cv25519).</summary>
internal sealed class X25519CardKey : CardKey
{
    private readonly X25519PrivateKeyParameters key;

    private X25519CardKey(X25519PrivateKeyParameters key) => this.key = key;

    public static X25519CardKey Generate() => new(new X25519PrivateKeyParameters(new SecureRandom()));

    /// <summary>From the scalar as a big-endian number of at most 32 bytes.</summary>
    public static X25519CardKey? FromBigEndian(ReadOnlySpan<byte> scalar)
    {
        if (scalar.IsEmpty || scalar.Length > X25519PrivateKeyParameters.KeySize)
        {
            return null;
        }

        byte[] littleEndian = new byte[X25519PrivateKeyParameters.KeySize];
        scalar.CopyTo(littleEndian.AsSpan(littleEndian.Length - scalar.Length));
        Array.Reverse(littleEndian);
        return new X25519CardKey(new X25519PrivateKeyParameters(littleEndian));
    }

    public override byte[] PublicKeyObjects() => Tlv.Encode(0x86, key.GeneratePublicKey().GetEncoded());

    public override byte[]? Decipher(ReadOnlySpan<byte> input)
    {
        if (ReadPoint(input) is not { } point || point.Length != X25519PublicKeyParameters.KeySize)
        {
            return null;
        }

        byte[] secret = new byte[X25519PrivateKeyParameters.SecretSize];
        try
        {
            key.GenerateSecret(new X25519PublicKeyParameters(point), secret);
        }
        catch (InvalidOperationException)
        {
            // A point of low order: the shared secret would be zero.
            return null;
        }

        return secret;
    }

    public override IReadOnlyDictionary<int, byte[]> ImportObjects()
    {
        byte[] scalar = key.GetEncoded();
        Array.Reverse(scalar);
        return new Dictionary<int, byte[]> { [0x92] = scalar };
    }
}

/// <summary>An Ed25519 private key.</summary>
internal sealed class Ed25519CardKey : CardKey
{
    private readonly Ed25519PrivateKeyParameters key;

    private Ed25519CardKey(Ed25519PrivateKeyParameters key) => this.key = key;

    public static Ed25519CardKey Generate() => new(new Ed25519PrivateKeyParameters(new SecureRandom()));

    /// <summary>From the seed, at most 32 bytes; leading zeros may be missing.</summary>
    public static Ed25519CardKey? FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.IsEmpty || seed.Length > Ed25519PrivateKeyParameters.KeySize)
        {
            return null;
        }

        byte[] whole = new byte[Ed25519PrivateKeyParameters.KeySize];
        seed.CopyTo(whole.AsSpan(whole.Length - seed.Length));
        return new Ed25519CardKey(new Ed25519PrivateKeyParameters(whole));
    }

    public override byte[] PublicKeyObjects() => Tlv.Encode(0x86, key.GeneratePublicKey().GetEncoded());

    public override byte[]? Sign(ReadOnlySpan<byte> input)
    {
        Org.BouncyCastle.Crypto.Signers.Ed25519Signer signer = new();
        signer.Init(forSigning: true, key);
        signer.BlockUpdate(input.ToArray(), 0, input.Length);
        return signer.GenerateSignature();
    }

    public override IReadOnlyDictionary<int, byte[]> ImportObjects() =>
        new Dictionary<int, byte[]> { [0x92] = key.GetEncoded() };
}
