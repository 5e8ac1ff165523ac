// SPDX-License-Identifier: GPL-3.0-or-later
// The shells over what can run without an input device: a FIFO carries the same bytes through the same read(2), and
// inotify watches any directory. What needs an evdev node (the EVIOC* requests) is proven where a machine boots.

using System.Diagnostics;
using System.Runtime.InteropServices;
using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input.Tests;

public sealed class InputDevicesTests : IDisposable
{
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("input-tests-");
    private readonly Recorder sink = new();
    private readonly input_event[] buffer = new input_event[64];

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public void Nodes_that_are_no_input_devices_are_skipped()
    {
        string directory = parent.CreateSubdirectory("input").FullName;
        MakeFifo(Path.Join(directory, "event0"));
        File.WriteAllText(Path.Join(directory, "event1"), "text");
        Directory.CreateDirectory(Path.Join(directory, "event2"));
        File.CreateSymbolicLink(Path.Join(directory, "event3"), "/dev/null");
        File.CreateSymbolicLink(Path.Join(directory, "event4"), "nowhere");
        using InputDevices devices = AllDevices.Of(directory);
        Assert.Equal(0, devices.Count);
        Assert.Single(devices.PollHandles);
    }

    [Fact]
    public void Nodes_that_come_and_go_are_looked_at_and_never_block()
    {
        string directory = parent.CreateSubdirectory("input").FullName;
        using InputDevices devices = AllDevices.Of(directory);
        SafeHandle watch = devices.PollHandles[0];
        devices.Dispatch(watch, sink);
        for (int i = 0; i < 300; i++)
        {
            File.WriteAllText(Path.Join(directory, $"event{i}"), "");
            File.Delete(Path.Join(directory, $"event{i}"));
        }

        for (int i = 0; i < 100; i++)
        {
            devices.Dispatch(watch, sink);
        }

        Assert.Equal(0, devices.Count);
        Assert.Empty(sink.Keys);
    }

    [Fact]
    public void A_directory_that_is_made_later_is_watched_from_then_on()
    {
        string directory = Path.Join(parent.FullName, "input");
        using DeviceDirectory watched = DeviceDirectory.Watch(directory + "/");
        Assert.Empty(watched.List());
        Assert.Equal("", Changes(watched));

        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Join(directory, "event7"), "");
        Assert.Equal("Rescan ", Changes(watched));
        Assert.Equal(["event7"], watched.List());

        File.WriteAllText(Path.Join(directory, "event8"), "");
        File.WriteAllText(Path.Join(directory, "mouse0"), "");
        File.SetLastWriteTimeUtc(Path.Join(directory, "event7"), DateTime.UnixEpoch);
        File.Delete(Path.Join(directory, "event7"));
        Assert.Equal("Appeared event8, Appeared event7, Deleted event7", Changes(watched));

