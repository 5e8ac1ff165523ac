// SPDX-License-Identifier: GPL-3.0-or-later
// The structs and constants of UnlockAgent's Native/ folder against libc's headers.
using NativeLayout;
using UnlockAgent.Native;

namespace UnlockAgent.Tests;

public sealed class NativeTests
{
    private static readonly string[] Headers = ["errno.h", "poll.h", "sys/eventfd.h", "sys/mman.h", "sys/prctl.h", "sys/resource.h"];

    [Fact]
    public void Every_struct_and_constant_is_the_headers()
    {
        var assertions = CHeaders.Assertions(typeof(Libc).Assembly, "UnlockAgent.Native");
        Assert.Contains("sizeof(struct pollfd) == 8", assertions);
        Assert.Contains("sizeof(struct rlimit) == 16", assertions);
        Assert.Contains("POLLIN == 1", assertions);
        Assert.Equal("", CHeaders.Judge(Headers, assertions));
    }
}
