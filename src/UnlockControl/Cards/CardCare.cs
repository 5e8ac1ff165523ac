// SPDX-License-Identifier: GPL-3.0-or-later
// card info, change-pin, unblock, set-reset-code: one code is asked for, once, with its tries left before it; a new one twice; then one
// command goes to the card, and never a second one.
using System.Globalization;
using System.Security.Cryptography;
using CardUnlock;
using UnlockControl.Enrolment;
using UnlockControl.Terminal;

namespace UnlockControl.Cards;

/// <summary>Looks after one card. Each method says what happened.</summary>
internal sealed class CardCare(IPrompt prompt)
{
    /// <summary>Says what the card says of itself.</summary>
    public ExitCode Info(CardWish wish) => With(wish, (_, card) =>
    {
        foreach ((string name, string value) in CardFacts.Of(card))
        {
            prompt.Say(name.PadRight(CardFacts.NameWidth) + value);
        }

        return ExitCode.Success;
    });

    /// <summary>Changes the PIN or the admin PIN.</summary>
    public ExitCode ChangePin(CardWish wish, bool admin) => With(wish, (desk, card) =>
    {
        Code old = admin ? Code.AdminPin(card) : Code.Pin(card);
        if (IsBlocked(card, old))
        {
            return ExitCode.Refused;
        }

        using SecretBuffer? oldPin = AskOld(card, old);
        using SecretBuffer? newPin = oldPin is null ? null : AskNew(old);
        return newPin is null
            ? ExitCode.GivenUp
            : Tell(desk.ChangePin(card, admin, oldPin!.Move(), newPin.Move()), old, $"{Capital(old.Name)} is changed.");
    });

    /// <summary>Gives a blocked PIN new tries and a new value.</summary>
    public ExitCode Unblock(CardWish wish, bool byAdmin) => With(wish, (desk, card) =>
    {
        Code by = byAdmin ? Code.AdminPin(card) : Code.ResetCode(card);
        if (!byAdmin && card.ResetTriesLeft == 0)
        {
            prompt.Complain("This card has no resetting code, or it is used up. With the admin PIN: unlockctl card unblock --admin");
            return ExitCode.Refused;
        }

        if (IsBlocked(card, by))
        {
            return ExitCode.Refused;
        }

        using SecretBuffer? code = AskOld(card, by);
        using SecretBuffer? newPin = code is null ? null : AskNew(Code.Pin(card));
        return newPin is null
            ? ExitCode.GivenUp
            : Tell(desk.Unblock(card, byAdmin, code!.Move(), newPin.Move()), by, "The PIN is new, and has its tries again.");
    });

    /// <summary>Sets the resetting code.</summary>
    public ExitCode SetResetCode(CardWish wish) => With(wish, (desk, card) =>
    {
        Code admin = Code.AdminPin(card);
        if (IsBlocked(card, admin))
        {
            return ExitCode.Refused;
        }

        using SecretBuffer? adminPin = AskOld(card, admin);
        using SecretBuffer? newCode = adminPin is null ? null : AskNew(Code.ResetCode(card));
        return newCode is null
            ? ExitCode.GivenUp
            : Tell(desk.SetResetCode(card, adminPin!.Move(), newCode.Move()), admin, "The resetting code is set. Keep it where the card is not.");
    });

    // Card info tells the tries, and not which code it is.
    private const string Uncertain =
        "Whether the new code holds already, or still the old one, is not known: keep both, and try the new one first. "
            + "A wrong one costs a try.";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private ExitCode With(CardWish wish, Func<CardDesk, CardReport, ExitCode> work)
    {
        using CardDesk desk = CardDesk.Open();
        CardReport? card = Choose(wish, desk, out ExitCode code);
        return card is null ? code : work(desk, card);
    }

    private CardReport? Choose(CardWish wish, CardDesk desk, out ExitCode code)
    {
        code = ExitCode.NoCard;
        CardReport[] all = [.. desk.Look()];
        CardReport[] meant = [.. all.Where(card => card.Fault is null && wish.Matches(card))];
        if (meant.Length == 1)
        {
            return meant[0];
        }

        if (meant.Length == 0)
        {
            prompt.Complain(WhyNone(all, desk.Readers().Count));
            return null;
        }

        code = ExitCode.GivenUp;
        int? chosen = prompt.Choose("Which card?", [.. meant.Select(card => $"{Wording.NameOf(card)} in {card.Reader}")]);
        if (chosen is null)
        {
            prompt.Complain("Several cards are here. Name one with --serial or --reader.");
        }

        return chosen is { } index ? meant[index] : null;
    }

