// SPDX-License-Identifier: GPL-3.0-or-later
// The agent's behaviour: a pure function that is defined for every state and every event.
// A PIN or a reset code goes to the card only as the effect of the person's own Confirm; see AgentMachine.Buttons.cs.
using CardUnlock;

namespace UnlockAgent.Machine;

internal static partial class AgentMachine
{
    /// <summary>The longest passphrase, in bytes; cryptsetup reads at most 512 from a prompt.</summary>
    public const int MaxPassphraseLength = 512;

    /// <summary>The bytes of a resetting code, at least and at most (OpenPGP card 3.4 section 4.3.4).</summary>
    public const int MinResetCodeLength = 8, MaxResetCodeLength = 127;

    /// <summary>The state at the start of a try.</summary>
    /// <param name="volume">crypttab's name of the disk.</param>
    /// <param name="earlier">What the earlier try in this boot ended with: none, a refused card key or a wrong passphrase.</param>
    public static AgentState Start(string volume, Notice earlier) =>
        new(volume, KeyFileFault.None, earlier == Notice.None ? Mode.Card : Mode.Passphrase, Notice: earlier);

    /// <summary>True where a step began a PIN, or wiped one that was being typed: what only one PIN may have is made anew.</summary>
    public static bool BeginsPin(AgentState before, AgentState after, Effect effect) =>
        after is { ShowsPinEntry: true, Mode: not Mode.Checking, Typed: 0 }
        && (!before.ShowsPinEntry || before.Mode != after.Mode || (before.Typed > 0 && effect != Effect.DropLast));

    /// <summary>One step.</summary>
    public static (AgentState State, Effect Effect) Step(AgentState state, AgentEvent @event) => @event switch
    {
        _ when state.IsOver => (state, Effect.None),
        AgentEvent.KeyFileRead read => (state with { KeyFault = read.Fault, Wanted = read.Wanted }, Effect.None),
        AgentEvent.CardChanged changed => CardChanged(state, changed.Status),
        AgentEvent.CardAnswered answered => CardAnswered(state, answered),
        AgentEvent.PassphraseReceived => (Open(state), Effect.HandOverReceived),
        AgentEvent.TouchAwaited when state.Work != CardWork.None => (state with { Work = CardWork.AwaitingTouch }, Effect.None),
        AgentEvent.PinsDiffered when state is { Mode: Mode.Checking, Work: CardWork.Unblocking } =>
            (Enter(state, Mode.NewPin, Notice.PinsDiffer) with { Work = CardWork.None, Letters = state.Letters },
                Effect.ForgetNewPin),
        AgentEvent.EntryExpired => Expire(state),
        AgentEvent.IdleTooLong when state.Work == CardWork.None => End(state, Effect.PowerOff),
        AgentEvent.PowerHeld => End(state, Effect.PowerOff),
        AgentEvent.LightChanged changed => (Lit(state, changed.Light), Effect.None),
        AgentEvent.BatteryRead read => (state with { Battery = read.Battery }, Effect.None),
        AgentEvent.CapsLockChanged changed => (state with { CapsLock = changed.IsOn }, Effect.None),
        AgentEvent.DigitsDrawn drawn => (state with { DigitOrder = drawn.Order }, Effect.None),
        AgentEvent.ButtonReleased pressed when state.Dialog != Dialog.None => InDialog(state, pressed.Button),
        AgentEvent.CharacterTyped or AgentEvent.CharacterDropped when state.Dialog != Dialog.None => (state, Effect.None),
        AgentEvent.CharacterTyped typed => Type(state, typed.Utf8Bytes),
        AgentEvent.CharacterDropped dropped => Drop(state, dropped.Utf8Bytes),
        AgentEvent.ButtonReleased released => ButtonReleased(state, released.Button),
        _ => (state, Effect.None),
    };

    /// <summary>A mode from its beginning: nothing is typed.</summary>
    private static AgentState Enter(AgentState state, Mode mode, Notice notice = Notice.None) =>
        state with
        {
            Mode = mode,
            Notice = notice,
            Typed = 0,
            ContinuationBytes = 0,
            Revealed = false,
            Letters = false,
            Page = KeyboardPage.Lower,
        };

    /// <summary>The end with a key, whatever the person does at that moment.</summary>
    private static AgentState Open(AgentState state) =>
        Enter(state, Mode.Opening) with { Work = CardWork.None, Dialog = Dialog.None, Light = Light.Full };

    private static (AgentState, Effect) CardChanged(AgentState state, CardStatus status)
    {
        if (status == state.Card)
        {
            return (state, Effect.None);
        }

        var next = state with { Card = status };
        return state.Mode switch
        {
            Mode.Card => CardChangedBeforePin(state, next),
            Mode.ResetCode or Mode.NewPin or Mode.RepeatPin => CardChangedBeforeReset(state, next),
            _ => (next, Effect.None),
        };
    }

