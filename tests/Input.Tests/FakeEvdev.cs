// SPDX-License-Identifier: GPL-3.0-or-later
// Answers the requests of linux/input.h in the kernel's place: what the device is, what it holds, whether it can be held.
using System.Runtime.InteropServices;
using Input.Native;

namespace Input.Tests;

internal sealed unsafe class FakeEvdev
{
    private const int ENOTTY = 25, EBUSY = 16, ENODEV = 19;

    /// <summary>The codes of each event type that it can send.</summary>
    public Dictionary<int, ushort[]> Codes { get; } = [];

    /// <summary>The keys and buttons that are down.</summary>
    public List<ushort> Held { get; } = [];

    /// <summary>Each axis' range and value.</summary>
    public Dictionary<int, input_absinfo> Axes { get; } = [];

    /// <summary>Each ABS_MT_* code's value in every slot.</summary>
    public Dictionary<int, int[]> Slots { get; } = [];

    /// <summary>Whether another program holds it.</summary>
    public bool IsHeldByAnother { get; set; }

    /// <summary>Whether it was unplugged.</summary>
    public bool IsGone { get; set; }

    /// <summary>How often it was grabbed.</summary>
    public int Grabs { get; private set; }

    /// <summary>The effects that were uploaded, and the numbers of those that were removed.</summary>
    public List<ff_effect> Effects { get; } = [];

    public List<int> Removed { get; } = [];

    /// <summary>Answers one request: its result, or minus errno.</summary>
    public int Answer(uint request, nint argument)
    {
        (int number, int bytes) = ((int)(request & 0xff), (int)(request >> 16) & 0x3fff);
        var to = new Span<byte>((void*)argument, request is EvdevIoctl.EVIOCGRAB or EvdevIoctl.EVIOCRMFF ? 0 : bytes);
        return request switch
        {
            _ when IsGone => -ENODEV,
            EvdevIoctl.EVIOCGRAB => Grab(),
            EvdevIoctl.EVIOCRMFF => Remove((int)argument),
            EvdevIoctl.EVIOCSFF => Upload(ref MemoryMarshal.AsRef<ff_effect>(to)),
            _ => number switch
            {
                0x09 => Bits(to, []),
                0x0a => Values(MemoryMarshal.Cast<byte, int>(to)),
                0x18 => Bits(to, [.. Held]),
                >= 0x20 and < 0x40 => Bits(to, Codes.GetValueOrDefault(number - 0x20, [])),
                >= 0x40 and < 0x80 => Axis(number - 0x40, ref MemoryMarshal.AsRef<input_absinfo>(to)),
                _ => -ENOTTY,
            },
        };
    }

    private static int Bits(Span<byte> to, ushort[] codes)
    {
        to.Clear();
        foreach (ushort code in codes)
        {
            to[code / 8] |= (byte)(1 << (code % 8));
        }

        return to.Length;
    }

    private int Axis(int axis, ref input_absinfo to)
    {
        bool has = Axes.TryGetValue(axis, out input_absinfo info);
        to = info;
        return has ? 0 : -ENOTTY;
    }

    private int Values(Span<int> to)
    {
        if (!Slots.TryGetValue(to[0], out int[]? values))
        {
            return -ENOTTY;
        }

        values.CopyTo(to[1..]);
        return 0;
    }

    private int Grab()
    {
        Grabs++;
        return IsHeldByAnother ? -EBUSY : 0;
    }

    private int Upload(ref ff_effect effect)
    {
        if (effect.id < 0)
        {
            effect.id = (short)Effects.Count;
        }

        Effects.Add(effect);
        return 0;
    }

    private int Remove(int id)
    {
        Removed.Add(id);
        return 0;
    }
}
