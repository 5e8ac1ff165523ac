// SPDX-License-Identifier: GPL-3.0-or-later
// The light behind the screen: /sys/class/backlight/*, or the LEDs named so where no driver makes a backlight of
// them (Documentation/ABI/stable/sysfs-class-backlight). What was found is written to a file before it is changed, so that
// a holder that is killed while the light is dimmed does not make the dimmed light the found one.

using System.Globalization;

namespace Framebuffer;

/// <summary>The screen's backlights. What a light refuses is left as it is.</summary>
public sealed class Backlight
{
    // fb.h's FB_BLANK_UNBLANK and FB_BLANK_POWERDOWN, which bl_power speaks.
    private const int PowerOn = 0;
    private const int PowerOff = 4;

    private readonly List<Light> lights;
    private readonly string memory;
    private bool isRemembered;

    private Backlight(List<Light> lights, string memory, bool isRemembered)
    {
        (this.lights, this.memory, this.isRemembered) = (lights, memory, isRemembered);
    }

    /// <summary>Whether there is a light at all.</summary>
    public bool Exists => lights.Count > 0;

    /// <summary>Finds the lights and what they are set to.</summary>
    /// <param name="device">The screen's device, as a folder of sysfs: its own lights are taken where it has any, else all.</param>
    /// <param name="memory">The file to keep what was found in, in a folder that is empty at boot.</param>
    /// <param name="sysfs">The folder that sysfs is mounted on.</param>
    public static Backlight Find(string? device, string memory, string sysfs = "/sys")
    {
        List<Light> lights = Lights(Path.Join(sysfs, "class", "backlight"), _ => true);
        if (lights.Count == 0)
        {
            lights = Lights(Path.Join(sysfs, "class", "leds"), IsBacklight);
        }

        List<Light> own = device is null ? [] : lights.FindAll(light => light.IsUnder(device));
        lights = own.Count > 0 ? own : lights;
        bool isRemembered = false;
        foreach (string line in Sysfs.Read(memory)?.Split('\n') ?? [])
        {
            isRemembered |= lights.Exists(light => light.TryRemember(line));
        }

        return new Backlight(lights, memory, isRemembered);
    }

    /// <summary>Switches on what is off, at half its light where it was left at none; the rest stays as it was found.</summary>
    public void TurnOn() => lights.ForEach(light => light.Set(light.Lit, PowerOn));

    /// <summary>Sets the lights to a part of what <see cref="TurnOn"/> gives, never to none.</summary>
    /// <param name="part">From 0 to 1.</param>
    public void Dim(double part)
    {
        Remember();
        lights.ForEach(light => light.Set(Math.Max(1, (int)Math.Round(light.Lit * Math.Clamp(part, 0, 1))), PowerOn));
    }

    /// <summary>Switches the lights off.</summary>
    public void TurnOff()
    {
        Remember();
        lights.ForEach(light => light.Set(0, PowerOff));
    }

    /// <summary>
    /// Sets the lights to exactly what was found; one that was off stays on, for the booting system wants to be seen.
    /// </summary>
    public void Restore()
    {
        TurnOn();
        if (!isRemembered)
        {
            return;
        }

        isRemembered = false;
        try
        {
            File.Delete(memory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Kept, it says what the lights are set to by now.
        }
    }

    // "white:backlight_cluster"; vendor kernels say "lcd-backlight". Not "tpacpi::kbd_backlight", which is a keyboard's.
    private static bool IsBacklight(string led) => led.Contains(":backlight", StringComparison.Ordinal) || led == "lcd-backlight";

    private static List<Light> Lights(string folder, Predicate<string> isLight)
    {
        List<Light> lights = [];
        foreach (string name in Sysfs.List(folder))
        {
            if (isLight(name) && Light.At(Path.Join(folder, name)) is { } light)
            {
                lights.Add(light);
            }
        }

        return lights;
    }

    private void Remember()
    {
        if (isRemembered)
        {
            return;
        }

        try
        {
            // Whole or not at all: a name is moved over another in one step.
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(memory))!);
            File.WriteAllText(memory + ".new", string.Join('\n', lights) + "\n");
            File.Move(memory + ".new", memory, overwrite: true);
            isRemembered = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A light that cannot be remembered is dimmed all the same.
        }
    }

    /// <summary>One light, and what it was set to when it was found.</summary>
    private sealed class Light
    {
        private readonly string folder;
        private readonly int most;
        private int found;

        private Light(string folder, int most, int found)
        {
            (this.folder, this.most, this.found) = (folder, most, found);
        }

        private string Name => Path.GetFileName(folder);

        /// <summary>What it is set to when it is on.</summary>
        internal int Lit => found > 0 ? found : (most + 1) / 2;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {found}");

        internal static Light? At(string folder) =>
            Number(folder, "max_brightness") is { } most and > 0 && Number(folder, "brightness") is { } found
                ? new(folder, most, found)
                : null;

        internal bool IsUnder(string device)
        {
            string real = Sysfs.Follow(folder) ?? folder;
            return real.StartsWith(device + "/", StringComparison.Ordinal);
        }

        /// <summary>Takes what another holder found, from its line.</summary>
        internal bool TryRemember(string line)
        {
            if (line.Split(' ') is not [string name, string level] || name != Name
                || !int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out int remembered) || remembered > most)
            {
                return false;
            }

            found = remembered;
            return true;
        }

        internal void Set(int level, int state)
        {
            SetTo("brightness", level);
            if (Number(folder, "bl_power") is not null)
            {
                SetTo("bl_power", state);
            }
        }

        private static int? Number(string folder, string attribute) =>
            int.TryParse(Sysfs.Read(Path.Join(folder, attribute)), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                ? value
                : null;

        // Set to what it is already, some lights flicker.
        private void SetTo(string attribute, int value)
        {
            if (Number(folder, attribute) != value)
            {
                Sysfs.Write(Path.Join(folder, attribute), value.ToString(CultureInfo.InvariantCulture));
            }
        }
    }
}
