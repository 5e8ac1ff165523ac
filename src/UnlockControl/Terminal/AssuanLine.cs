// SPDX-License-Identifier: GPL-3.0-or-later
// The server's lines of the Assuan protocol (libassuan's manual, "Server responses"): OK, ERR number text, D data, S status, # comment.
using System.Buffers.Text;
using System.Text;
using CardUnlock;

namespace UnlockControl.Terminal;

/// <summary>How a command was answered.</summary>
internal enum AssuanAnswer
{
    Ok,
    Cancelled,
    TooLong,
    Failed,
}

/// <summary>Reads lines, each in locked memory; the one before is wiped.</summary>
internal sealed class AssuanLine(Stream from) : IDisposable
{
    /// <summary>Bytes, without the line feed (ASSUAN_LINELENGTH is 1002 with "\r\n").</summary>
    private const int Longest = 1000;

    // libgpg-error: the number without its source in the upper bits.
    private const int ErrorMask = 0xFFFF;
    private const int Canceled = 99;
    private const int FullyCanceled = 198;

    private readonly SecretBuffer line = SecretBuffer.Allocate(Longest);
    private readonly SecretBuffer scratch = SecretBuffer.Allocate(1);

    /// <summary>The line, for a message; never called for a data line.</summary>
    public string Text => Encoding.UTF8.GetString(line.Span);

    /// <summary>Reads the next line.</summary>
    /// <exception cref="IOException">There is none, or one that is too long.</exception>
    public void Read()
    {
        line.Clear();
        scratch.Clear();
        scratch.TryAppend([0]);
        while (true)
        {
            if (from.Read(scratch.Span) != 1)
            {
                throw new IOException("The program ended.");
            }

            if (scratch.Span[0] == (byte)'\n')
            {
                return;
            }

            if (!line.TryAppend(scratch.Span))
            {
                throw new IOException("A line is too long.");
            }
        }
    }

    /// <summary>Reads until the command is answered.</summary>
    /// <param name="data">Takes the data; null: none is expected.</param>
    public AssuanAnswer ReadAnswer(SecretBuffer? data)
    {
        bool fits = true;
        while (true)
        {
            Read();
            ReadOnlySpan<byte> text = line.Span;
            if (text.StartsWith("D "u8))
            {
                fits &= data is not null && TryDecode(text[2..], data);
            }
            else if (text.SequenceEqual("OK"u8) || text.StartsWith("OK "u8))
            {
                return fits ? AssuanAnswer.Ok : AssuanAnswer.TooLong;
            }
            else if (text.StartsWith("ERR "u8))
            {
                return Utf8Parser.TryParse(text[4..], out uint code, out _) && (code & ErrorMask) is Canceled or FullyCanceled
                    ? AssuanAnswer.Cancelled : AssuanAnswer.Failed;
            }
        }
    }

    public void Dispose()
    {
        line.Dispose();
        scratch.Dispose();
    }

    /// <summary>Undoes the percent escapes of a data line.</summary>
    /// <returns>False: it does not fit.</returns>
    internal static bool TryDecode(ReadOnlySpan<byte> escaped, SecretBuffer to)
    {
        for (int i = 0; i < escaped.Length; i++)
        {
            byte value = escaped[i];
            if (value == (byte)'%' && i + 2 < escaped.Length && Utf8Parser.TryParse(escaped.Slice(i + 1, 2), out byte code, out int used, 'X') && used == 2)
            {
                value = code;
                i += 2;
            }

            if (!to.TryAppend([value]))
            {
                return false;
            }
        }

        return true;
    }
}
