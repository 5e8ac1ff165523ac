// SPDX-License-Identifier: GPL-3.0-or-later
// BER-TLV as OpenPGP cards use it (ISO 7816-4 section 5.2.2): tags of 1 or 2 bytes, lengths of 1 to 3 bytes.

namespace CardSimulator;

/// <summary>Reads and writes tag, length, value.</summary>
internal static class Tlv
{
    /// <summary>Encodes one object whose value is the concatenation of <paramref name="parts"/>.</summary>
    public static byte[] Encode(int tag, params ReadOnlySpan<byte[]> parts)
    {
        byte[] value = Concat(parts);
        List<byte> bytes = [];
        if (tag > 0xFF)
        {
            bytes.Add((byte)(tag >> 8));
        }

        bytes.Add((byte)tag);
        if (value.Length > 0xFF)
        {
            bytes.AddRange([0x82, (byte)(value.Length >> 8), (byte)value.Length]);
        }
        else if (value.Length > 0x7F)
        {
            bytes.AddRange([0x81, (byte)value.Length]);
        }
        else
        {
            bytes.Add((byte)value.Length);
        }

        return [.. bytes, .. value];
    }

    public static byte[] Concat(params ReadOnlySpan<byte[]> parts)
    {
        List<byte> bytes = [];
        foreach (byte[] part in parts)
        {
            bytes.AddRange(part);
        }

        return [.. bytes];
    }

    /// <summary>Reads a tag and a length, and advances behind them; the value itself stays in the span.</summary>
    public static bool TryReadHeader(scoped ref ReadOnlySpan<byte> bytes, out int tag, out int length)
    {
        length = 0;
        if (!TryReadTag(ref bytes, out tag) || bytes.IsEmpty)
        {
            return false;
        }

        int first = bytes[0];
        int more = first < 0x80 ? 0 : first - 0x80;
        if (more > 2 || first == 0x80 || bytes.Length < 1 + more)
        {
            return false;
        }

        length = more == 0 ? first : 0;
        for (int i = 1; i <= more; i++)
        {
            length = (length << 8) | bytes[i];
        }

        bytes = bytes[(1 + more)..];
        return true;
    }

    /// <summary>Reads one whole object and advances behind it.</summary>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> bytes, out int tag, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadHeader(ref bytes, out tag, out int length) || bytes.Length < length)
        {
            return false;
        }

        value = bytes[..length];
        bytes = bytes[length..];
        return true;
    }

    /// <summary>Finds the first object of a tag on the top level; empty where there is none.</summary>
    public static bool TryFind(ReadOnlySpan<byte> bytes, int wanted, out ReadOnlySpan<byte> value)
    {
        while (TryRead(ref bytes, out int tag, out value))
        {
            if (tag == wanted)
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    private static bool TryReadTag(scoped ref ReadOnlySpan<byte> bytes, out int tag)
    {
        tag = 0;
        if (bytes.IsEmpty)
        {
            return false;
        }

        int size = (bytes[0] & 0x1F) == 0x1F ? 2 : 1;
        if (bytes.Length < size)
        {
            return false;
        }

        tag = size == 1 ? bytes[0] : (bytes[0] << 8) | bytes[1];
        bytes = bytes[size..];
        return true;
    }
}
