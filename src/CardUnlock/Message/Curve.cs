// SPDX-License-Identifier: GPL-3.0-or-later
// The curves that a decryption key may lie on (RFC 9580 section 9.2; RFC 8410), by their OIDs without tag and length:
// how long a coordinate is, and how a point travels.

namespace CardUnlock;

/// <summary>A curve of OpenPGP.</summary>
/// <param name="Oid">The OID's content bytes.</param>
/// <param name="FieldLength">A coordinate, and the shared secret, in bytes.</param>
/// <param name="IsNative">A point is its one coordinate (Montgomery's curves); else it is 04, X, Y.</param>
internal sealed record Curve(byte[] Oid, int FieldLength, bool IsNative)
{
    /// <summary>1.3.6.1.4.1.3029.1.5.1, in version 4 keys the name of Curve25519.</summary>
    public static readonly Curve Curve25519 = new([0x2B, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01], 32, true);

    /// <summary>1.3.101.111 (RFC 8410).</summary>
    public static readonly Curve X448 = new([0x2B, 0x65, 0x6F], 56, true);

    private static readonly Curve[] Known =
    [
        Curve25519,
        new([0x2B, 0x65, 0x6E], 32, true), // X25519 (RFC 8410)
        X448,
        new([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07], 32, false), // NIST P-256
        new([0x2B, 0x81, 0x04, 0x00, 0x22], 48, false), // NIST P-384
        new([0x2B, 0x81, 0x04, 0x00, 0x23], 66, false), // NIST P-521
        new([0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07], 32, false), // brainpoolP256r1
        new([0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B], 48, false), // brainpoolP384r1
        new([0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0D], 64, false), // brainpoolP512r1
        new([0x2B, 0x81, 0x04, 0x00, 0x0A], 32, false), // secp256k1
    ];

    /// <summary>The curve of that OID, or null.</summary>
    public static Curve? Find(ReadOnlySpan<byte> oid)
    {
        foreach (Curve curve in Known)
        {
            if (oid.SequenceEqual(curve.Oid))
            {
                return curve;
            }
        }

        return null;
    }

    /// <summary>The point's encoding has this curve's form and length.</summary>
    public bool Takes(CurvePoint point) => point.IsNative == IsNative && point.FieldLength == FieldLength;
}

/// <summary>A public point as cards take it: 04, X, Y, or the bare coordinate.</summary>
/// <param name="Bytes">As it is sent to a card.</param>
/// <param name="IsNative">The bare coordinate.</param>
internal readonly record struct CurvePoint(byte[] Bytes, bool IsNative)
{
    private const byte UncompressedPoint = 0x04;
    private const byte NativePoint = 0x40;

    /// <summary>A coordinate's length in bytes.</summary>
    public int FieldLength => IsNative ? Bytes.Length : (Bytes.Length - 1) / 2;

    /// <summary>
    /// From the number that stands for it in a packet: behind 40 on Curve25519; on X448 behind 40 or bare, and then
    /// without leading zeroes. Null: of no curve here.
    /// </summary>
    public static CurvePoint? Read(ReadOnlySpan<byte> number)
    {
        if (number.Length is 65 or 97 or 129 or 133 && number[0] == UncompressedPoint)
        {
            return new CurvePoint(number.ToArray(), false);
        }

        if (number.Length is 33 or 57 && number[0] == NativePoint)
        {
            return new CurvePoint(number[1..].ToArray(), true);
        }

        int length = Curve.X448.FieldLength;
        if (number.Length > length || number.Length < length - 8)
        {
            return null;
        }

        var padded = new byte[length];
        number.CopyTo(padded.AsSpan(length - number.Length));
        return new CurvePoint(padded, true);
    }

    /// <summary>DECIPHER's data field: A6 (cipher) of 7F49 (public key) of 86 (the point).</summary>
    public byte[] Cryptogram()
    {
        int keyLength = Tlv.HeaderLength(0x86, Bytes.Length) + Bytes.Length;
        int cipherLength = Tlv.HeaderLength(0x7F49, keyLength) + keyLength;
        var data = new byte[Tlv.HeaderLength(0xA6, cipherLength) + cipherLength];
        int at = Tlv.WriteHeader(data, 0xA6, cipherLength);
        at += Tlv.WriteHeader(data.AsSpan(at), 0x7F49, keyLength);
        at += Tlv.WriteHeader(data.AsSpan(at), 0x86, Bytes.Length);
        Bytes.CopyTo(data.AsSpan(at));
        return data;
    }
}
