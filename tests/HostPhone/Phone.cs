// SPDX-License-Identifier: GPL-3.0-or-later
// A phone without a machine: the real agent as a process of this host, with a frame buffer, a touchscreen and a console in a folder in
// memory (shim/phone.c) and any pcscd. Everything else of it is real: start, environment, key file, PC/SC, signals, stdout.

using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using UnlockAgent.Machine;

namespace HostPhone;

/// <summary>One screen with one touchscreen. One agent at a time runs on it; many may one after the other.</summary>
public sealed class Phone : IDisposable
{
    /// <summary>The disk's name on the screen.</summary>
    public const string Volume = "luks-root";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(3);
    private readonly MemoryMappedFile screenFile;
    private readonly MemoryMappedViewAccessor screen;

    /// <param name="width">The screen's columns.</param>
    /// <param name="height">The screen's rows.</param>
    public Phone(int width = 360, int height = 720)
    {
        (Width, Height) = (width, height);
        Folder = Path.Combine("/dev/shm", "host-phone-" + Guid.NewGuid().ToString("N")[..12]);
        foreach (string folder in (string[])["dev/input", "sys/class/graphics/fb0", "sys/class/drm", "run", "etc/default", "proc"])
        {
            Directory.CreateDirectory(Path.Combine(Folder, folder));
        }

        foreach (string file in (string[])["dev/kmsg", "dev/tty0", "proc/cmdline"])
        {
            File.WriteAllText(Path.Combine(Folder, file), "");
        }

        Control = new Control(Path.Combine(Folder, "control"), width, height);
        screenFile = MemoryMappedFile.CreateFromFile(Path.Combine(Folder, "dev", "fb0"), FileMode.CreateNew, null, width * height * 4);
        screen = screenFile.CreateViewAccessor();
        Touchscreen = new Touchscreen(Path.Combine(Folder, "dev", "input", "event0"), Control);
    }

    /// <summary>What stands for the root of the phone's file system: its /dev, /sys, /run/unlock-agent, /etc/unlock-agent.conf.</summary>
    public string Folder { get; }

    /// <summary>The screen's columns.</summary>
    public int Width { get; }

    /// <summary>The screen's rows.</summary>
    public int Height { get; }

    /// <summary>The hardware's faults.</summary>
    public Control Control { get; }

    /// <summary>The finger.</summary>
    public Touchscreen Touchscreen { get; }

    /// <summary>The settings file; takes effect with the next agent.</summary>
    public string SettingsFile => Path.Combine(Folder, "etc", "unlock-agent.conf");

    /// <summary>What the agents of this phone have written to the kernel's log.</summary>
    public string KernelLog => File.ReadAllText(Path.Combine(Folder, "dev", "kmsg"));

    /// <summary>Starts an agent on a black screen, as a keyscript.</summary>
    public AgentRun Start(AgentOptions options)
    {
        Clear();
        Touchscreen.Forget();
        return new AgentRun(this, options);
    }

    /// <summary>Makes the screen black and forgets the log and what agents left in /run.</summary>
    public void Clear()
    {
        screen.WriteArray(0, new byte[Width * Height * 4], 0, Width * Height * 4);
        File.WriteAllText(Path.Combine(Folder, "dev", "kmsg"), "");
        string left = Path.Combine(Folder, "run", "unlock-agent");
        if (Directory.Exists(left))
        {
            Directory.Delete(left, recursive: true);
        }
    }

    /// <summary>What is on the screen: rows of 4-byte pixels, blue first.</summary>
    public byte[] Pixels()
    {
        byte[] pixels = new byte[Width * Height * 4];
        screen.ReadArray(0, pixels, 0, pixels.Length);
        return pixels;
    }

    /// <summary>Whether a screen is shown, pixel by pixel.</summary>
    public bool Shows(Screen expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        return Shows(expected.Draw(Width, Height));
    }

    /// <summary>Waits until one of some screens is shown.</summary>
    /// <param name="agent">Whose they are: waiting ends with it.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="expected">The screens.</param>
    /// <returns>The one that is shown; null: none was in time.</returns>
    public Screen? Await(AgentRun agent, TimeSpan timeout, params IReadOnlyList<Screen> expected)
    {
        ArgumentNullException.ThrowIfNull(agent);
        long start = Stopwatch.GetTimestamp();
        byte[][] pictures = [.. expected.Select(one => one.Draw(Width, Height))];
        while (true)
        {
            // Asked first: what it showed at its end counts.
            bool isOver = agent.HasExited || Stopwatch.GetElapsedTime(start) > timeout;
            for (int i = 0; i < pictures.Length; i++)
            {
                if (Shows(pictures[i]))
                {
                    return expected[i];
                }
            }

            if (isOver)
            {
                return null;
            }

            Thread.Sleep(PollInterval);
        }
    }

    /// <summary>Types characters that a screen has buttons for; the screen may change its message meanwhile, never its buttons.</summary>
    public void Type(Screen on, string characters)
    {
        ArgumentNullException.ThrowIfNull(on);
        ArgumentNullException.ThrowIfNull(characters);
        foreach (char character in characters)
        {
            (int x, int y) = on.ButtonFor(character, Width, Height);
            Touchscreen.Tap(x, y);
        }
    }

    /// <summary>Taps a button of a screen.</summary>
    internal void Tap(Screen on, ButtonAction action)
    {
        (int x, int y) = on.ButtonFor(action, Width, Height);
        Touchscreen.Tap(x, y);
    }

    /// <summary>Taps OK.</summary>
    public void Confirm(Screen on) => Tap(on, ButtonAction.Confirm);

    /// <summary>Taps the way to the passphrase.</summary>
    public void UsePassphrase(Screen on) => Tap(on, ButtonAction.UsePassphrase);

    /// <summary>The ids of the processes that run on this phone: agents, and what they started.</summary>
    public IReadOnlyList<int> Processes()
    {
        var found = new List<int>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out int id) && Environment(folder).Contains(Folder, StringComparison.Ordinal))
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <summary>Writes what is on the screen to a picture file (PPM).</summary>
    public void Photograph(string path)
    {
        byte[] pixels = Pixels();
        using var file = new FileStream(path, FileMode.Create);
        file.Write(System.Text.Encoding.ASCII.GetBytes($"P6 {Width} {Height} 255\n"));
        byte[] rgb = new byte[Width * Height * 3];
        for (int i = 0; i < Width * Height; i++)
        {
            (rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]) = (pixels[(i * 4) + 2], pixels[(i * 4) + 1], pixels[i * 4]);
        }

        file.Write(rgb);
    }

    public void Dispose()
    {
        Touchscreen.Dispose();
        screen.Dispose();
        screenFile.Dispose();
        Control.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Environment(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's, or gone.
            return "";
        }
    }

    private unsafe bool Shows(byte[] picture)
    {
        byte* start = null;
        screen.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            return new ReadOnlySpan<byte>(start, picture.Length).SequenceEqual(picture);
        }
        finally
        {
            screen.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
