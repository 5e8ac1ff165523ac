// SPDX-License-Identifier: GPL-3.0-or-later
// Devices as the kernel describes them: opened, held, taken over from whoever held them, asked again after a loss.
using FailingCalls;
using Input.Native;

namespace Input.Tests;

public sealed class EvdevDeviceTests : IDisposable
{
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("input-tests-");
    private readonly FakeEvdev kernel = new();
    private readonly Recorder sink = new();
    private readonly Fifo fifo;

    public EvdevDeviceTests() => fifo = new Fifo(Path.Join(parent.FullName, "event0"));

    public void Dispose()
    {
        fifo.Reader.Dispose();
        fifo.Dispose();
        parent.Delete(recursive: true);
    }

    [Fact]
    public void A_touchscreen_is_held_and_a_finger_that_lay_on_it_is_no_tap()
    {
        MakeTouchscreen(1);
        With(devices =>
        {
            Assert.Equal((1, 1), (devices.Count, kernel.Grabs));
            Send(devices, Tests.Send.Id(-1), Tests.Send.Sync, Tests.Send.Id(7), Tests.Send.MtX(100), Tests.Send.MtY(200), Tests.Send.Sync);
            Assert.Equal("Down0@100,200", sink.TakePointers());
        });
    }

    [Fact]
    public void A_device_that_another_holds_is_taken_over_where_its_contacts_stand_once_it_sends()
    {
        MakeTouchscreen(-1);
        kernel.IsHeldByAnother = true;
        With(devices =>
        {
            kernel.IsHeldByAnother = false;
            kernel.Slots[Evdev.ABS_MT_POSITION_X][0] = 300;
            kernel.Slots[Evdev.ABS_MT_POSITION_Y][0] = 400;
            Send(devices, Tests.Send.Id(7), Tests.Send.Sync);
            Assert.Equal("Down0@300,400", sink.TakePointers());
            Assert.Equal(2, kernel.Grabs);
        });
    }

