// SPDX-License-Identifier: GPL-3.0-or-later
// Which signatures of a certificate are its primary key's own, and hold at a time (RFC 9580 sections 5.2.4 and 5.2.3.11).

using System.Buffers.Binary;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace CardUnlock;

/// <summary>Verifies with one primary key.</summary>
/// <param name="primary">Its packet's body, version 4 or 6.</param>
/// <param name="now">Seconds since 1970.</param>
internal sealed class SignatureJudge(byte[] primary, long now)
{
    // An honest certificate needs a handful; each costs milliseconds.
    private const int MaxVerifications = 128;

    private readonly ulong keyId = RecipientKey.Parse(primary, "") is RecipientKey key
        ? BinaryPrimitives.ReadUInt64BigEndian(primary[0] == 4 ? key.Fingerprint.AsSpan()[^8..] : key.Fingerprint)
        : 0;

    private int verifications;

    /// <summary>The newest of the part's signatures of that kind that is the primary key's own; null: none.</summary>
    public CertificateSignature? Newest(CertificatePart part, Func<CertificateSignature, bool> isKind) => part.Signatures
        .Where(signature => signature.IsUsable && isKind(signature) && signature.Created <= now
            && (signature.Lifetime == 0 || signature.Created + (long)signature.Lifetime > now))
        .OrderByDescending(static signature => signature.Created)
        .FirstOrDefault(signature => IsOwn(part, signature));

    /// <summary>
    /// The primary key has revoked that part, not before a time. In doubt it has: with an old hash, with something in it that is not
    /// understood, or where there are too many to look at. A revocation that is none costs a key, one that is passed over a secret.
    /// </summary>
    public bool IsRevoked(CertificatePart part, IEnumerable<CertificateSignature> signatures, byte type, uint since = 0) => signatures
        .Any(signature => signature.Type == type && signature.Created >= since && IsClaimed(signature)
            && (++verifications > MaxVerifications || IsRight(part, signature)));

    /// <summary>The primary key has made it.</summary>
    public bool IsOwn(CertificatePart part, CertificateSignature signature) =>
        !IsOld(signature) && IsClaimed(signature) && ++verifications <= MaxVerifications && IsRight(part, signature);

    private bool IsClaimed(CertificateSignature signature) =>
        signature.Version == primary[0]
        && signature.Algorithm == primary[5]
        && (signature.Issuer is null || signature.Issuer == keyId);

    // Not SHA-2, not SHA-3: whoever can make two texts with one SHA-1 could have had the harmless one signed.
    private static bool IsOld(CertificateSignature signature) => signature.Hash < 8;

    private bool IsRight(CertificatePart part, CertificateSignature signature) => Digest(part, signature) is byte[] hash
        && SignatureVerifier.IsRight(primary, signature.Hash, hash, signature.Numbers);

    private byte[]? Digest(CertificatePart part, CertificateSignature signature)
    {
        IDigest? digest = signature.Hash switch
        {
            1 => new MD5Digest(),
            2 => new Sha1Digest(),
            3 => new RipeMD160Digest(),
            8 => new Sha256Digest(),
            9 => new Sha384Digest(),
            10 => new Sha512Digest(),
            11 => new Sha224Digest(),
            12 => new Sha3Digest(256),
            14 => new Sha3Digest(512),
            _ => null,
        };
        if (digest is null)
        {
            return null;
        }

        digest.BlockUpdate(signature.Salt);
        AddKey(digest, primary);
        AddPart(digest, part);
        digest.BlockUpdate(signature.Hashed);
        Span<byte> end = [signature.Version, 0xFF, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(end[2..], signature.Hashed.Length);
        digest.BlockUpdate(end);
        var hash = new byte[digest.GetDigestSize()];
        digest.DoFinal(hash);
        return hash;
    }

    private static void AddPart(IDigest digest, CertificatePart part)
    {
        switch (part.Tag)
        {
            case PacketTag.PublicSubkey:
                AddKey(digest, part.Body);
                break;
            case PacketTag.UserId or PacketTag.UserAttribute:
                Add(digest, part.Tag == PacketTag.UserId ? (byte)0xB4 : (byte)0xD1, 4, part.Body);
                break;
            default:
                break;
        }
    }

    private static void AddKey(IDigest digest, byte[] body) =>
        Add(digest, body[0] == 4 ? (byte)0x99 : (byte)(0x95 + body[0]), body[0] == 4 ? 2 : 4, body);

    private static void Add(IDigest digest, byte prefix, int size, byte[] body)
    {
        Span<byte> head = [prefix, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(head[1..], size == 4 ? body.Length : body.Length << 16);
        digest.BlockUpdate(head[..(1 + size)]);
        digest.BlockUpdate(body);
    }
}
