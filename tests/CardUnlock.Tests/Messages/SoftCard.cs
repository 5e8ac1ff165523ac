// SPDX-License-Identifier: GPL-3.0-or-later
// A decryption key of any kind that answers as its card would, and encrypts session keys to itself (RFC 9580 section 5.1)
// with other people's primitives.

using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace CardUnlock.Tests;

/// <summary>What a key is made of.</summary>
internal sealed class SoftCard
{
    public const byte Rsa = 1;
    public const byte Ecdh = 18;
    public const byte X25519 = 25;
    public const byte X448 = 26;

    public static readonly byte[] Oid25519 = [0x2B, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01];
    public static readonly byte[] Oid448 = [0x2B, 0x65, 0x6F];

    private readonly byte algorithm;
    private readonly byte[] oid;
    private readonly byte[] secret;
    private readonly RSA? rsa;

    /// <param name="algorithm">OpenPGP's id.</param>
    /// <param name="oid">ECDH: the curve.</param>
    /// <param name="version">The key's: 4, 6, or GnuPG's 5.</param>
    /// <param name="secret">X25519: the private key; null: a new one.</param>
    /// <param name="kdf">ECDH: hash and cipher.</param>
    public SoftCard(byte algorithm, byte[]? oid = null, byte version = 4, byte[]? secret = null, byte[]? kdf = null)
    {
        this.algorithm = algorithm;
        this.oid = oid ?? (algorithm == X448 ? Oid448 : Oid25519);
        KdfChoice = kdf ?? [8, 7];
        rsa = algorithm == Rsa ? RSA.Create(2048) : null;
        this.secret = secret ?? (Domain is { } domain
            ? new BigInteger(1, RandomNumberGenerator.GetBytes(24)).Mod(domain.N).ToByteArrayUnsigned()
            : RandomNumberGenerator.GetBytes(FieldLength));
        Version = version;
        PublicPacketBody = Body();
        byte[] framed = version == 4
            ? [0x99, (byte)(PublicPacketBody.Length >> 8), (byte)PublicPacketBody.Length, .. PublicPacketBody]
            : [(byte)(0x95 + version), .. PacketMaker.BigEndian((uint)PublicPacketBody.Length), .. PublicPacketBody];
        Fingerprint = version == 4 ? SHA1.HashData(framed) : SHA256.HashData(framed);
    }

    public byte Version { get; }

    /// <summary>X25519 and X448: the private key, little-endian.</summary>
    public byte[] Secret => secret;

    public byte[] KdfChoice { get; }

    public byte[] Fingerprint { get; }

    /// <summary>A public key packet's body.</summary>
    public byte[] PublicPacketBody { get; }

    public byte[] KeyId => Version == 4 ? Fingerprint[^8..] : Fingerprint[..8];

    /// <summary>As a card that cannot be asked for its public key.</summary>
    public CardData Data => DataWith(Fingerprint[..20]);

    public CardData DataWith(byte[] fingerprint) => new(
        new byte[CardData.AidLength],
        true,
        algorithm == Rsa ? [Rsa, 8, 0, 0, 32, 0] : [Ecdh, .. oid],
        [.. new byte[20], .. fingerprint, .. new byte[20]],
        PinStatus.Parse([0, 127, 127, 127, 3, 0, 3]),
        null);

    private ECDomainParameters? Domain => algorithm == Ecdh && !IsNative
        ? new(ECNamedCurveTable.GetByOid(DerObjectIdentifier.FromContents(oid)))
        : null;

    private bool IsNative => algorithm is X25519 or X448 || oid.AsSpan().SequenceEqual(Oid25519) || Is448;

    private bool Is448 => oid.AsSpan().SequenceEqual(Oid448);

    private int FieldLength => Is448 ? 56 : 32;

    /// <summary>The bare point, or 04, X, Y.</summary>
    public byte[] Point => PointOf(secret);

    /// <summary>The whole transferable public key of one primary key.</summary>
    public byte[] PublicKey(string userId) =>
        [.. PacketMaker.Packet(6, PublicPacketBody), .. PacketMaker.Packet(13, System.Text.Encoding.UTF8.GetBytes(userId))];

    /// <summary>What the card answers to DECIPHER.</summary>
    public byte[] Answer(byte[] cryptogram)
    {
        if (rsa is not null)
        {
            return rsa.Decrypt(cryptogram[1..], RSAEncryptionPadding.Pkcs1);
        }

        Assert.True(Tlv.TryFind(cryptogram, 0xA6, out ReadOnlySpan<byte> cipher));
        Assert.True(Tlv.TryFind(cipher, 0x7F49, out ReadOnlySpan<byte> key));
        Assert.True(Tlv.TryFind(key, 0x86, out ReadOnlySpan<byte> point));
        return Agree(secret, point.ToArray());
    }

