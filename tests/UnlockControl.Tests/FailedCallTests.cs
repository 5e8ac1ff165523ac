// SPDX-License-Identifier: GPL-3.0-or-later
// Every native call, failing, and what its caller does then.
using System.Runtime.CompilerServices;
using CardUnlock;
using FailingCalls;
using Microsoft.Win32.SafeHandles;
using UnlockControl.Native;
using UnlockControl.Tests.Volumes;
using UnlockControl.Volumes;

namespace UnlockControl.Tests;

public sealed class FailedCallTests
{
    private const int EIO = 5, EACCES = 13, EXDEV = 18, EINVAL = 22, ETXTBSY = 26, ENOSPC = 28, EPIPE = 32;

    private static readonly Dictionary<string, Action> table = new()
    {
        ["HardLink.LinkNative(String,String)"] = () => Errno("link", EXDEV, () => HardLink.Make("a", "b")),
        ["LibcFiles.StatusNative(Int32,String,Int32,UInt32,statx*)"] = () => Calls.Fail("statx", EACCES, () =>
        {
            Assert.False(LibcFiles.TryGetStatus("/", out _));
        }),
        ["LibcFiles.ChownNative(String,UInt32,UInt32)"] = () => Errno("chown", EACCES, () => LibcFiles.SetOwner("/", 0, 0)),
        ["LibcFiles.OpenNative(String,Int32)"] = () => Errno("open", EACCES, () => LibcFiles.Sync("/")),
        ["LibcFiles.SyncNative(SafeFileHandle)"] = () => Errno("fsync", EIO, () => LibcFiles.Sync("/")),

        // A group that is gone has ended.
        ["LibcFiles.KillNative(Int32,Int32)"] = () => Calls.Fail("kill", EINVAL, () => LibcFiles.EndGroup(1_000_000)),
        ["TerminalCalls.GetNative(SafeFileHandle,termios*)"] = () => WithFile("tcgetattr", EIO, file => Assert.False(TerminalCalls.TryGet(file, out _))),
        ["TerminalCalls.SetNative(SafeFileHandle,Int32,termios*)"] = () => WithFile(
            "tcsetattr", EIO, file => Assert.False(TerminalCalls.TrySet(file, default, forget: true))),
        ["TerminalCalls.PollNative(pollfd*,UIntPtr,Int32)"] = () => WithFile(
            "poll", EINVAL, file => Assert.Equal((false, false), TerminalCalls.Wait(file, file))),
        ["TerminalCalls.ReadNative(SafeFileHandle,Byte*,UIntPtr)"] = () => WithFile("read", EIO, file => Assert.Equal(-1, TerminalCalls.Read(file, new byte[1]))),
        ["TerminalCalls.WriteNative(SafeFileHandle,Byte*,UIntPtr)"] = () => WithFile("write", EPIPE, file => Assert.Equal(EPIPE, TerminalCalls.Write(file, [1]))),
        ["TerminalCalls.PipeNative(Int32*,Int32)"] = () => Calls.Fail("pipe2", EINVAL, () =>
        {
            (SafeFileHandle read, SafeFileHandle write) = TerminalCalls.NewPipe();
            Assert.True(read.IsInvalid && write.IsInvalid);
        }),

        // Whoever cannot be stopped goes on.
        ["TerminalCalls.KillNative(Int32,Int32)"] = () => Calls.Fail("kill", EINVAL, TerminalCalls.StopJob),
        ["TerminalCalls.IoctlNative(SafeFileHandle,UIntPtr,winsize*)"] = () => WithFile("ioctl", EIO, file => Assert.Equal(0, TerminalCalls.Columns(file))),
        ["Vt.Ioctl(SafeFileHandle,UIntPtr,Void*)"] = () => WithFile("ioctl", EIO, file => Assert.False(Vt.TryGet<vt_stat>(file, Vt.VT_GETSTATE, out _))),
        ["Vt.Ioctl(SafeFileHandle,UIntPtr,IntPtr)"] = () => WithFile("ioctl", EIO, file => Assert.False(Vt.TrySet(file, Vt.VT_ACTIVATE, 1))),

        ["LibCryptsetup.Init(IntPtr*,String)"] = () => Refused("crypt_init", EACCES, LuksFault.NoAccess, files => LuksVolume.Open(files.Device)),
        ["LibCryptsetup.InitDataDevice(IntPtr*,String,String)"] = () => Refused(
            "crypt_init_data_device", EACCES, LuksFault.NoAccess, files => LuksVolume.Open(files.Device, files.Device)),
        ["LibCryptsetup.Load(CryptDevice,Byte*,Void*)"] = () => Refused("crypt_load", EIO, LuksFault.Other, files => LuksVolume.Open(files.Device)),

        // Neither of the two can say that it failed: the device is let go of, and opened, all the same. (A pointer to a function is a type without a name.)
        ["LibCryptsetup.Free(IntPtr)"] = () => WithVolume((_, volume) => Cryptsetup("crypt_free", 0, volume.Dispose)),
        ["LibCryptsetup.SetLogCallback(IntPtr,,Void*)"] = () => WithVolume((files, _) => Cryptsetup(
            "crypt_set_log_callback", 0, () => LuksVolume.Open(files.Device).Dispose())),
        ["LibCryptsetup.GetUuid(CryptDevice)"] = () => WithVolume((_, volume) => Cryptsetup("crypt_get_uuid", 0, () => Assert.Equal("", volume.Uuid))),
        ["LibCryptsetup.KeyslotMax(Byte*)"] = () => WithVolume((_, volume) => Cryptsetup("crypt_keyslot_max", -EINVAL, () => Assert.Empty(volume.Keyslots))),
        ["LibCryptsetup.KeyslotStatus(CryptDevice,Int32)"] = () => WithVolume((_, volume) => Cryptsetup(
            "crypt_keyslot_status", -EINVAL, () => Assert.Empty(volume.Keyslots))),
        ["LibCryptsetup.KeyslotPriority(CryptDevice,Int32)"] = () => WithVolume((_, volume) => Cryptsetup(
            "crypt_keyslot_get_priority", -EINVAL, () => Assert.Equal([0], volume.PassphraseSlots))),

        // What cannot be told is not taken for a slot that nobody needs.
        ["LibCryptsetup.KeyslotPbkdf(CryptDevice,Int32,crypt_pbkdf_type*)"] = () => WithVolume((_, volume) => Cryptsetup(
            "crypt_keyslot_get_pbkdf", -EINVAL, () => Assert.Empty(volume.UnnamedKeyslots))),
        ["LibCryptsetup.SetPbkdf(CryptDevice,crypt_pbkdf_type*)"] = () => AddingFails("crypt_set_pbkdf_type", EIO, LuksFault.Other),
        ["LibCryptsetup.KeyslotAdd(CryptDevice,Int32,SecretBuffer,UIntPtr,SecretBuffer,UIntPtr)"] = () => AddingFails(
            "crypt_keyslot_add_by_passphrase", ENOSPC, LuksFault.NoFreeKeyslot),
        ["LibCryptsetup.PersistentFlags(CryptDevice,Int32,UInt32*)"] = () => AddingFails("crypt_persistent_flags_get", ETXTBSY, LuksFault.Reencryption),
        ["LibCryptsetup.KeyslotDestroy(CryptDevice,Int32)"] = () => WithVolume((_, volume) => Throws(
            "crypt_keyslot_destroy", EIO, LuksFault.Other, () => volume.RemoveKeyslot(0))),
        ["LibCryptsetup.Activate(CryptDevice,Byte*,Int32,SecretBuffer,UIntPtr,UInt32)"] = () => WithVolume((_, volume) => Throws(
            "crypt_activate_by_passphrase", EIO, LuksFault.Other, () =>
            {
                using SecretBuffer passphrase = TestVolume.Secret(TestVolume.Passphrase);
                volume.FindKeyslot(passphrase);
            })),
        ["LibCryptsetup.TokenMax(Byte*)"] = () => WithToken(volume => Cryptsetup("crypt_token_max", -EINVAL, () => Assert.Empty(volume.Tokens))),
        ["LibCryptsetup.TokenStatus(CryptDevice,Int32,Byte**)"] = () => WithToken(volume => Cryptsetup(
            "crypt_token_status", LibCryptsetup.CRYPT_TOKEN_INVALID, () => Assert.Empty(volume.Tokens))),
        ["LibCryptsetup.TokenGet(CryptDevice,Int32,Byte**)"] = () => WithToken(volume => Cryptsetup(
            "crypt_token_json_get", -EINVAL, () => Assert.Empty(volume.Tokens))),
        ["LibCryptsetup.TokenSet(CryptDevice,Int32,Byte*)"] = () => WithVolume((_, volume) => Throws(
            "crypt_token_json_set", ENOSPC, LuksFault.HeaderFull, () => volume.AddToken(TestVolume.Token(0)))),
        ["LibCryptsetup.HeaderBackup(CryptDevice,Byte*,String)"] = () => WithVolume((files, volume) => Throws(
            "crypt_header_backup", EIO, LuksFault.Other, () => volume.Backup(files.Device + ".backup"))),
    };

