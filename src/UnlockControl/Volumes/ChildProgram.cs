// SPDX-License-Identifier: GPL-3.0-or-later
// Other programs (cryptsetup, update-initramfs), each in a session of its own: the terminal's Ctrl-C reaches unlockctl alone, which decides
// what it means, and does not tear cryptsetup out of the middle of a write.
using System.ComponentModel;
using System.Diagnostics;
using CardUnlock;
using UnlockControl.Native;

namespace UnlockControl.Volumes;

/// <summary>How a program ended.</summary>
/// <param name="Status">Its exit status; 128 and more: ended by a signal; 127: it is not installed.</param>
/// <param name="LastLines">The last lines that it printed, at most <see cref="ChildProgram.LinesKept"/>.</param>
internal sealed record ChildResult(int Status, IReadOnlyList<string> LastLines);

internal static class ChildProgram
{
    public const int LinesKept = 20;

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">A name that is looked for where root's programs are, or a path.</param>
    /// <param name="input">Its standard input, to the last byte; borrowed, and written from its own pages. Null: nothing.</param>
    /// <param name="line">Called with each line of its output and errors, as they come.</param>
    /// <param name="end">When cancelled, the program and what it started are asked to end (SIGTERM), and waited for.</param>
    public static ChildResult Run(
        string program,
        IReadOnlyList<string> arguments,
        SecretBuffer? input = null,
        Action<string>? line = null,
        CancellationToken end = default)
    {
        // Output and errors share a pipe: they stay in order, and neither can fill up while the other is read.
        var start = new ProcessStartInfo("/usr/bin/setsid", ["/bin/sh", "-c", "exec \"$@\" 2>&1", "sh", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        try
        {
            using Process process = Process.Start(start)!;
            using CancellationTokenRegistration _ = end.Register(() => LibcFiles.EndGroup(process.Id));
            Give(process, input);
            List<string> last = ReadLines(process.StandardOutput, line);
            process.WaitForExit();
            return new ChildResult(process.ExitCode, last);
        }
        catch (Win32Exception e)
        {
            return new ChildResult(127, [e.Message]);
        }
    }

    private static void Give(Process process, SecretBuffer? input)
    {
        try
        {
            if (input is not null)
            {
                process.StandardInput.BaseStream.Write(input.Span);
            }

            process.StandardInput.BaseStream.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all: its status says why.
        }
    }

    private static List<string> ReadLines(StreamReader output, Action<string>? line)
    {
        List<string> last = [];
        while (output.ReadLine() is { } text)
        {
            line?.Invoke(text);
            last.Add(text);
            if (last.Count > LinesKept)
            {
                last.RemoveAt(0);
            }
        }

        return last;
    }
}
