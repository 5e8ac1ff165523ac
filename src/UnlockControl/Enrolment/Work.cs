// SPDX-License-Identifier: GPL-3.0-or-later
// One command's work on one volume: each step is said before it is done, a dry run only says it, and what is not committed is undone.
using UnlockControl.Terminal;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

/// <summary>Disposing undoes what was not committed.</summary>
internal sealed class Work(IPrompt prompt, EnrolOptions options) : IDisposable
{
    private readonly Steps steps = new(step => prompt.Say("undoing: " + step));

    public IPrompt Prompt { get; } = prompt;

    public EnrolOptions Options { get; } = options;

    /// <summary>Cancelled by the first Ctrl-C, for what may end early.</summary>
    public CancellationToken Interruption => steps.Interruption;

    /// <summary>What could not be undone.</summary>
    public IReadOnlyList<NotUndone> Left => steps.Left;

    /// <summary>Says a step and does it; a failure or a Ctrl-C is thrown on after everything before it was undone.</summary>
    /// <param name="work">Done whole or not at all.</param>
    public void Do(string what, Action work, Action? undo = null)
    {
        if (Options.DryRun)
        {
            Prompt.Say("would do: " + what);
            return;
        }

        steps.Do(
            what,
            () =>
            {
                Prompt.Say(what);
                work();
            },
            undo);
    }

    /// <summary>From here on nothing is undone, and Ctrl-C comes too late.</summary>
    public void Commit() => steps.Commit();

    public void Dispose() => steps.Dispose();
}
