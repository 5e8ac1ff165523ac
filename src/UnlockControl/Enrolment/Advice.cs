// SPDX-License-Identifier: GPL-3.0-or-later
// What a person should know once the work is done.
namespace UnlockControl.Enrolment;

internal static class Advice
{
    /// <summary>Says where only cards open the volume: with the last card lost, so is the data.</summary>
    public static void SayWhoElse(Job job)
    {
        if (job.Volume.PassphraseSlots.Count == 0)
        {
            job.Prompt.Say($"Mind: no passphrase opens {job.Name}, only cards do. If they are lost, so is the data. "
                + $"`cryptsetup luksAddKey {job.Volume.Device}` adds a passphrase.");
        }
    }

    /// <summary>Keys that were taken away still open what was copied before.</summary>
    public static void SayOldBackups(Job job) => job.Prompt.Say(
        $"Backups of {job.Name}'s header that were made before still open with the old key: destroy them, and make a new one with "
        + $"`unlockctl backup-header {job.Name} FILE`.");
}
