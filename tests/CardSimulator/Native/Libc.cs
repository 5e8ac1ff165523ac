// SPDX-License-Identifier: GPL-3.0-or-later
// setenv(3): libpcsclite reads its socket's name with getenv(3), which does not see what .NET sets for itself.

using System.Runtime.InteropServices;

namespace CardSimulator.Native;

internal static partial class Libc
{
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int UnsetEnvironment(string name);
}
