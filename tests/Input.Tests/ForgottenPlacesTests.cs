// SPDX-License-Identifier: GPL-3.0-or-later
// Where fingers, a mouse and keys were last is forgotten with the devices: in whatever follows them, no number of it is left.

using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using Input.Native;

namespace Input.Tests;

public class ForgottenPlacesTests
{
    // In no other number that the trackers hold.
    private const int X = 311, Y = 977;
    private static readonly AxisMap Width = new(0, 719, 720), Height = new(0, 1439, 1440);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_touchscreen_leaves_no_place(int kindNumber)
    {
        var kind = (PointerKind)kindNumber;
        int slots = kind == PointerKind.Frames ? FrameContacts.MaxContacts : 1;
        var tracker = new TouchTracker(kind, Width, Height, 0, Enumerable.Repeat(new SlotState(-1, 0, 0), slots).ToArray(), 0);
        var sink = new Recorder();
        foreach (input_event e in Tap(kind))
        {
            tracker.Take(e, sink);
        }

        Assert.Contains($"Down0@{X},{Y}", sink.TakePointers());
        Assert.True(Holds(tracker, X) && Holds(tracker, Y));

        // Also of a frame that has not ended.
        foreach (input_event e in Tap(kind).SkipLast(1))
        {
            tracker.Take(e, sink);
        }

        tracker.Wipe();
        Assert.False(Holds(tracker, X) || Holds(tracker, Y));
    }

    [Fact]
    public void A_mouse_and_its_cursor_leave_no_place()
    {
        var cursor = new Cursor(720, 1440);
        var sink = new Recorder();
        var mouse = new MouseTracker(cursor, 0);
        cursor.MoveBy(X - 360, Y - 720, sink);
        mouse.Take(Event(Evdev.EV_KEY, Evdev.BTN_LEFT, 1), sink);
        mouse.Take(Event(Evdev.EV_SYN, Evdev.SYN_REPORT, 0), sink);
        Assert.Contains($"Down0@{X},{Y}", sink.TakePointers());
        Assert.True(Holds(mouse, X) && Holds(mouse, Y));
        mouse.Wipe();
        cursor.Wipe();
        Assert.False(Holds(mouse, X) || Holds(mouse, Y));
    }

    [Fact]
    public void Closed_devices_leave_no_cursor()
    {
        using var devices = AllDevices.Of(Path.GetTempPath());
        devices.Cursor.MoveBy(X - 360, Y - 720, new Recorder());
        Assert.Equal((X, Y), (devices.Cursor.X, devices.Cursor.Y));
        devices.Dispose();
        Assert.Equal((360, 720, false), (devices.Cursor.X, devices.Cursor.Y, devices.Cursor.IsVisible));
    }

    [Fact]
    public void A_closed_keyboard_leaves_no_key_down()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        using var fifo = new Fifo(Path.Join(folder.FullName, "keyboard"));
        using var device = new EvdevDevice("event0", fifo.Reader, null);
        object keys = FieldOf(device, "keys");
        fifo.Write(Send.Key(KeyCode.Enter, 1), Send.Sync);
        Assert.True(device.Read(new input_event[4], new Recorder()));
        Assert.Contains((byte[])FieldOf(keys, "down"), bits => bits != 0);
        device.Dispose();
        Assert.DoesNotContain((byte[])FieldOf(keys, "down"), bits => bits != 0);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void What_was_read_leaves_no_event_in_the_buffer()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        using var fifo = new Fifo(Path.Join(folder.FullName, "keyboard"));
        using var devices = AllDevices.Of(folder.CreateSubdirectory("input").FullName);
        devices.Adopt(new EvdevDevice("event0", fifo.Reader, null));
        fifo.Write(Send.Key(KeyCode.Enter, 1), Send.Sync);
        var sink = new Recorder();
        foreach (SafeHandle handle in devices.PollHandles.ToArray())
        {
            devices.Dispatch(handle, sink);
        }

