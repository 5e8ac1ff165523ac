// SPDX-License-Identifier: GPL-3.0-or-later
// A certificate, a transferable public key (RFC 9580 section 10.1): a primary key, user ids, subkeys, each with the signatures that
// stand behind it. What counts is what the primary key has signed; other people's signatures are passed over.

namespace CardUnlock;

/// <summary>One certificate; nothing of it is believed that is not verified.</summary>
internal sealed class Certificate
{
    private const byte MayEncrypt = 0x04 | 0x08;

    private readonly byte[] primary;
    private readonly List<CertificatePart> parts;

    private Certificate(byte[] primary, List<CertificatePart> parts)
    {
        this.primary = primary;
        this.parts = parts;
    }

    /// <summary>Parses a file of one certificate, binary or armoured.</summary>
    public static RecipientFault Parse(ReadOnlySpan<byte> file, out Certificate? certificate)
    {
        certificate = null;
        if (file.IsEmpty || file.Length > EncryptedKey.MaxFileLength)
        {
            return RecipientFault.NotAPublicKey;
        }

        if (file.IndexOf("-----BEGIN PGP PRIVATE KEY BLOCK-----"u8) >= 0)
        {
            return RecipientFault.SecretKey;
        }

        return Armour.Open(file, "PUBLIC KEY BLOCK"u8, out byte[] packets) == MessageFault.None
            ? ReadPackets(packets, out certificate)
            : RecipientFault.NotAPublicKey;
    }

    /// <summary>The newest encryption key that is valid at a time.</summary>
    /// <param name="now">Seconds since 1970.</param>
    public Recipient? Choose(long now, out RecipientFault fault)
    {
        fault = RecipientFault.CannotEncrypt;
        var judge = new SignatureJudge(primary, now);
        CertificatePart own = parts[0];
        CertificateSignature? direct = judge.Newest(own, CertificateSignature.IsDirect);
        CertificatePart? user = BestUserId(judge, out CertificateSignature? certification);
        CertificateSignature?[] said = primary[0] == 6 ? [direct, certification] : [certification, direct];
        if (Array.TrueForAll(said, static signature => signature is null) || IsRevoked(judge)
            || IsOver(primary, said[0]?.KeyLifetime ?? said[1]?.KeyLifetime, now))
        {
            return null;
        }

        List<byte[]> valid = [.. ValidSubkeys(judge, now)];
        if (IsToEncrypt(primary, said[0]?.KeyFlags ?? said[1]?.KeyFlags))
        {
            valid.Add(primary);
        }

        if (valid.Count == 0)
        {
            return null;
        }

        // The primary key stands last and so serves only where no subkey is as new.
        EncryptionKey? chosen = valid.OrderByDescending(static body => CertificateSignature.Time(body.AsSpan(1)))
            .Select(static body => EncryptionKey.Parse(body)).FirstOrDefault(static key => key is not null);
        fault = chosen is null ? RecipientFault.UnsupportedAlgorithm : RecipientFault.None;
        return chosen is null ? null : new Recipient(chosen, user is null ? "" : PublicKeyFile.NameOf(user.Body), "");
    }

    private static RecipientFault ReadPackets(byte[] packets, out Certificate? certificate)
    {
        certificate = null;
        var reader = new PacketReader(packets);
        Span<byte> body = new byte[packets.Length];
        List<CertificatePart> parts = [];
        while (reader.TryRead(body, out PacketTag tag, out int length))
        {
            RecipientFault fault = Take(parts, tag, body[..length]);
            if (fault != RecipientFault.None)
            {
                return fault;
            }
        }

        if (reader.Fault != MessageFault.None || parts.Count == 0)
        {
            return RecipientFault.NotAPublicKey;
        }

        certificate = new Certificate(parts[0].Body, parts);
        return RecipientFault.None;
    }

