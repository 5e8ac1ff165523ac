// SPDX-License-Identifier: GPL-3.0-or-later
// Plain sentences for whoever looks for a reason later. Nothing that was typed, and no digit's place, ever comes here.
using System.Text;

namespace UnlockAgent.Shell;

internal static class Log
{
    private const string KernelLog = "/dev/kmsg";
    private static readonly FileStream? Kernel = OpenKernelLog();

    /// <summary>Writes one line, to the kernel log during a boot and to stderr otherwise.</summary>
    public static void Write(string sentence)
    {
        if (Kernel is null)
        {
            Console.Error.WriteLine("unlock-agent: " + sentence);
            return;
        }

        try
        {
            // One write is one record; <5> is the level "notice". The device cannot seek, which rules RandomAccess out.
            Kernel.Write(Encoding.UTF8.GetBytes("<5>unlock-agent: " + sentence + "\n"));
        }
        catch (IOException)
        {
            // A log that cannot be written must not stop the person.
        }
    }

    private static FileStream? OpenKernelLog()
    {
        if (!KeyscriptEnvironment.IsKeyscript)
        {
            return null;
        }

        try
        {
            return new FileStream(KernelLog, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
