// SPDX-License-Identifier: GPL-3.0-or-later
// Signature packets (RFC 9580 section 5.2.3). Version 4: version 1, type 1, algorithm 1, hash 1, hashed subpackets behind a length
// of 2, others behind a length of 2, the hash's first 2 bytes, numbers. Version 6: lengths of 4, and a salt behind a length of 1 in
// front of the numbers.

using System.Buffers.Binary;

namespace CardUnlock;

/// <summary>A signature packet as it stands there; only what was hashed is read from it, but for who made it.</summary>
internal sealed class CertificateSignature
{
    public const byte KeyRevocation = 0x20;
    public const byte SubkeyRevocation = 0x28;
    public const byte UserIdRevocation = 0x30;

    private const byte SubkeyBinding = 0x18;
    private const byte DirectKey = 0x1F;
    private const byte FirstCertification = 0x10;
    private const byte LastCertification = 0x13;

    private const int RevokerLength = 22;

    private readonly bool isUnderstood = true;
    private readonly List<ulong> revokers = [];

    private CertificateSignature(ReadOnlySpan<byte> head, byte[] hashed, byte[] salt, byte[] numbers)
    {
        Version = head[0];
        Type = head[1];
        Algorithm = head[2];
        Hash = head[3];
        Hashed = hashed;
        Salt = salt;
        Numbers = numbers;
        ReadOnlySpan<byte> subpackets = hashed.AsSpan(Version == 4 ? 6 : 8);
        while (TryReadSubpacket(ref subpackets, out byte type, out ReadOnlySpan<byte> value))
        {
            isUnderstood &= Take(type, value);
        }

        isUnderstood &= subpackets.IsEmpty;
    }

    public byte Version { get; }

    public byte Type { get; }

    public byte Algorithm { get; }

    public byte Hash { get; }

    /// <summary>From the version to the end of the hashed subpackets.</summary>
    public byte[] Hashed { get; }

    public byte[] Salt { get; }

    /// <summary>What the algorithm made, in its own form.</summary>
    public byte[] Numbers { get; }

    /// <summary>Seconds since 1970.</summary>
    public uint Created { get; private set; }

    /// <summary>Seconds that the signature lasts; 0: for good.</summary>
    public uint Lifetime { get; private set; }

    /// <summary>Seconds that the key lasts from its own creation; 0: for good; null: not said.</summary>
    public uint? KeyLifetime { get; private set; }

    /// <summary>The first octet of the key flags (section 5.2.3.29); null: not said.</summary>
    public byte? KeyFlags { get; private set; }

    public bool IsPrimaryUserId { get; private set; }

    /// <summary>The issuer's key id; null: not said.</summary>
    public ulong? Issuer { get; private set; }

    /// <summary>The key ids of others who may revoke the key (section 5.2.3.23).</summary>
    public IReadOnlyList<ulong> Revokers => revokers;

    /// <summary>It has a time, and nothing in it that must be understood and is not.</summary>
    public bool IsUsable => isUnderstood && Created != 0;

    public static bool IsDirect(CertificateSignature signature) => signature.Type == DirectKey;

    public static bool IsCertification(CertificateSignature signature) =>
        signature.Type is >= FirstCertification and <= LastCertification;

    public static bool IsSubkeyBinding(CertificateSignature signature) => signature.Type == SubkeyBinding;

    /// <summary>A time of four bytes, big-endian.</summary>
    public static uint Time(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);

    /// <summary>Null: another version, or malformed.</summary>
    public static CertificateSignature? Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length < 4 || body[0] is not (4 or 6))
        {
            return null;
        }

        int size = body[0] == 4 ? 2 : 4;
        ReadOnlySpan<byte> rest = body[4..];
        if (!TryTake(ref rest, size, out ReadOnlySpan<byte> hashed) || !TryTake(ref rest, size, out ReadOnlySpan<byte> other)
            || rest.Length < 2)
        {
            return null;
        }

        ReadOnlySpan<byte> salt = default;
        rest = rest[2..];
        if (body[0] == 6 && !TryTake(ref rest, 1, out salt))
        {
            return null;
        }

        var signature = new CertificateSignature(
            body, body[..(4 + size + hashed.Length)].ToArray(), salt.ToArray(), rest.ToArray());
        signature.ReadIssuer(other);
        return signature;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, int size, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (rest.Length < size)
        {
            return false;
        }

        long length = 0;
        foreach (byte b in rest[..size])
        {
            length = (length << 8) | b;
        }

        if (length > rest.Length - size)
        {
            return false;
        }

        taken = rest.Slice(size, (int)length);
        rest = rest[(size + (int)length)..];
        return true;
    }

    // Length 1, 2 or 5, then the type with the critical bit, then the value (section 5.2.3.7).
    private static bool TryReadSubpacket(scoped ref ReadOnlySpan<byte> rest, out byte type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (rest.IsEmpty)
        {
            return false;
        }

        int head = rest[0] < 192 ? 1 : rest[0] < 255 ? 2 : 5;
        if (rest.Length < head)
        {
            return false;
        }

        long length = head switch
        {
            1 => rest[0],
            2 => ((rest[0] - 192) << 8) + rest[1] + 192,
            _ => BinaryPrimitives.ReadUInt32BigEndian(rest[1..]),
        };
        if (length == 0 || length > rest.Length - head)
        {
            return false;
        }

        type = rest[head];
        value = rest.Slice(head + 1, (int)length - 1);
        rest = rest[(head + (int)length)..];
        return true;
    }

    private void ReadIssuer(ReadOnlySpan<byte> subpackets)
    {
        while (TryReadSubpacket(ref subpackets, out byte type, out ReadOnlySpan<byte> value))
        {
            _ = (type & 0x7F) is 16 or 33 && Take(type, value);
        }
    }

    // False: it is critical, and unknown or malformed.
    private bool Take(byte type, ReadOnlySpan<byte> value)
    {
        const byte Critical = 0x80;
        bool isCritical = (type & Critical) != 0;
        switch (type & 0x7F)
        {
            case 2 when value.Length == 4:
                Created = Time(value);
                return true;
            case 3 when value.Length == 4:
                Lifetime = Time(value);
                return true;
            case 9 when value.Length == 4:
                KeyLifetime = Time(value);
                return true;
            case 12 when value.Length == RevokerLength:
                revokers.Add(BinaryPrimitives.ReadUInt64BigEndian(value[^8..]));
                return true;
            case 16 when value.Length == 8:
                Issuer ??= BinaryPrimitives.ReadUInt64BigEndian(value);
                return true;
            case 25 when value.Length == 1:
                IsPrimaryUserId = value[0] != 0;
                return true;
            case 27:
                KeyFlags = value.IsEmpty ? (byte)0 : value[0];
                return true;
            case 33 when value is [4, ..] && value.Length == 21:
                Issuer ??= BinaryPrimitives.ReadUInt64BigEndian(value[^8..]);
                return true;
            case 33 when value is [6, ..] && value.Length == 33:
                Issuer ??= BinaryPrimitives.ReadUInt64BigEndian(value[1..]);
                return true;

            // Exportable, trust, revocable, preferences, policy, features, reasons, embedded signatures: nothing that matters here.
            case 4 or 5 or 7 or 11 or 12 or 21 or 22 or 23 or 24 or 26 or 28 or 29 or 30 or 31 or 32 or 34 or 35 or 39:
                return true;
            default:
                return !isCritical;
        }
    }
}
