// SPDX-License-Identifier: GPL-3.0-or-later
// A device that sends without end: it costs one picture a round, and the others have their turn.

using System.Runtime.InteropServices;
using Input.Native;

namespace Input.Tests;

public sealed class FloodTests : IDisposable
{
    private static readonly AxisMap X = new(0, 719, 720);
    private static readonly AxisMap Y = new(0, 1439, 1440);
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("input-tests-");
    private readonly Recorder sink = new();
    private readonly InputDevices devices;
    private readonly Fifo noisy;
    private readonly Fifo keyboard;

    public FloodTests()
    {
        devices = AllDevices.Of(parent.CreateSubdirectory("input").FullName);
        noisy = new Fifo(Path.Join(parent.FullName, "noisy"));
        keyboard = new Fifo(Path.Join(parent.FullName, "keyboard"));
    }

    public void Dispose()
    {
        devices.Dispose();
        noisy.Dispose();
        keyboard.Dispose();
        parent.Delete(recursive: true);
    }

    [Fact]
    public void A_key_of_another_device_is_seen_in_the_first_round_of_a_flood()
    {
        AdoptTouchscreen();
        devices.Adopt(new EvdevDevice("event1", keyboard.Reader, null));
        noisy.Write(Send.Id(1), Send.Sync);
        noisy.Write([.. Enumerable.Range(0, 1000).SelectMany(i => (input_event[])[Send.MtX(i % 700), Send.Sync])]);
        keyboard.Write(Send.Key(KeyCode.Enter, 1), Send.Sync);
        Round();
        Assert.Equal([new KeyEvent(KeyCode.Enter, true, false)], sink.Keys);
        Assert.Equal("Down0@0,0 Move0@30,0", sink.TakePointers());

        noisy.Write([.. Enumerable.Range(0, 200).SelectMany(i => (input_event[])[Send.MtX(i % 700), Send.Sync])]);
        keyboard.Write(Send.Key(KeyCode.Enter, 0), Send.Sync);
        Round();
        Assert.Equal(2, sink.Keys.Count);
        Assert.Equal("Move0@62,0", sink.TakePointers());
    }

    [Fact]
    public void A_bouncing_key_leaves_the_other_keyboard_its_turn_too()
    {
        devices.Adopt(new EvdevDevice("event0", noisy.Reader, null));
        devices.Adopt(new EvdevDevice("event1", keyboard.Reader, null));
        noisy.Write([.. Enumerable.Range(0, 2000).Select(i => Send.Key(KeyCode.VolumeUp, (i + 1) % 2))]);
        keyboard.Write(Send.Key(KeyCode.Enter, 1), Send.Sync);
        Round();
        Assert.Equal(64, sink.Keys.Count(key => key.Code == KeyCode.VolumeUp));
        Assert.Contains(new KeyEvent(KeyCode.Enter, true, false), sink.Keys);
    }

    [Fact]
    public void Every_tap_within_a_flood_is_told_in_its_order()
    {
        AdoptTouchscreen();
        noisy.Write(
            Send.MtX(1), Send.Id(1), Send.Sync, Send.MtX(2), Send.Sync, Send.MtX(3), Send.Sync, Send.Id(-1), Send.Sync,
            Send.Id(2), Send.MtX(9), Send.Sync, Send.MtX(10), Send.Sync, Send.Key(KeyCode.Power, 1), Send.MtX(11), Send.Sync);
        Round();
        Assert.Equal("Down0@1,0 Move0@3,0 Up0@3,0 Down0@9,0 Move0@10,0 Move0@11,0", sink.TakePointers());
    }

    [Fact]
    public void A_mouse_is_followed_to_its_last_place_only_and_takes_the_cursor_along_when_it_goes()
    {
        devices.Adopt(new EvdevDevice("event0", noisy.Reader, null, new MouseTracker(devices.Cursor, 7)));
        noisy.Write([.. Enumerable.Range(0, 30).SelectMany(_ => (input_event[])[Send.Rel(Evdev.REL_X, 2), Send.Sync])]);
        Round();
        Assert.Equal("420,720", sink.TakeCursors());
        noisy.Write(Send.Key(Evdev.BTN_LEFT, 1), Send.Sync);
        Round();
        noisy.Dispose();
        Round();
        Assert.Equal("Down7@420,720 Cancel7@420,720", sink.TakePointers());
        Assert.Equal("hidden420,720", sink.TakeCursors());
        Assert.Equal(0, devices.Count);
    }

    [Fact]
    public void A_look_at_a_device_allocates_nothing()
    {
        AdoptTouchscreen();
        SafeHandle handle = devices.PollHandles[^1];
        devices.Dispatch(handle, sink);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            devices.Dispatch(handle, sink);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void AdoptTouchscreen() => devices.Adopt(new EvdevDevice(
        "event0", noisy.Reader, new TouchTracker(PointerKind.Slots, X, Y, 0, [new SlotState(-1, 0, 0)], 0)));

    /// <summary>What a loop does between two polls.</summary>
    private void Round()
    {
        foreach (SafeHandle handle in devices.PollHandles)
        {
            devices.Dispatch(handle, sink);
        }
    }
}
