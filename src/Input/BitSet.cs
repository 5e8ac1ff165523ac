// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's bit sets as EVIOCGBIT and EVIOCGKEY fill them: bit n is bit n % 8 of byte n / 8 (little-endian
// machines). Pure.

namespace Input;

internal static class BitSet
{
    /// <summary>Whether a bit is set; bits beyond the end are not.</summary>
    internal static bool Has(ReadOnlySpan<byte> bits, int bit) =>
        bit / 8 < bits.Length && (bits[bit / 8] & (1 << (bit % 8))) != 0;
}
