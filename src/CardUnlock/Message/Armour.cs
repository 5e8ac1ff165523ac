// SPDX-License-Identifier: GPL-3.0-or-later
// ASCII armour (RFC 9580 section 6): a line -----BEGIN PGP kind-----, header lines, a blank line, base64 in lines, maybe
// = and a CRC24 (3 bytes in base64), a line -----END PGP kind-----. Text before and behind is nobody's concern.

using System.Buffers;
using System.Buffers.Text;

namespace CardUnlock;

/// <summary>Takes ASCII armour off; what is binary passes as it is.</summary>
internal ref struct Armour
{
    private const int ChecksumLineLength = 5;
    private const int ChecksumLength = 3;
    private const uint ChecksumStart = 0xB704CE;
    private const uint ChecksumPolynomial = 0x1864CFB;

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
    /// NotOpenPgp when there is none, Truncated when one does not end, DamagedArmour when one is no base64 or its
    /// checksum is wrong.
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
        ReadOnlySpan<byte> checksum = default;
        bool inHeaders = true;
        while (TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("-----"u8))
            {
                return IsBoundary(line, "-----END PGP "u8, kind) ? Decode(checksum) : MessageFault.DamagedArmour;
            }

            // Only a header has a colon; where there is none, no blank line need stand before the data.
            if (line.IsEmpty || (inHeaders && line.Contains((byte)':')))
            {
                inHeaders &= !line.IsEmpty;
                continue;
            }

            inHeaders = false;
            if (!checksum.IsEmpty)
            {
                return MessageFault.DamagedArmour;
            }

            if (line.Length == ChecksumLineLength && line[0] == '=')
            {
                checksum = line[1..];
                continue;
            }

            line.CopyTo(text[textLength..]);
            textLength += line.Length;
        }

        return MessageFault.Truncated;
    }

    private MessageFault Decode(ReadOnlySpan<byte> checksum)
    {
        Span<byte> to = binary[length..];
        OperationStatus status = Base64.DecodeFromUtf8(text[..textLength], to, out int read, out int written);
        if (status != OperationStatus.Done || read != textLength || written == 0)
        {
            return MessageFault.DamagedArmour;
        }

        length += written;
        return checksum.IsEmpty || IsChecksum(checksum, to[..written]) ? MessageFault.None : MessageFault.DamagedArmour;
    }

    // RFC 9580 section 6.1 would have a wrong one ignored, for the message's own protection is the better one. Here that
    // is checked only after a PIN was typed, so damage that can be told before is told before, as GnuPG does.
    private static bool IsChecksum(ReadOnlySpan<byte> checksum, ReadOnlySpan<byte> data)
    {
        Span<byte> expected = stackalloc byte[ChecksumLength];
        uint crc = ChecksumStart;
        foreach (byte b in data)
        {
            crc ^= (uint)b << 16;
            for (int bit = 0; bit < 8; bit++)
            {
                crc <<= 1;
                crc = (crc & 0x1000000) != 0 ? crc ^ ChecksumPolynomial : crc;
            }
        }

        return Base64.DecodeFromUtf8(checksum, expected, out _, out int written) == OperationStatus.Done
            && written == ChecksumLength
            && ((expected[0] << 16) | (expected[1] << 8) | expected[2]) == crc;
    }
}
