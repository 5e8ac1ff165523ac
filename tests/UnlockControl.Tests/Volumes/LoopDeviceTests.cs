// SPDX-License-Identifier: GPL-3.0-or-later
// A block device, where this user and this kernel can have one: LUKS2 locks it otherwise than a file, and it can be write protected.
using System.Diagnostics;
using CardUnlock;
using UnlockControl.Volumes;

namespace UnlockControl.Tests.Volumes;

public sealed class LoopDeviceTests
{
    [Fact]
    public void A_block_device_is_as_a_file()
    {
        using var files = new TestVolume();
        using var loop = new Loop(files.Device, "--find");
        using LuksVolume volume = LuksVolume.Open(loop.Path);
        using SecretBuffer passphrase = TestVolume.Secret(TestVolume.Passphrase), key = TestVolume.Key();
        int slot = volume.AddKeyslot(passphrase, key)!.Value;
        _ = volume.AddToken(TestVolume.Token(slot));
        Assert.True(volume.Proves(key, slot));
    }

    [Fact]
    public void A_write_protected_device_is_told()
    {
        using var files = new TestVolume();
        using var loop = new Loop(files.Device, "--read-only", "--find");
        using LuksVolume volume = LuksVolume.Open(loop.Path);
        using SecretBuffer passphrase = TestVolume.Secret(TestVolume.Passphrase), key = TestVolume.Key();
        LuksException fault = Assert.Throws<LuksException>(() => volume.AddKeyslot(passphrase, key));
        Assert.True(fault.Fault == LuksFault.ReadOnly, fault.Message);
        Assert.Equal(LuksFault.ReadOnly, Assert.Throws<LuksException>(() => volume.AddToken(TestVolume.Token(0))).Fault);
        Assert.Equal(LuksFault.ReadOnly, Assert.Throws<LuksException>(() => volume.RemoveKeyslot(0)).Fault);
        Assert.Equal([0], volume.Keyslots);
    }

    private sealed class Loop : IDisposable
    {
        public Loop(string file, params string[] options)
        {
            (int status, string output) = Run([.. options, "--show", file]);
            Assert.SkipUnless(status == 0, $"no loop device: {output}");
            Path = output.Trim();
        }

        public string Path { get; }

        public void Dispose() => Run(["--detach", Path]);

        private static (int Status, string Output) Run(string[] arguments)
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", "PATH=/usr/sbin:/usr/bin:/sbin:/bin; exec losetup \"$@\" 2>&1", "sh", .. arguments]) { RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
    }
}
