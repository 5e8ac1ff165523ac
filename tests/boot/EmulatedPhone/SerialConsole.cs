// SPDX-License-Identifier: GPL-3.0-or-later
//
// The guest's first serial port: kernel log, agent log and the opened system's report, each line with its time.

using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace EmulatedPhone;

/// <summary>One line of the console and when it was complete, on the clock of <see cref="Stopwatch.GetTimestamp"/>.</summary>
public sealed record ConsoleLine(long Timestamp, string Text);

/// <summary>Records a serial port; lines can be waited for, also those that came before the wait began.</summary>
public sealed class SerialConsole : IDisposable
{
    private readonly Socket socket;
    private readonly Thread thread;
    private readonly List<ConsoleLine> lines = [];
    private readonly StringBuilder partial = new();
    private bool ended;

    internal SerialConsole(Socket socket)
    {
        this.socket = socket;
        thread = new Thread(Record) { IsBackground = true, Name = "console" };
        thread.Start();
    }

    /// <summary>How many complete lines there are: a mark for <see cref="WaitFor"/>'s <c>from</c>.</summary>
    public int Count
    {
        get
        {
            lock (lines)
            {
                return lines.Count;
            }
        }
    }

    /// <summary>The last <paramref name="count"/> lines and what is begun of the next.</summary>
    public string Tail(int count)
    {
        lock (lines)
        {
            IEnumerable<string> last = lines.TakeLast(count).Select(line => line.Text);
            return string.Join('\n', [.. last, partial.ToString()]);
        }
    }

    /// <summary>The first line at or after index <paramref name="from"/> that matches, or null when time is up.</summary>
    public ConsoleLine? WaitFor(Regex pattern, TimeSpan timeout, int from = 0)
    {
        long deadline = Stopwatch.GetTimestamp() + (long)(timeout.TotalSeconds * Stopwatch.Frequency);
        int next = from;
        lock (lines)
        {
            while (true)
            {
                for (; next < lines.Count; next++)
                {
                    if (pattern.IsMatch(lines[next].Text))
                    {
                        return lines[next];
                    }
                }

                TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
                if (ended || left <= TimeSpan.Zero || !Monitor.Wait(lines, left))
                {
                    return null;
                }
            }
        }
    }

    /// <summary>Types a line of ASCII and Enter, where the port is the text console.</summary>
    public void TypeLine(string line) => socket.Send(Encoding.ASCII.GetBytes(line + "\r"));

    public void Dispose()
    {
        socket.Dispose();
        thread.Join();
    }

    private void Record()
    {
        byte[] buffer = new byte[4096];
        char[] letters = new char[buffer.Length];

        // A letter may come in two pieces.
        Decoder decoder = Encoding.UTF8.GetDecoder();
        try
        {
            for (int count; (count = socket.Receive(buffer)) > 0;)
            {
                lock (lines)
                {
                    Append(letters.AsSpan(0, decoder.GetChars(buffer.AsSpan(0, count), letters, flush: false)));
                    Monitor.PulseAll(lines);
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // QEMU ended or this object was disposed; either way the recording is complete.
        }

        lock (lines)
        {
            ended = true;
            Monitor.PulseAll(lines);
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        foreach (char letter in text)
        {
            if (letter == '\n')
            {
                lines.Add(new ConsoleLine(Stopwatch.GetTimestamp(), partial.ToString()));
                partial.Clear();
            }
            else if (letter != '\r')
            {
                partial.Append(letter);
            }
        }
    }
}
