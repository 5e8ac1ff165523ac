// SPDX-License-Identifier: GPL-3.0-or-later
// pinentry: a program that asks for a secret in a window or on a terminal of its own, over the Assuan protocol (the pinentry manual,
// "Protocol"; lines of at most 1000 bytes, percent escapes). What it answers goes from its pipe into locked memory and nowhere else.
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using CardUnlock;

namespace UnlockControl.Terminal;

/// <summary>What came of asking.</summary>
/// <param name="Secret">Null: the person gave up, or it failed.</param>
/// <param name="Fault">Why it failed, for the person; null: it did not.</param>
internal sealed record PinentryAnswer(SecretBuffer? Secret, string? Fault);

internal static class PinentryProgram
{
    /// <summary>Debian's alternative for the desktop at hand.</summary>
    public const string Usual = "pinentry";

    /// <summary>Whether the usual one is installed.</summary>
    public static bool IsThere => File.Exists("/usr/bin/pinentry");

    /// <summary>Asks once.</summary>
    /// <param name="program">A path, or a name that PATH knows.</param>
    /// <param name="question">What for.</param>
    /// <param name="most">The longest answer in bytes.</param>
    public static PinentryAnswer Ask(string program, string question, int most)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            using AssuanLine line = new(process.StandardOutput.BaseStream);
            PinentryAnswer answer = Converse(process.StandardInput.BaseStream, line, question, most);
            process.StandardInput.Close();
            process.WaitForExit();
            return answer;
        }
        catch (Win32Exception)
        {
            return new(null, $"{program} cannot be started. Install it (apt install pinentry-curses), or leave --pinentry away.");
        }
        catch (IOException)
        {
            return new(null, $"{program} ended without an answer.");
        }
    }

    private static PinentryAnswer Converse(Stream to, AssuanLine line, string question, int most)
    {
        line.Read();
        foreach (string option in Options())
        {
            // An option that this pinentry does not know is no reason not to ask.
            Send(to, $"OPTION {option}");
            line.ReadAnswer(null);
        }

        foreach (string command in (string[])["SETTITLE unlockctl", $"SETDESC {Escape(question)}", "SETPROMPT Answer:"])
        {
            Send(to, command);
            line.ReadAnswer(null);
        }

        SecretBuffer secret = SecretBuffer.Allocate(most);
        try
        {
            Send(to, "GETPIN");
            AssuanAnswer answer = line.ReadAnswer(secret);
            Send(to, "BYE");
            return answer switch
            {
                AssuanAnswer.Ok => new(secret.Move(), null),
                AssuanAnswer.Cancelled => new(null, null),
                AssuanAnswer.TooLong => new(null, $"What was entered is longer than {most} bytes."),
                _ => new(null, $"pinentry failed: {line.Text}"),
            };
        }
        finally
        {
            secret.Dispose();
        }
    }

    private static List<string> Options()
    {
        List<string> options = [];
        Add("ttyname", TerminalName());
        Add("ttytype", Environment.GetEnvironmentVariable("TERM"));
        Add("display", Environment.GetEnvironmentVariable("DISPLAY"));
        Add("lc-ctype", Environment.GetEnvironmentVariable("LC_ALL") ?? Environment.GetEnvironmentVariable("LANG"));
        return options;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                options.Add($"{name}={Escape(value)}");
            }
        }
    }

    // The terminal by its own name: pinentry opens it, and may be no child of this terminal's session.
    private static string? TerminalName()
    {
        foreach (string descriptor in (string[])["0", "1", "2"])
        {
            string? path = File.ResolveLinkTarget($"/proc/self/fd/{descriptor}", returnFinalTarget: false)?.FullName;
            if (path is not null && (path.StartsWith("/dev/pts/", StringComparison.Ordinal) || path.StartsWith("/dev/tty", StringComparison.Ordinal)))
            {
                return path;
            }
        }

        return null;
    }

    private static void Send(Stream to, string command)
    {
        to.Write(Encoding.UTF8.GetBytes(command + "\n"));
        to.Flush();
    }

    private static string Escape(string text) => text
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal);
}
