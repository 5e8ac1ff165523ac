// SPDX-License-Identifier: GPL-3.0-or-later
// The cards that a command works with: asks for them, one reader or several, knows the ones that were there before, and has each decrypt
// once, for a PIN that the person types once.
using System.Globalization;
using System.Security.Cryptography;
using CardUnlock;
using UnlockControl.Terminal;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

/// <summary>Cards at hand. Not thread safe.</summary>
internal sealed class CardTable(Work work, CardDesk desk)
{
    // pcscd looks into a reader every 0.4 s, and a card takes a second or two to answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly IPrompt prompt = work.Prompt;

    /// <summary>The cards that hold a decryption key, as they are now.</summary>
    public IReadOnlyList<CardReport> Look() => [.. desk.Look().Where(static card => card.Fault is null && card.Fingerprint.Length > 0)];

    /// <summary>Waits for a card that is wanted.</summary>
    /// <param name="request">What to put in: "the next card".</param>
    /// <param name="isWanted">Which card will do.</param>
    /// <param name="why">Why another one, that is in the reader, will not; null: it says nothing.</param>
    /// <param name="atMost">Several that will do are taken for the wanted ones when they are so many at most; else one
    /// is asked for.</param>
    /// <exception cref="Refusal">The person gave up, or there is no reader.</exception>
    public CardReport Await(string request, Func<CardReport, bool> isWanted, Func<CardReport, string?> why, int atMost)
    {
        while (true)
        {
            var found = LookFor(isWanted, prompt.Say, why, atMost);
            if (found is not null)
            {
                return found;
            }

            if (!prompt.AwaitEnter($"Please put {request} into the reader and press Enter."))
            {
                throw new Refusal(ExitCode.NoCard, $"There is no card to go on with: put {request} into the reader and start again. "
                    + "Nothing was changed.");
            }

            WaitFor(isWanted);
        }
    }

    /// <summary>The card's decryption key as somebody to encrypt to.</summary>
    /// <exception cref="Refusal">It has none that can be used.</exception>
    public Recipient ReadRecipient(CardReport card) => desk.ReadRecipient(card, out var fault) ?? throw new Refusal(
        ExitCode.Failure, $"The card {Wording.NameOf(card)} cannot be used: {RecipientFiles.Describe(fault)}.");

    /// <summary>Asks for the PIN and has the card decrypt messages, all for one VERIFY.</summary>
    /// <returns>Their contents in order; the receiver disposes them.</returns>
    /// <exception cref="Refusal">The PIN was wrong, or the card would not; nothing is tried again.</exception>
    public IReadOnlyList<SecretBuffer> Decrypt(CardReport card, params IReadOnlyList<EncryptedKey> messages)
    {
        string name = Wording.NameOf(card);
        var pin = AskPin(card, name);
        var results = desk.DecryptAll(messages, pin, card, () => prompt.Say($"Touch the card {name} now."));
        SecretBuffer[] contents = [.. results.OfType<UnlockResult.Key>().Select(static key => key.Secret)];
        if (contents.Length == messages.Count)
        {
            return contents;
        }

        foreach (var content in contents)
        {
            content.Dispose();
        }

        throw RefusalOf(results[^1], name);
    }

    /// <summary>The same, for a message whose content is known.</summary>
    /// <exception cref="Refusal">The content differs.</exception>
    public void Prove(CardReport card, EncryptedKey message, SecretBuffer expected)
    {
        using var content = Decrypt(card, message)[0];
        RequireSame(card, content, expected);
    }

    /// <exception cref="Refusal">They differ.</exception>
    public static void RequireSame(CardReport card, SecretBuffer content, SecretBuffer expected)
    {
        if (!CryptographicOperations.FixedTimeEquals(content.Span, expected.Span))
        {
            throw new Refusal(ExitCode.Failure, $"The card {Wording.NameOf(card)} decrypted to something else than the new key. "
                + "Nothing was "
                + "changed. Please report this: it must not happen.");
        }
    }

