// SPDX-License-Identifier: GPL-3.0-or-later
// The PIN pad's digits in an order that nobody knows beforehand. Pure: the randomness is given.
namespace UnlockAgent.Machine;

internal static class DigitOrder
{
    /// <summary>The random bytes that an order takes: nine draws, and enough for those that are drawn again.</summary>
    public const int RandomBytes = 64;

    /// <summary>An order of the digits 0 to 9, each as likely as any other (Fisher and Yates).</summary>
    /// <param name="random"><see cref="RandomBytes"/> of them.</param>
    public static int[] From(ReadOnlySpan<byte> random)
    {
        int[] digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        for (int left = digits.Length; left > 1; left--)
        {
            int chosen = Draw(ref random, left);
            (digits[left - 1], digits[chosen]) = (digits[chosen], digits[left - 1]);
        }

        return digits;
    }

    /// <summary>A number below a bound. Bytes beyond its last whole multiple are passed over, which a remainder would favour.</summary>
    private static int Draw(ref ReadOnlySpan<byte> random, int below)
    {
        int fair = 256 - (256 % below);
        while (random.Length > 1 && random[0] >= fair)
        {
            random = random[1..];
        }

        int drawn = random[0] % below;
        random = random.Length > 1 ? random[1..] : random;
        return drawn;
    }
}
