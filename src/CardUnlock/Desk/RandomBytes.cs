// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's random bytes, getrandom(2), straight into the caller's memory.

using CardUnlock.Native;

namespace CardUnlock;

internal static class RandomBytes
{
    private const int Interrupted = 4;

    /// <summary>Fills <paramref name="to"/>; blocks until the kernel's generator is seeded.</summary>
    /// <exception cref="SecretMemoryException">The kernel has no such call.</exception>
    public static unsafe void Fill(Span<byte> to)
    {
        while (!to.IsEmpty)
        {
            nint count;
            fixed (byte* at = to)
            {
                count = Libc.getrandom(at, (nuint)to.Length, 0);
            }

            if (count < 0 && Libc.LastError != Interrupted)
            {
                throw new SecretMemoryException("getrandom", Libc.LastError);
            }

            to = to[(int)Math.Max(count, 0)..];
        }
    }
}
