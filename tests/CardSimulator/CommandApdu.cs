// SPDX-License-Identifier: GPL-3.0-or-later
// A command APDU as bytes on the wire (ISO 7816-4 section 5.1): CLA INS P1 P2, then one of the four cases,
// short (Lc 1 byte, up to 255 bytes of data) or extended (00 and 2 bytes, up to 65535).

namespace CardSimulator;

/// <summary>One command APDU, parsed.</summary>
/// <param name="Cla">Class byte; bit 0x10 means that more parts of a chain follow.</param>
/// <param name="Ins">Instruction byte.</param>
/// <param name="P1">First parameter byte.</param>
/// <param name="P2">Second parameter byte.</param>
/// <param name="Data">The command's data, empty in cases 1 and 2.</param>
/// <param name="Le">Most bytes that may be answered, 1 to 65536; null where the command has no Le.</param>
/// <param name="Extended">Whether a length was written in the extended form.</param>
public sealed record CommandApdu(byte Cla, byte Ins, byte P1, byte P2, byte[] Data, int? Le, bool Extended)
{
    private const int HeaderLength = 4;
    private const int MaxShortLe = 256;
    private const int MaxExtendedLe = 65536;

    /// <summary>P1 and P2 as one big-endian number, the tag of a GET DATA or PUT DATA.</summary>
    public int Parameter => (P1 << 8) | P2;

    /// <summary>Whether further parts of a command chain follow (ISO 7816-4 section 5.1.1.1).</summary>
    public bool IsChained => (Cla & 0x10) != 0;

    /// <summary>Parses a command of any of the four cases, short or extended.</summary>
    /// <returns>null where the lengths contradict each other.</returns>
    public static CommandApdu? Parse(ReadOnlySpan<byte> apdu)
    {
        if (apdu.Length < HeaderLength)
        {
            return null;
        }

        ReadOnlySpan<byte> body = apdu[HeaderLength..];
        return body.Length switch
        {
            0 => Make(apdu, [], null, false),
            1 => Make(apdu, [], ShortLe(body[0]), false),
            _ when body[0] != 0 => ParseShort(apdu, body),
            _ => ParseExtended(apdu, body),
        };
    }

    private static CommandApdu? ParseShort(ReadOnlySpan<byte> apdu, ReadOnlySpan<byte> body)
    {
        int lc = body[0];
        ReadOnlySpan<byte> rest = body[1..];
        return (rest.Length - lc) switch
        {
            0 => Make(apdu, rest, null, false),
            1 => Make(apdu, rest[..lc], ShortLe(rest[lc]), false),
            _ => null,
        };
    }

    private static CommandApdu? ParseExtended(ReadOnlySpan<byte> apdu, ReadOnlySpan<byte> body)
    {
        if (body.Length < 3)
        {
            return null;
        }

        int length = (body[1] << 8) | body[2];
        ReadOnlySpan<byte> rest = body[3..];
        if (rest.IsEmpty)
        {
            return Make(apdu, [], ExtendedLe(length), true);
        }

        if (length == 0)
        {
            return null;
        }

        return (rest.Length - length) switch
        {
            0 => Make(apdu, rest, null, true),
            2 => Make(apdu, rest[..length], ExtendedLe((rest[length] << 8) | rest[length + 1]), true),
            _ => null,
        };
    }

    private static CommandApdu Make(ReadOnlySpan<byte> apdu, ReadOnlySpan<byte> data, int? le, bool extended) =>
        new(apdu[0], apdu[1], apdu[2], apdu[3], data.ToArray(), le, extended);

    private static int ShortLe(byte le) => le == 0 ? MaxShortLe : le;

    private static int ExtendedLe(int le) => le == 0 ? MaxExtendedLe : le;
}
