// SPDX-License-Identifier: GPL-3.0-or-later
// A string of a JSON text as it stands there, escapes and all (RFC 8259 section 7); JsonReader has checked them.

using System.Globalization;
using System.Text;

namespace CardUnlock;

internal readonly ref struct JsonString(ReadOnlySpan<byte> raw)
{
    public const int HexDigits = 4;

    /// <summary>The bytes of the longest escape: \u and four digits.</summary>
    public const int LongestEscape = 6;

    private readonly ReadOnlySpan<byte> raw = raw;

    /// <summary>At least as many bytes as the string has in UTF-8.</summary>
    public int MaxLength => raw.Length;

    /// <summary>The number of four hexadecimal digits.</summary>
    public static bool TryHex(ReadOnlySpan<byte> digits, out int unit)
    {
        // The library's parser takes zero bytes for the end of a number.
        unit = 0;
        return !digits[..HexDigits].Contains((byte)0)
            && int.TryParse(digits[..HexDigits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out unit);
    }

    /// <summary>True where the string is these characters, escaped or not.</summary>
    public bool Is(ReadOnlySpan<byte> ascii)
    {
        if (raw.IndexOf((byte)'\\') < 0)
        {
            return raw.SequenceEqual(ascii);
        }

        byte[] decoded = new byte[MaxLength];
        return decoded.AsSpan(0, Decode(decoded)).SequenceEqual(ascii);
    }

    /// <summary>
    /// The number below <paramref name="limit"/> (at most 100) that the string writes in decimal, without leading zeros.
    /// </summary>
    public bool TryNumber(int limit, out int number)
    {
        const int MaxDigits = 2;
        number = 0;
        if (MaxLength is 0 or > MaxDigits * LongestEscape)
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[MaxLength];
        digits = digits[..Decode(digits)];
        bool isPadded = digits.Length > 1 && digits[0] == '0';
        if (isPadded || digits.Length > MaxDigits || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        foreach (byte digit in digits)
        {
            number = (number * 10) + digit - '0';
        }

        return number < limit;
    }

    /// <summary>Writes the string in UTF-8.</summary>
    /// <param name="to">Takes <see cref="MaxLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Decode(Span<byte> to)
    {
        int length = 0;
        for (ReadOnlySpan<byte> rest = raw; !rest.IsEmpty;)
        {
            int plain = rest.IndexOf((byte)'\\');
            plain = plain < 0 ? rest.Length : plain;
            rest[..plain].CopyTo(to[length..]);
            length += plain;
            rest = rest[plain..];
            if (!rest.IsEmpty)
            {
                length += DecodeEscape(ref rest).EncodeToUtf8(to[length..]);
            }
        }

        return length;
    }

    private static Rune DecodeEscape(ref ReadOnlySpan<byte> rest)
    {
        const int ShortLength = 2, UnitLength = 2 + HexDigits;
        byte kind = rest[1];
        if (kind != 'u')
        {
            rest = rest[ShortLength..];
            return (Rune)(char)(kind switch
            {
                (byte)'b' => 0x08,
                (byte)'f' => 0x0C,
                (byte)'n' => 0x0A,
                (byte)'r' => 0x0D,
                (byte)'t' => 0x09,
                _ => kind,
            });
        }

        _ = TryHex(rest[2..], out int unit);
        rest = rest[UnitLength..];
        if (!char.IsHighSurrogate((char)unit))
        {
            return new Rune(unit);
        }

        _ = TryHex(rest[2..], out int low);
        rest = rest[UnitLength..];
        return new Rune((char)unit, (char)low);
    }
}
