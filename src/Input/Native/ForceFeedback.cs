// SPDX-License-Identifier: GPL-3.0-or-later
// linux/input.h: force feedback. Native spelling; the tests hold every name against the C header. ff_effect 48 bytes
// (64-bit), of which the union of all kinds of effect is the last 32.

using System.Runtime.CompilerServices;

namespace Input.Native;

internal struct ff_trigger
{
    public ushort button;
    public ushort interval;
}

internal struct ff_replay
{
    public ushort length;
    public ushort delay;
}

internal struct ff_rumble_effect
{
    public ushort strong_magnitude;
    public ushort weak_magnitude;
}

[InlineArray(4)]
internal struct ff_effect_union
{
    private ulong first;
}

internal struct ff_effect
{
    public ushort type;
    public short id;
    public ushort direction;
    public ff_trigger trigger;
    public ff_replay replay;
    public ff_effect_union u;
}

internal static class ForceFeedback
{
    internal const ushort FF_RUMBLE = 0x50;
    internal const ushort FF_CNT = 0x80;
}
