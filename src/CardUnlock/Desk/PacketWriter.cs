// SPDX-License-Identifier: GPL-3.0-or-later
// OpenPGP packets (RFC 9580 section 4.2.1): header byte 11 and the type, length of 1, 2 or 5 bytes, body.

using System.Buffers.Binary;
using System.Numerics;

namespace CardUnlock;

internal static class PacketWriter
{
    private const byte NewFormat = 0xC0;
    private const int OneByte = 192;
    private const int TwoBytes = 8384;

    /// <summary>A packet in front of whose body its header stands.</summary>
    public static byte[] Packet(PacketTag tag, ReadOnlySpan<byte> body)
    {
        Span<byte> header = stackalloc byte[6];
        return [.. header[..WriteHeader(header, tag, body.Length)], .. body];
    }

    /// <summary>Writes a header into at least 6 bytes and returns how many it took.</summary>
    public static int WriteHeader(Span<byte> to, PacketTag tag, int length)
    {
        to[0] = (byte)(NewFormat | (int)tag);
        if (length < OneByte)
        {
            to[1] = (byte)length;
            return 2;
        }

        if (length < TwoBytes)
        {
            to[1] = (byte)(((length - OneByte) >> 8) + OneByte);
            to[2] = (byte)(length - OneByte);
            return 3;
        }

        to[1] = 0xFF;
        BinaryPrimitives.WriteInt32BigEndian(to[2..], length);
        return 6;
    }

    /// <summary>A number as section 3.2 has it, without leading zeros.</summary>
    public static byte[] Mpi(ReadOnlySpan<byte> number)
    {
        number = number.TrimStart((byte)0);
        int bits = number.IsEmpty ? 0 : (8 * number.Length) - (BitOperations.LeadingZeroCount((uint)number[0]) - 24);
        return [(byte)(bits >> 8), (byte)bits, .. number];
    }

    /// <summary>Octets that stand where a number does: as one, but zeros in front stay, as GnuPG has them.</summary>
    public static byte[] Octets(ReadOnlySpan<byte> octets)
    {
        int bits = 8 * octets.Length;
        return octets is [0, ..] ? [(byte)(bits >> 8), (byte)bits, .. octets] : Mpi(octets);
    }
}
