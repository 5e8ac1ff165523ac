// SPDX-License-Identifier: GPL-3.0-or-later
// The initramfs images as they were, until the work is whole: undoing takes no minute and needs no update-initramfs, and gives back the very
// bytes. A second name costs no room; where /boot knows none (FAT), the image is copied, and a /boot without room for that refuses.
using UnlockControl.Native;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

internal sealed class KeptImages(Initramfs initramfs)
{
    /// <summary>What update-initramfs leaves beside an image when it is ended: the former one, and the half of a new one.</summary>
    private static readonly string[] LeftByUpdate = [".dpkg-bak", ".new"];

    // No boot loader takes such a name for a kernel's image.
    private const string Suffix = ".before-unlockctl";

    private readonly List<string> images = [];
    private string[] absent = [];

    /// <summary>Gives each image a second name.</summary>
    /// <exception cref="IOException">One cannot be kept; nothing is.</exception>
    public void Keep()
    {
        string[] all = [.. initramfs.Kernels.Select(static kernel => kernel.Image)];
        absent = [.. all.Where(static image => !File.Exists(image))];
        try
        {
            foreach (string image in all.Except(absent))
            {
                // Left by a run that had no end: what it kept is older than what is there.
                File.Delete(image + Suffix);
                images.Add(image);
                if (HardLink.Make(image, image + Suffix) != 0)
                {
                    File.Copy(image, image + Suffix);
                }
            }
        }
        catch
        {
            Drop();
            throw;
        }
    }

    /// <summary>Puts each back in one rename; one that was not there is none again.</summary>
    public void Restore()
    {
        foreach (string image in images)
        {
            File.Move(image + Suffix, image, overwrite: true);

            // Renaming one name of a file onto another of the same leaves both (rename(2)).
            File.Delete(image + Suffix);
            foreach (string left in LeftByUpdate)
            {
                File.Delete(image + left);
            }
        }

        foreach (string image in absent)
        {
            File.Delete(image);
        }

        images.Clear();
    }

    /// <summary>They are not needed any more.</summary>
    public void Drop()
    {
        foreach (string image in images)
        {
            File.Delete(image + Suffix);
        }

        images.Clear();
    }
}