    private static (AgentState, Effect) CardChangedBeforePin(AgentState state, AgentState next)
    {
        // Once: after any answer there is a notice, and then the person asks again.
        if (next.CanAskAgain && state.Notice == Notice.None)
        {
            return (Enter(next, Mode.Checking) with { Work = CardWork.Unlocking }, Effect.AskVerifiedCard);
        }

        // Digits typed for one card never reach another: whoever comes back to the reader starts afresh.
        return !IsSameCard(state, next) ? (Enter(next, Mode.Card, NoticeAfterChange(state, next)), Effect.Wipe)
            : next.ShowsPinEntry == state.ShowsPinEntry ? (next, Effect.None)
            : (Enter(next, Mode.Card, state.Notice), Effect.Wipe);
    }

    /// <summary>The reset code is sent after three entries: to the card that it was typed for, and with the same tries left.</summary>
    private static (AgentState, Effect) CardChangedBeforeReset(AgentState state, AgentState next)
    {
        bool stays = IsSameCard(state, next) && next.BlockedCard is not null
            && (state.Mode == Mode.ResetCode || next.BlockedCard.ResetTriesLeft == state.BlockedCard?.ResetTriesLeft);
        return stays ? (next, Effect.None) : (Enter(next, Mode.Card, NoticeAfterChange(state, next)), Effect.Wipe);
    }

    private static bool IsSameCard(AgentState before, AgentState after) =>
        before.Card is CardStatus.Ready { Card: var left } && after.Card is CardStatus.Ready { Card: var right }
        && (left.Reader, left.Serial) == (right.Reader, right.Serial);

    private static Notice NoticeAfterChange(AgentState before, AgentState after)
    {
        bool wasOfUse = before.UsableCard is not null || before.BlockedCard is not null;
        return wasOfUse && after.Card is CardStatus.NoCard or CardStatus.NoReader ? Notice.CardRemoved : Notice.None;
    }

    private static (AgentState, Effect) CardAnswered(AgentState state, AgentEvent.CardAnswered answer)
    {
        if (answer.Outcome == CardOutcome.Key)
        {
            return (Open(state), Effect.HandOverKey);
        }

        var next = state with { Card = StatusAfter(state.Card, answer), Work = CardWork.None };

        // The person may have gone on to the passphrase while the card worked: leave what they type alone.
        if (state.Mode != Mode.Checking)
        {
            return (next, Effect.None);
        }

        bool codeAgain = answer.Outcome == CardOutcome.WrongResetCode && next.BlockedCard is not null;
        next = Enter(next, codeAgain ? Mode.ResetCode : Mode.Card, NoticeFor(answer.Outcome));
        return (next with { StatusWord = answer.StatusWord, Letters = state.Letters }, Effect.Wipe);
    }

    /// <summary>What the answer says of the card is on the screen at once, also before the next status report.</summary>
    private static CardStatus? StatusAfter(CardStatus? status, AgentEvent.CardAnswered answer) => (status, answer) switch
    {
        (CardStatus.Ready { Card: var card }, { Outcome: CardOutcome.PinBlocked }) =>
            new CardStatus.Ready(card with { TriesLeft = 0 }),
        (CardStatus.Ready { Card: var card }, { Outcome: CardOutcome.WrongPin, TriesLeft: { } left }) =>
            new CardStatus.Ready(card with { TriesLeft = left }),
        (CardStatus.Ready { Card: var card }, { Outcome: CardOutcome.WrongResetCode, TriesLeft: { } left }) =>
            new CardStatus.Ready(card with { ResetTriesLeft = left }),

        // It took the PIN, and so none is blocked.
        (CardStatus.Ready { Card: var card }, { Outcome: CardOutcome.TouchMissed }) =>
            new CardStatus.Ready(card with { AlreadyVerified = true, TriesLeft = card.TriesLeft == 0 ? null : card.TriesLeft }),
        _ => status,
    };

    private static Notice NoticeFor(CardOutcome outcome) => outcome switch
    {
        CardOutcome.WrongPin => Notice.WrongPin,
        CardOutcome.NoMatchingKey => Notice.NoMatchingKey,
        CardOutcome.CardRemoved => Notice.CardRemoved,
        CardOutcome.DamagedMessage => Notice.DamagedMessage,
        CardOutcome.UnsupportedMessage => Notice.UnsupportedMessage,
        CardOutcome.TouchMissed => Notice.TouchMissed,
        CardOutcome.WrongResetCode => Notice.WrongResetCode,
        CardOutcome.ReaderError => Notice.ReaderError,
        CardOutcome.CardError => Notice.CardError,
        _ => Notice.None,
    };
}