    /// <summary>Its name is another device's before anybody has seen that it went.</summary>
    [Fact]
    public void A_node_that_comes_again_takes_the_place_of_a_device_that_is_gone()
    {
        MakeTouchscreen(-1);
        With(devices =>
        {
            Send(devices, Tests.Send.Id(7), Tests.Send.MtX(10), Tests.Send.MtY(20), Tests.Send.Sync);
            Assert.Equal("Down0@10,20", sink.TakePointers());
            kernel.IsGone = true;
            File.SetLastWriteTimeUtc(Path.Join(parent.FullName, "event0"), DateTime.UnixEpoch);
            devices.Dispatch(devices.PollHandles[0], sink);
            Assert.Equal(0, devices.Count);
            Assert.StartsWith("Cancel", sink.TakePointers(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void After_a_loss_the_contacts_stand_where_the_device_says()
    {
        MakeTouchscreen(-1);
        With(devices =>
        {
            Send(devices, Tests.Send.Id(7), Tests.Send.MtX(10), Tests.Send.MtY(20), Tests.Send.Sync);
            Assert.Equal("Down0@10,20", sink.TakePointers());
            kernel.Slots[Evdev.ABS_MT_TRACKING_ID][0] = 7;
            kernel.Slots[Evdev.ABS_MT_POSITION_X][0] = 50;
            kernel.Slots[Evdev.ABS_MT_POSITION_Y][0] = 60;
            Send(devices, Tests.Send.Dropped, Tests.Send.Sync);
            Assert.Equal("Move0@50,60", sink.TakePointers());
        });
    }

    [Theory]
    [InlineData(Evdev.ABS_MT_TRACKING_ID)]
    [InlineData(Evdev.ABS_MT_POSITION_Y)]
    public void A_screen_that_does_not_say_where_its_contacts_are_is_not_used(int missing)
    {
        MakeTouchscreen(-1);
        kernel.Slots.Remove(missing);
        With(devices => Assert.Equal(0, devices.Count));
    }

    [Fact]
    public void A_screen_that_has_no_range_is_not_used()
    {
        MakeTouchscreen(-1);
        kernel.Axes.Remove(Evdev.ABS_MT_POSITION_Y);
        With(devices => Assert.Equal(0, devices.Count));
    }

    [Fact]
    public void A_screen_of_one_contact_says_whether_it_is_touched()
    {
        MakeSingle(Evdev.BTN_TOUCH);
        kernel.Held.Add(Evdev.BTN_TOUCH);
        With(devices =>
        {
            Assert.Equal(1, devices.Count);
            Send(devices, Tests.Send.Key(Evdev.BTN_TOUCH, 0), Tests.Send.Sync, Tests.Send.Key(Evdev.BTN_TOUCH, 1), Tests.Send.Sync);
            Assert.StartsWith("Down0@", sink.TakePointers(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_screen_of_one_contact_that_has_no_value_is_not_used()
    {
        MakeSingle(Evdev.BTN_LEFT);
        kernel.Axes.Remove(Evdev.ABS_X);
        With(devices => Assert.Equal(0, devices.Count));
    }

    [Fact]
    public void A_screen_of_frames_says_no_more_than_whether_it_is_touched()
    {
        kernel.Codes[Evdev.EV_KEY] = [Evdev.BTN_TOUCH];
        kernel.Codes[Evdev.EV_ABS] = [Evdev.ABS_MT_POSITION_X, Evdev.ABS_MT_POSITION_Y];
        kernel.Axes[Evdev.ABS_MT_POSITION_X] = kernel.Axes[Evdev.ABS_MT_POSITION_Y] = new input_absinfo { maximum = 719 };
        kernel.IsHeldByAnother = true;
        With(devices =>
        {
            Assert.Equal(1, devices.Count);
            Send(devices, Tests.Send.Dropped, Tests.Send.Sync);
            Assert.Equal("", sink.TakePointers());
            Assert.Equal(2, kernel.Grabs);
        });
    }

    [Fact]
    public void A_mouse_is_found_and_the_directory_that_goes_takes_its_devices_along()
    {
        kernel.Codes[Evdev.EV_KEY] = [Evdev.BTN_LEFT];
        kernel.Codes[Evdev.EV_REL] = [Evdev.REL_X, Evdev.REL_Y];
        With(devices =>
        {
            Assert.Equal(1, devices.Count);
            kernel.Codes.Clear();
            File.Delete(Path.Join(parent.FullName, "event0"));
            devices.Dispatch(devices.PollHandles[0], sink);
            Assert.Equal(0, devices.Count);
        });
    }

    [Fact]
    public void A_keyboard_that_comes_later_is_opened_and_closed_when_it_fails()
    {
        string node = Path.Join(parent.FullName, "event0");
        File.Move(node, Path.Join(parent.FullName, "later"));
        kernel.Codes[Evdev.EV_KEY] = [KeyCode.Enter];
        With(devices =>
        {
            Assert.Equal(0, devices.Count);
            File.CreateSymbolicLink(node, Path.Join(parent.FullName, "later"));
            devices.Dispatch(devices.PollHandles[0], sink);
            Assert.Equal(1, devices.Count);
            Send(devices, Tests.Send.Key(KeyCode.Enter, 1), Tests.Send.Sync);
            Assert.Single(sink.KeysDown);
            Calls.Fail("read", 19, () => devices.Dispatch(devices.PollHandles[1], sink));
            Assert.Equal(0, devices.Count);
            Assert.Empty(sink.KeysDown);
        });
    }

    [Fact]
    public void A_motor_is_found_played_changed_and_stopped()
    {
        kernel.Codes[Evdev.EV_FF] = [ForceFeedback.FF_RUMBLE];
        Calls.Answer(kernel.Answer, () =>
        {
            using var vibrator = new Vibrator(parent.FullName, Says("10000 0"));
            vibrator.Vibrate(20);
            vibrator.Vibrate(20);
            vibrator.Vibrate(40, 50);
        });
        Assert.Equal([20, 40], kernel.Effects.Select(effect => (int)effect.replay.length));
        Assert.Equal([0, 0], kernel.Effects.Select(effect => (int)effect.id));
        Assert.Equal([0], kernel.Removed);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("10000 0", 1)]
    [InlineData(null, 1)]
    public void A_device_that_cannot_rumble_by_sysfs_is_not_even_opened(string? bitmap, int effects)
    {
        kernel.Codes[Evdev.EV_FF] = [ForceFeedback.FF_RUMBLE];
        Calls.Answer(kernel.Answer, () =>
        {
            using var vibrator = new Vibrator(parent.FullName, Says(bitmap));
            vibrator.Vibrate(20);
        });
        Assert.Equal(effects, kernel.Effects.Count);
    }

    [Fact]
    public void A_motor_that_is_gone_is_let_go_and_looked_for_again()
    {
        kernel.Codes[Evdev.EV_FF] = [ForceFeedback.FF_RUMBLE];
        Calls.Answer(kernel.Answer, () =>
        {
            using var vibrator = new Vibrator(parent.FullName, Says("10000 0"));
            Calls.Fail("write", 19, () => vibrator.Vibrate(20));
            Assert.Equal([0], kernel.Removed);
            vibrator.Vibrate(20);
            Assert.Equal(2, kernel.Effects.Count);
        });
    }

    /// <summary>A folder as /sys/class/input, where each node of the folder of nodes has these force feedback effects; null: none is there.</summary>
    private string Says(string? bitmap)
    {
        DirectoryInfo classes = parent.CreateSubdirectory("classes");
        foreach (string node in bitmap is null ? [] : Directory.GetFileSystemEntries(parent.FullName, "event*"))
        {
            DirectoryInfo capabilities = classes.CreateSubdirectory(Path.Join(Path.GetFileName(node), "device", "capabilities"));
            File.WriteAllText(Path.Join(capabilities.FullName, "ff"), bitmap + "\n");
        }

        return classes.FullName;
    }

    private void MakeTouchscreen(int contact)
    {
        kernel.Codes[Evdev.EV_KEY] = [Evdev.BTN_TOUCH];
        kernel.Codes[Evdev.EV_ABS] = [Evdev.ABS_MT_SLOT, Evdev.ABS_MT_POSITION_X, Evdev.ABS_MT_POSITION_Y, Evdev.ABS_MT_TRACKING_ID];
        kernel.Axes[Evdev.ABS_MT_SLOT] = new input_absinfo { maximum = 1 };
        kernel.Axes[Evdev.ABS_MT_POSITION_X] = new input_absinfo { maximum = 719 };
        kernel.Axes[Evdev.ABS_MT_POSITION_Y] = new input_absinfo { maximum = 1439 };
        kernel.Slots[Evdev.ABS_MT_TRACKING_ID] = [contact, -1];
        kernel.Slots[Evdev.ABS_MT_POSITION_X] = [0, 0];
        kernel.Slots[Evdev.ABS_MT_POSITION_Y] = [0, 0];
    }

    private void MakeSingle(ushort button)
    {
        kernel.Codes[Evdev.EV_KEY] = [button];
        kernel.Codes[Evdev.EV_ABS] = [Evdev.ABS_X, Evdev.ABS_Y];
        kernel.Axes[Evdev.ABS_X] = new input_absinfo { maximum = 719, value = 5 };
        kernel.Axes[Evdev.ABS_Y] = new input_absinfo { maximum = 1439, value = 6 };
    }

    private void With(Action<InputDevices> use) => Calls.Answer(kernel.Answer, () =>
    {
        using InputDevices devices = AllDevices.Of(parent.FullName);
        use(devices);
    });

    private void Send(InputDevices devices, params input_event[] events)
    {
        fifo.Write(events);
        devices.Dispatch(devices.PollHandles[1], sink);
    }
}
