// SPDX-License-Identifier: GPL-3.0-or-later
// Devices on USB, which open slowly: nobody waits for them, and each is there once it is open.
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using FailingCalls;
using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input.Tests;

public sealed class LateOpeningTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("input-tests-");
    private readonly DirectoryInfo classes = Directory.CreateTempSubdirectory("input-tests-");
    private readonly FakeEvdev kernel = new();
    private readonly Recorder sink = new();
    private readonly Fifo fifo;

    // What each opening gives, once it is there to give.
    private readonly BlockingCollection<SafeFileHandle> openings = [];
    private int begun;

    public LateOpeningTests()
    {
        fifo = new Fifo(Path.Join(parent.FullName, "event0"));
        kernel.Codes[Evdev.EV_KEY] = [KeyCode.Enter];
    }

    public void Dispose()
    {
        openings.Dispose();
        fifo.Reader.Dispose();
        fifo.Dispose();
        parent.Delete(recursive: true);
        classes.Delete(recursive: true);
    }

    [Fact]
    public void A_device_on_USB_is_not_waited_for_and_is_there_once_it_is_open() => With(isOnUsb: true, devices =>
    {
        Assert.Equal((0, 2), (devices.Count, devices.PollHandles.Count));

        GiveAndTake(devices, fifo.Reader);

        Assert.Equal((1, 1), (devices.Count, kernel.Grabs));
        Assert.Equal(2, devices.PollHandles.Count);
        fifo.Write(Send.Key(KeyCode.Enter, 1), Send.Sync);
        devices.Dispatch(devices.PollHandles[1], sink);
        Assert.Single(sink.KeysDown);
    });

    /// <summary>What is typed until the caller looks is for nobody else, and not lost.</summary>
    [Fact]
    public void It_is_held_before_the_caller_looks() => With(isOnUsb: true, devices =>
    {
        var teller = devices.PollHandles[^1];
        openings.Add(fifo.Reader, TestContext.Current.CancellationToken);
        Wait(teller);
        Assert.Equal((0, 1), (devices.Count, kernel.Grabs));

        fifo.Write(Send.Key(KeyCode.Enter, 1), Send.Sync);
        devices.Dispatch(teller, sink);
        devices.Dispatch(devices.PollHandles[1], sink);

        Assert.Single(sink.KeysDown);
    });

    [Fact]
    public void Without_what_wakes_the_caller_it_is_opened_at_once()
    {
        Calls.Fail("eventfd", 24, () => With(isOnUsb: true, devices => Assert.Equal((1, 0), (devices.Count, begun)), begins: false));
    }

    [Fact]
    public void A_device_on_another_bus_is_there_at_once() => With(isOnUsb: false, devices =>
    {
        Assert.Equal((1, 2, 0), (devices.Count, devices.PollHandles.Count, begun));
    });

    [Fact]
    public void What_does_not_open_is_tried_again_when_it_changed_meanwhile() => With(isOnUsb: true, devices =>
    {
        // udev gives a new node to its group a moment after it was made.
        File.SetLastWriteTimeUtc(Path.Join(parent.FullName, "event0"), DateTime.UnixEpoch);
        devices.Dispatch(devices.PollHandles[0], sink);
        Assert.Equal(1, Volatile.Read(ref begun));

        GiveAndTake(devices, Closed());
        Assert.Equal((0, 2), (devices.Count, devices.PollHandles.Count));

        GiveAndTake(devices, fifo.Reader);
        Assert.Equal((1, 2), (devices.Count, begun));
    });

    [Fact]
    public void What_does_not_open_is_left_alone_otherwise() => With(isOnUsb: true, devices =>
    {
        GiveAndTake(devices, Closed());

        Assert.Equal((0, 1, 1), (devices.Count, devices.PollHandles.Count, begun));
    });

    [Fact]
    public void What_opens_when_nobody_wants_it_any_more_is_closed()
    {
        With(isOnUsb: true, devices => Assert.Equal(0, devices.Count));

        openings.Add(fifo.Reader, TestContext.Current.CancellationToken);

        Assert.True(SpinWait.SpinUntil(() => fifo.Reader.IsClosed, Patience));
    }

    [Fact]
    public void What_was_opened_and_never_taken_is_closed()
    {
        With(isOnUsb: true, devices =>
        {
            openings.Add(fifo.Reader, TestContext.Current.CancellationToken);
            Wait(devices.PollHandles[^1]);
            Assert.False(fifo.Reader.IsClosed);
        });

        Assert.True(fifo.Reader.IsClosed);
    }

    [Fact]
    public void The_lights_of_a_late_keyboard_say_what_the_others_say() => With(isOnUsb: true, devices =>
    {
        devices.ShowCapsLock(true);
        Calls.Fail("write", 5, () => GiveAndTake(devices, fifo.Reader));
    });

    private static SafeFileHandle Closed() => new(-1, ownsHandle: true);

    private void With(bool isOnUsb, Action<InputDevices> use, bool begins = true) => Calls.Answer(kernel.Answer, () =>
    {
        string bus = isOnUsb ? "pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0" : "platform/30a30000.i2c/i2c-1/1-0038";
        File.CreateSymbolicLink(Path.Join(classes.FullName, "event0"), $"../../devices/{bus}/input/input3/event0");
        using InputDevices devices = InputDevices.Begin(new ScreenMap(720, 1440, 0), parent.FullName, classes.FullName, _ =>
        {
            Interlocked.Increment(ref begun);
            Calls.AnswerFromHereOn(kernel.Answer);
            return openings.Take();
        });
        Assert.Equal(isOnUsb && !begins ? 1 : 0, devices.Count);
        devices.OpenRest();
        int expected = isOnUsb && begins ? 1 : 0;
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref begun) == expected, Patience));
        use(devices);
    });

    private void GiveAndTake(InputDevices devices, SafeFileHandle node)
    {
        var teller = devices.PollHandles[^1];
        openings.Add(node);
        Wait(teller);
        devices.Dispatch(teller, sink);
    }

    // Readable, as poll(2) would say: an eventfd's count as /proc shows it.
    private static void Wait(SafeHandle teller)
    {
        string count = $"/proc/self/fdinfo/{teller.DangerousGetHandle()}";
        Assert.True(SpinWait.SpinUntil(() => !File.ReadAllText(count).Contains("eventfd-count:                0\n", StringComparison.Ordinal), Patience));
    }
}
