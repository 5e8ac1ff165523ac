// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that pair, and what counts as a key and as a device of use.

using Input.Native;

namespace Input.Tests;

public class KeyTrackerTests
{
    private readonly Recorder sink = new();
    private readonly KeyTracker tracker = new();

    [Fact]
    public void A_key_goes_down_repeats_and_goes_up()
    {
        Take(KeyCode.Power, 1, 2, 0);
        Assert.Equal(
            [new KeyEvent(116, true, false), new KeyEvent(116, true, true), new KeyEvent(116, false, false)], sink.Keys);
    }

    [Fact]
    public void A_key_held_since_before_counts_only_once_it_is_pressed_anew()
    {
        Take(KeyCode.Enter, 2, 0, 1);
        Assert.Equal([new KeyEvent(28, true, false)], sink.Keys);
    }

    [Fact]
    public void Buttons_are_not_keys()
    {
        Take(Evdev.BTN_LEFT, 1, 0);
        Take(Evdev.BTN_TOUCH, 1, 0);
        Take(0, 1, 0);
        Take(ushort.MaxValue, 1, 0);
        Assert.Empty(sink.Keys);
    }

    [Fact]
    public void After_lost_events_only_what_was_released_is_told()
    {
        Take(KeyCode.LeftShift, 1);
        Take(KeyCode.Enter, 1);
        sink.Keys.Clear();
        byte[] held = new byte[Evdev.KEY_CNT / 8];
        held[KeyCode.LeftShift / 8] = 1 << (KeyCode.LeftShift % 8);
        held[KeyCode.Tab / 8] |= 1 << (KeyCode.Tab % 8);
        tracker.ReleaseAllBut(held, sink);
        Assert.Equal([new KeyEvent(KeyCode.Enter, false, false)], sink.Keys);
        Assert.Equal([KeyCode.LeftShift], sink.KeysDown);
    }

    [Fact]
    public void A_modifier_held_since_before_counts_from_the_first_event_on_and_other_keys_do_not()
    {
        tracker.Begin(Bits([KeyCode.AltGr, KeyCode.Enter], 96));
        Assert.Empty(sink.Keys);
        Take(KeyCode.Enter, 2, 0);
        Take(30, 1, 0);
        Take(KeyCode.AltGr, 0);
        Assert.Equal(
            [new(KeyCode.AltGr, true, false), new(30, true, false), new(30, false, false), new(KeyCode.AltGr, false, false)], sink.Keys);
    }

    [Fact]
    public void A_modifier_held_since_before_that_is_pressed_or_gone_first_pairs_all_the_same()
    {
        tracker.Begin(Bits([KeyCode.LeftShift], 96));
        tracker.ReleaseAllBut([], sink);
        Assert.Empty(sink.Keys);
        Take(KeyCode.LeftShift, 1, 0);
        Assert.Equal([new(KeyCode.LeftShift, true, false), new KeyEvent(KeyCode.LeftShift, false, false)], sink.Keys);
    }

    [Fact]
    public void After_lost_events_a_modifier_that_is_held_now_counts()
    {
        tracker.PressModifiers(Bits([KeyCode.LeftShift, KeyCode.Tab], 96), sink);
        Assert.Equal([new KeyEvent(KeyCode.LeftShift, true, false)], sink.Keys);
    }

    [Fact]
    public void No_stream_leaves_a_key_stuck_or_unpaired()
    {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            Take((ushort)random.Next(0, 1000), random.Next(3));
        }

