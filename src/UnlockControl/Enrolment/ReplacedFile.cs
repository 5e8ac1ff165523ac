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
    private bool isTouched;

    /// <summary>Remembers what is there and replaces it in one rename.</summary>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public void Write(ReadOnlySpan<byte> content)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            madeFolder = folder;
        }

        Remember();
        Replace(content, FileMode0644);
    }

    /// <summary>Remembers what is there and takes it away.</summary>
    public void Delete()
    {
        Remember();
        File.Delete(path);
    }

    /// <summary>As before <see cref="Write"/>.</summary>
    public void Restore()
    {
        if (isTouched && former is not null)
        {
            Replace(former, formerMode);
        }
        else if (isTouched)
        {
            File.Delete(path);
        }

        if (madeFolder is not null)
        {
            Directory.Delete(madeFolder);
        }

        (isTouched, madeFolder) = (false, null);
    }

    private void Remember()
    {
        if (File.Exists(path))
        {
            former = File.ReadAllBytes(path);
            formerMode = File.GetUnixFileMode(path);
        }

        isTouched = true;
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