    private static RecipientFault Take(List<CertificatePart> parts, PacketTag tag, ReadOnlySpan<byte> body)
    {
        switch (tag)
        {
            case PacketTag.SecretKey or PacketTag.SecretSubkey:
                return RecipientFault.SecretKey;
            case PacketTag.PublicKey when parts.Count > 0:
                return RecipientFault.SeveralKeys;
            case PacketTag.PublicKey when body is not ([4 or 6, _, _, _, _, _, ..]):
                return RecipientFault.NotAPublicKey;
            case PacketTag.PublicKey:
                parts.Add(new CertificatePart(tag, body.ToArray(), []));
                return RecipientFault.None;
            case PacketTag.UserId or PacketTag.UserAttribute or PacketTag.PublicSubkey when parts.Count > 0:
                parts.Add(new CertificatePart(tag, body.ToArray(), []));
                return RecipientFault.None;
            case PacketTag.Signature when parts.Count > 0:
                if (CertificateSignature.Parse(body) is CertificateSignature signature)
                {
                    parts[^1].Signatures.Add(signature);
                }

                return RecipientFault.None;
            case PacketTag.Trust or PacketTag.Marker or PacketTag.Padding or >= PacketTag.NonCritical:
                return RecipientFault.None;
            default:
                return RecipientFault.NotAPublicKey;
        }
    }

    // GnuPG binds its X448 subkeys, which are of version 5, to primary keys of version 4.
    private bool IsOfVersion(byte version) => version == primary[0] || (version == 5 && primary[0] == 4);

    // Without flags the algorithm says what a key is for.
    private static bool IsToEncrypt(byte[] key, byte? flags) =>
        EncryptionKey.CanEncrypt(key) && (flags is null || (flags & MayEncrypt) != 0);

    private static bool IsOver(byte[] key, uint? lifetime, long now)
    {
        long made = CertificateSignature.Time(key.AsSpan(1));
        return made > now || (lifetime is > 0 && made + lifetime <= now);
    }

    // Wherever its revocation stands: `cat` puts one that was kept for the day behind all others. One by a revoker that the key names
    // cannot be verified without the revoker's key, and counts.
    private bool IsRevoked(SignatureJudge judge)
    {
        CertificateSignature[] revocations =
        [
            .. parts.SelectMany(static part => part.Signatures)
                .Where(static signature => signature.Type == CertificateSignature.KeyRevocation),
        ];
        return judge.IsRevoked(parts[0], revocations, CertificateSignature.KeyRevocation)
            || parts.Exists(part => part.Signatures.Exists(signature =>
                Array.Exists(revocations, revocation => revocation.Issuer is ulong issuer && signature.Revokers.Contains(issuer))
                && judge.IsOwn(part, signature)));
    }

    // The one that is marked as the primary one, else the newest.
    private CertificatePart? BestUserId(SignatureJudge judge, out CertificateSignature? certification)
    {
        (CertificatePart? best, certification) = (null, null);
        foreach (CertificatePart user in parts.Where(static part => part.Tag == PacketTag.UserId))
        {
            if (judge.Newest(user, CertificateSignature.IsCertification) is CertificateSignature found
                && !judge.IsRevoked(user, user.Signatures, CertificateSignature.UserIdRevocation, found.Created)
                && (certification is null || Rank(found).CompareTo(Rank(certification)) > 0))
            {
                (best, certification) = (user, found);
            }
        }

        return best;
    }

    private static (bool, uint) Rank(CertificateSignature signature) => (signature.IsPrimaryUserId, signature.Created);

    private IEnumerable<byte[]> ValidSubkeys(SignatureJudge judge, long now) => parts
        .Where(part => part.Tag == PacketTag.PublicSubkey && part.Body.Length > 5 && IsOfVersion(part.Body[0]))
        .Where(part => EncryptionKey.CanEncrypt(part.Body)
            && judge.Newest(part, CertificateSignature.IsSubkeyBinding) is CertificateSignature binding
            && IsToEncrypt(part.Body, binding.KeyFlags)
            && !IsOver(part.Body, binding.KeyLifetime, now)
            && !judge.IsRevoked(part, part.Signatures, CertificateSignature.SubkeyRevocation))
        .Select(static part => part.Body);
}
