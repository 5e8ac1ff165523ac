// SPDX-License-Identifier: GPL-3.0-or-later
// Every native call, failing, and what its caller does then.
using System.Runtime.CompilerServices;
using FailingCalls;
using UnlockAgent.Native;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class FailedCallTests
{
    private const int EPERM = 1, EIO = 5, ECHILD = 10, ENOMEM = 12, EINVAL = 22, EMFILE = 24, ENOSYS = 38, Patience = 20_000;

    private static readonly Dictionary<string, Action> table = new()
    {
        // Nothing is known of what it did.
        ["Libc.Sync()"] = () => Calls.Fail("sync", EIO, Libc.Sync),
        // A command that no kernel knows: this one must never arrive.
        ["Libc.RebootNative(Int32)"] = () => Calls.Fail("reboot", EPERM, () => Assert.Equal(EPERM, Libc.Reboot(0))),
        ["Libc.RandomNative(Byte*,UIntPtr,UInt32)"] = () => Calls.Fail("getrandom", ENOSYS, () => Assert.Null(RandomDigits.NewOrder())),
        ["Libc.AdviseNative(IntPtr,UIntPtr,Int32)"] = () => Calls.Fail("madvise", EINVAL, () => Libc.Populate(4096, 1)),
        ["Libc.PollNative(pollfd*,UIntPtr,Int32)"] = () => Calls.Fail("poll", EIO, () => Assert.Null(Echo())),
        ["Libc.EventFdNative(UInt32,Int32)"] = () => Calls.Fail("eventfd", EMFILE, NoCardThread),
        ["Libc.SetLimitNative(Int32,rlimit*)"] = () => Calls.Fail(
            "setrlimit", EPERM, () => Assert.Throws<InvalidOperationException>(Libc.ForbidDumps)),
        ["Libc.ProcessControlNative(Int32,UIntPtr,UIntPtr,UIntPtr,UIntPtr)"] = () => Calls.Fail(
            "prctl", EPERM, () => Assert.Throws<InvalidOperationException>(Libc.ForbidDumps)),
        ["Libc.PipeNative(Int32*,Int32)"] = () => Calls.Fail("pipe2", EMFILE, () => Assert.Null(Echo())),
        ["Libc.SpawnNative(Int32*,Byte*,posix_spawn_file_actions_t*,posix_spawnattr_t*,IntPtr*,IntPtr*)"] = () => NotStarted("posix_spawn"),
        ["Libc.AddOpenNative(posix_spawn_file_actions_t*,Int32,Byte*,Int32,UInt32)"] = () => NotStarted("posix_spawn_file_actions_addopen"),
        ["Libc.AddDuplicateNative(posix_spawn_file_actions_t*,Int32,Int32)"] = () => NotStarted("posix_spawn_file_actions_adddup2"),
        ["Libc.AddCloseFromNative(posix_spawn_file_actions_t*,Int32)"] = () => NotStarted("posix_spawn_file_actions_addclosefrom_np"),
        ["Libc.InitActionsNative(posix_spawn_file_actions_t*)"] = () => NotStarted("posix_spawn_file_actions_init"),
        ["Libc.InitAttributesNative(posix_spawnattr_t*)"] = () => NotStarted("posix_spawnattr_init"),
        ["Libc.SetFlagsNative(posix_spawnattr_t*,Int16)"] = () => NotStarted("posix_spawnattr_setflags"),
        ["Libc.SetSignalMaskNative(posix_spawnattr_t*,sigset_t*)"] = () => NotStarted("posix_spawnattr_setsigmask"),
        ["Libc.SetSignalDefaultsNative(posix_spawnattr_t*,sigset_t*)"] = () => NotStarted("posix_spawnattr_setsigdefault"),
        ["Libc.DestroyActionsNative(posix_spawn_file_actions_t*)"] = () => StillRuns("posix_spawn_file_actions_destroy", ENOMEM),
        ["Libc.DestroyAttributesNative(posix_spawnattr_t*)"] = () => StillRuns("posix_spawnattr_destroy", ENOMEM),
        ["Libc.OpenProcessNative(Int32,UInt32)"] = () => Calls.Fail("pidfd_open", ENOSYS, () => Assert.Null(Echo())),
        // It ends by itself: the pipe is gone.
        ["Libc.KillNative(Int32,Int32)"] = () => Calls.Fail(
            "kill", EPERM, () => Assert.Null(ChildProgram.Run("/bin/sh", ["-c", "while echo x; do :; done"], 4, Patience))),
        // The kernel keeps no status where SIGCHLD is ignored.
        ["Libc.WaitNative(Int32,Int32*,Int32)"] = () => StillRuns("waitpid", -1, ECHILD),
    };

    public static TheoryData<string> Names => [.. table.Keys];

    [ModuleInitializer]
    internal static void Attach() => Calls.Attach(typeof(Libc).Assembly);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_native_call_that_fails_has_the_answer_that_is_promised(string name) => table[name]();

    [Fact]
    public void Every_native_call_is_in_the_table() =>
        Assert.Equal(Calls.Imports(typeof(Libc).Assembly).Order(StringComparer.Ordinal), table.Keys.Order(StringComparer.Ordinal));

    // Whose end has the text prompt take over: without the counter nobody would hear what the card says.
    private static void NoCardThread()
    {
        var e = Assert.Throws<InvalidOperationException>(() => new CardThread(new KeySource(KeySource.None, device: null)));
        Assert.Equal($"eventfd failed with error {EMFILE}.", e.Message);
    }

    private static byte[]? Echo() => ChildProgram.Run("/bin/echo", ["x"], 100, Patience);

    // One that started all the same would have our descriptors or our signals.
    private static void NotStarted(string name) => Calls.Fail(
        name,
        0,
        () =>
        {
            var (read, write) = Libc.NewPipe();
            using (read)
            using (write)
            {
                Assert.Equal(ENOMEM, Libc.Spawn("/bin/echo", ["x"], write, out _));
            }
        },
        result: ENOMEM);

    private static void StillRuns(string name, int result, int errno = 0) =>
        Calls.Fail(name, errno, () => Assert.Equal("x\n"u8.ToArray(), Echo()), result);
}
