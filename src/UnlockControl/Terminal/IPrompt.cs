// SPDX-License-Identifier: GPL-3.0-or-later
// What a command asks of the person and tells them: a terminal, or pinentry for what is secret.
using CardUnlock;

namespace UnlockControl.Terminal;

/// <summary>The person.</summary>
internal interface IPrompt
{
    /// <summary>Asks for a secret without echo; nothing of it is ever a string.</summary>
    /// <param name="question">"PIN of card 0006 12345678 (3 tries left)".</param>
    /// <param name="most">Bytes.</param>
    /// <returns>Null: the person gave up (end of file, Ctrl-D, pinentry's Cancel).</returns>
    SecretBuffer? AskSecret(string question, int most);

    /// <summary>A yes or no; where nobody can be asked, <paramref name="otherwise"/>.</summary>
    bool Confirm(string question, bool otherwise);

    /// <summary>Waits for Enter; false: the person gave up.</summary>
    bool AwaitEnter(string request);

    /// <summary>A line of what is going on, or of a result.</summary>
    void Say(string line);

    /// <summary>What went wrong and what to do next, on stderr.</summary>
    void Complain(string line);

    /// <summary>Runs what may take over a second behind a sign that it goes on.</summary>
    void Progress(string what, Action<Action<string>> work);
}
