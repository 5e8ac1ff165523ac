// SPDX-License-Identifier: GPL-3.0-or-later
// Reads one JSON text (RFC 8259) forward, over its UTF-8 bytes: strict, nothing allocated, nested at most 32 deep as in
// LUKS2's own parser. Not System.Text.Json's, which throws at what a header may well hold, and adds 70 KB.

namespace CardUnlock;

/// <summary>What stands next in a JSON text.</summary>
internal enum JsonKind
{
    Object,
    Array,
    String,

    /// <summary>A number, true, false, null, or what is no JSON.</summary>
    Other,
}

/// <summary>
/// Failure is sticky: once the text is malformed, every further step answers no. The caller asks <see cref="IsWhole"/> at
/// the end.
/// </summary>
internal ref struct JsonReader(ReadOnlySpan<byte> text)
{
    public const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> text = text;
    private int at;
    private int depth;
    private bool isFresh;
    private bool failed;

    /// <summary>What stands next, before any step over it.</summary>
    public JsonKind Next => Peek() switch
    {
        (byte)'{' => JsonKind.Object,
        (byte)'[' => JsonKind.Array,
        (byte)'"' => JsonKind.String,
        _ => JsonKind.Other,
    };

    /// <summary>True where one value was read, well formed from the first byte to the last.</summary>
    public bool IsWhole => Peek() < 0 && !failed && depth == 0;

    /// <summary>Steps into the object or array that stands next.</summary>
    public void Enter()
    {
        at++;
        isFresh = true;
        failed |= ++depth > MaxDepth;
    }

    /// <summary>Steps to the next field's value in the object entered last, or out of the object.</summary>
    public bool NextField(out JsonString name)
    {
        name = default;
        if (!NextItem((byte)'}'))
        {
            return false;
        }

        name = ReadString();
        Expect((byte)':');
        return !failed;
    }

    /// <summary>Steps to the next element of the array entered last, or out of the array.</summary>
    public bool NextElement() => NextItem((byte)']');

    /// <summary>Reads the string that stands next.</summary>
    public JsonString ReadString()
    {
        Expect((byte)'"');
        int start = at;
        while (!failed && Take() is var b && b != '"')
        {
            failed |= b < ' ';
            if (b == '\\')
            {
                TakeEscape();
            }
        }

        return failed ? default : new JsonString(text[start..(at - 1)]);
    }

    /// <summary>Steps over the value that stands next, whatever it is.</summary>
    public void Skip()
    {
        switch (Next)
        {
            case JsonKind.Object:
                Enter();
                while (NextField(out _))
                {
                    Skip();
                }

                break;
            case JsonKind.Array:
                Enter();
                while (NextElement())
                {
                    Skip();
                }

                break;
            case JsonKind.String:
                ReadString();
                break;
            default:
                SkipWord();
                break;
        }
    }

    private bool NextItem(byte end)
    {
        int next = Peek();
        if (failed || next < 0)
        {
            failed = true;
            return false;
        }

        if (next == end)
        {
            at++;
            depth--;
            isFresh = false;
            return false;
        }

        if (!isFresh)
        {
            Expect((byte)',');
        }

        isFresh = false;
        return !failed;
    }

    private void SkipWord()
    {
        Peek();
        ReadOnlySpan<byte> rest = text[at..];
        int length = rest.StartsWith("true"u8) || rest.StartsWith("null"u8) ? 4
            : rest.StartsWith("false"u8) ? 5
            : NumberLength(rest);
        at += length;
        failed |= length == 0;
    }

    /// <summary>Bytes that the number at the start takes; 0: there is none. Its value is nobody's business.</summary>
    private static int NumberLength(ReadOnlySpan<byte> rest)
    {
        int at = rest.StartsWith("-"u8) ? 1 : 0;
        int whole = DigitCount(rest[at..]);
        if (whole == 0 || (whole > 1 && rest[at] == '0'))
        {
            return 0;
        }

        at += whole;
        if (at < rest.Length && rest[at] == '.')
        {
            int fraction = DigitCount(rest[(at + 1)..]);
            if (fraction == 0)
            {
                return 0;
            }

            at += 1 + fraction;
        }

        return at < rest.Length && (rest[at] | 0x20) == 'e' ? ExponentEnd(rest, at + 1) : at;
    }

    private static int ExponentEnd(ReadOnlySpan<byte> rest, int at)
    {
        if (at < rest.Length && rest[at] is (byte)'+' or (byte)'-')
        {
            at++;
        }

        int digits = DigitCount(rest[at..]);
        return digits == 0 ? 0 : at + digits;
    }

    private static int DigitCount(ReadOnlySpan<byte> rest)
    {
        int other = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return other < 0 ? rest.Length : other;
    }

    private void TakeEscape()
    {
        int escape = Take();
        if (escape != 'u')
        {
            failed |= escape < 0 || !"\"\\/bfnrt"u8.Contains((byte)escape);
            return;
        }

        int unit = TakeHex();
        if (char.IsHighSurrogate((char)unit))
        {
            // Half a character is none.
            failed |= Take() != '\\' || Take() != 'u' || !char.IsLowSurrogate((char)TakeHex());
        }
        else
        {
            failed |= char.IsLowSurrogate((char)unit);
        }
    }

    private int TakeHex()
    {
        if (text.Length - at < JsonString.HexDigits || !JsonString.TryHex(text[at..], out int unit))
        {
            failed = true;
            return 0;
        }

        at += JsonString.HexDigits;
        return unit;
    }

    private void Expect(byte wanted)
    {
        Peek();
        failed |= Take() != wanted;
    }

    /// <summary>The byte after white space, not taken; -1 at the end.</summary>
    private int Peek()
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at < text.Length ? text[at] : -1;
    }

    private int Take()
    {
        if (at < text.Length)
        {
            return text[at++];
        }

        failed = true;
        return -1;
    }
}
