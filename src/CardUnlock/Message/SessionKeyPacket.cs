// SPDX-License-Identifier: GPL-3.0-or-later
// Public key encrypted session key packet (RFC 9580 section 5.1). Version 3: version 1, key id 8 (0: hidden). Version 6:
// version 1, length 1 (0: hidden), key version 1, fingerprint 20 or 32. Then algorithm 1 and
// RSA: one MPI; ECDH: an MPI with the ephemeral point, and the wrapped session key behind its one-byte length;
// X25519, X448: the ephemeral point of 32 or 56 bytes, length 1, in version 3 the cipher id 1, the wrapped session key.

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
    private const byte X25519 = 25;
    private const byte X448 = 26;
    private const byte UncompressedPoint = 0x04;
    private const byte NativePoint = 0x40;

    // RSA-4096: what a packet may carry, and what a card may claim, whose command is as long as its claim.
    private const int MaxModulusLength = 512;

    private readonly byte algorithm;
    private readonly IReadOnlyList<RecipientKey> keys;
    private readonly byte[] number = [];
    private readonly CurvePoint point;
    private readonly byte cipher;
    private readonly byte[] wrapped = [];

    private SessionKeyPacket(byte version, ulong keyId, byte[] fingerprint, byte algorithm, IReadOnlyList<RecipientKey> keys)
    {
        Version = version;
        KeyId = keyId;
        Fingerprint = fingerprint;
        this.algorithm = algorithm;
        this.keys = keys;
    }

    private SessionKeyPacket(SessionKeyPacket head, byte[] number)
        : this(head.Version, head.KeyId, head.Fingerprint, head.algorithm, head.keys) => this.number = number;

    private SessionKeyPacket(SessionKeyPacket head, CurvePoint point, byte cipher, byte[] wrapped)
        : this(head.Version, head.KeyId, head.Fingerprint, head.algorithm, head.keys)
    {
        this.point = point;
        this.cipher = cipher;
        this.wrapped = wrapped;
    }

    /// <summary>3 or 6.</summary>
    public byte Version { get; }

    /// <summary>The recipient's key id; 0 when gpg was told to hide it.</summary>
    public ulong KeyId { get; }

    /// <summary>Version 6: the recipient's fingerprint, 20 or 32 bytes; else, or when hidden, empty.</summary>
    public byte[] Fingerprint { get; }

    public bool IsAnonymous => KeyId == 0 && Fingerprint.Length == 0;

    // The recipient's public key takes part in the key derivation.
    private bool NeedsPublicKey => algorithm is X25519 or X448;

    private bool IsRsa => algorithm is Rsa or RsaEncryptOnly;

    // A version 3 packet names the cipher, in the block or beside the key; for a version 6 one the data packet does.
    private bool HasCipher => Version == 3;

    /// <summary>A version 3 packet's key id, whatever its algorithm; else 0.</summary>
    public static ulong KeyIdOf(ReadOnlySpan<byte> body) =>
        body is [3, ..] && body.Length > 8 ? BinaryPrimitives.ReadUInt64BigEndian(body[1..]) : 0;

    /// <param name="body">The packet's body.</param>
    /// <param name="keys">The recipients' public keys, as far as they are known.</param>
    /// <param name="packet">Null unless the result is None.</param>
    public static MessageFault Parse(ReadOnlySpan<byte> body, IReadOnlyList<RecipientKey> keys, out SessionKeyPacket? packet)
    {
        packet = null;
        MessageFault fault = ReadHead(ref body, keys, out SessionKeyPacket? head);
        return head is null ? fault : head.algorithm switch
        {
            Rsa or RsaEncryptOnly => ReadRsa(head, body, out packet),
            Ecdh => ReadEcdh(head, body, out packet),
            X25519 => ReadNative(head, Curve.Curve25519.FieldLength, body, out packet),
            X448 => ReadNative(head, Curve.X448.FieldLength, body, out packet),
            _ => MessageFault.UnsupportedAlgorithm,
        };
    }

    /// <summary>Encrypted to the card's decryption key, or to a hidden key of its kind.</summary>
    public bool IsFor(CardData card)
    {
        ReadOnlySpan<byte> known = card.DecipherFingerprint;
        if (known.IsEmpty || (!IsAnonymous && !RecipientKey.IsNamed(KeyId, Fingerprint, known)))
        {
            return false;
        }

        if (IsRsa)
        {
            return card.DecipherAlgorithm is Rsa && number.Length <= card.ModulusLength && card.ModulusLength <= MaxModulusLength;
        }

        return card.DecipherAlgorithm == Ecdh && Curve.Find(card.CurveOid) is Curve curve && curve.Takes(point);
    }

    /// <summary>PSO:DECIPHER's data field (card specification 7.2.11): ciphertext only.</summary>
    public byte[] Cryptogram(CardData card) => IsRsa ? RsaCryptogram(card.ModulusLength) : point.Cryptogram();

    /// <summary>The session key (cipher id or 0, key) from the card's answer; null unless it is Opened.</summary>
    /// <param name="card">The card that answered.</param>
    /// <param name="answer">Its answer to the <see cref="Cryptogram"/>.</param>
    /// <param name="key">The receiver disposes it.</param>
    public Opening SessionKey(CardData card, ReadOnlySpan<byte> answer, out SecretBuffer? key)
    {
        key = null;
        if (IsRsa)
        {
            return SessionKeyBlock.Read(answer, HasCipher, out key);
        }

        using SecretBuffer? shared = SharedSecret(answer);
        if (shared is null)
        {
            return Opening.NotTheRecipient;
        }

        RecipientKey? recipient = keys.FirstOrDefault(candidate => candidate.IsHeldBy(card));
        return NeedsPublicKey
            ? NativeKey(shared.Span, recipient is { Point.Length: > 0 } ? recipient.Point : card.DecipherPublicKey, out key)
            : EcdhKey(card, shared.Span, recipient, out key);
    }

    private static MessageFault ReadHead(
        ref ReadOnlySpan<byte> body, IReadOnlyList<RecipientKey> keys, out SessionKeyPacket? head)
    {
        head = null;
        if (body.Length < 2)
        {
            return MessageFault.Truncated;
        }

        byte version = body[0];
        int length = version == 6 ? 2 + body[1] : 9;
        if (version is not (3 or 6))
        {
            return MessageFault.UnsupportedAlgorithm;
        }

        if (body.Length <= length)
        {
            return MessageFault.Truncated;
        }

        // Key versions 4 and 6 have fingerprints of 20 and 32 bytes.
        ReadOnlySpan<byte> name = body[1..length];
        if (version == 6 && name is not ([0] or [21, 4, ..] or [33, 6, ..]))
        {
            return MessageFault.UnsupportedAlgorithm;
        }

        head = new SessionKeyPacket(
            version,
            version == 3 ? BinaryPrimitives.ReadUInt64BigEndian(name) : 0,
            version == 6 && name.Length > 1 ? name[2..].ToArray() : [],
            body[length],
            keys);
        body = body[(length + 1)..];
        return MessageFault.None;
    }

    private static MessageFault ReadRsa(SessionKeyPacket head, ReadOnlySpan<byte> rest, out SessionKeyPacket? packet)
    {
        packet = null;
        if (!Mpi.TryRead(ref rest, out ReadOnlySpan<byte> number))
        {
            return MessageFault.Truncated;
        }

        if (number.Length > MaxModulusLength || !rest.IsEmpty)
        {
            return MessageFault.UnsupportedAlgorithm;
        }

        packet = new SessionKeyPacket(head, number.ToArray());
        return MessageFault.None;
    }

    private static MessageFault ReadEcdh(SessionKeyPacket head, ReadOnlySpan<byte> rest, out SessionKeyPacket? packet)
    {
        packet = null;
        if (!Mpi.TryRead(ref rest, out ReadOnlySpan<byte> number) || rest.IsEmpty || rest.Length < 1 + rest[0])
        {
            return MessageFault.Truncated;
        }

        if (CurvePoint.Read(number) is not CurvePoint point || rest.Length != 1 + rest[0])
        {
            return MessageFault.UnsupportedAlgorithm;
        }

        packet = new SessionKeyPacket(head, point, 0, rest[1..].ToArray());
        return MessageFault.None;
    }

    private static MessageFault ReadNative(
        SessionKeyPacket head, int fieldLength, ReadOnlySpan<byte> rest, out SessionKeyPacket? packet)
    {
        packet = null;
        int cipherLength = head.HasCipher ? 1 : 0;
        if (rest.Length <= fieldLength || rest.Length < fieldLength + 1 + rest[fieldLength] || rest[fieldLength] < cipherLength)
        {
            return MessageFault.Truncated;
        }

        var point = new CurvePoint(rest[..fieldLength].ToArray(), true);
        ReadOnlySpan<byte> share = rest[(fieldLength + 1)..];
        if (share.Length != rest[fieldLength])
        {
            return MessageFault.UnsupportedAlgorithm;
        }

        packet = new SessionKeyPacket(head, point, head.HasCipher ? share[0] : (byte)0, share[cipherLength..].ToArray());
        return MessageFault.None;
    }

    // A card may answer the whole point instead of X, and may drop X's leading zeros.
    private SecretBuffer? SharedSecret(ReadOnlySpan<byte> answer)
    {
        ReadOnlySpan<byte> x = answer;
        if (point.IsNative)
        {
            x = answer.Length == 1 + point.FieldLength && answer[0] == NativePoint ? answer[1..] : answer;
        }
        else if (answer.Length == 1 + (2 * point.FieldLength) && answer[0] == UncompressedPoint)
        {
            x = answer[1..(1 + point.FieldLength)];
        }

        if (x.IsEmpty || x.Length > point.FieldLength)
        {
            return null;
        }

        SecretBuffer shared = SecretBuffer.Allocate(point.FieldLength);
        x.CopyTo(shared.Resize(point.FieldLength)[(point.FieldLength - x.Length)..]);
        return shared;
    }

    private Opening EcdhKey(CardData card, ReadOnlySpan<byte> shared, RecipientKey? recipient, out SecretBuffer? key)
    {
        key = null;
        if (recipient is { Kdf.AreKnown: false })
        {
            return Opening.Unsupported;
        }

        ReadOnlySpan<byte> fingerprint = Fingerprint.Length > 0 ? Fingerprint : card.DecipherFingerprint;
        using SecretBuffer? block = KeyDerivation.UnwrapEcdh(
            shared,
            recipient is null ? card.CurveOid : recipient.CurveOid,
            recipient is null ? fingerprint : recipient.KdfFingerprint,
            recipient?.Kdf,
            wrapped);
        return block is null ? Opening.NotTheRecipient : SessionKeyBlock.Read(block.Span, HasCipher, out key);
    }

    private Opening NativeKey(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> recipient, out SecretBuffer? key)
    {
        key = null;
        if (recipient.Length != point.FieldLength)
        {
            return Opening.Unsupported;
        }

        using SecretBuffer? bare = KeyDerivation.UnwrapNative(
            algorithm == X448 ? Curve.X448 : Curve.Curve25519, point.Bytes, recipient, shared, wrapped);
        return bare is null ? Opening.NotTheRecipient : SessionKeyBlock.Take(cipher, HasCipher, bare.Span, out key);
    }

    // 00 (PKCS#1) and the number, padded in front to the modulus' length, for an MPI drops leading zeros.
    private byte[] RsaCryptogram(int modulusLength)
    {
        var data = new byte[1 + modulusLength];
        number.CopyTo(data, data.Length - number.Length);
        return data;
    }
}
