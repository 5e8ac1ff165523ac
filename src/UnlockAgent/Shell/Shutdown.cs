// SPDX-License-Identifier: GPL-3.0-or-later
// Powers the device off or restarts it, from the initramfs: nothing else runs there that needs stopping.
using CardUnlock;
using UnlockAgent.Native;

namespace UnlockAgent.Shell;

internal static class Shutdown
{
    // Enough for a card's reset; the device shall not stay on for a reader that hangs.
    private const int CareMilliseconds = 2000;

    /// <summary>True where this is the initramfs of a boot, and the device this program's to end.</summary>
    public static bool IsAllowed => File.Exists("/cryptroot/crypttab");

    /// <summary>Resets every card, writes what waits for a disk, and ends the kernel; returns only where that failed.</summary>
    public static void Run(LoopEnd end)
    {
        string what = end == LoopEnd.Restart ? "restarts" : "powers off";
        Log.Write("the device " + what);
        if (!IsAllowed)
        {
            Log.Write("this is no initramfs: somebody else has to do it");
            return;
        }

        // Both can wait for hardware without a limit.
        var care = new Thread(TakeCare) { IsBackground = true, Name = "care" };
        care.Start();
        care.Join(CareMilliseconds);
        int errno = Libc.Reboot(end == LoopEnd.Restart ? Libc.RB_AUTOBOOT : Libc.RB_POWER_OFF);
        Log.Write($"the device cannot be ended: error {errno}");
    }

    private static void TakeCare()
    {
        CardMonitor.PowerDown();
        Libc.Sync();
    }
}
