// SPDX-License-Identifier: GPL-3.0-or-later
// The controlling terminal, /dev/tty (tty(4)): questions and answers go there, whatever stdin and stdout are. A secret goes byte by byte
// from the kernel into locked memory; Console, which keeps strings and sets the terminal up in its own way, is not used.
using System.Text;
using CardUnlock;
using Microsoft.Win32.SafeHandles;
using UnlockControl.Native;
using UnlockControl.Volumes;

namespace UnlockControl.Terminal;

/// <summary>An open terminal. Not thread safe.</summary>
internal sealed class TerminalDevice : IDisposable
{
    /// <summary>The longest line that is no secret, in bytes.</summary>
    public const int LongestLine = 1024;

    private readonly SafeFileHandle handle;
    private readonly FileStream output;

    private TerminalDevice(SafeFileHandle handle)
    {
        this.handle = handle;
        output = new FileStream(handle, FileAccess.ReadWrite, bufferSize: 0);
    }

    /// <returns>Null: this process has no terminal.</returns>
    public static TerminalDevice? TryOpen()
    {
        try
        {
            return new(File.OpenHandle("/dev/tty", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Asks without echo.</summary>
    /// <param name="question">Shown before it, without a colon.</param>
    /// <param name="most">The longest answer in bytes; what is longer cannot be typed.</param>
    /// <returns>Null: the person gave up.</returns>
    /// <exception cref="InterruptedException">Ctrl-C, or a signal that ends the program.</exception>
    public SecretBuffer? AskSecret(string question, int most) => Ask(question, most, secret: true);

    /// <summary>Asks for a line that is shown while it is typed.</summary>
    /// <inheritdoc cref="AskSecret"/>
    public string? AskLine(string question)
    {
        using SecretBuffer? line = Ask(question, LongestLine, secret: false);
        return line is null ? null : Encoding.UTF8.GetString(line.Span).Trim();
    }

    /// <summary>Shows a line.</summary>
    public void ShowLine(string line) => Show(line + "\n");

    public void Dispose() => output.Dispose();

    private SecretBuffer? Ask(string question, int most, bool secret)
    {
        using Interruptions interruptions = new();
        using SecretBuffer scratch = SecretBuffer.Allocate(1);
        TypedSecret typed = new(most);
        scratch.TryAppend([0]);
        if (!TerminalCalls.TryGet(handle, out termios before))
        {
            typed.Dispose();
            return null;
        }

        try
        {
            Set(Hushed(before, secret), forget: secret);
            Show(question + ": ");
            return Read(typed, scratch.Span, interruptions, before, question, secret) ? typed.Take() : null;
        }
        finally
        {
            _ = TerminalCalls.TrySet(handle, before, forget: false);
            Show("\n");
            typed.Dispose();
        }
    }

    private bool Read(TypedSecret typed, Span<byte> scratch, Interruptions interruptions, in termios before, string question, bool secret)
    {
        while (true)
        {
            (bool isTyped, bool isSignal) = TerminalCalls.Wait(handle, interruptions.Bell);
            if (isSignal)
            {
                AnswerSignal(interruptions, before, question, secret);
                continue;
            }

            if (!isTyped || TerminalCalls.Read(handle, scratch) != 1)
            {
                return false;
            }

            TypedKey key = typed.Press(scratch[0]);
            scratch[0] = 0;
            switch (key)
            {
                case TypedKey.Enter:
                    return true;
                case TypedKey.GiveUp:
                    return false;
                case TypedKey.Interrupt:
                    throw new InterruptedException();
                case TypedKey.Stop:
                    Stop(interruptions, before, question, secret);
                    break;
                case TypedKey.Refused:
                    Show("\a");
                    break;
            }

            if (!secret)
            {
                ShowTyped(question, typed);
            }
        }
    }

    private void AnswerSignal(Interruptions interruptions, in termios before, string question, bool secret)
    {
        Span<byte> kind = stackalloc byte[1];
        _ = TerminalCalls.Read(interruptions.Bell, kind);
        switch ((Interruption)kind[0])
        {
            case Interruption.End:
                throw new InterruptedException();
            case Interruption.Stop:
                Stop(interruptions, before, question, secret);
                break;
            default:
                // The shell that continued us has set the terminal to its own taste.
                Set(Hushed(before, secret), forget: false);
                break;
        }
    }

    private void Stop(Interruptions interruptions, in termios before, string question, bool secret)
    {
        _ = TerminalCalls.TrySet(handle, before, forget: false);
        interruptions.StopNow();
        Set(Hushed(before, secret), forget: secret);
        Show($"\r{question}: ");
    }

    // Not even signals: Ctrl-C and Ctrl-Z come as bytes, so that the terminal is put back first and in this thread.
    private static termios Hushed(in termios before, bool secret)
    {
        termios hushed = before;
        _ = secret;
        hushed.c_lflag &= ~(TerminalCalls.ECHO | TerminalCalls.ECHONL | TerminalCalls.ICANON | TerminalCalls.ISIG | TerminalCalls.IEXTEN);
        hushed.c_iflag |= TerminalCalls.ICRNL;
        hushed.c_cc[TerminalCalls.VMIN] = 1;
        hushed.c_cc[TerminalCalls.VTIME] = 0;
        return hushed;
    }

    private void Set(in termios settings, bool forget)
    {
        if (!TerminalCalls.TrySet(handle, settings, forget))
        {
            throw new IOException("The terminal cannot be set to hide what is typed.");
        }
    }

    private void ShowTyped(string question, TypedSecret typed) => Show($"\r\e[K{question}: {Encoding.UTF8.GetString(typed.Bytes)}");

    private void Show(string text)
    {
        try
        {
            output.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // A terminal that went away shows nothing; the next read says that it is gone.
        }
    }
}
