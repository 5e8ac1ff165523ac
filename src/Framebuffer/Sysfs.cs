// SPDX-License-Identifier: GPL-3.0-or-later
// Attributes of sysfs: files of one line. What is absent or cannot be read is null.

namespace Framebuffer;

internal static class Sysfs
{
    /// <summary>An attribute without its line's end.</summary>
    internal static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Sets an attribute; false where it is absent or refuses.</summary>
    internal static bool Write(string path, string value)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(value + "\n"));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The names in a folder, in order; none where there is no folder.</summary>
    internal static List<string> List(string folder)
    {
        try
        {
            List<string> names = [.. Directory.GetFileSystemEntries(folder)];
            for (int i = 0; i < names.Count; i++)
            {
                names[i] = Path.GetFileName(names[i]);
            }

            names.Sort(string.CompareOrdinal);
            return names;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Where a link leads, its own folder being no link.</summary>
    internal static string? Follow(string link)
    {
        try
        {
            return Directory.ResolveLinkTarget(link, returnFinalTarget: false) is { } target ? Path.GetFullPath(target.FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
