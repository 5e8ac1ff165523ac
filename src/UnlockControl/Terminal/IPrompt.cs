// SPDX-License-Identifier: GPL-3.0-or-later
// What a command asks of the person and tells them: a terminal, or pinentry for what is secret.
using CardUnlock;
using UnlockControl.Volumes;

namespace UnlockControl.Terminal;

/// <summary>The person. Every question throws <see cref="InterruptedException"/> at Ctrl-C, SIGTERM and SIGHUP.</summary>
internal interface IPrompt
{
    /// <summary>Asks for a secret without echo; nothing of it is ever a string.</summary>
    /// <param name="question">"PIN of card 0006 12345678 (3 tries left)".</param>
    /// <param name="most">Bytes.</param>
    /// <returns>Null: the person gave up (end of file, Ctrl-D, pinentry's Cancel), or nobody can be asked, which was said.</returns>
    SecretBuffer? AskSecret(string question, int most);

    /// <summary>Asks for a line that is no secret.</summary>
    /// <returns>Without its end; null: the person gave up, or there is no terminal.</returns>
    string? AskLine(string question);

    /// <summary>A yes or no; where nobody can be asked, <paramref name="otherwise"/>.</summary>
    bool Confirm(string question, bool otherwise);

    /// <summary>Shows lines and asks for a yes to them; where nobody can be asked they are said, and it is no.</summary>
    bool Agree(IReadOnlyList<string> lines, string question);

    /// <summary>Has the person choose one of several by its number.</summary>
    /// <returns>An index; null: the person gave up, or there is no terminal.</returns>
    int? Choose(string question, IReadOnlyList<string> choices);

    /// <summary>Waits for Enter; false: the person gave up.</summary>
    bool AwaitEnter(string request);

    /// <summary>A line of what is going on, or of a result.</summary>
    void Say(string line);

    /// <summary>What went wrong and what to do next, on stderr.</summary>
    void Complain(string line);

    /// <summary>Runs what may take over a second behind a sign that it goes on. Nothing is asked meanwhile.</summary>
    void Progress(string what, Action<Action<string>> work);
}
