// SPDX-License-Identifier: GPL-3.0-or-later
// The vibration motor: evdev force feedback (Linux documentation, input/ff). The device may be an input device as well:
// it is opened a second time and read by nobody here, and a grab keeps no effect from being played.

using System.Globalization;
using System.Runtime.InteropServices;
using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input;

/// <summary>
/// The first device that can rumble. It is looked for when the first vibration is asked for, not before; where there is
/// none, or it goes away, asking does nothing. Never blocks.
/// </summary>
public sealed class Vibrator : IDisposable
{
    // A motor whose driver loads late is found by a later vibration; a device without one is not searched for ever.
    private const int MaxSearches = 8;

    private readonly string directory, classes;
    private SafeFileHandle? device;
    private ff_effect effect;
    private int searches;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="directory">Where the eventN nodes are.</param>
    /// <param name="classes">Where sysfs has a folder for each.</param>
    public Vibrator(string directory = "/dev/input", string classes = "/sys/class/input") =>
        (this.directory, this.classes) = (directory, classes);

    /// <summary>Vibrates, in place of what still vibrates.</summary>
    /// <param name="milliseconds">How long, 1 to 32767.</param>
    /// <param name="percent">How strong, 1 to 100.</param>
    public void Vibrate(int milliseconds, int percent = 100)
    {
        if (device is null && searches < MaxSearches)
        {
            searches++;
            device = Find();
            effect.id = -1;
        }

        if (device is not null && !(TryUpload(device, milliseconds, percent) && TryPlay(device)))
        {
            Close();
        }
    }

    /// <summary>Stops the motor and closes the device.</summary>
    public void Dispose() => Close();

    /// <summary>The effect as the kernel takes it.</summary>
    /// <param name="id">The kernel's number of the effect to change, or -1 for a new one.</param>
    /// <param name="milliseconds">How long.</param>
    /// <param name="percent">How strong.</param>
    internal static ff_effect Rumble(short id, int milliseconds, int percent)
    {
        ushort magnitude = (ushort)(Math.Clamp(percent, 1, 100) * ushort.MaxValue / 100);
        var made = new ff_effect
        {
            type = ForceFeedback.FF_RUMBLE,
            id = id,
            replay = new ff_replay { length = (ushort)Math.Clamp(milliseconds, 1, short.MaxValue) },
        };
        MemoryMarshal.Write(
            MemoryMarshal.AsBytes((Span<ulong>)made.u),
            new ff_rumble_effect { strong_magnitude = magnitude, weak_magnitude = magnitude });
        return made;
    }

    private bool TryUpload(SafeFileHandle motor, int milliseconds, int percent)
    {
        Span<ff_effect> wanted = [Rumble(effect.id, milliseconds, percent)];
        bool isSame = MemoryMarshal.AsBytes(wanted).SequenceEqual(MemoryMarshal.AsBytes(new Span<ff_effect>(ref effect)));
        if (effect.id >= 0 && isSame)
        {
            return true;
        }

        bool isTaken = Libc.TryGet(motor, EvdevIoctl.EVIOCSFF, wanted);
        effect = wanted[0];
        return isTaken;
    }

    private bool TryPlay(SafeFileHandle motor) => Libc.TryWrite<input_event>(
        motor, [new input_event { type = Evdev.EV_FF, code = (ushort)effect.id, value = 1 }]);

    private SafeFileHandle? Find()
    {
        string[] nodes = Directory.Exists(directory) ? Directory.GetFileSystemEntries(directory, "event*") : [];
        Array.Sort(nodes, StringComparer.Ordinal);
        foreach (string node in nodes.Where(MayRumble))
        {
            SafeFileHandle opened = Libc.Open(node, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC);
            if (!opened.IsInvalid && CanRumble(opened))
            {
                return opened;
            }

            opened.Dispose();
        }

        return null;
    }

    // The finger waits meanwhile, and to close a device again takes the kernel some 10 ms (evdev_detach_client): hence first what sysfs says
    // of it. One of which it says nothing is asked itself.
    private bool MayRumble(string node)
    {
        string effects = Path.Join(classes, Path.GetFileName(node), "device", "capabilities", "ff");
        try
        {
            return !File.Exists(effects) || HasBit(File.ReadAllText(effects), ForceFeedback.FF_RUMBLE);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Whether a bit is set in a bitmap as sysfs prints it: words of 64 bits in hexadecimal, the first bits in the last word.</summary>
    internal static bool HasBit(string bitmap, int bit)
    {
        string[] words = bitmap.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        int word = words.Length - 1 - (bit / 64);
        return word >= 0
            && ulong.TryParse(words[word], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits)
            && (bits >> (bit % 64) & 1) != 0;
    }

    private static bool CanRumble(SafeFileHandle opened)
    {
        Span<byte> effects = stackalloc byte[ForceFeedback.FF_CNT / 8];
        effects.Clear();
        return Libc.TryGet(opened, EvdevIoctl.EVIOCGBIT(Evdev.EV_FF, effects.Length), effects)
            && BitSet.Has(effects, ForceFeedback.FF_RUMBLE);
    }

    private void Close()
    {
        if (device is not null)
        {
            Libc.TrySet(device, EvdevIoctl.EVIOCRMFF, effect.id);
            device.Dispose();
            device = null;
        }
    }
}