        tracker.ReleaseAllBut([], sink);
        Assert.NotEmpty(sink.Keys);
        Assert.Empty(sink.KeysDown);
    }

    public static TheoryData<string, ushort[], ushort[], ushort[], string> Devices() => new()
    {
        { "a phone's touchscreen", [Evdev.BTN_TOUCH], [0, 1, 0x2f, 0x35, 0x36, 0x39], [Evdev.INPUT_PROP_DIRECT], "Slots" },
        { "a touchscreen with a menu key", [Evdev.BTN_TOUCH, 139], [0x2f, 0x35, 0x36, 0x39], [Evdev.INPUT_PROP_DIRECT], "Slots keys" },
        { "a resistive touchscreen", [Evdev.BTN_TOUCH], [0, 1, 24], [], "SingleTouch" },
        { "slots without ids", [Evdev.BTN_TOUCH], [0, 1, 0x2f, 0x35, 0x36], [], "SingleTouch" },
        { "a virtual machine's tablet", [Evdev.BTN_LEFT, 0x111, 0x112], [0, 1], [], "AbsolutePointer" },
        { "a touchpad", [Evdev.BTN_LEFT, Evdev.BTN_TOOL_FINGER, Evdev.BTN_TOUCH], [0, 1, 0x2f, 0x35, 0x36, 0x39], [], "" },
        { "a touchscreen that says finger", [Evdev.BTN_TOOL_FINGER, Evdev.BTN_TOUCH], [0, 1], [Evdev.INPUT_PROP_DIRECT], "SingleTouch" },
        { "a mouse's buttons alone", [Evdev.BTN_LEFT, 0x111], [], [], "" },
        { "protocol A", [], [0x30, 0x35, 0x36], [], "Frames" },
        { "protocol A with ids and one finger's axes", [Evdev.BTN_TOUCH, 139], [0, 1, 0x35, 0x36, 0x39], [], "Frames keys" },
        { "a protocol A touchpad", [Evdev.BTN_TOOL_FINGER, Evdev.BTN_TOUCH], [0, 1, 0x35, 0x36], [], "" },
        { "volume buttons", [KeyCode.VolumeUp, KeyCode.VolumeDown], [], [], "keys" },
        { "a gamepad", [0x130, 0x131, 0x220], [0, 1], [], "" },
        { "a keyboard", [1, 2, 30, 28], [], [], "keys" },
        { "a power button", [116], [], [], "keys" },
        { "an accelerometer", [], [0, 1, 2], [6], "" },
        { "a lid", [], [], [], "" },
    };

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_device_is_what_it_can_send(string name, ushort[] keys, ushort[] axes, ushort[] properties, string expected)
    {
        DeviceCapabilities it = DeviceCapabilities.Judge(Bits(keys, 96), [], Bits(axes, 8), Bits(properties, 4));
        Assert.Equal((name, expected), (name, $"{it.Pointer}{(it.HasKeys ? " keys" : "")}".Trim()));
        Assert.Equal(expected.Length > 0, it.IsUsable);
    }

    [Theory]
    [InlineData("a mouse", true, new ushort[] { Evdev.BTN_LEFT, 0x111 }, new ushort[] { Evdev.REL_X, Evdev.REL_Y, 8 }, new ushort[0])]
    [InlineData("a mouse that feels fingers", true, new ushort[] { Evdev.BTN_LEFT }, new ushort[] { 0, 1 }, new ushort[] { 0x2f, 0x35, 0x36, 0x39 })]
    [InlineData("a wheel", false, new ushort[] { Evdev.BTN_LEFT }, new ushort[] { 8 }, new ushort[0])]
    [InlineData("no button", false, new ushort[] { 115 }, new ushort[] { Evdev.REL_X, Evdev.REL_Y }, new ushort[0])]
    [InlineData("a pointer that knows its place", false, new ushort[] { Evdev.BTN_LEFT }, new ushort[] { 0, 1 }, new ushort[] { 0, 1 })]
    public void A_mouse_has_two_movements_and_a_left_button(string name, bool expected, ushort[] keys, ushort[] movements, ushort[] axes)
    {
        DeviceCapabilities it = DeviceCapabilities.Judge(Bits(keys, 96), Bits(movements, 2), Bits(axes, 8), Bits([], 4));
        Assert.Equal((name, expected), (name, it.IsMouse));
        Assert.Equal(expected || it.Pointer is not null || it.HasKeys, it.IsUsable);
    }

    private static byte[] Bits(ushort[] set, int bytes)
    {
        byte[] bits = new byte[bytes];
        foreach (ushort bit in set)
        {
            bits[bit / 8] |= (byte)(1 << (bit % 8));
        }

        return bits;
    }

    private void Take(ushort code, params int[] values)
    {
        foreach (int value in values)
        {
            tracker.Take(Send.Key(code, value), sink);
        }
    }
}
