// SPDX-License-Identifier: GPL-3.0-or-later
// BER-TLV (ISO/IEC 8825-1) as OpenPGP cards use it: tags of 1 or 2 bytes, lengths of 1 to 3 bytes.

namespace CardUnlock;

/// <summary>
/// Reads and writes BER-TLV objects over spans; a malformed object ends the reading, it never throws.
/// </summary>
internal static class Tlv
{
    /// <summary>
    /// Finds <paramref name="tag"/> among the objects that stand side by side in <paramref name="objects"/>.
    /// </summary>
    public static bool TryFind(ReadOnlySpan<byte> objects, int tag, out ReadOnlySpan<byte> value)
    {
        while (TryRead(ref objects, out int found, out value))
        {
            if (found == tag)
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Takes the first object off <paramref name="objects"/>.</summary>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> objects, out int tag, out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryReadTag(ref objects, out tag) && TryReadLength(ref objects, out int length) && TryTake(ref objects, length, out value);
    }

    /// <summary>The bytes that tag and length take in front of a value of <paramref name="length"/> bytes.</summary>
    public static int HeaderLength(int tag, int length) => (tag > 0xFF ? 2 : 1) + (length < 0x80 ? 1 : length < 0x100 ? 2 : 3);

    /// <summary>Writes tag and length (below 65536) and returns how many bytes that took.</summary>
    public static int WriteHeader(Span<byte> to, int tag, int length)
    {
        int at = 0;
        if (tag > 0xFF)
        {
            to[at++] = (byte)(tag >> 8);
        }

        to[at++] = (byte)tag;
        if (length >= 0x100)
        {
            to[at++] = 0x82;
            to[at++] = (byte)(length >> 8);
        }
        else if (length >= 0x80)
        {
            to[at++] = 0x81;
        }

        to[at++] = (byte)length;
        return at;
    }

    private static bool TryReadTag(scoped ref ReadOnlySpan<byte> objects, out int tag)
    {
        tag = 0;
        if (!TryTake(ref objects, 1, out ReadOnlySpan<byte> first))
        {
            return false;
        }

        tag = first[0];
        if ((tag & 0x1F) != 0x1F)
        {
            return true;
        }

        if (!TryTake(ref objects, 1, out ReadOnlySpan<byte> second) || (second[0] & 0x80) != 0)
        {
            return false;
        }

        tag = (tag << 8) | second[0];
        return true;
    }

    private static bool TryReadLength(scoped ref ReadOnlySpan<byte> objects, out int length)
    {
        length = 0;
        if (!TryTake(ref objects, 1, out ReadOnlySpan<byte> first))
        {
            return false;
        }

        length = first[0];
        if (length < 0x80)
        {
            return true;
        }

        if (length is not (0x81 or 0x82) || !TryTake(ref objects, length - 0x80, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        length = bytes.Length == 1 ? bytes[0] : (bytes[0] << 8) | bytes[1];
        return true;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> from, int count, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (count > from.Length)
        {
            return false;
        }

        taken = from[..count];
        from = from[count..];
        return true;
    }
}
