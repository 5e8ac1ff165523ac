// SPDX-License-Identifier: GPL-3.0-or-later
// Signals while a question is open: the runtime tells of them on a thread of its own; here they wake the reader, which puts the
// terminal back before anything else happens.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using UnlockControl.Native;

namespace UnlockControl.Terminal;

/// <summary>What came while a question was open.</summary>
internal enum Interruption : byte
{
    /// <summary>SIGINT, SIGTERM, SIGHUP, SIGQUIT: give up.</summary>
    End = 1,

    /// <summary>SIGTSTP: stop until continued.</summary>
    Stop = 2,

    /// <summary>SIGCONT: the shell may have changed the terminal meanwhile.</summary>
    Continue = 3,
}

/// <summary>Catches signals from its making to its disposal.</summary>
internal sealed class Interruptions : IDisposable
{
    private readonly FileStream bell;
    private readonly List<PosixSignalRegistration> caught = [];
    private readonly Lock gate = new();
    private PosixSignalRegistration? stop;
    private bool closed;

    public Interruptions()
    {
        (Bell, SafeFileHandle write) = TerminalCalls.NewPipe();
        bell = new FileStream(write, FileAccess.Write, bufferSize: 0);
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            Catch(signal, Interruption.End);
        }

        // Cancelled, so that the runtime does not set the terminal to what it was at the start of the program: with echo.
        Catch(PosixSignal.SIGCONT, Interruption.Continue);
        stop = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context => Ring(context, Interruption.Stop));
    }

    /// <summary>Can be read when something came; one byte each, an <see cref="Interruption"/>.</summary>
    public SafeFileHandle Bell { get; }

    /// <summary>Stops this job as Ctrl-Z does without us, and returns when it is continued.</summary>
    public void StopNow()
    {
        stop?.Dispose();
        TerminalCalls.StopJob();
        stop = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context => Ring(context, Interruption.Stop));
    }

    public void Dispose()
    {
        stop?.Dispose();
        caught.ForEach(registration => registration.Dispose());
        lock (gate)
        {
            closed = true;
            bell.Dispose();
        }

        Bell.Dispose();
    }

    private void Catch(PosixSignal signal, Interruption kind) =>
        caught.Add(PosixSignalRegistration.Create(signal, context => Ring(context, kind)));

    private void Ring(PosixSignalContext context, Interruption kind)
    {
        context.Cancel = true;
        lock (gate)
        {
            if (!closed)
            {
                bell.WriteByte((byte)kind);
            }
        }
    }
}
