// SPDX-License-Identifier: GPL-3.0-or-later
// Whoever reads the key waits for our end, and the kernel lets us end only when every input device is closed: some 50 ms for each, since
// it waits several times for all who may still look at the device (evdev_release, Linux 6.1). So the last to hold them is a child, which
// nobody waits for and which does nothing but end. Until then they stay grabbed: nobody else hears what is typed meanwhile.
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using UnlockAgent.Native;

namespace UnlockAgent.Shell;

internal static class LateClosing
{
    private const string Descriptors = "/proc/self/fd", Nothing = "/dev/null", Program = "/bin/sh";
    private const int First = 3;

    /// <summary>Leaves the input devices that are open here, and what watches for others, to a child. Where that fails, we end later.</summary>
    public static void Leave()
    {
        try
        {
            int[] slow = [.. Directory.EnumerateFiles(Descriptors).Where(IsSlow).Select(NumberOf).Where(static number => number >= First).Order()];
            using SafeFileHandle output = File.OpenHandle(Nothing, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            _ = Libc.Spawn(Program, ["-c", ":"], output, out _, slow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Write(e.Message);
        }
    }

    /// <summary>Whether a descriptor, as /proc has it, is one that the kernel takes long to close.</summary>
    internal static bool IsSlow(string descriptor) =>
        new FileInfo(descriptor).LinkTarget is { } target
        && (target.StartsWith("/dev/input/", StringComparison.Ordinal) || target == "anon_inode:inotify");

    private static int NumberOf(string descriptor) => int.Parse(Path.GetFileName(descriptor.AsSpan()), CultureInfo.InvariantCulture);
}
