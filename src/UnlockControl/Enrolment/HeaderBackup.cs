// SPDX-License-Identifier: GPL-3.0-or-later
// backup-header: a copy of what opens the volume, for the day on which the disk's own is damaged.

namespace UnlockControl.Enrolment;

internal static class HeaderBackup
{
    /// <exception cref="Refusal">The file is there already.</exception>
    public static ExitCode Write(Job job, string file)
    {
        string path = Path.GetFullPath(file);
        if (Path.Exists(path))
        {
            throw new Refusal(ExitCode.Failure, $"{path} is there already and is not overwritten. Choose another name.");
        }

        if (job.Options.DryRun)
        {
            job.Prompt.Say($"would do: Write the header of {job.Name} to {path}");
            return ExitCode.Success;
        }

        job.Prompt.Progress("Copying the header", _ => job.Volume.Backup(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        job.Prompt.Say($"The header of {job.Name} is copied to {path}.");
        job.Prompt.Say("It is good for one thing: where the header on the disk is damaged, `cryptsetup luksHeaderRestore "
            + $"--header-backup-file {path} {job.Volume.Device}` brings the volume back. Keep it on another medium.");
        job.Prompt.Say("It endangers another: whoever has it opens the disk with every passphrase and card that is good today, "
            + "also after you have changed or removed them. When you do, destroy it and make a new one.");
        return ExitCode.Success;
    }
}
