// SPDX-License-Identifier: GPL-3.0-or-later
//
// A person's terminal: the far end of the guest's hvc0, where a shell is logged in. What programs show there, and what is typed to them.

using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace EmulatedPhone;

/// <summary>Records what a terminal shows and types at it; a thread of its own reads.</summary>
public sealed partial class GuestTerminal : IDisposable
{
    private readonly Socket socket;
    private readonly Thread thread;
    private readonly StringBuilder shown = new();
    private bool ended;
    private int seen;

    internal GuestTerminal(Socket socket)
    {
        this.socket = socket;
        thread = new Thread(Record) { IsBackground = true, Name = "terminal" };
        thread.Start();
    }

    /// <summary>All that was shown so far, as a person reads it: without escape sequences, lines that end in "\n".</summary>
    public string Text
    {
        get
        {
            lock (shown)
            {
                return Plain(shown.ToString());
            }
        }
    }

    /// <summary>All that was shown so far, as it came.</summary>
    public string Raw
    {
        get
        {
            lock (shown)
            {
                return shown.ToString();
            }
        }
    }

    /// <summary>The page that a person has seen in the end, where progress is drawn over itself.</summary>
    public string Page => TerminalPage.Render(Raw);

    /// <summary>Types keys as they are: "\r" is Enter, "\x03" Ctrl-C.</summary>
    public void Type(string keys) => socket.Send(Encoding.UTF8.GetBytes(keys));

    /// <summary>Types a line and Enter.</summary>
    public void TypeLine(string line) => Type(line + "\r");

    /// <summary>Waits for what matches in all that is shown after the last match.</summary>
    /// <returns>What was shown since that match, to this one's end.</returns>
    /// <exception cref="PhoneException">It did not come in time; the message holds what did.</exception>
    public string WaitFor(Regex pattern, TimeSpan timeout)
    {
        DateTime deadline = DateTime.UtcNow + timeout;
        lock (shown)
        {
            while (true)
            {
                // The last character may be the first of an escape sequence or of "\r\n": patterns end before it by themselves.
                string since = Plain(shown.ToString())[seen..];
                Match match = pattern.Match(since);
                if (match.Success)
                {
                    seen += match.Index + match.Length;
                    return since[..(match.Index + match.Length)];
                }

                TimeSpan left = deadline - DateTime.UtcNow;
                if (ended || left <= TimeSpan.Zero || !Monitor.Wait(shown, left))
                {
                    throw new PhoneException($"the terminal does not show {pattern} within {timeout.TotalSeconds:0} s, but:\n{since}");
                }
            }
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        thread.Join();
    }

    private static string Plain(string text) => Unreadable().Replace(text, "");

    private void Record()
    {
        byte[] buffer = new byte[4096];
        char[] letters = new char[buffer.Length];
        Decoder decoder = Encoding.UTF8.GetDecoder();
        try
        {
            for (int count; (count = socket.Receive(buffer)) > 0;)
            {
                lock (shown)
                {
                    shown.Append(letters, 0, decoder.GetChars(buffer, 0, count, letters, 0));
                    Monitor.PulseAll(shown);
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // QEMU ended or this object was disposed; either way the recording is complete.
        }

        lock (shown)
        {
            ended = true;
            Monitor.PulseAll(shown);
        }
    }

    // Carriage returns, CSI and OSC sequences and two-byte escapes (ECMA-48), also a last one that is not complete yet.
    [GeneratedRegex(@"\r|\e\[[0-?]*[ -/]*([@-~]|$)|\e\][^\a\e]*(\a|\e\\|$)|\e([@-Z\\^_=>78]|$)")]
    private static partial Regex Unreadable();
}