    private static string WhyNone(CardReport[] all, int readers) => all switch
    {
        [] when readers == 0 => "There is no card reader. Plug one in.",
        [] => "There is no card in the reader. Put one in.",
        [{ Fault: { } fault }] => $"The card cannot be used: {fault}",
        _ when all.Any(card => card.Fault is null) => "No card here is the one that was named. These are: "
            + string.Join(", ", all.Where(card => card.Fault is null).Select(Wording.NameOf)) + ".",
        _ => "No card here can be used: " + string.Join("; ", all.Select(card => $"{card.Reader}: {card.Fault}")),
    };

    private bool IsBlocked(CardReport card, Code code)
    {
        if (code.TriesLeft != 0)
        {
            return false;
        }

        prompt.Complain($"{Capital(code.Name)} of {Wording.NameOf(card)} is blocked: it has no tries left. {code.WhenBlocked}");
        return true;
    }

    private SecretBuffer? AskOld(CardReport card, Code code)
    {
        if (code.TriesLeft == 1 && !prompt.Confirm($"One try is left for {code.Name} of {Wording.NameOf(card)}: a wrong one blocks it. Go on?", false))
        {
            return null;
        }

        string tries = Wording.TriesLeft(code.TriesLeft);
        return AskOfLength($"{Capital(code.Name)} of {Wording.NameOf(card)}{(tries.Length > 0 ? $" ({tries})" : "")}", code);
    }

    private SecretBuffer? AskNew(Code code)
    {
        while (AskOfLength($"New {code.Noun} ({code.Lengths})", code) is { } first)
        {
            using (first)
            using (SecretBuffer? second = prompt.AskSecret($"New {code.Noun} again", code.Max))
            {
                if (second is null)
                {
                    return null;
                }

                if (CryptographicOperations.FixedTimeEquals(first.Span, second.Span))
                {
                    return first.Move();
                }
            }

            prompt.Complain("They differ. Once more.");
        }

        return null;
    }

    // A length that the card refuses is not sent: some cards count it as a wrong one.
    private SecretBuffer? AskOfLength(string question, Code code)
    {
        while (prompt.AskSecret(question, code.Max) is { } secret)
        {
            if (secret.Length >= code.Min)
            {
                return secret;
            }

            secret.Dispose();
            prompt.Complain($"{Capital(code.Name)} has {code.Lengths}.");
        }

        return null;
    }

    private ExitCode Tell(CodeResult result, Code sent, string done)
    {
        switch (result)
        {
            case CodeResult.Done:
                prompt.Say(done);
                return ExitCode.Success;
            case CodeResult.Wrong wrong:
                prompt.Complain($"The card refused {sent.Name}: nothing is changed. {Left(wrong.TriesLeft, sent)}");
                return ExitCode.Refused;
            case CodeResult.Blocked:
                prompt.Complain($"{Capital(sent.Name)} is blocked. {sent.WhenBlocked}");
                return ExitCode.Refused;
            case CodeResult.WrongLength length:
                prompt.Complain(string.Create(
                    CultureInfo.InvariantCulture, $"The card takes {length.Min} to {length.Max} characters: nothing was sent, nothing is changed."));
                return ExitCode.Refused;
            case CodeResult.CardRemoved { IsUncertain: false }:
                prompt.Complain("The card was taken out, or is another one now: nothing is changed. "
                    + "See what holds with: unlockctl card info");
                return ExitCode.NoCard;
            case CodeResult.CardRemoved:
                prompt.Complain($"The card was taken out too early. {Uncertain}");
                return ExitCode.NoCard;
            case CodeResult.Failed failed:
                prompt.Complain($"The card or its reader failed: {failed.Reason} "
                    + (failed.IsUncertain ? Uncertain : "See what holds with: unlockctl card info"));
                return ExitCode.Failure;
            default:
                throw new InvalidOperationException(result.ToString());
        }
    }

    private static string Left(int? tries, Code sent) => tries switch
    {
        null => "How many tries are left, the card does not say.",
        0 => $"No tries are left. {sent.WhenBlocked}",
        1 => "One try is left.",
        _ => string.Create(CultureInfo.InvariantCulture, $"{tries} tries are left."),
    };
}
