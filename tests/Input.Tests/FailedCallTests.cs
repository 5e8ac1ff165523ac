// SPDX-License-Identifier: GPL-3.0-or-later
// Every native call, failing, and what its caller does then.
using System.Runtime.CompilerServices;
using FailingCalls;
using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input.Tests;

public sealed class FailedCallTests : IDisposable
{
    private const int EIO = 5, EMFILE = 24, ENOSPC = 28, ENODEV = 19;

    private static readonly Dictionary<string, Action<FailedCallTests>> table = new()
    {
        ["Libc.Open(String,Int32)"] = test => Calls.Fail("open", EMFILE, () =>
        {
            using InputDevices devices = AllDevices.Of(test.Node());
            Assert.Equal(0, devices.Count);
        }),
        // Without what wakes the caller, a slow device is opened at once (LateOpeningTests).
        ["Libc.EventFd(UInt32,Int32)"] = test => Calls.Fail("eventfd", EMFILE, () =>
        {
            using LateOpening? none = LateOpening.TryCreate();
            Assert.Null(none);
        }),
        ["Libc.InotifyInit(Int32)"] = test => Calls.Fail("inotify_init1", EMFILE, () =>
        {
            var e = Assert.Throws<InputException>(() => DeviceDirectory.Watch(test.parent.FullName));
            Assert.Equal(("inotify_init1", EMFILE), (e.Operation, e.Errno));
        }),
        ["Libc.InotifyAddWatch(SafeFileHandle,String,UInt32)"] = test => Calls.Fail("inotify_add_watch", ENOSPC, () =>
        {
            var e = Assert.Throws<InputException>(() => DeviceDirectory.Watch(test.parent.FullName));
            Assert.Equal(("inotify_add_watch", ENOSPC), (e.Operation, e.Errno));
        }),
        // A device whose read fails is one that is gone.
        ["Libc.Read(SafeFileHandle,Void*,UIntPtr)"] = test => test.WithFifo(device => Calls.Fail(
            "read", ENODEV, () => Assert.False(device.Read(new input_event[8], new Recorder())))),
        // A light that cannot be lit is no harm.
        ["Libc.Write(SafeFileHandle,Void*,UIntPtr)"] = test => test.WithFifo(device => Calls.Fail(
            "write", EIO, () =>
            {
                device.ShowCapsLock(true);
                Assert.Equal(EIO, Libc.Errno);
                Assert.True(device.Read(new input_event[8], new Recorder()));
            })),
        ["Libc.Ioctl(SafeFileHandle,UIntPtr,Void*)"] = test => test.WithFifo(device => Calls.Fail(
            "ioctl", ENODEV, () => Assert.False(device.IsPresent))),
        ["Libc.Ioctl(SafeFileHandle,UIntPtr,IntPtr)"] = test => test.WithFifo(device => Calls.Fail(
            "ioctl", EIO, () => Assert.False(Libc.TrySet(device.Handle, EvdevIoctl.EVIOCGRAB, 1)))),
    };

    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("input-tests-");

    public static TheoryData<string> Names => [.. table.Keys];

    public void Dispose() => parent.Delete(recursive: true);

    [ModuleInitializer]
    internal static void Attach() => Calls.Attach(typeof(InputDevices).Assembly);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_native_call_that_fails_has_the_answer_that_is_promised(string name) => table[name](this);

    [Fact]
    public void Every_native_call_is_in_the_table() =>
        Assert.Equal(Calls.Imports(typeof(InputDevices).Assembly).Order(StringComparer.Ordinal), table.Keys.Order(StringComparer.Ordinal));

    private string Node()
    {
        Fifo.Make(Path.Join(parent.FullName, "event0"));
        return parent.FullName;
    }

    private void WithFifo(Action<EvdevDevice> use)
    {
        using var fifo = new Fifo(Path.Join(parent.FullName, "event0"));
        using var device = new EvdevDevice("event0", fifo.Reader, null);
        use(device);
    }
}
