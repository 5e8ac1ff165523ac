// SPDX-License-Identifier: GPL-3.0-or-later
// A piece of work in steps, each with what undoes it: the first that fails, or a Ctrl-C between or in one, undoes all that came before.

namespace UnlockControl.Volumes;

/// <summary>The person pressed Ctrl-C (or SIGTERM, SIGHUP came): what was done is being undone.</summary>
internal sealed class InterruptedException() : Exception("interrupted");

/// <summary>A step failed in a way that the person can be told.</summary>
internal sealed class StepException(string message) : Exception(message);

internal sealed class Steps : IDisposable
{
    /// <summary>Runs one step; a failure is thrown on after everything before it was undone.</summary>
    /// <param name="what">For the person: "Add keyslot".</param>
    /// <param name="undo">Null: there is nothing to undo.</param>
    public void Do(string what, Action work, Action? undo = null) => throw new NotSupportedException();

    /// <summary>From here on nothing is undone: the work is whole.</summary>
    public void Commit() => throw new NotSupportedException();

    /// <summary>Undoes what was not committed, last first; a failing undo does not keep the others from being done.</summary>
    public void Dispose()
    {
    }
}
