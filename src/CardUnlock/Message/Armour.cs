// SPDX-License-Identifier: GPL-3.0-or-later
// ASCII armour (RFC 9580 section 6): a line -----BEGIN PGP kind-----, header lines, a blank line, base64 in lines, maybe
// = and a CRC24, a line -----END PGP kind-----. Text before and behind is nobody's concern, nor is the CRC24: a wrong one must
// not refuse a good message (section 6.1), and the message's own protection tells of a bad one.

using System.Buffers;
using System.Buffers.Text;

namespace CardUnlock;

/// <summary>Takes ASCII armour off; what is binary passes as it is.</summary>
internal ref struct Armour
{
    private readonly ReadOnlySpan<byte> kind;
    private readonly Span<byte> binary;
    private readonly Span<byte> text;
    private ReadOnlySpan<byte> rest;
    private int length;
    private int textLength;

    private Armour(ReadOnlySpan<byte> file, ReadOnlySpan<byte> kind, Span<byte> binary, Span<byte> text)
    {
        rest = file;
        this.kind = kind;
        this.binary = binary;
        this.text = text;
    }

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>
    /// The packets of <paramref name="file"/>: itself when it is binary, else what its armours of that kind hold, joined.
    /// NotOpenPgp when there is none, Truncated when one does not end, DamagedArmour when one is no base64.
    /// </summary>
    /// <param name="file">At least 1 byte.</param>
    /// <param name="kind">"MESSAGE", "PUBLIC KEY BLOCK".</param>
    /// <param name="packets">Empty unless the result is None.</param>
    public static MessageFault Open(ReadOnlySpan<byte> file, ReadOnlySpan<byte> kind, out byte[] packets)
    {
        // The high bit starts a packet; the one text that may start so is a byte order mark.
        if ((file[0] & 0x80) != 0 && !file.StartsWith(ByteOrderMark))
        {
            packets = file.ToArray();
            return MessageFault.None;
        }

        var armour = new Armour(file, kind, new byte[file.Length], new byte[file.Length]);
        MessageFault fault = MessageFault.NotOpenPgp;
        while (armour.TrySkipTo("-----BEGIN PGP "u8))
        {
            fault = armour.ReadBlock();
            if (fault != MessageFault.None)
            {
                break;
            }
        }

        packets = fault == MessageFault.None ? armour.binary[..armour.length].ToArray() : [];
        return fault;
    }

    private static bool IsBoundary(ReadOnlySpan<byte> line, ReadOnlySpan<byte> start, ReadOnlySpan<byte> kind) =>
        line.StartsWith(start)
        && line[start.Length..].StartsWith(kind)
        && line[(start.Length + kind.Length)..].SequenceEqual("-----"u8);

    // Padding that a line break cut off is shorter.
    private static bool IsChecksum(ReadOnlySpan<byte> line) => line is [(byte)'=', _, _, ..];

    // Trimmed of white space and of a byte order mark.
    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (rest.IsEmpty)
        {
            return false;
        }

        int end = rest.IndexOf((byte)'\n');
        line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        line = (line.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line).Trim(" \t\r"u8);
        return true;
    }

    private bool TrySkipTo(ReadOnlySpan<byte> start)
    {
        while (TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (IsBoundary(line, start, kind))
            {
                return true;
            }
        }

        return false;
    }

    private MessageFault ReadBlock()
    {
        textLength = 0;
        bool inHeaders = true;
        while (TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("-----"u8))
            {
                return IsBoundary(line, "-----END PGP "u8, kind) ? Decode() : MessageFault.DamagedArmour;
            }

            // Only a header has a colon; where there is none, no blank line need stand before the data.
            if (line.IsEmpty || (inHeaders && line.Contains((byte)':')))
            {
                inHeaders &= !line.IsEmpty;
                continue;
            }

            inHeaders = false;
            if (IsChecksum(line))
            {
                continue;
            }

            line.CopyTo(text[textLength..]);
            textLength += line.Length;
        }

        return MessageFault.Truncated;
    }

    private MessageFault Decode()
    {
        OperationStatus status = Base64.DecodeFromUtf8(text[..textLength], binary[length..], out int read, out int written);
        if (status != OperationStatus.Done || read != textLength || written == 0)
        {
            return MessageFault.DamagedArmour;
        }

        length += written;
        return MessageFault.None;
    }
}