        Assert.Equal([new KeyEvent(KeyCode.Enter, true, false)], sink.Keys);
        Assert.All((input_event[])FieldOf(devices, "events"), e => Assert.Equal((0, 0, 0), (e.type, e.code, e.value)));
        devices.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_closed_device_leaves_no_place_of_a_finger_or_a_mouse()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        using var fifo = new Fifo(Path.Join(folder.FullName, "device"));
        var cursor = new Cursor(720, 1440);
        var touch = new TouchTracker(PointerKind.Slots, Width, Height, 0, [new SlotState(-1, 0, 0)], 0);
        var mouse = new MouseTracker(cursor, 1);
        using var device = new EvdevDevice("event0", fifo.Reader, touch, mouse);
        cursor.MoveBy(X - 360, Y - 720, new Recorder());
        fifo.Write([.. Tap(PointerKind.Slots), Event(Evdev.EV_KEY, Evdev.BTN_LEFT, 1), Send.Sync]);
        Assert.True(device.Read(new input_event[16], new Recorder()));
        Assert.True(Holds(touch, X) && Holds(mouse, X));
        device.Dispose();
        cursor.Wipe();
        Assert.False(Holds(touch, X) || Holds(touch, Y));
        Assert.False(Holds(mouse, X) || Holds(mouse, Y));
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Movements_that_were_told_leave_no_place()
    {
        var moves = new LastMoves();
        IInputSink sink = moves.For(new Recorder());
        sink.OnPointer(new(1, PointerPhase.Down, X, Y));
        sink.OnPointer(new(1, PointerPhase.Move, X, Y));
        sink.OnCursor(new(true, X, Y));
        Assert.True(Holds(moves, X));
        moves.Flush();
        Assert.False(Holds(moves, X) || Holds(moves, Y));
    }

    private static object FieldOf(object owner, string name) =>
        owner.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(owner)!;

    private static IEnumerable<input_event> Tap(PointerKind kind)
    {
        (ushort x, ushort y) = kind is PointerKind.Slots or PointerKind.Frames
            ? (Evdev.ABS_MT_POSITION_X, Evdev.ABS_MT_POSITION_Y)
            : (Evdev.ABS_X, Evdev.ABS_Y);
        yield return kind switch
        {
            PointerKind.Slots => Event(Evdev.EV_ABS, Evdev.ABS_MT_TRACKING_ID, 5),
            PointerKind.SingleTouch => Event(Evdev.EV_KEY, Evdev.BTN_TOUCH, 1),
            PointerKind.AbsolutePointer => Event(Evdev.EV_KEY, Evdev.BTN_LEFT, 1),
            _ => Event(Evdev.EV_ABS, Evdev.ABS_MT_TRACKING_ID, 5),
        };
        yield return Event(Evdev.EV_ABS, x, X);
        yield return Event(Evdev.EV_ABS, y, Y);
        if (kind == PointerKind.Frames)
        {
            yield return Event(Evdev.EV_SYN, Evdev.SYN_MT_REPORT, 0);
        }

        yield return Event(Evdev.EV_SYN, Evdev.SYN_REPORT, 0);
    }

    private static input_event Event(ushort type, ushort code, int value) => new() { type = type, code = code, value = value };

    /// <summary>Whether a number is anywhere in what an object of this library holds, in arrays and structs too; a sink's own memory is not looked into.</summary>
    private static bool Holds(object? root, int number, int depth = 0) => root switch
    {
        null or string or Delegate or Recorder => false,
        int value => value == number,
        long value => value == number,
        Array array => array.Length > 0 && ((IEnumerable)array).Cast<object?>().Any(item => Holds(item, number, depth + 1)),
        _ when root.GetType().IsPrimitive || root.GetType().IsEnum || depth > 6 => false,
        _ when !root.GetType().IsValueType && root.GetType().Assembly != typeof(TouchTracker).Assembly => false,
        _ => root.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(field => Holds(field.GetValue(root), number, depth + 1)),
    };
}
