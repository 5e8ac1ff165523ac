// SPDX-License-Identifier: GPL-3.0-or-later
// A person who knows the passphrase and the PINs, and answers whatever is asked in whatever order it comes.

namespace UnlockControl.Tests.Enrolment;

/// <summary>What is asked, and what is done about it.</summary>
internal sealed record Reply(string Question, Action<PersonAtTerminal> Answer)
{
    public static Reply Line(string question, string line) => new(question, person => person.TypeLine(line));
}

internal static class Dialogue
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Reply[] Usual =
    [
        Reply.Line("Passphrase of root_crypt", EnrolmentLab.Passphrase),
        Reply.Line("PIN of the card", EnrolmentLab.Pin),
        Reply.Line("Encrypt the new key to these?", "y"),
    ];

    /// <summary>Answers until the program ends.</summary>
    /// <param name="replies">Beside the passphrase and the PIN; one that is there for the same question goes before.</param>
    /// <returns>The exit status.</returns>
    public static int Go(PersonAtTerminal person, params Reply[] replies)
    {
        Reply[] all = [.. replies, .. Usual];
        int seen = 0;
        DateTime deadline = DateTime.UtcNow + Patience;
        while (!person.HasEnded)
        {
            string shown = person.Shown;
            var next = all.Select(reply => (reply, at: shown.IndexOf(reply.Question, seen, StringComparison.Ordinal)))
                .Where(found => found.at >= 0)
                .OrderBy(found => found.at)
                .FirstOrDefault();
            if (next.reply is not null)
            {
                seen = next.at + next.reply.Question.Length;
                next.reply.Answer(person);
                continue;
            }

            if (DateTime.UtcNow > deadline)
            {
                throw new TimeoutException($"It goes on and on; what it showed:\n{shown}");
            }

            Thread.Sleep(10);
        }

        return person.WaitForExit();
    }
}
