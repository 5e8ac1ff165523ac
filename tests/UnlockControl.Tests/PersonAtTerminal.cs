// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody at a terminal: a program on a pseudo-terminal of its own, what it shows, and what is typed to it (pty(7)). The program is
// the leader of a session whose controlling terminal that is, as after a login.

using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace UnlockControl.Tests;

/// <summary>One run of a program at a terminal of 40 lines of 120 columns. Dispose ends the program if it still runs.</summary>
public sealed partial class PersonAtTerminal : IDisposable
{
    private const int ReadWriteNoTerminal = 0x102;
    private const int Columns = 120;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process program;
    private readonly FileStream master;
    private readonly SafeFileHandle line;
    private readonly Thread reader;
    private readonly StringBuilder shown = new();
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    private bool ended;
    private int seen;

    /// <summary>Starts a program at a new terminal.</summary>
    /// <param name="program">A path, or a name that PATH knows.</param>
    /// <param name="configure">Changes its environment or working folder.</param>
    public PersonAtTerminal(string program, IEnumerable<string> arguments, Action<ProcessStartInfo>? configure = null)
    {
        SafeFileHandle terminal = OpenPseudoTerminal(ReadWriteNoTerminal);
        TerminalPath = NameOfOtherSide(terminal);
        master = new FileStream(terminal, FileAccess.ReadWrite, bufferSize: 0);

        // Held open until the program has ended: between two holders our reads would fail.
        line = Open(TerminalPath, ReadWriteNoTerminal);
        this.program = Start(TerminalPath, program, arguments, configure);
        this.program.Exited += (_, _) => line.Dispose();
        this.program.EnableRaisingEvents = true;
        reader = new Thread(Read) { IsBackground = true, Name = "what the terminal shows" };
        reader.Start();
    }

    /// <summary>The terminal's device, for instance /dev/pts/3.</summary>
    public string TerminalPath { get; }

    /// <summary>The program's process number.</summary>
    public int ProcessId => program.Id;

    /// <summary>The program has ended.</summary>
    public bool HasEnded => program.HasExited;

    /// <summary>All that was shown so far, escape sequences and all; lines end in "\r\n".</summary>
    public string Shown
    {
        get
        {
            lock (shown)
            {
                return shown.ToString();
            }
        }
    }

    /// <summary>The terminal shows what is typed (stty: echo).</summary>
    public bool Echoes => Settings().Split([' ', '\n', ';']).Contains("echo");

    /// <summary>What `stty -a` says of the terminal.</summary>
    public string Settings()
    {
        var start = new ProcessStartInfo("stty", ["-F", TerminalPath, "-a"]) { RedirectStandardOutput = true };
        using Process stty = Process.Start(start)!;
        string settings = stty.StandardOutput.ReadToEnd();
        stty.WaitForExit();
        return settings;
    }

    /// <summary>Waits until the program shows a text after the one that was last waited for.</summary>
    /// <returns>What it showed since then, to the text's end.</returns>
    /// <exception cref="TimeoutException">It does not within 30 seconds, or it ended; the message holds what it showed.</exception>
    public string WaitFor(string text)
    {
        DateTime deadline = DateTime.UtcNow + Patience;
        lock (shown)
        {
            while (true)
            {
                int at = shown.ToString().IndexOf(text, seen, StringComparison.Ordinal);
                if (at >= 0)
                {
                    string passed = shown.ToString(seen, at + text.Length - seen);
                    seen = at + text.Length;
                    return passed;
                }

                TimeSpan left = deadline - DateTime.UtcNow;
                if (ended || left <= TimeSpan.Zero || !Monitor.Wait(shown, left))
                {
                    throw new TimeoutException($"'{text}' is not shown; what is:\n{shown}");
                }
            }
        }
    }

    /// <summary>Types keys as they are: "\r" is Enter, "\x7f" Backspace, "\x03" Ctrl-C.</summary>
    public void Type(string keys) => master.Write(Encoding.UTF8.GetBytes(keys));

    /// <summary>Types bytes as they are.</summary>
    public void Type(ReadOnlySpan<byte> keys) => master.Write(keys);

    /// <summary>Types a line and Enter.</summary>
    public void TypeLine(string text) => Type(text + "\r");

    /// <summary>Sends the program a signal, as kill(1) names it: "TERM".</summary>
    public void Signal(string name) => Process.Start("sh", ["-c", $"kill -{name} {ProcessId}"]).WaitForExit();

    /// <summary>Waits until the program has ended and all that it showed is in <see cref="Shown"/>.</summary>
    /// <returns>Its exit status; 128 and the signal's number where one ended it.</returns>
    /// <exception cref="TimeoutException">It runs on after 30 seconds.</exception>
    public int WaitForExit()
    {
        if (!program.WaitForExit(Patience))
        {
            throw new TimeoutException($"The program runs on; what it showed:\n{Shown}");
        }

        reader.Join();
        return program.ExitCode;
    }

    public void Dispose()
    {
        if (!program.HasExited)
        {
            program.Kill(entireProcessTree: true);
        }

        WaitForExit();
        line.Dispose();
        master.Dispose();
        program.Dispose();
    }

    // The shell opens the terminal; setsid makes it the controlling one and becomes the program, in the same process. Tests may have been
    // started in the background, where a shell has SIGINT ignored: not so after a login.
    private static Process Start(string terminal, string program, IEnumerable<string> arguments, Action<ProcessStartInfo>? configure)
    {
        string script = $"stty rows 40 cols {Columns} <\"$0\"; exec setsid --ctty env --default-signal \"$@\" <\"$0\" >\"$0\" 2>&1";
        var start = new ProcessStartInfo("sh", ["-c", script, terminal, program, .. arguments]);
        start.Environment["TERM"] = "xterm-256color";
        configure?.Invoke(start);
        return Process.Start(start)!;
    }

    private static unsafe string NameOfOtherSide(SafeFileHandle master)
    {
        Span<byte> name = stackalloc byte[64];
        fixed (byte* start = name)
        {
            if (master.IsInvalid || GrantPseudoTerminal(master) != 0 || UnlockPseudoTerminal(master) != 0
                || PseudoTerminalName(master, start, (nuint)name.Length) != 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError(), "There is no pseudo-terminal to be had.");
            }
        }

        return Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
    }

    private void Read()
    {
        byte[] bytes = new byte[4096];
        char[] text = new char[4096];
        int count;
        while ((count = ReadSome(bytes)) > 0)
        {
            lock (shown)
            {
                shown.Append(text, 0, decoder.GetChars(bytes, 0, count, text, 0));
                Monitor.PulseAll(shown);
            }
        }

        lock (shown)
        {
            ended = true;
            Monitor.PulseAll(shown);
        }
    }

    private int ReadSome(byte[] bytes)
    {
        try
        {
            return master.Read(bytes);
        }
        catch (IOException)
        {
            // EIO: nobody holds the other side any more.
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial SafeFileHandle OpenPseudoTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int GrantPseudoTerminal(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int UnlockPseudoTerminal(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static unsafe partial int PseudoTerminalName(SafeFileHandle master, byte* name, nuint size);
}
