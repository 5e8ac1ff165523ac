// SPDX-License-Identifier: GPL-3.0-or-later
// The images that the machine boots (/boot/initrd.img-*): rebuilt by update-initramfs, looked into by lsinitramfs, compared with what
// they are made from.

namespace UnlockControl.Volumes;

/// <summary>What is known of one image.</summary>
/// <param name="Missing">What a boot with a card would miss, each in words; empty: nothing.</param>
/// <param name="Newer">The files that changed after it was made; empty: none.</param>
internal sealed record ImageReport(string Path, string Kernel, IReadOnlyList<string> Missing, IReadOnlyList<string> Newer);

internal sealed class Initramfs
{
    /// <summary>Looks at every installed kernel's image.</summary>
    /// <param name="wanted">The entries that it must be able to open by card.</param>
    public IReadOnlyList<ImageReport> Look(IReadOnlyList<CrypttabEntry> wanted) => throw new NotSupportedException();

    /// <summary>update-initramfs -u -k all.</summary>
    /// <param name="line">Called with each line that it prints.</param>
    /// <returns>Null: done; else its exit status and last lines, for a person.</returns>
    public string? Update(Action<string> line) => throw new NotSupportedException();
}
