// SPDX-License-Identifier: GPL-3.0-or-later
// The initramfs images as they were, until the work is whole: undoing takes no minute and needs no update-initramfs, and gives back the
// very bytes. A second name costs no room; where /boot knows none (FAT), the image is copied, and a /boot without room for that refuses.
using UnlockControl.Native;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

internal sealed class KeptImages(Initramfs initramfs)
{
    /// <summary>What update-initramfs runs after it has made an image: on some machines the boot loader has a copy of its own.</summary>
    private const string BootLoaderHooks = "/etc/initramfs/post-update.d";

    // No boot loader takes such a name for a kernel's image.
    private const string Suffix = ".before-unlockctl";

    /// <summary>
    /// What update-initramfs leaves beside an image when it is ended: the next one, half, and a second name of the former.
    /// </summary>
    private static readonly string[] Leftovers = [".new", ".dpkg-bak"];

    private readonly List<string> images = [];
    private string[] absent = [];

    /// <summary>Gives each image a second name.</summary>
    /// <exception cref="IOException">One cannot be kept; nothing is.</exception>
    public void Keep()
    {
        string[] all = [.. initramfs.Kernels.Select(static kernel => kernel.Image)];
        var leftovers = all.SelectMany(static image => Leftovers.Select(end => image + end));
        absent = [.. all.Concat(leftovers).Where(static file => !File.Exists(file))];
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

    /// <summary>Puts each back in one rename; what was not there is none again.</summary>
    public void Restore()
    {
        List<string> changed = [];
        foreach (string image in images)
        {
            if (File.GetLastWriteTimeUtc(image) != File.GetLastWriteTimeUtc(image + Suffix))
            {
                changed.Add(image);
            }

            File.Move(image + Suffix, image, overwrite: true);

            // Renaming one name of a file onto another of the same leaves both (rename(2)).
            File.Delete(image + Suffix);
        }

        foreach (string file in absent)
        {
            File.Delete(file);
        }

        images.Clear();
        TellBootLoader(changed);
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

    /// <exception cref="StepException">The boot loader may still have the image that was not to be.</exception>
    private void TellBootLoader(List<string> changed)
    {
        foreach (var (kernel, image) in initramfs.Kernels.Where(pair => changed.Contains(pair.Image)))
        {
            if (Directory.Exists(BootLoaderHooks)
                && ChildProgram.Run("run-parts", ["--arg=" + kernel, "--arg=" + image, BootLoaderHooks]).Status != 0)
            {
                throw new StepException($"The boot loader could not be told that {image} is as it was: `update-initramfs -u -k "
                    + $"{kernel}` does it.");
            }
        }
    }
}
