// SPDX-License-Identifier: GPL-3.0-or-later
// A card holds numbers and a fingerprint, and no packet: the public key packet (RFC 9580 section 5.5.2) is made anew from each
// choice that a program may have made when it wrote the key, until one has the card's fingerprint.

namespace CardUnlock;

internal static class CardKey
{
    private const int TagModulus = 0x81;
    private const int TagExponent = 0x82;
    private const int TagPoint = 0x86;
    private const byte NativePoint = 0x40;

    // 5 is GnuPG's, which makes its X448 keys so.
    private static ReadOnlySpan<byte> Versions => [4, 5, 6];

    /// <summary>The card's decryption key.</summary>
    /// <param name="card">What the card says of itself.</param>
    /// <param name="key">The objects in 7F49.</param>
    /// <param name="created">4 bytes, as a packet has them.</param>
    /// <param name="fault">None, or why the result is null.</param>
    public static EncryptionKey? Find(CardData card, ReadOnlySpan<byte> key, ReadOnlySpan<byte> created, out RecipientFault fault)
    {
        List<(byte Algorithm, byte[] Material)> choices = card.DecipherAlgorithm switch
        {
            EncryptionKey.Rsa => RsaChoices(key),
            EncryptionKey.Ecdh => CurveChoices(card.CurveOid, key),
            _ => [],
        };
        fault = choices.Count == 0 ? RecipientFault.UnsupportedAlgorithm : RecipientFault.FingerprintDiffers;
        foreach ((byte algorithm, byte[] material) in choices)
        {
            foreach (byte version in Versions)
            {
                byte[] body = Body(version, created, algorithm, material);
                if (RecipientKey.Parse(body, "") is RecipientKey parsed && parsed.IsHeldBy(card))
                {
                    EncryptionKey? found = EncryptionKey.Parse(body);
                    fault = found is null ? RecipientFault.UnsupportedAlgorithm : RecipientFault.None;
                    return found;
                }
            }
        }

        return null;
    }

    private static List<(byte Algorithm, byte[] Material)> RsaChoices(ReadOnlySpan<byte> key)
    {
        if (!Tlv.TryFind(key, TagModulus, out ReadOnlySpan<byte> modulus)
            || !Tlv.TryFind(key, TagExponent, out ReadOnlySpan<byte> exponent))
        {
            return [];
        }

        byte[] material = [.. PacketWriter.Mpi(modulus), .. PacketWriter.Mpi(exponent)];
        return [(EncryptionKey.Rsa, material), (EncryptionKey.RsaEncryptOnly, material)];
    }

    private static List<(byte Algorithm, byte[] Material)> CurveChoices(ReadOnlySpan<byte> oid, ReadOnlySpan<byte> key)
    {
        if (Curve.Find(oid) is not Curve curve || !Tlv.TryFind(key, TagPoint, out ReadOnlySpan<byte> point))
        {
            return [];
        }

        // Some cards put the prefix of native points in front.
        point = curve.IsNative && point.Length == 1 + curve.FieldLength && point[0] == NativePoint ? point[1..] : point;
        List<(byte Algorithm, byte[] Material)> choices = [];
        foreach (byte[] number in Numbers(curve, point))
        {
            choices.AddRange(KeyDerivation.Choices.Select(kdf => (EncryptionKey.Ecdh,
                (byte[])[(byte)curve.Oid.Length, .. curve.Oid, .. number, 3, 1, kdf.Hash, kdf.Cipher])));
        }

        if (curve.IsNative)
        {
            choices.Add((curve == Curve.X448 ? EncryptionKey.X448 : EncryptionKey.X25519, point.ToArray()));
        }

        return choices;
    }

    // A native point stands behind 40. GnuPG leaves that out on X448, and keeps zeros in front; others drop them as a number's.
    private static List<byte[]> Numbers(Curve curve, ReadOnlySpan<byte> point)
    {
        List<byte[]> numbers = [PacketWriter.Mpi(curve.IsNative ? [NativePoint, .. point] : point)];
        if (curve == Curve.X448)
        {
            numbers.Add(PacketWriter.Octets(point));
            numbers.Add(PacketWriter.Mpi(point));
        }

        return numbers;
    }

    private static byte[] Body(byte version, ReadOnlySpan<byte> created, byte algorithm, byte[] material)
    {
        byte[] length = version == 4 ? [] : [0, 0, (byte)(material.Length >> 8), (byte)material.Length];
        return [version, .. created, algorithm, .. length, .. material];
    }
}
