// SPDX-License-Identifier: GPL-3.0-or-later
// The structs and constants of UnlockControl's Native/ folder against the C headers.
using NativeLayout;
using UnlockControl.Native;

namespace UnlockControl.Tests.Volumes;

public sealed class NativeTests
{
    private static readonly string[] Headers = [
        "errno.h", "fcntl.h", "poll.h", "signal.h", "stdint.h", "sys/ioctl.h", "sys/stat.h", "termios.h", "linux/vt.h", "libcryptsetup.h",
    ];

    [Fact]
    public void Every_struct_and_constant_is_the_headers()
    {
        IReadOnlyList<string> assertions = CHeaders.Assertions(typeof(LibCryptsetup).Assembly, "UnlockControl.Native");
        Assert.Contains("sizeof(struct crypt_pbkdf_type) == 40", assertions);
        Assert.Contains("sizeof(struct statx) == 256", assertions);
        Assert.Contains("sizeof(struct termios) == 60", assertions);
        Assert.Contains("CRYPT_PBKDF_NO_BENCHMARK == 2", assertions);
        string[] texts =
        [
            "__builtin_strcmp(CRYPT_LUKS2, \"LUKS2\") == 0",
            "__builtin_strcmp(CRYPT_LUKS1, \"LUKS1\") == 0",
            "__builtin_strcmp(CRYPT_KDF_PBKDF2, \"pbkdf2\") == 0",
        ];
        Assert.Equal("", CHeaders.Judge(Headers, [.. assertions, .. texts]));
    }
}
