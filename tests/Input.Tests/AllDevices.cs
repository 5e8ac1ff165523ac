// SPDX-License-Identifier: GPL-3.0-or-later

namespace Input.Tests;

internal static class AllDevices
{
    /// <summary>Opens every usable device of a folder, for a screen of 720×1440.</summary>
    public static InputDevices Of(string directory)
    {
        var devices = InputDevices.Begin(720, 1440, directory: directory);
        devices.OpenRest();
        return devices;
    }
}
