// SPDX-License-Identifier: GPL-3.0-or-later
// Another program's output, bounded in bytes and in time; whatever goes wrong is a line in the log and no output.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using UnlockAgent.Native;

namespace UnlockAgent.Shell;

internal static class ChildProgram
{
    private const int FirstBuffer = 16 << 10;

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">What follows its name.</param>
    /// <param name="maxLength">The most bytes that it may write.</param>
    /// <param name="milliseconds">The longest that it may take; it is killed then.</param>
    /// <returns>What it wrote, or null where it did not end well.</returns>
    public static byte[]? Run(string program, ReadOnlySpan<string> arguments, int maxLength, int milliseconds)
    {
        long deadline = Environment.TickCount64 + milliseconds;
        var (read, write) = Libc.NewPipe();
        using (read)
        using (write)
        {
            if (read.IsInvalid || write.IsInvalid)
            {
                return Failed(program, arguments, "has no pipe");
            }

            int errno = Libc.Spawn(program, arguments, write, out int process);
            if (errno != 0)
            {
                return Failed(program, arguments, $"cannot be started: error {errno}");
            }

            // Else the pipe would never end.
            write.Dispose();
            byte[]? output = ReadAll(read, maxLength, deadline);
            if (output is null || !HasEnded(process, deadline))
            {
                // Nobody waits for it: it may be stuck in the kernel. The zombie ends with this process.
                Libc.Kill(process);
                return Failed(program, arguments, "wrote too much or took too long");
            }

            return Libc.TryWait(process, out int status) && status != 0
                ? Failed(program, arguments, $"ended with wait status 0x{status:X4}")
                : output;
        }
    }

    private static byte[]? Failed(string program, ReadOnlySpan<string> arguments, string reason)
    {
        Log.Write($"{program} {string.Join(' ', arguments)} {reason}");
        return null;
    }

    private static byte[]? ReadAll(SafeFileHandle pipe, int maxLength, long deadline)
    {
        using var stream = new FileStream(pipe, FileAccess.Read, bufferSize: 0);
        byte[] buffer = new byte[Math.Min(FirstBuffer, maxLength + 1)];
        int length = 0;
        while (IsReadable(pipe, deadline))
        {
            int more = stream.Read(buffer, length, buffer.Length - length);
            if (more == 0)
            {
                return buffer[..length];
            }

            length += more;
            if (length > maxLength)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(length * 2, maxLength + 1));
            }
        }

        return null;
    }

    private static bool HasEnded(int process, long deadline)
    {
        using var handle = Libc.OpenProcess(process);
        return !handle.IsInvalid && IsReadable(handle, deadline);
    }

    /// <summary>Waits until there is something to read, or an end; false where the deadline comes first.</summary>
    private static bool IsReadable(SafeFileHandle handle, long deadline)
    {
        Span<pollfd> entry = [new pollfd { fd = (int)handle.DangerousGetHandle(), events = Libc.POLLIN }];
        while (true)
        {
            long left = Math.Max(0, deadline - Environment.TickCount64);
            int ready = Libc.Poll(entry, (int)left);
            if (ready >= 0 || Marshal.GetLastPInvokeError() != Libc.EINTR)
            {
                return ready > 0;
            }
        }
    }
}
