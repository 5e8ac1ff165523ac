// SPDX-License-Identifier: GPL-3.0-or-later
// linux/input.h and linux/input-event-codes.h: what evdev devices send and answer. Native spelling; the tests hold
// every name against the C headers. input_event 24 bytes (64-bit), input_absinfo 24 bytes.

namespace Input.Native;

internal struct input_event
{
    // The header's own names for time.tv_sec and time.tv_usec.
    public nint input_event_sec;
    public nint input_event_usec;
    public ushort type;
    public ushort code;
    public int value;
}

internal struct input_absinfo
{
    public int value;
    public int minimum;
    public int maximum;
    public int fuzz;
    public int flat;
    public int resolution;
}

internal static class Evdev
{
    internal const ushort EV_SYN = 0x00;
    internal const ushort EV_KEY = 0x01;
    internal const ushort EV_REL = 0x02;
    internal const ushort EV_ABS = 0x03;
    internal const ushort EV_LED = 0x11;
    internal const ushort EV_FF = 0x15;
    internal const ushort EV_CNT = 0x20;

    internal const ushort SYN_REPORT = 0;
    internal const ushort SYN_MT_REPORT = 2;
    internal const ushort SYN_DROPPED = 3;

    internal const ushort REL_X = 0x00;
    internal const ushort REL_Y = 0x01;
    internal const ushort REL_CNT = 0x10;

    internal const ushort ABS_X = 0x00;
    internal const ushort ABS_Y = 0x01;
    internal const ushort ABS_MT_SLOT = 0x2f;
    internal const ushort ABS_MT_TOUCH_MAJOR = 0x30;
    internal const ushort ABS_MT_POSITION_X = 0x35;
    internal const ushort ABS_MT_POSITION_Y = 0x36;
    internal const ushort ABS_MT_TRACKING_ID = 0x39;
    internal const ushort ABS_MT_PRESSURE = 0x3a;
    internal const ushort ABS_CNT = 0x40;

    internal const ushort BTN_MISC = 0x100;
    internal const ushort BTN_LEFT = 0x110;
    internal const ushort BTN_TOOL_PEN = 0x140;
    internal const ushort BTN_TOOL_FINGER = 0x145;
    internal const ushort BTN_TOUCH = 0x14a;
    internal const ushort KEY_OK = 0x160;
    internal const ushort BTN_DPAD_UP = 0x220;
    internal const ushort BTN_DPAD_RIGHT = 0x223;
    internal const ushort BTN_TRIGGER_HAPPY = 0x2c0;
    internal const ushort KEY_CNT = 0x300;

    internal const ushort LED_CAPSL = 0x01;

    internal const ushort INPUT_PROP_DIRECT = 0x01;
    internal const ushort INPUT_PROP_CNT = 0x20;
}
