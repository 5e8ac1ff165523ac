// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences about cards, their PINs and their reset codes.
using System.Globalization;
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Screen;

internal static partial class Texts
{
    private static Message Working(CardWork work) => work switch
    {
        CardWork.AwaitingTouch => new("Touch your token", "It opens the disk once you touch it.", Tone.Touch),
        CardWork.Unblocking => new("Setting the new PIN…", "Leave the card in the reader.", Tone.Busy),
        _ => new("Checking…", "Leave the card in the reader.", Tone.Busy),
    };

    private static Message ForCard(AgentState state) => state.Notice switch
    {
        Notice.CardRemoved when state.Card is not CardStatus.Ready =>
            new("The card was removed", "Insert it again, or use your passphrase.", Tone.Error),
        Notice.DamagedMessage => new("The encrypted key is damaged", "Use your passphrase.", Tone.Error),
        Notice.UnsupportedMessage => new(KeyFile(KeyFileFault.Unsupported), "Use your passphrase.", Tone.Error),
        Notice.NoMatchingKey => OtherCard(state),
        Notice.CardError => new("The card reports an error", StatusWord(state.StatusWord) + TriesOfPad(state), Tone.Error),
        Notice.ReaderError =>
            new("The card reader failed", "Insert the card again, or use your passphrase." + TriesOfPad(state), Tone.Error),
        Notice.TouchMissed when state.CanAskAgain =>
            new("No touch came in time", "Press OK, then touch your token.", Tone.Warning),
        _ when state.CanAskAgain => new("The card is ready", "Press OK to open the disk " + state.Volume + ".", Tone.Plain),
        Notice.WrongResetCode when !state.AsksForResetCode =>
            new("Wrong reset code", "It has no tries left. Use your passphrase.", Tone.Error),
        _ => ForStatus(state),
    };

    // Whatever else is said: no digit is typed before the tries left were shown.
    private static string TriesOfPad(AgentState state) =>
        state is { ShowsPinEntry: true, UsableCard: { } card } ? "\n" + TriesLeft(card) : string.Empty;

    private static string StatusWord(ushort statusWord) =>
        string.Create(CultureInfo.InvariantCulture, $"Status {statusWord:X4}. Try again, or use your passphrase.");

    private static Message ForStatus(AgentState state) => state.Card switch
    {
        null => new("Looking for a card…", "Disk " + state.Volume, Tone.Busy),
        CardStatus.ServiceMissing => new("Waiting for the card service…", "If it does not start, use your passphrase.", Tone.Warning),
        CardStatus.NoReader => new("No card reader", "Connect a reader, or use your passphrase.", Tone.Warning),
        CardStatus.NoCard => new(CardName.Insert(state.Wanted), "to open the disk " + state.Volume, Tone.Plain),
        CardStatus.Busy => new("Another program uses the card", "Waiting until it is free…", Tone.Warning),
        CardStatus.Unusable => new("This card cannot be read", "Insert it again, or use your passphrase.", Tone.Error),
        CardStatus.Ready { Card.MatchesKey: false } => OtherCard(state),
        CardStatus.Ready { Card: { TriesLeft: 0 } card } => Blocked(card),
        CardStatus.Ready ready => PinPad(state.Notice, ready.Card),
        _ => new(string.Empty, string.Empty, Tone.Plain),
    };

    private static Message OtherCard(AgentState state)
    {
        string wish = state.Wanted.Count == 0 ? "Insert another card" : CardName.Insert(state.Wanted);
        return new("This card holds no key for this disk", wish + ", or use your passphrase.", Tone.Error);
    }

    private static Message Blocked(CardInfo card)
    {
        string way = card.ResetTriesLeft > 0 ? "Set a new PIN with the card's reset code, or use your passphrase." : "Use your passphrase.";
        return new("The card's PIN is blocked", "Too many wrong PINs were entered. " + way, Tone.Error);
    }

    private static Message PinPad(Notice notice, CardInfo card) => (notice, card.TriesLeft) switch
    {
        (Notice.LastTryUnconfirmed, null) =>
            new("This may be the last try", "Press OK again to use it. A wrong PIN may block the card.", Tone.Warning),
        (Notice.LastTryUnconfirmed, _) =>
            new("This is the last try", "Press OK again to use it. A wrong PIN blocks the card.", Tone.Warning),
        (Notice.WrongPin, _) => new("Wrong PIN", TriesLeft(card), Tone.Error),
        (Notice.TouchMissed, _) =>
            new("No touch came in time", "Enter the PIN again, then touch your token.\n" + TriesLeft(card), Tone.Warning),
        (Notice.CardRemoved, _) =>
            new("Enter the card's PIN again", "The card was interrupted.\n" + TriesLeft(card), Tone.Warning),
        (_, 1) => new("Enter the card's PIN", TriesLeft(card), Tone.Warning),
        _ => new("Enter the card's PIN", TriesLeft(card), Tone.Plain),
    };

    private static string TriesLeft(CardInfo card)
    {
        string tries = card.TriesLeft switch
        {
            null => "The card does not say how many tries are left",
            1 => "1 try left: a wrong PIN blocks the card",
            _ => string.Create(CultureInfo.InvariantCulture, $"{card.TriesLeft} tries left"),
        };
        return tries + "\n" + CardName.Of(card);
    }

    private static Message ResetCode(AgentState state)
    {
        string tries = state.BlockedCard switch
        {
            { ResetTriesLeft: 1 } => "1 try left: after a wrong code only the passphrase opens the disk",
            { } card => string.Create(CultureInfo.InvariantCulture, $"{card.ResetTriesLeft} tries left"),
            null => string.Empty,
        };
        return (state.Notice, state.BlockedCard?.ResetTriesLeft) switch
        {
            (Notice.LastTryUnconfirmed, _) => new(
                "This is the code's last try", "Press OK again to use it. After a wrong code only the passphrase opens the disk.", Tone.Warning),
            (Notice.WrongResetCode, _) => new("Wrong reset code", tries, Tone.Error),
            (_, 1) => new("Enter the reset code", tries, Tone.Warning),
            _ => new("Enter the reset code", tries, Tone.Plain),
        };
    }

    private static Message NewPin(AgentState state)
    {
        var (least, most) = state.EntryLength;
        string length = string.Create(CultureInfo.InvariantCulture, $"{least} to {most} digits, letters or signs");
        return state.Notice == Notice.PinsDiffer
            ? new("The two PINs differ", "Enter the new PIN once more: " + length, Tone.Error)
            : new("Choose a new PIN", length, Tone.Plain);
    }
}
