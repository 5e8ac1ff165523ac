// SPDX-License-Identifier: GPL-3.0-or-later
// What is said about cards, their PINs and their reset codes.
using System.Globalization;
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Text;

internal static partial class Messages
{
    private static Message Working(CardWork work, Language language) => work switch
    {
        CardWork.AwaitingTouch => new(language[Phrase.TouchToken], language[Phrase.TouchTokenWhy], Tone.Touch),
        CardWork.Unblocking => new(language[Phrase.SettingPin], language[Phrase.LeaveCard], Tone.Busy),
        _ => new(language[Phrase.Checking], language[Phrase.LeaveCard], Tone.Busy),
    };

    private static Message ForCard(AgentState state, Language language) => state.Notice switch
    {
        Notice.CardRemoved when state.Card is not CardStatus.Ready =>
            new(language[Phrase.CardRemoved], language[Phrase.InsertItAgain], Tone.Error),
        Notice.DamagedMessage => new(language[Phrase.KeyDamaged], language[Phrase.UseYourPassphrase], Tone.Error),
        Notice.UnsupportedMessage => new(language[Phrase.KeyFileUnsupported], language[Phrase.UseYourPassphrase], Tone.Error),
        Notice.NoMatchingKey => WrongCard(state, language),
        Notice.CardError => new(
            language[Phrase.CardError],
            language.With(Phrase.CardErrorStatus, state.StatusWord.ToString("X4", CultureInfo.InvariantCulture))
                + TriesOfPad(state, language),
            Tone.Error),
        Notice.ReaderError =>
            new(language[Phrase.ReaderFailed], language[Phrase.InsertCardAgain] + TriesOfPad(state, language), Tone.Error),
        Notice.TouchMissed when state.CanAskAgain => new(language[Phrase.TouchMissed], language[Phrase.PressOkThenTouch], Tone.Warning),
        _ when state.CanAskAgain => new(language[Phrase.CardReady], language.With(Phrase.PressOkToOpen, state.Volume), Tone.Plain),
        Notice.WrongResetCode when !state.AsksForResetCode =>
            new(language[Phrase.WrongResetCode], language[Phrase.ResetCodeUsedUp], Tone.Error),
        _ => ForStatus(state, language),
    };

    // Whatever else is said: no digit is typed before the tries left were shown.
    private static string TriesOfPad(AgentState state, Language language) =>
        state is { ShowsPinEntry: true, UsableCard: { } card } ? "\n" + TriesLeft(card, language) : string.Empty;

    private static Message ForStatus(AgentState state, Language language) => state.Card switch
    {
        null => new(language[Phrase.LookingForCard], language.With(Phrase.Disk, state.Volume), Tone.Busy),
        CardStatus.ServiceMissing => new(language[Phrase.WaitingForService], language[Phrase.ServiceMayNotStart], Tone.Warning),
        CardStatus.NoReader => new(language[Phrase.NoReader], language[Phrase.ConnectReader], Tone.Warning),
        CardStatus.NoCard => new(CardName.Insert(state.Wanted, language), language.With(Phrase.ToOpenDisk, state.Volume), Tone.Plain),
        CardStatus.Busy => new(language[Phrase.OtherProgram], language[Phrase.WaitingUntilFree], Tone.Warning),
        CardStatus.Unusable => new(language[Phrase.CardUnreadable], language[Phrase.InsertItAgain], Tone.Error),
        CardStatus.Ready { Card.MatchesKey: false } => WrongCard(state, language),
        CardStatus.Ready { Card: { TriesLeft: 0 } card } => new(
            language[Phrase.PinBlocked],
            language[card.ResetTriesLeft > 0 ? Phrase.BlockedSetPin : Phrase.BlockedUsePassphrase],
            Tone.Error),
        CardStatus.Ready ready => PinPad(state.Notice, ready.Card, language),
        _ => new(string.Empty, string.Empty, Tone.Plain),
    };

    private static Message WrongCard(AgentState state, Language language)
    {
        string wish = state.Wanted.Count == 0 ? language[Phrase.InsertOther] : CardName.Insert(state.Wanted, language);
        return new(language[Phrase.WrongCard], language.With(Phrase.OrUsePassphrase, wish), Tone.Error);
    }

    private static Message PinPad(Notice notice, CardInfo card, Language language) => (notice, card.TriesLeft) switch
    {
        (Notice.LastTryUnconfirmed, null) => new(language[Phrase.MaybeLastTry], language[Phrase.MaybeLastTryAgain], Tone.Warning),
        (Notice.LastTryUnconfirmed, _) => new(language[Phrase.LastTry], language[Phrase.LastTryAgain], Tone.Warning),
        (Notice.WrongPin, _) => new(language[Phrase.WrongPin], TriesLeft(card, language), Tone.Error),
        (Notice.TouchMissed, _) =>
            new(language[Phrase.TouchMissed], language[Phrase.EnterPinThenTouch] + "\n" + TriesLeft(card, language), Tone.Warning),
        (Notice.CardRemoved, _) =>
            new(language[Phrase.EnterPinAgain], language[Phrase.CardInterrupted] + "\n" + TriesLeft(card, language), Tone.Warning),
        (_, 1) => new(language[Phrase.EnterPin], TriesLeft(card, language), Tone.Warning),
        _ => new(language[Phrase.EnterPin], TriesLeft(card, language), Tone.Plain),
    };

    private static string TriesLeft(CardInfo card, Language language)
    {
        string tries = card.TriesLeft switch
        {
            null => language[Phrase.TriesUnknown],
            1 => language[Phrase.OneTryLeft],
            { } left => TriesLeft(left, language),
        };
        return tries + "\n" + CardName.Of(card, language);
    }

    private static string TriesLeft(int left, Language language) => language.With(
        language.FormOf(left) switch
        {
            PluralForm.One => Phrase.TriesLeftOne,
            PluralForm.Few => Phrase.TriesLeftFew,
            _ => Phrase.TriesLeftMany,
        },
        Number(left));

    private static Message ResetCode(AgentState state, Language language)
    {
        string tries = state.BlockedCard switch
        {
            { ResetTriesLeft: 1 } => language[Phrase.OneResetTryLeft],
            { } card => TriesLeft(card.ResetTriesLeft, language),
            null => string.Empty,
        };
        return (state.Notice, state.BlockedCard?.ResetTriesLeft) switch
        {
            (Notice.LastTryUnconfirmed, _) => new(language[Phrase.LastResetTry], language[Phrase.LastResetTryAgain], Tone.Warning),
            (Notice.WrongResetCode, _) => new(language[Phrase.WrongResetCode], tries, Tone.Error),
            (_, 1) => new(language[Phrase.EnterResetCode], tries, Tone.Warning),
            _ => new(language[Phrase.EnterResetCode], tries, Tone.Plain),
        };
    }

    private static Message NewPin(AgentState state, Language language)
    {
        var (least, most) = state.EntryLength;
        string length = language.With(Phrase.NewPinLength, Number(least), Number(most));
        return state.Notice == Notice.PinsDiffer
            ? new(language[Phrase.PinsDiffer], language.With(Phrase.EnterNewPinAgain, length), Tone.Error)
            : new(language[Phrase.ChooseNewPin], length, Tone.Plain);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