    /// <summary>Encrypts a session key (cipher id, key) to this key.</summary>
    /// <param name="sessionKey">Cipher id and key.</param>
    /// <param name="version">3 or 6.</param>
    /// <param name="hidden">Names nobody.</param>
    public byte[] SessionKeyPacket(byte[] sessionKey, byte version = 3, bool hidden = false)
    {
        byte[] name = version == 3 ? hidden ? new byte[8] : KeyId
            : hidden ? [0] : [(byte)(1 + Fingerprint.Length), Version, .. Fingerprint];
        return PacketMaker.Packet(1, [version, .. name, algorithm, .. Fields(sessionKey, version)]);
    }

    private byte[] Fields(byte[] sessionKey, byte version)
    {
        int sum = sessionKey[1..].Sum(b => b);
        byte[] block = [.. version == 3 ? sessionKey : sessionKey[1..], (byte)(sum >> 8), (byte)sum];
        if (rsa is not null)
        {
            return PacketMaker.Mpi(rsa.Encrypt(block, RSAEncryptionPadding.Pkcs1));
        }

        byte[] ephemeral = RandomNumberGenerator.GetBytes(IsNative ? FieldLength : 24);
        byte[] point = PointOf(ephemeral);
        byte[] shared = Agree(ephemeral, Point);
        if (algorithm == Ecdh)
        {
            int padding = 40 - block.Length;
            byte[] wrapped = Wrap(EcdhKey(shared), [.. block, .. Enumerable.Repeat((byte)padding, padding)]);
            return [.. PacketMaker.Mpi(IsNative ? [0x40, .. point] : point), (byte)wrapped.Length, .. wrapped];
        }

        byte[] key = algorithm == X25519
            ? HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. point, .. Point, .. shared], 16, [], "OpenPGP X25519"u8.ToArray())
            : HKDF.DeriveKey(HashAlgorithmName.SHA512, [.. point, .. Point, .. shared], 32, [], "OpenPGP X448"u8.ToArray());
        byte[] share = [.. version == 3 ? sessionKey[..1] : [], .. Wrap(key, sessionKey[1..])];
        return [.. point, (byte)share.Length, .. share];
    }

    private byte[] EcdhKey(byte[] shared)
    {
        byte[] input =
        [
            0, 0, 0, 1, .. shared, (byte)oid.Length, .. oid, 18, 3, 1, .. KdfChoice, .. "Anonymous Sender    "u8,
            .. Version == 5 ? Fingerprint[..20] : Fingerprint,
        ];
        byte[] digest = KdfChoice[0] switch
        {
            8 => SHA256.HashData(input),
            9 => SHA384.HashData(input),
            _ => SHA512.HashData(input),
        };
        return digest[..PacketMaker.KeyLengths[KdfChoice[1]]];
    }

    private static byte[] Wrap(byte[] key, byte[] block)
    {
        var engine = new Rfc3394WrapEngine(new AesEngine());
        engine.Init(true, new KeyParameter(key));
        return engine.Wrap(block, 0, block.Length);
    }

    private byte[] PointOf(byte[] scalar)
    {
        if (Domain is { } domain)
        {
            return domain.G.Multiply(new BigInteger(1, scalar)).Normalize().GetEncoded(false);
        }

        return Is448
            ? new X448PrivateKeyParameters(scalar).GeneratePublicKey().GetEncoded()
            : new X25519PrivateKeyParameters(scalar).GeneratePublicKey().GetEncoded();
    }

    private byte[] Agree(byte[] scalar, byte[] point)
    {
        if (Domain is { } domain)
        {
            return domain.Curve.DecodePoint(point).Multiply(new BigInteger(1, scalar)).Normalize().AffineXCoord.GetEncoded();
        }

        byte[] shared = new byte[FieldLength];
        if (Is448)
        {
            new X448PrivateKeyParameters(scalar).GenerateSecret(new X448PublicKeyParameters(point), shared, 0);
        }
        else
        {
            new X25519PrivateKeyParameters(scalar).GenerateSecret(new X25519PublicKeyParameters(point), shared, 0);
        }

        return shared;
    }

    private byte[] Body()
    {
        byte[] material = algorithm switch
        {
            Rsa => [.. PacketMaker.Mpi(rsa!.ExportParameters(false).Modulus!), .. PacketMaker.Mpi([1, 0, 1])],
            Ecdh => [(byte)oid.Length, .. oid, .. PacketMaker.Mpi(IsNative ? [0x40, .. Point] : Point), 3, 1, .. KdfChoice],
            _ => Point,
        };
        byte[] length = Version == 4 ? [] : PacketMaker.BigEndian((uint)material.Length);
        return [Version, 0x63, 0x87, 0x7F, 0xE3, algorithm, .. length, .. material];
    }
}
