// SPDX-License-Identifier: GPL-3.0-or-later
// A piece of work in steps, each with what undoes it: the first that fails, or a Ctrl-C between or in one, undoes all that came before.
// A signal never ends a step that writes: the step ends by itself, then everything is undone. Only what watches Interruption ends early.
using System.Runtime.InteropServices;

namespace UnlockControl.Volumes;

/// <summary>The person pressed Ctrl-C (or SIGTERM, SIGHUP came): what was done is being undone.</summary>
internal sealed class InterruptedException() : Exception("interrupted");

/// <summary>A step failed in a way that the person can be told.</summary>
internal sealed class StepException(string message) : Exception(message);

/// <summary>Something that could not be undone.</summary>
/// <param name="What">The step's name, as it was given.</param>
internal sealed record NotUndone(string What, Exception Reason);

/// <summary>From its making to its end the signals are its own. One thread; signals come on others.</summary>
internal sealed class Steps : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly Stack<(string What, Action Undo)> _undo = new();
    private readonly List<NotUndone> _left = [];
    private readonly CancellationTokenSource _interruption = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<string>? _undoing;
    private bool _isCommitted;

    /// <param name="undoing">Called with the name of each step that is about to be undone.</param>
    public Steps(Action<string>? undoing = null)
    {
        _undoing = undoing;
        _registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, Interrupt))];
    }

    /// <summary>
    /// Cancelled by the first signal: for what may end early, such as waiting for a card or update-initramfs. Nothing else hears
    /// of a signal.
    /// </summary>
    public CancellationToken Interruption => _interruption.Token;

    /// <summary>What could not be undone, in the order in which it was tried; empty: everything is as it was.</summary>
    public IReadOnlyList<NotUndone> Left => _left;

    /// <summary>Runs one step; a failure is thrown on after everything before it was undone.</summary>
    /// <param name="what">For the person: "Add keyslot".</param>
    /// <param name="work">Done whole or, where it throws, not at all; what it did half is <see cref="OnUndo"/>'s to undo.</param>
    /// <param name="undo">Null: there is nothing to undo.</param>
    /// <exception cref="InterruptedException">A signal came; the step, if it had begun, was done and is undone again.</exception>
    public void Do(string what, Action work, Action? undo = null)
    {
        ObjectDisposedException.ThrowIf(_isCommitted, this);
        try
        {
            ThrowIfInterrupted();
            work();
            if (undo is not null)
            {
                _undo.Push((what, undo));
            }

            ThrowIfInterrupted();
        }
        catch (OperationCanceledException) when (_interruption.IsCancellationRequested)
        {
            UndoAll();
            throw new InterruptedException();
        }
        catch (Exception)
        {
            UndoAll();
            // A program that was ended by the signal has failed, but that is not why.
            ThrowIfInterrupted();
            throw;
        }
    }

    /// <summary>
    /// Has something done when the steps after this one are undone, after their own undoing: an image is rebuilt once crypttab is back.
    /// </summary>
    public void OnUndo(string what, Action undo) => _undo.Push((what, undo));

    /// <summary>From here on nothing is undone: the work is whole. A signal that came meanwhile is too late.</summary>
    public void Commit()
    {
        _isCommitted = true;
        _undo.Clear();
    }

    /// <summary>Undoes what was not committed, last first; a failing undo does not keep the others from being done.</summary>
    public void Dispose()
    {
        UndoAll();
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _interruption.Dispose();
    }

    private void ThrowIfInterrupted()
    {
        if (_interruption.IsCancellationRequested)
        {
            throw new InterruptedException();
        }
    }

    private void UndoAll()
    {
        while (_undo.TryPop(out var step))
        {
            try
            {
                _undoing?.Invoke(step.What);
                step.Undo();
            }
#pragma warning disable CA1031 // Whatever keeps one step from being undone, the others must be.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _left.Add(new NotUndone(step.What, e));
            }
        }
    }

    private void Interrupt(PosixSignalContext context)
    {
        // Else the runtime ends the process.
        context.Cancel = true;
        try
        {
            _interruption.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It came while this was being disposed of: too late.
        }
    }
}
