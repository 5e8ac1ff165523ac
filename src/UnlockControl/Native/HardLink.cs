// SPDX-License-Identifier: GPL-3.0-or-later
// link(2): a second name for a file.
using System.Runtime.InteropServices;

namespace UnlockControl.Native;

internal static partial class HardLink
{
    /// <returns>0, or the errno.</returns>
    public static int Make(string existing, string added) => LinkNative(existing, added) == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkNative(string existing, string added);
}
