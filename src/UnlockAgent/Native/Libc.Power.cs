// SPDX-License-Identifier: GPL-3.0-or-later
// reboot(2), sync(2) and getrandom(2).
using System.Runtime.InteropServices;

namespace UnlockAgent.Native;

internal static partial class Libc
{
    public const int RB_AUTOBOOT = 0x01234567;
    public const int RB_POWER_OFF = 0x4321FEDC;
    public const int GRND_INSECURE = 4;

    /// <summary>Ends the running kernel at once; does not return where it can.</summary>
    /// <param name="command">RB_AUTOBOOT or RB_POWER_OFF.</param>
    /// <returns>errno.</returns>
    public static int Reboot(int command) => RebootNative(command) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Has the kernel write what waits for its disks.</summary>
    [LibraryImport(Library, EntryPoint = "sync")]
    public static partial void Sync();

    /// <summary>
    /// Random bytes, without a wait for a kernel that has gathered little randomness yet: good enough for an arrangement, never for a
    /// secret.
    /// </summary>
    /// <returns>False where the kernel gives none (before Linux 5.6).</returns>
    public static unsafe bool TryGetRandom(Span<byte> random)
    {
        fixed (byte* first = random)
        {
            return RandomNative(first, (nuint)random.Length, GRND_INSECURE) == random.Length;
        }
    }

    [LibraryImport(Library, EntryPoint = "reboot", SetLastError = true)]
    private static partial int RebootNative(int command);

    [LibraryImport(Library, EntryPoint = "getrandom")]
    private static unsafe partial nint RandomNative(byte* buffer, nuint length, uint flags);
}
