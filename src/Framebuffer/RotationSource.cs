// SPDX-License-Identifier: GPL-3.0-or-later
// How the kernel says that the picture has to be turned. Its console knows: /sys/class/graphics/fbcon/rotate holds what
// fbcon=rotate, the video= option and the panel's orientation come to, as far as no hardware plane turns the picture already
// (drm_client_rotation: planes turn by a half only). Where no console is bound to the screen, it holds 0 and knows nothing.

using System.Globalization;

namespace Framebuffer;

internal static class RotationSource
{
    /// <summary>For a frame buffer device.</summary>
    /// <param name="sysfs">The folder that sysfs is mounted on.</param>
    /// <param name="commandLine">The kernel's command line.</param>
    /// <param name="panel">Asks how the panel is built in; called only where the console does not know.</param>
    internal static Rotation Find(string sysfs, string commandLine, Func<Rotation?> panel)
    {
        if (Parse(Sysfs.Read(Path.Join(sysfs, "class", "graphics", "fbcon", "rotate"))) is { } console and not Rotation.None)
        {
            return console;
        }

        if (OnCommandLine(commandLine) is { } told)
        {
            return told;
        }

        // A half turn may be done by a plane, which nobody but the console could tell.
        return !IsConsoleBound(sysfs) && panel() is { } built && built.IsSideways() ? built : Rotation.None;
    }

    /// <summary>For a DRM card, which nothing turns by itself.</summary>
    /// <param name="commandLine">The kernel's command line.</param>
    /// <param name="panel">How the panel is built in.</param>
    internal static Rotation Find(string commandLine, Rotation? panel) => OnCommandLine(commandLine) ?? panel ?? Rotation.None;

    /// <summary>The last fbcon=rotate:N, alone or among other options of fbcon.</summary>
    private static Rotation? OnCommandLine(string commandLine)
    {
        Rotation? found = null;
        foreach (string word in commandLine.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!word.StartsWith("fbcon=", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (string option in word["fbcon=".Length..].Split(','))
            {
                found = option.StartsWith("rotate:", StringComparison.Ordinal) ? Parse(option["rotate:".Length..]) ?? found : found;
            }
        }

        return found;
    }

    private static bool IsConsoleBound(string sysfs)
    {
        string consoles = Path.Join(sysfs, "class", "vtconsole");
        return Sysfs.List(consoles).Exists(name =>
            Sysfs.Read(Path.Join(consoles, name, "name"))?.Contains("frame buffer device", StringComparison.Ordinal) == true
            && Sysfs.Read(Path.Join(consoles, name, "bind")) == "1");
    }

    private static Rotation? Parse(string? number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int turns) && turns is >= 0 and <= 3
            ? (Rotation)turns
            : null;
}