        Directory.Delete(directory, recursive: true);
        Changes(watched);
        Directory.CreateDirectory(directory);
        Assert.Equal("Rescan ", Changes(watched));
        File.WriteAllText(Path.Join(directory, "event0"), "");
        Assert.Equal("Appeared event0", Changes(watched));
    }

    [Fact]
    public void Where_not_even_the_parent_exists_nothing_can_be_watched()
    {
        string directory = Path.Join(parent.FullName, "no", "input");
        var e = Assert.Throws<InputException>(() => AllDevices.Of(directory));
        Assert.Equal(("inotify_add_watch", directory, 2), (e.Operation, e.Path, e.Errno));
    }

    [Theory]
    [InlineData("event0", true)]
    [InlineData("event12", true)]
    [InlineData("event", false)]
    [InlineData("event1x", false)]
    [InlineData("mouse0", false)]
    [InlineData("myevent0", false)]
    [InlineData("", false)]
    public void Only_eventN_is_an_event_node(string name, bool expected) => Assert.Equal(expected, DeviceDirectory.IsEventName(name));

    [Fact]
    public void Frames_are_read_as_they_come_and_an_empty_queue_is_no_harm()
    {
        (EvdevDevice device, FileStream writer) = OpenFifo();
        using (device)
        using (writer)
        {
            Assert.True(device.Read(buffer, sink));
            Write(writer, Send.Id(1), Send.MtX(10), Send.MtY(20), Send.Sync, Send.Key(KeyCode.Power, 1), Send.Sync);
            Assert.True(device.Read(buffer, sink));
            Assert.Equal("Down0@10,20", sink.TakePointers());
            Assert.Equal([new KeyEvent(KeyCode.Power, true, false)], sink.Keys);
        }
    }

    [Fact]
    public void A_flood_is_read_one_buffer_at_a_time()
    {
        (EvdevDevice device, FileStream writer) = OpenFifo();
        using (device)
        using (writer)
        {
            Write(writer, [.. Enumerable.Range(0, 1000).SelectMany(i => (input_event[])[Send.Key(KeyCode.Enter, i % 2), Send.Sync])]);
            Assert.True(device.Read(buffer, sink));
            Assert.Equal(31, sink.Keys.Count);
            Assert.True(device.Read(buffer, sink));
            Assert.Equal(63, sink.Keys.Count);
        }
    }

    [Fact]
    public void A_device_that_loses_events_and_gives_no_state_has_its_contacts_cancelled_and_old_events_dropped()
    {
        (EvdevDevice device, FileStream writer) = OpenFifo();
        using (device)
        using (writer)
        {
            Write(writer, Send.Id(1), Send.MtX(10), Send.MtY(20), Send.Key(KeyCode.LeftShift, 1), Send.Sync);
            Write(writer, Send.Dropped, Send.MtX(600), Send.Key(KeyCode.Enter, 1), Send.Sync);
            Write(writer, Send.Id(-1), Send.Sync, Send.Id(2), Send.Sync);
            Assert.True(device.Read(buffer, sink));
            Assert.Equal("Down0@10,20 Cancel0@10,20", sink.TakePointers());
            Assert.Empty(sink.KeysDown);
            Assert.DoesNotContain(sink.Keys, key => key.Code == KeyCode.Enter);

            Write(writer, Send.Id(-1), Send.Sync, Send.Id(3), Send.Sync);
            Assert.True(device.Read(buffer, sink));
            Assert.Equal("Down0@10,20", sink.TakePointers());
        }
    }

    [Fact]
    public void A_device_opened_while_its_first_key_is_down_types_all_later_keys()
    {
        (EvdevDevice device, FileStream writer) = OpenFifo();
        using (device)
        using (writer)
        {
            Write(writer, Send.Key(30, 2), Send.Sync, Send.Key(48, 1), Send.Sync, Send.Key(30, 0), Send.Sync);
            Write(writer, Send.Key(48, 0), Send.Key(30, 1), Send.Sync);
            Assert.True(device.Read(buffer, sink));
            Assert.Equal([new(48, true, false), new(48, false, false), new KeyEvent(30, true, false)], sink.Keys);
        }
    }

    [Fact]
    public void A_protocol_A_touchscreen_that_loses_events_types_nothing_by_them_and_every_tap_after_them()
    {
        string path = Path.Join(parent.FullName, "event9");
        using var fifo = new Fifo(path);
        SlotState[] slots = [.. Enumerable.Repeat(new SlotState(-1, 0, 0), FrameContacts.MaxContacts)];
        var touch = new TouchTracker(PointerKind.Frames, new(0, 719, 720), new(0, 1439, 1440), 0, slots, 0);
        using var device = new EvdevDevice("event9", fifo.Reader, touch);
        fifo.Write(Send.MtX(10), Send.MtY(20), Send.MtSync, Send.Sync, Send.Dropped, Send.MtX(600), Send.MtY(20), Send.MtSync, Send.Sync);
        Assert.True(device.Read(buffer, sink));
        fifo.Write(Send.MtX(600), Send.MtY(20), Send.MtSync, Send.Sync, Send.MtSync, Send.Sync);
        Assert.True(device.Read(buffer, sink));
        Assert.Equal("Down0@10,20 Cancel0@10,20", sink.TakePointers());
        fifo.Write(Send.MtX(600), Send.MtY(20), Send.MtSync, Send.Sync, Send.MtSync, Send.Sync);
        Assert.True(device.Read(buffer, sink));
        Assert.Equal("Down0@600,20 Up0@600,20", sink.TakePointers());
    }

    [Fact]
    public void A_device_that_goes_away_takes_its_contacts_and_keys_along()
    {
        (EvdevDevice device, FileStream writer) = OpenFifo();
        using (device)
        {
            Write(writer, Send.Id(1), Send.MtX(10), Send.MtY(20), Send.Key(KeyCode.LeftShift, 1), Send.Sync);
            Assert.True(device.Read(buffer, sink));
            writer.Dispose();
            Assert.False(device.Read(buffer, sink));
            device.Release(sink);
            Assert.Empty(sink.ContactsDown);
            Assert.Empty(sink.KeysDown);
            Assert.EndsWith("Cancel0@10,20", sink.TakePointers());
        }
    }

    private static string Changes(DeviceDirectory directory)
    {
        List<string> changes = [];
        directory.Read(change => changes.Add($"{change.Kind} {change.Name}"));
        return string.Join(", ", changes.Where((change, i) => i == 0 || change != changes[i - 1]));
    }

    private static void Write(FileStream writer, params input_event[] events) => writer.Write(MemoryMarshal.AsBytes(events.AsSpan()));

    private static void MakeFifo(string path)
    {
        using Process mkfifo = Process.Start("mkfifo", [path]);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
    }

    private (EvdevDevice Device, FileStream Writer) OpenFifo()
    {
        string path = Path.Join(parent.FullName, "event0");
        MakeFifo(path);
        SafeFileHandle reader = Libc.Open(path, Libc.O_RDONLY | Libc.O_NONBLOCK);
        var writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var touch = new TouchTracker(PointerKind.Slots, new(0, 719, 720), new(0, 1439, 1440), 0, [new SlotState(-1, 0, 0)], 0);
        return (new EvdevDevice("event0", reader, touch), writer);
    }
}
