// SPDX-License-Identifier: GPL-3.0-or-later
// OpenPGP packet headers, old and new, with partial body lengths (RFC 9580 section 4.2; RFC 4880 section 4.2).

using System.Buffers.Binary;

namespace CardUnlock;

/// <summary>OpenPGP packet types (RFC 9580 section 5; 20 is GnuPG's own).</summary>
internal enum PacketTag
{
    PublicKeySessionKey = 1,
    Signature = 2,
    SymmetricSessionKey = 3,
    OnePassSignature = 4,
    SecretKey = 5,
    PublicKey = 6,
    SecretSubkey = 7,
    Compressed = 8,
    SymmetricallyEncrypted = 9,
    Marker = 10,
    Literal = 11,
    Trust = 12,
    UserId = 13,
    PublicSubkey = 14,
    UserAttribute = 17,
    IntegrityProtected = 18,
    GnuPgAead = 20,
    Padding = 21,

    /// <summary>The first of those that are skipped where they are not known (section 4.3).</summary>
    NonCritical = 40,
}

/// <summary>
/// Takes packets off a span one by one; the first malformed one sets <see cref="Fault"/> and ends it.
/// </summary>
internal ref struct PacketReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> rest = data;

    /// <summary>Truncated or NotOpenPgp once a read failed; None at the end of the data.</summary>
    public MessageFault Fault { get; private set; }

    public readonly bool AtEnd => rest.IsEmpty;

    /// <summary>
    /// Reads one packet; its body, parts joined, goes to <paramref name="body"/>, which is at least as long as the
    /// data.
    /// </summary>
    public bool TryRead(scoped Span<byte> body, out PacketTag tag, out int length)
    {
        length = 0;
        tag = 0;
        if (rest.IsEmpty)
        {
            return false;
        }

        byte header = rest[0];
        rest = rest[1..];
        if ((header & 0x80) == 0)
        {
            return Fail(MessageFault.NotOpenPgp);
        }

        bool isNew = (header & 0x40) != 0;
        tag = (PacketTag)(isNew ? header & 0x3F : (header >> 2) & 0x0F);
        return isNew ? TryReadParts(body, ref length) : TryReadOld(header & 0x03, body, ref length);
    }

    private bool Fail(MessageFault fault)
    {
        Fault = fault;
        rest = default;
        return false;
    }

    private bool TryReadOld(int lengthType, scoped Span<byte> body, ref int length)
    {
        // Type 3 is of indeterminate length: to the end of the data.
        if (lengthType == 3)
        {
            return TryCopy((uint)rest.Length, body, ref length);
        }

        return TryReadNumber(1 << lengthType, out uint size) && TryCopy(size, body, ref length);
    }

    private bool TryReadParts(scoped Span<byte> body, ref int length)
    {
        bool partial = true;
        while (partial)
        {
            if (!TryReadNewLength(out uint size, out partial) || !TryCopy(size, body, ref length))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadNewLength(out uint size, out bool partial)
    {
        partial = false;
        if (!TryReadNumber(1, out size))
        {
            return false;
        }

        switch (size)
        {
            case < 192:
                return true;
            case < 224:
                uint high = size - 192;
                bool read = TryReadNumber(1, out uint low);
                size = (high << 8) + low + 192;
                return read;
            case 255:
                return TryReadNumber(4, out size);
            default:
                partial = true;
                size = 1u << (int)(size & 0x1F);
                return true;
        }
    }

    private bool TryReadNumber(int bytes, out uint value)
    {
        value = 0;
        if (bytes > rest.Length)
        {
            return Fail(MessageFault.Truncated);
        }

        value = bytes switch
        {
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt32BigEndian(rest),
        };
        rest = rest[bytes..];
        return true;
    }

    private bool TryCopy(uint size, scoped Span<byte> body, ref int length)
    {
        if (size > (uint)rest.Length)
        {
            return Fail(MessageFault.Truncated);
        }

        rest[..(int)size].CopyTo(body[length..]);
        length += (int)size;
        rest = rest[(int)size..];
        return true;
    }
}
