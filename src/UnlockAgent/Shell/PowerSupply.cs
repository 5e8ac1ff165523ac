// SPDX-License-Identifier: GPL-3.0-or-later
// The battery as the kernel tells it (Linux documentation, ABI/testing/sysfs-class-power): one folder for each supply, one small
// file for each property.
using System.Globalization;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

internal static class PowerSupply
{
    public const string Folder = "/sys/class/power_supply";

    /// <summary>Reads the device's own battery; several count as one, each as much as another.</summary>
    /// <param name="folder">The folder of all supplies.</param>
    /// <returns>Null where there is none, or none that says how full it is.</returns>
    public static Battery? Read(string folder = Folder)
    {
        int batteries = 0, percents = 0;
        bool isCharged = false, isDischarged = false, hasMains = false;
        foreach (string supply in Supplies(folder))
        {
            // A mouse's or a pen's battery is not the device's own.
            if (Property(supply, "scope") == "Device")
            {
                continue;
            }

            if (Property(supply, "type") != "Battery")
            {
                hasMains |= Number(supply, "online") > 0;
            }
            else if (Property(supply, "present") != "0" && Percent(supply) is { } percent)
            {
                (batteries, percents) = (batteries + 1, percents + percent);
                string? status = Property(supply, "status");
                isCharged |= status is "Charging" or "Full";
                isDischarged |= status == "Discharging";
            }
        }

        return batteries == 0 ? null : new(percents / batteries, isCharged || (hasMains && !isDischarged));
    }

    private static string[] Supplies(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static int? Percent(string supply)
    {
        int? percent = Number(supply, "capacity")
            ?? Share(supply, "energy_now", "energy_full")
            ?? Share(supply, "charge_now", "charge_full");
        return percent is { } known ? Math.Clamp(known, 0, 100) : null;
    }

    private static int? Share(string supply, string now, string full) =>
        Number(supply, now) is { } part && Number(supply, full) is { } whole and > 0 ? (int)(part * 100L / whole) : null;

    private static int? Number(string supply, string property) =>
        int.TryParse(Property(supply, property), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string? Property(string supply, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(supply, name)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A driver that cannot tell answers with an error.
            return null;
        }
    }
}
