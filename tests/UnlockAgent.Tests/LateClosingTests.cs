// SPDX-License-Identifier: GPL-3.0-or-later
// What an ending agent leaves to a child: the descriptors that the kernel takes long to close, and no other.
using System.Text;
using Microsoft.Win32.SafeHandles;
using UnlockAgent.Native;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class LateClosingTests
{
    [Fact]
    public void A_child_holds_what_it_is_given_and_nothing_else()
    {
        string[] files = [Path.GetTempFileName(), Path.GetTempFileName(), Path.GetTempFileName()];
        SafeFileHandle[] handles = [.. files.Select(file => File.OpenHandle(file))];
        var (read, write) = Libc.NewPipe();
        using (read)
        using (write)
        {
            // The one between them is not given.
            SafeFileHandle[] kept = [.. ((SafeFileHandle[])[handles[0], handles[2]]).OrderBy(Number)];
            string[] names = [.. kept.Select(handle => files[Array.IndexOf(handles, handle)])];
            Assert.Equal(0, Libc.Spawn("/bin/sh", ["-c", "for fd in /proc/self/fd/*; do readlink $fd; done; :"], write, out int child, [.. kept.Select(Number)]));
            write.Dispose();
            using var output = new StreamReader(new FileStream(read, FileAccess.Read), Encoding.UTF8);
            string[] lines = output.ReadToEnd().Trim().Split('\n');
            Assert.True(Libc.TryWait(child, out int status));
            Assert.Equal(0, status);
            Assert.Equal(names, lines.Where(files.Contains));
        }

        Array.ForEach(handles, handle => handle.Dispose());
        Array.ForEach(files, File.Delete);
    }

    [Fact]
    public void Devices_and_what_watches_for_them_are_slow_and_nothing_else_is()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        bool IsSlow(string target)
        {
            string link = Path.Combine(folder, "fd");
            File.CreateSymbolicLink(link, target);
            bool isSlow = LateClosing.IsSlow(link);
            File.Delete(link);
            return isSlow;
        }

        Assert.True(IsSlow("/dev/input/event3"));
        Assert.True(IsSlow("anon_inode:inotify"));

        // The key's pipe above all: who reads it waits until nobody can write more.
        Assert.All(
            (string[])["pipe:[4711]", "socket:[4711]", "/dev/tty1", "/dev/fb0", "/dev/null", "anon_inode:[eventfd]", "/dev/inputs", "/etc/unlock-agent/root.gpg"],
            target => Assert.False(IsSlow(target), target));
        Assert.False(LateClosing.IsSlow(Path.Combine(folder, "gone")));
        Directory.Delete(folder);
    }

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
