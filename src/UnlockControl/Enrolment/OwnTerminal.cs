// SPDX-License-Identifier: GPL-3.0-or-later
// A virtual terminal for the agent alone, in front of whatever the person was looking at, and the way back to that.
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using UnlockControl.Native;

namespace UnlockControl.Enrolment;

/// <summary>The screen is the agent's until this is disposed.</summary>
internal sealed class OwnTerminal : IDisposable
{
    private const string ActiveTerminal = "/dev/tty0";

    private readonly SafeFileHandle control;
    private readonly SafeFileHandle own;
    private readonly int number;
    private readonly int former;

    private OwnTerminal(SafeFileHandle control, SafeFileHandle own, int number, int former)
    {
        this.control = control;
        this.own = own;
        this.number = number;
        this.former = former;
    }

    /// <summary>Takes a terminal that nobody uses and shows it.</summary>
    /// <exception cref="Refusal">This machine has none.</exception>
    public static OwnTerminal Take()
    {
        SafeFileHandle? control = null;
        SafeFileHandle? own = null;
        try
        {
            control = File.OpenHandle(ActiveTerminal, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (!Vt.TryGet(control, Vt.VT_GETSTATE, out vt_stat state) || !Vt.TryGet(control, Vt.VT_OPENQRY, out int number) || number < 1)
            {
                throw None("no virtual terminal is free");
            }

            // Held open, so that nobody else takes it for free.
            own = File.OpenHandle(
                string.Create(CultureInfo.InvariantCulture, $"/dev/tty{number}"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var terminal = new OwnTerminal(control, own, number, state.v_active);
            (control, own) = (null, null);
            terminal.Show(number);
            return terminal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw None(e.Message);
        }
        finally
        {
            own?.Dispose();
            control?.Dispose();
        }
    }

    /// <summary>Shows what was there before; also where the agent left its picture standing or was killed.</summary>
    public void Dispose()
    {
        if (control.IsClosed)
        {
            return;
        }

        Show(former);
        own.Dispose();
        Vt.TrySet(control, Vt.VT_DISALLOCATE, number);
        control.Dispose();
    }

    private static Refusal None(string reason) => new(ExitCode.Failure, "The agent needs a screen with a virtual terminal of the kernel's "
        + $"(/dev/tty0), and there is none to have here: {reason}.");

    // The wait ends early where a signal comes; what is asked for happens all the same.
    private void Show(int which)
    {
        Vt.TrySet(control, Vt.VT_ACTIVATE, which);
        Vt.TrySet(control, Vt.VT_WAITACTIVE, which);
    }
}
