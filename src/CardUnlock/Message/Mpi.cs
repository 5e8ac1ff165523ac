// SPDX-License-Identifier: GPL-3.0-or-later
// Multiprecision integers (RFC 9580 section 3.2): bit count 2, then the bytes, big-endian.

using System.Buffers.Binary;

namespace CardUnlock;

internal static class Mpi
{
    /// <summary>
    /// Takes one off <paramref name="rest"/>; false when it is empty or ends behind it.
    /// </summary>
    public static bool TryRead(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> number)
    {
        number = default;
        if (rest.Length < 2)
        {
            return false;
        }

        int length = (BinaryPrimitives.ReadUInt16BigEndian(rest) + 7) / 8;
        if (length == 0 || length > rest.Length - 2)
        {
            return false;
        }

        number = rest.Slice(2, length);
        rest = rest[(2 + length)..];
        return true;
    }
}
