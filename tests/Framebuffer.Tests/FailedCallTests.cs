// SPDX-License-Identifier: GPL-3.0-or-later
// Every native call, failing, and what its caller does then.
using System.Runtime.CompilerServices;
using FailingCalls;
using Framebuffer.Native;
using Microsoft.Win32.SafeHandles;

namespace Framebuffer.Tests;

public sealed class FailedCallTests : IDisposable
{
    private const int EIO = 5, EBADF = 9, ENOMEM = 12, EMFILE = 24, ENOSPC = 28;

    private static readonly Dictionary<string, Action<FailedCallTests>> table = new()
    {
        ["Libc.Open(String,Int32)"] = test => Calls.Fail("open", EMFILE, () => Assert.Equal(
            ("open", EMFILE), Told(() => FbdevTarget.Open(test.File)))),
        ["Libc.Map(Void*,UIntPtr,Int32,Int32,SafeFileHandle,Int64)"] = test => test.WithFile(file => Calls.Fail("mmap", ENOMEM, () =>
        {
            using Mapping mapping = Mapping.Map(file, 0, 4096);
            Assert.True(mapping.IsInvalid);
            Assert.Equal(ENOMEM, Libc.Errno);
            Assert.True(mapping.Bytes.IsEmpty);
        })),
        ["Libc.Unmap(Void*,UIntPtr)"] = test => test.WithFile(file =>
        {
            Mapping mapping = Mapping.Map(file, 0, 4096);
            Assert.False(mapping.IsInvalid);
            Calls.Fail("munmap", EIO, mapping.Dispose);
            Assert.True(mapping.Bytes.IsEmpty);
        }),
        ["Libc.InotifyInit(Int32)"] = test => Calls.Fail("inotify_init1", EMFILE, () => Assert.Equal(
            EMFILE, Told(() => new DeviceWatch(test.folder.FullName)).Errno)),
        ["Libc.InotifyAddWatch(SafeFileHandle,String,UInt32)"] = test => Calls.Fail("inotify_add_watch", ENOSPC, () => Assert.Equal(
            ("inotify_add_watch", ENOSPC), Told(() => new DeviceWatch(test.folder.FullName)))),
        // What changed is looked at by whoever waits, not told by the events.
        ["Libc.Read(SafeFileHandle,Void*,UIntPtr)"] = test =>
        {
            using var watch = new DeviceWatch(test.folder.FullName);
            Calls.Fail("read", EIO, watch.Drain);
        },
        ["Libc.Poll(pollfd*,UIntPtr,Int32)"] = test =>
        {
            using var watch = new DeviceWatch(test.folder.FullName);
            Calls.Fail("poll", ENOMEM, () => Assert.False(Libc.WaitReadable(watch.Handle, 60_000)));
        },
        ["Libc.Ioctl(SafeFileHandle,UIntPtr,Void*)"] = test => Calls.Fail("ioctl", EBADF, () => Assert.Equal(
            ("FBIOGET_VSCREENINFO", EBADF), Told(() => FbdevTarget.Open(test.File)))),
        ["Libc.Ioctl(SafeFileHandle,UIntPtr,IntPtr)"] = test => test.WithFile(file => Calls.Fail("ioctl", EIO, () =>
        {
            Assert.False(Libc.TrySet(file, Kd.KDSETMODE, Kd.KD_TEXT));
            Assert.Equal(EIO, Libc.Errno);
        })),
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("framebuffer-tests-");

    public FailedCallTests() => System.IO.File.WriteAllBytes(File, new byte[4096]);

    public static TheoryData<string> Names => [.. table.Keys];

    private string File => Path.Join(folder.FullName, "file");

    public void Dispose() => folder.Delete(recursive: true);

    [ModuleInitializer]
    internal static void Attach() => Calls.Attach(typeof(FbdevTarget).Assembly);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_native_call_that_fails_has_the_answer_that_is_promised(string name) => table[name](this);

    [Fact]
    public void Every_native_call_is_in_the_table() =>
        Assert.Equal(Calls.Imports(typeof(FbdevTarget).Assembly).Order(StringComparer.Ordinal), table.Keys.Order(StringComparer.Ordinal));

    private static (string Operation, int Errno) Told(Func<IDisposable> open)
    {
        var e = Assert.Throws<FramebufferException>(() => open());
        return (e.Operation, e.Errno);
    }

    private void WithFile(Action<SafeFileHandle> use)
    {
        using SafeFileHandle file = Libc.Open(File, Libc.O_RDWR);
        use(file);
    }
}
