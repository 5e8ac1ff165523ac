// SPDX-License-Identifier: GPL-3.0-or-later
// The structs and constants of UnlockAgent's Native/ folder against libc's headers.
using System.Runtime.CompilerServices;
using NativeLayout;
using UnlockAgent.Native;

namespace UnlockAgent.Tests;

public sealed class NativeTests
{
    private static readonly string[] Headers = ["errno.h", "fcntl.h", "poll.h", "sys/random.h", "sys/reboot.h", "signal.h", "spawn.h", "sys/eventfd.h", "sys/mman.h", "sys/prctl.h", "sys/resource.h"];

    [Fact]
    public void Every_struct_and_constant_is_the_headers()
    {
        var assertions = CHeaders.Assertions(typeof(Libc).Assembly, "UnlockAgent.Native");
        Assert.Contains("sizeof(struct pollfd) == 8", assertions);
        Assert.Contains("sizeof(struct rlimit) == 16", assertions);
        Assert.Contains("POLLIN == 1", assertions);

        // What libc keeps to itself is storage here, of the right size.
        string[] sizes =
        [
            $"sizeof(posix_spawn_file_actions_t) == {Unsafe.SizeOf<posix_spawn_file_actions_t>()}",
            $"sizeof(posix_spawnattr_t) == {Unsafe.SizeOf<posix_spawnattr_t>()}",
            $"sizeof(sigset_t) == {Unsafe.SizeOf<sigset_t>()}",
        ];
        Assert.Equal("", CHeaders.Judge(Headers, [.. assertions, .. sizes]));
    }
}
