// SPDX-License-Identifier: GPL-3.0-or-later
// The file itself: replaced whole in one rename, so that a power cut leaves the old one or the new one, and never without a backup.
using System.Globalization;
using System.Text;
using UnlockControl.Native;

namespace UnlockControl.Volumes;

internal sealed partial class Crypttab
{
    /// <summary>Replaces the file in one rename, mode and owner kept; the former content goes to a backup beside it.</summary>
    /// <returns>The backup's path; null: the file is so already, and nothing was written.</returns>
    /// <exception cref="StepException">Someone else changed the file since it was read.</exception>
    public string? Save(string path = Path)
    {
        string target = Target(path);
        byte[] before = File.ReadAllBytes(target);
        if (_read is not null && Encoding.Latin1.GetString(before) != _read)
        {
            throw new StepException($"{path} was changed by another program just now; nothing was written. Try again.");
        }

        byte[] after = Encoding.Latin1.GetBytes(Raw);
        if (before.AsSpan().SequenceEqual(after))
        {
            return null;
        }

        string backup = Write(FreeName(path), before, target);
        Replace(target, after);
        return backup;
    }

    /// <summary>Puts a backup of <see cref="Save"/> back in one rename; the backup is gone then.</summary>
    public static void Restore(string backup, string path = Path)
    {
        string target = Target(path);
        File.Move(backup, target, overwrite: true);
        SyncFolder(target);
    }

    private static string Target(string path) => BlockDevices.RealPath(path);

    private static void Replace(string target, byte[] content)
    {
        string fresh = target + ".unlockctl-new";
        File.Delete(fresh);
        _ = Write(fresh, content, target);
        try
        {
            File.Move(fresh, target, overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(fresh);
            throw;
        }

        SyncFolder(target);
    }

    /// <summary>A new file on the disk, with the mode and owner of another.</summary>
    private static string Write(string path, byte[] content, string like)
    {
        using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        // chown first: it clears the bits that chmod may set.
        if (!LibcFiles.TryGetStatus(like, out statx status) || LibcFiles.SetOwner(path, status.stx_uid, status.stx_gid) != 0)
        {
            File.Delete(path);
            throw new StepException($"{path} cannot be given to the owner of {like}; run this as root.");
        }

        File.SetUnixFileMode(path, File.GetUnixFileMode(like));
        _ = LibcFiles.Sync(path);
        return path;
    }

    private static string FreeName(string path)
    {
        string name = $"{path}.before-unlockctl-{DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        string free = name;
        for (int i = 2; System.IO.Path.Exists(free); i++)
        {
            free = $"{name}-{i}";
        }

        return free;
    }

    private static void SyncFolder(string file) => _ = LibcFiles.Sync(System.IO.Path.GetDirectoryName(file) ?? "/");
}