    private CardReport? LookFor(Func<CardReport, bool> isWanted, Action<string> say, Func<CardReport, string?> why, int atMost)
    {
        var reports = desk.Look();
        CardReport[] fit = [.. reports.Where(card => IsUsable(card) && isWanted(card))];
        if (fit.Length > 0 && fit.Length <= atMost)
        {
            return fit[0];
        }

        if (fit.Length > 0)
        {
            say($"Several cards are there: {string.Join(", ", fit.Select(Wording.NameOf))}. Please leave only the one that is meant.");
            return null;
        }

        foreach (var card in reports)
        {
            string? reason = card.Fault is { } fault ? $"The card in {card.Reader} cannot be used: {fault}"
                : !IsUsable(card) ? $"The card {Wording.NameOf(card)} holds no decryption key. (gpg --card-edit makes one.)"
                : why(card);
            if (reason is not null)
            {
                say(reason);
            }
        }

        return null;
    }

    private static bool IsUsable(CardReport card) => card.Fault is null && card.Fingerprint.Length > 0;

    private void WaitFor(Func<CardReport, bool> isWanted)
    {
        long start = Environment.TickCount64;
        while (!desk.Look().Any(card => IsUsable(card) && isWanted(card)))
        {
            var left = Patience - TimeSpan.FromMilliseconds(Environment.TickCount64 - start);
            if (left <= TimeSpan.Zero || !desk.WaitForChange(left, work.Interruption))
            {
                break;
            }
        }

        if (work.Interruption.IsCancellationRequested)
        {
            throw new InterruptedException();
        }
    }

    private SecretBuffer AskPin(CardReport card, string name)
    {
        if (card.TriesLeft == 0)
        {
            throw new Refusal(ExitCode.Refused, $"The PIN of the card {name} is blocked. `unlockctl card unblock` sets a new "
                + "one. Nothing was "
                + "changed.");
        }

        string left = card.TriesLeft is null ? "" : $" ({Wording.TriesLeft(card.TriesLeft)})";
        while (true)
        {
            var pin = prompt.AskSecret($"PIN of the card {name}{left}", card.PinLength.Max) ?? throw new Refusal(
                ExitCode.GivenUp, "No PIN was given: nothing was changed.");
            if (pin.Length >= card.PinLength.Min)
            {
                return pin;
            }

            pin.Dispose();
            prompt.Complain(string.Create(CultureInfo.InvariantCulture,
                $"The card's PIN has at least {card.PinLength.Min} characters. Nothing was sent to the card; please try again."));
        }
    }

    private static Refusal RefusalOf(UnlockResult result, string name) => result switch
    {
        UnlockResult.WrongPin { TriesLeft: 0 } or UnlockResult.PinBlocked => new Refusal(ExitCode.Refused,
            $"The card {name} refused the PIN, and now it is blocked. `unlockctl card unblock` sets a new one. Nothing was changed."),
        UnlockResult.WrongPin wrong => new Refusal(ExitCode.Refused,
            $"The card {name} refused the PIN{(wrong.TriesLeft is null ? "" : $": {Wording.TriesLeft(wrong.TriesLeft)}")}. "
                + "Nothing was changed."),
        UnlockResult.NoMatchingKey => new Refusal(ExitCode.Failure, $"The key is not encrypted to the card {name}. Nothing was changed."),
        UnlockResult.CardRemoved => new Refusal(ExitCode.NoCard,
            $"The card {name} was taken out, or is used by another program. Nothing was changed; start again with the card in the reader."),
        UnlockResult.TouchMissed => new Refusal(ExitCode.GivenUp, $"The card {name} waited for a touch that did not come. "
            + "Nothing was changed."),
        UnlockResult.CardError error => new Refusal(ExitCode.Failure,
            $"The card {name} answered {error.StatusWord:X4} and did not decrypt. Nothing was changed."),
        UnlockResult.ReaderError error => new Refusal(ExitCode.NoCard, $"The reader failed: {error.Reason}. Nothing was changed."),
        UnlockResult.UnsupportedMessage => new Refusal(ExitCode.Failure, $"The message for {name} uses a cipher that is not known here."),
        _ => new Refusal(ExitCode.Failure, $"What the card {name} decrypted fails its integrity check. Nothing was changed."),
    };
}
