// SPDX-License-Identifier: GPL-3.0-or-later
// What a process holds at a moment, by /proc: what it must not hold more of after a thousand unlocks than before (proc(5)).
using System.Globalization;
using System.Text.RegularExpressions;

namespace Soak.Tests;

/// <summary>Counts of a process.</summary>
/// <param name="Descriptors">Open file descriptors.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Children">Processes that it started and that are there.</param>
/// <param name="LockedKilobytes">Memory that is locked (VmLck).</param>
/// <param name="OwnKilobytes">Memory that is its own and was written to (Private_Dirty of smaps_rollup).</param>
internal sealed partial record Possessions(int Descriptors, int Threads, int Children, long LockedKilobytes, long OwnKilobytes)
{
    /// <param name="process">Its number, or "self".</param>
    public static Possessions Of(string process)
    {
        string folder = "/proc/" + process;
        string status = File.ReadAllText(folder + "/status");
        return new(
            Directory.GetFileSystemEntries(folder + "/fd").Length,
            (int)Number(Threads_().Match(status)),
            Directory.GetDirectories(folder + "/task").Sum(task => ReadOrNothing(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length),
            Number(Locked().Match(status)),
            Number(Dirty().Match(File.ReadAllText(folder + "/smaps_rollup"))));
    }

    // A thread may end between the two looks.
    private static string ReadOrNothing(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static long Number(Match match) => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Threads:\s+(\d+)")]
    private static partial Regex Threads_();

    [GeneratedRegex(@"VmLck:\s+(\d+) kB")]
    private static partial Regex Locked();

    [GeneratedRegex(@"Private_Dirty:\s+(\d+) kB")]
    private static partial Regex Dirty();
}
