// SPDX-License-Identifier: GPL-3.0-or-later
// Public key and subkey packets (RFC 9580 sections 5.5.1 and 5.5.2). Version 4: version 1, time 4, algorithm 1, material.
// Version 6 (and GnuPG's 5): version 1, time 4, algorithm 1, length 4, material. Fingerprints (5.5.4): SHA-1, SHA2-256.

using System.Buffers.Binary;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace CardUnlock;

/// <summary>What a recipient's public key adds to a message: its name, and what the key derivation needs of it.</summary>
/// <param name="Version">4, 5 or 6.</param>
/// <param name="Fingerprint">20 bytes; 32 of versions 5 and 6.</param>
/// <param name="CurveOid">ECDH: the OID without its length; else empty.</param>
/// <param name="Point">X25519, X448: the public key; else empty.</param>
/// <param name="Kdf">ECDH: hash and cipher; else zeroes.</param>
/// <param name="Name">The user id's name; empty when it has none.</param>
internal sealed record RecipientKey(
    byte Version, byte[] Fingerprint, byte[] CurveOid, byte[] Point, KdfParameters Kdf, string Name)
{
    private const byte Ecdh = 18;
    private const byte X25519 = 25;
    private const byte X448 = 26;
    private const int CardFingerprintLength = 20;

    /// <summary>The key derivation's field is as long as the key's version says; GnuPG's version 5 keeps to 20 bytes.</summary>
    public ReadOnlySpan<byte> KdfFingerprint => Version == 5 ? Fingerprint.AsSpan(0, CardFingerprintLength) : Fingerprint;

    /// <summary>
    /// That key id, or that fingerprint, is the key whose fingerprint is <paramref name="known"/>: a card has 20 bytes of
    /// it, all of a version 4 key's, the first ones of a later key's.
    /// </summary>
    /// <param name="keyId">A version 3 packet's; else 0.</param>
    /// <param name="fingerprint">A version 6 packet's; else empty.</param>
    /// <param name="known">20 or 32 bytes.</param>
    public static bool IsNamed(ulong keyId, ReadOnlySpan<byte> fingerprint, ReadOnlySpan<byte> known)
    {
        if (!fingerprint.IsEmpty)
        {
            return fingerprint.Length >= known.Length ? fingerprint.StartsWith(known) : known.StartsWith(fingerprint);
        }

        // A version 4 key's id are its fingerprint's last 8 bytes, a later key's the first.
        return keyId == BinaryPrimitives.ReadUInt64BigEndian(known)
            || (known.Length == CardFingerprintLength && keyId == BinaryPrimitives.ReadUInt64BigEndian(known[^8..]));
    }

    /// <summary>It is the card's decryption key.</summary>
    public bool IsHeldBy(CardData card) => IsNamed(0, Fingerprint, card.DecipherFingerprint);

    /// <summary>From a packet's body; null: a version that is not known here, or malformed.</summary>
    public static RecipientKey? Parse(ReadOnlySpan<byte> body, string name)
    {
        int head = body.IsEmpty ? 0 : body[0] switch
        {
            4 => 6,
            5 or 6 => 10,
            _ => 0,
        };
        if (head == 0 || body.Length <= head)
        {
            return null;
        }

        var key = new RecipientKey(body[0], FingerprintOf(body), [], [], default, name);
        ReadOnlySpan<byte> material = body[head..];
        return body[5] switch
        {
            Ecdh => WithEcdh(key, material),
            X25519 when material.Length == Curve.Curve25519.FieldLength => key with { Point = material.ToArray() },
            X448 when material.Length == Curve.X448.FieldLength => key with { Point = material.ToArray() },
            X25519 or X448 => null,
            _ => key,
        };
    }

    // OID behind its length, the point, 3, 1, hash, cipher (section 5.5.5.6).
    private static RecipientKey? WithEcdh(RecipientKey key, ReadOnlySpan<byte> material)
    {
        int length = material[0];
        if (material.Length <= 1 + length)
        {
            return null;
        }

        ReadOnlySpan<byte> oid = material.Slice(1, length);
        ReadOnlySpan<byte> rest = material[(1 + length)..];
        return Mpi.TryRead(ref rest, out _) && rest is [3, 1, byte hash, byte cipher]
            ? key with { CurveOid = oid.ToArray(), Kdf = new KdfParameters(hash, cipher) }
            : null;
    }

    private static byte[] FingerprintOf(ReadOnlySpan<byte> body)
    {
        IDigest digest = body[0] == 4 ? new Sha1Digest() : new Sha256Digest();
        Span<byte> prefix = stackalloc byte[5];
        int length = 5;
        if (body[0] == 4)
        {
            prefix[0] = 0x99;
            BinaryPrimitives.WriteUInt16BigEndian(prefix[1..], (ushort)body.Length);
            length = 3;
        }
        else
        {
            prefix[0] = (byte)(0x95 + body[0]);
            BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)body.Length);
        }

        digest.BlockUpdate(prefix[..length]);
        digest.BlockUpdate(body);
        var fingerprint = new byte[digest.GetDigestSize()];
        digest.DoFinal(fingerprint);
        return fingerprint;
    }
}
