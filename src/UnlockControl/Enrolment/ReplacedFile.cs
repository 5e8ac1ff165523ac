// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is written whole or not at all, and can be put back as it was. Readable for everybody: an encrypted key is no secret.

namespace UnlockControl.Enrolment;

internal sealed class ReplacedFile(string path)
{
    private const UnixFileMode FileMode0644 =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private byte[]? former;
    private UnixFileMode formerMode;
    private string? madeFolder;

    /// <summary>Remembers what is there and replaces it in one rename.</summary>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public void Write(ReadOnlySpan<byte> content)
    {
        Remember();
        string folder = Path.GetDirectoryName(path)!;
        madeFolder = Directory.Exists(folder) ? null : folder;
        try
        {
            Directory.CreateDirectory(folder);
            Replace(content, FileMode0644);
        }
        catch
        {
            RemoveMadeFolder();
            throw;
        }
    }

    /// <summary>Remembers what is there and takes it away.</summary>
    public void Delete()
    {
        Remember();
        File.Delete(path);
    }

    /// <summary>As before <see cref="Write"/> or <see cref="Delete"/>.</summary>
    public void Restore()
    {
        if (former is not null)
        {
            Replace(former, formerMode);
        }
        else
        {
            File.Delete(path);
        }

        RemoveMadeFolder();
    }

    private void RemoveMadeFolder()
    {
        if (madeFolder is not null && Directory.Exists(madeFolder))
        {
            Directory.Delete(madeFolder);
        }
    }

    private void Remember()
    {
        if (File.Exists(path))
        {
            former = File.ReadAllBytes(path);
            formerMode = File.GetUnixFileMode(path);
        }
    }

    private void Replace(ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        string next = path + ".unlockctl-new";
        try
        {
            using (var stream = new FileStream(next, new FileStreamOptions
            {
                Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = mode, BufferSize = 0,
            }))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.SetUnixFileMode(next, mode);
            File.Move(next, path, overwrite: true);
        }
        finally
        {
            File.Delete(next);
        }
    }
}
