// SPDX-License-Identifier: GPL-3.0-or-later
// An order for the PIN pad's digits, from the kernel's randomness.
using UnlockAgent.Machine;
using UnlockAgent.Native;

namespace UnlockAgent.Shell;

internal static class RandomDigits
{
    /// <summary>A new order; null where the kernel gives no randomness: then the digits stay as they are.</summary>
    public static int[]? NewOrder()
    {
        Span<byte> random = stackalloc byte[DigitOrder.RandomBytes];
        if (Libc.TryGetRandom(random))
        {
            return DigitOrder.From(random);
        }

        Log.Write("the kernel gives no random numbers: the digits stay in order");
        return null;
    }
}