    public static TheoryData<string> Names => [.. table.Keys];

    // A StepsProcess plays before this module is there for its other threads, which would wait for it at their first native call.
    [ModuleInitializer]
    internal static void Attach()
    {
        if (!StepsProcess.IsOne)
        {
            Calls.Attach(typeof(LuksVolume).Assembly);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_native_call_that_fails_has_the_answer_that_is_promised(string name) => table[name]();

    [Fact]
    public void Every_native_call_is_in_the_table() =>
        Assert.Equal(Calls.Imports(typeof(LuksVolume).Assembly).Order(StringComparer.Ordinal), table.Keys.Order(StringComparer.Ordinal));

    private static void Errno(string name, int errno, Func<int> run) => Calls.Fail(name, errno, () => Assert.Equal(errno, run()));

    private static void WithFile(string name, int errno, Action<SafeFileHandle> run)
    {
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        Calls.Fail(name, errno, () => run(file));
    }

    private static void Cryptsetup(string name, int result, Action run) => Calls.Fail(name, 0, run, result, of: LibCryptsetup.Name);

    private static void Throws(string name, int errno, LuksFault fault, Action run) => Cryptsetup(name, -errno, () =>
        Assert.Equal(fault, Assert.Throws<LuksException>(run).Fault));

    private static void Refused(string name, int errno, LuksFault fault, Func<TestVolume, LuksVolume> open)
    {
        using var files = new TestVolume();
        Throws(name, errno, fault, () => open(files).Dispose());
    }

    private static void WithVolume(Action<TestVolume, LuksVolume> run)
    {
        using var files = new TestVolume();
        byte[] before = File.ReadAllBytes(files.Device);
        using LuksVolume volume = LuksVolume.Open(files.Device);
        run(files, volume);
        Assert.Equal(before, File.ReadAllBytes(files.Device));
    }

    private static void WithToken(Action<LuksVolume> run)
    {
        using var files = new TestVolume();
        using LuksVolume volume = LuksVolume.Open(files.Device);
        volume.AddToken(TestVolume.Token(0));
        Assert.Single(volume.Tokens);
        run(volume);
    }

    private static void AddingFails(string name, int errno, LuksFault fault) => WithVolume((_, volume) =>
    {
        using SecretBuffer passphrase = TestVolume.Secret(TestVolume.Passphrase), key = TestVolume.Key();
        Throws(name, errno, fault, () => volume.AddKeyslot(passphrase, key));
    });
}
