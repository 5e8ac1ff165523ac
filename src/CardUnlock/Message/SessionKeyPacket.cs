// SPDX-License-Identifier: GPL-3.0-or-later
// Public key encrypted session key packet, version 3 (RFC 9580 section 5.1.1): version 1, key id 8, algorithm 1, then
// RSA: one MPI; ECDH: an MPI with the ephemeral point, and a wrapped session key behind its one-byte length.

using System.Buffers.Binary;

namespace CardUnlock;

/// <summary>
/// One recipient's share of the message: what the card deciphers, and how its answer becomes the session key.
/// </summary>
internal sealed class SessionKeyPacket
{
    private const byte Rsa = 1;
    private const byte RsaEncryptOnly = 2;
    private const byte Ecdh = 18;
    private const byte UncompressedPoint = 0x04;
    private const byte NativePoint = 0x40;
    private const int Curve25519Length = 32;

    // RSA-4096: what a packet may carry, and what a card may claim, whose command is as long as its claim.
    private const int MaxModulusLength = 512;

    private readonly byte algorithm;
    private readonly byte[] number;
    private readonly byte[] wrapped;

    private SessionKeyPacket(ulong keyId, byte algorithm, byte[] number, byte[] wrapped)
    {
        KeyId = keyId;
        this.algorithm = algorithm;
        this.number = number;
        this.wrapped = wrapped;
    }

    /// <summary>The recipient's key id; 0 when gpg was told to hide it.</summary>
    public ulong KeyId { get; }

    public bool IsAnonymous => KeyId == 0;

    private bool IsRsa => algorithm is Rsa or RsaEncryptOnly;

    // X25519's point is 32 bytes behind 0x40; the others are 04, X, Y. The coordinate's length in bytes.
    private int FieldLength => number[0] == NativePoint ? Curve25519Length : (number.Length - 1) / 2;

    public static MessageFault Parse(ReadOnlySpan<byte> body, out SessionKeyPacket? packet)
    {
        packet = null;
        if (body.Length < 10)
        {
            return MessageFault.Truncated;
        }

        if (body[0] != 3 || body[9] is not (Rsa or RsaEncryptOnly or Ecdh))
        {
            return MessageFault.UnsupportedAlgorithm;
        }

        ReadOnlySpan<byte> rest = body[10..];
        if (!TryReadMpi(ref rest, out ReadOnlySpan<byte> number))
        {
            return MessageFault.Truncated;
        }

        if (body[9] != Ecdh)
        {
            packet = new SessionKeyPacket(BinaryPrimitives.ReadUInt64BigEndian(body[1..]), Rsa, number.ToArray(), []);
            return number.Length <= MaxModulusLength && rest.IsEmpty ? MessageFault.None : Drop(ref packet);
        }

        if (rest.IsEmpty || rest.Length < 1 + rest[0])
        {
            return MessageFault.Truncated;
        }

        packet = new SessionKeyPacket(
            BinaryPrimitives.ReadUInt64BigEndian(body[1..]), Ecdh, number.ToArray(), rest.Slice(1, rest[0]).ToArray());
        return packet.HasKnownPoint ? MessageFault.None : Drop(ref packet);
    }

    private bool HasKnownPoint =>
        (number.Length == 1 + Curve25519Length && number[0] == NativePoint)
        || (number.Length is > 1 and <= 133 && number[0] == UncompressedPoint && number.Length % 2 == 1);

    /// <summary>Encrypted to the card's decryption key, or to a hidden key of its kind.</summary>
    public bool IsFor(CardData card)
    {
        if (card.DecipherFingerprint.IsEmpty || (!IsAnonymous && KeyId != card.DecipherKeyId))
        {
            return false;
        }

        if (IsRsa)
        {
            return card.DecipherAlgorithm is Rsa && number.Length <= card.ModulusLength && card.ModulusLength <= MaxModulusLength;
        }

        bool isCurve25519 = card.CurveOid.SequenceEqual(KeyDerivation.Curve25519Oid);
        return card.DecipherAlgorithm == Ecdh && isCurve25519 == (number[0] == NativePoint);
    }

    /// <summary>PSO:DECIPHER's data field (card specification 7.2.11): ciphertext only.</summary>
    public byte[] Cryptogram(CardData card) => IsRsa ? RsaCryptogram(card.ModulusLength) : EcdhCryptogram();

    /// <summary>The session key block (cipher id, key) from the card's answer; null when it is not one.</summary>
    public SecretBuffer? SessionKey(CardData card, ReadOnlySpan<byte> answer)
    {
        if (IsRsa)
        {
            return SessionKeyBlock.Read(answer);
        }

        // A card may answer the whole point instead of X, and may drop X's leading zeros.
        ReadOnlySpan<byte> x = answer.Length % 2 == 1 && answer[0] == UncompressedPoint ? answer[1..((answer.Length + 1) / 2)] : answer;
        if (x.IsEmpty || x.Length > FieldLength)
        {
            return null;
        }

        using SecretBuffer shared = SecretBuffer.Allocate(FieldLength);
        x.CopyTo(shared.Resize(FieldLength)[(FieldLength - x.Length)..]);
        return KeyDerivation.Unwrap(shared.Span, card.CurveOid, card.DecipherFingerprint, wrapped);
    }

    // 00 (PKCS#1) and the number, padded in front to the modulus' length, for an MPI drops leading zeros.
    private byte[] RsaCryptogram(int modulusLength)
    {
        var data = new byte[1 + modulusLength];
        number.CopyTo(data, data.Length - number.Length);
        return data;
    }

    // A6 (cipher DO) of 7F49 (public key) of 86 (point); X25519's without its 0x40, which cards refuse.
    private byte[] EcdhCryptogram()
    {
        ReadOnlySpan<byte> point = number[0] == NativePoint ? number.AsSpan(1) : number;
        int keyLength = Tlv.HeaderLength(0x86, point.Length) + point.Length;
        int cipherLength = Tlv.HeaderLength(0x7F49, keyLength) + keyLength;
        var data = new byte[Tlv.HeaderLength(0xA6, cipherLength) + cipherLength];
        int at = Tlv.WriteHeader(data, 0xA6, cipherLength);
        at += Tlv.WriteHeader(data.AsSpan(at), 0x7F49, keyLength);
        at += Tlv.WriteHeader(data.AsSpan(at), 0x86, point.Length);
        point.CopyTo(data.AsSpan(at));
        return data;
    }

    private static MessageFault Drop(ref SessionKeyPacket? packet)
    {
        packet = null;
        return MessageFault.UnsupportedAlgorithm;
    }

    private static bool TryReadMpi(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> number)
    {
        number = default;
        if (rest.Length < 2)
        {
            return false;
        }

        int length = (BinaryPrimitives.ReadUInt16BigEndian(rest) + 7) / 8;
        if (length == 0 || length > rest.Length - 2)
        {
            return false;
        }

        number = rest.Slice(2, length);
        rest = rest[(2 + length)..];
        return true;
    }
}
