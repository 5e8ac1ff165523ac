// SPDX-License-Identifier: GPL-3.0-or-later
// The cardholder's name, data object 5B (OpenPGP card 3.4 section 4.4.3.4): at most 39 bytes of ISO 8859-1, written
// Surname<<Given<Names as ISO/IEC 7501-1 has it.

namespace CardUnlock;

/// <summary>From the card's spelling to a person's.</summary>
internal static class HolderName
{
    private const int MaxLength = 39;

    /// <summary>
    /// "Lovelace&lt;&lt;Ada" gives "Ada Lovelace"; what cannot be shown, such as a control character, is left out.
    /// </summary>
    public static string Read(ReadOnlySpan<byte> name)
    {
        name = name[..Math.Min(name.Length, MaxLength)];
        int split = name.IndexOf("<<"u8);
        return split < 0 ? Words(name) : $"{Words(name[(split + 2)..])} {Words(name[..split])}".Trim();
    }

    private static string Words(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[MaxLength];
        int length = 0;
        foreach (byte letter in name)
        {
            // ISO 8859-1's bytes are Unicode's first 256 code points.
            char read = letter == (byte)'<' ? ' ' : (char)letter;
            bool again = read == ' ' && (length == 0 || text[length - 1] == ' ');
            if (!again && !char.IsControl(read))
            {
                text[length++] = read;
            }
        }

        return text[..length].TrimEnd().ToString();
    }
}
