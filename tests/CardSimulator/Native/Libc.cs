// SPDX-License-Identifier: GPL-3.0-or-later
// setenv(3): libpcsclite reads its socket's name with getenv(3), which does not see what .NET sets for itself.
// posix_openpt(3) and its like: a pseudo-terminal, on whose other side a serial port's driver can be opened.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CardSimulator.Native;

internal static unsafe partial class Libc
{
    /// <summary>O_RDWR | O_NOCTTY of fcntl.h, the same number on every Linux architecture that .NET runs on.</summary>
    internal const int ReadWriteNoTerminal = 0x102;

    /// <summary>TCSANOW of termios.h.</summary>
    internal const int Now = 0;

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int UnsetEnvironment(string name);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    internal static partial SafeFileHandle OpenPseudoTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    internal static partial int GrantPseudoTerminal(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    internal static partial int UnlockPseudoTerminal(SafeFileHandle master);

    /// <summary>The path of the other side, zero-terminated. Returns 0 or an errno.</summary>
    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    internal static partial int PseudoTerminalName(SafeFileHandle master, byte* name, nuint size);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    internal static partial int GetTerminal(SafeFileHandle terminal, Terminal* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    internal static partial int SetTerminal(SafeFileHandle terminal, int when, Terminal* settings);

    /// <summary>No echo, no line editing, no signals: bytes pass as they are.</summary>
    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    internal static partial void MakeRaw(Terminal* settings);

    /// <summary>struct termios of termios.h, 60 bytes with glibc; nothing here looks inside.</summary>
    [InlineArray(15)]
    internal struct Terminal
    {
        private uint word;
    }
}
