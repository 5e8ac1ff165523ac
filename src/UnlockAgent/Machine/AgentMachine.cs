// SPDX-License-Identifier: GPL-3.0-or-later
// The agent's behaviour: a pure function that is defined for every state and every event.
// A PIN goes to the card only as the effect of the person's own Confirm; see Confirm below.
using CardUnlock;

namespace UnlockAgent.Machine;

internal static class AgentMachine
{
    /// <summary>The longest passphrase, in characters; cryptsetup reads at most 512 from a prompt.</summary>
    public const int MaxPassphraseLength = 512;

    /// <summary>The state at the start of a try.</summary>
    /// <param name="volume">crypttab's name of the disk.</param>
    /// <param name="earlier">What the earlier try in this boot ended with: none, a refused card key or a wrong passphrase.</param>
    public static AgentState Start(string volume, Notice earlier) =>
        new(volume, KeyFileFault.None, earlier == Notice.None ? Mode.Card : Mode.Passphrase, Notice: earlier);

    /// <summary>One step.</summary>
    public static (AgentState State, Effect Effect) Step(AgentState state, AgentEvent @event) => @event switch
    {
        _ when state.Mode == Mode.Opening => (state, Effect.None),
        AgentEvent.KeyFileRead read => (state with { KeyFault = read.Fault }, Effect.None),
        AgentEvent.CardChanged changed => CardChanged(state, changed.Status),
        AgentEvent.CardAnswered answered => CardAnswered(state, answered),
        AgentEvent.ButtonReleased released => ButtonReleased(state, released.Button),
        _ => (state, Effect.None),
    };

    private static (AgentState, Effect) CardChanged(AgentState state, CardStatus status)
    {
        if (status == state.Card)
        {
            return (state, Effect.None);
        }

        var next = state with { Card = status };
        if (state.Mode != Mode.Card)
        {
            return (next, Effect.None);
        }

        if (next.UsableCard is { AlreadyVerified: true } && state.Notice == Notice.None)
        {
            return (next with { Mode = Mode.Checking, CardAtWork = true, Typed = 0 }, Effect.AskVerifiedCard);
        }

        // Digits typed for one card never reach another: whoever comes back to the reader starts afresh.
        return SameCard(state.UsableCard, next.UsableCard)
            ? (next, Effect.None)
            : (next with { Typed = 0, Notice = NoticeAfterChange(state, status) }, Effect.Wipe);
    }

    private static bool SameCard(CardInfo? before, CardInfo? after) =>
        before is not null && after is not null && before.Serial == after.Serial && before.Reader == after.Reader;

    private static Notice NoticeAfterChange(AgentState state, CardStatus status) =>
        state.UsableCard is not null && status is CardStatus.NoCard or CardStatus.NoReader ? Notice.CardRemoved : Notice.None;

    private static (AgentState, Effect) CardAnswered(AgentState state, AgentEvent.CardAnswered answer)
    {
        if (answer.Outcome == CardOutcome.Key)
        {
            return (state with { Mode = Mode.Opening, Notice = Notice.None, CardAtWork = false, Typed = 0 }, Effect.HandOverKey);
        }

        var next = state with { Card = WithTries(state.Card, answer), CardAtWork = false };

        // The person may have gone on to the passphrase while the card worked: leave what they type alone.
        return state.Mode == Mode.Checking
            ? (next with { Mode = Mode.Card, Notice = NoticeFor(answer.Outcome), StatusWord = answer.StatusWord, Typed = 0 }, Effect.Wipe)
            : (next, Effect.None);
    }

    /// <summary>The counter on the screen is the card's, also before the next status report.</summary>
    private static CardStatus? WithTries(CardStatus? status, AgentEvent.CardAnswered answer)
    {
        int? left = answer.Outcome == CardOutcome.PinBlocked ? 0 : answer.TriesLeft;
        return left is not null && status is CardStatus.Ready ready ? ready with { Card = ready.Card with { TriesLeft = left } } : status;
    }

    private static Notice NoticeFor(CardOutcome outcome) => outcome switch
    {
        CardOutcome.WrongPin => Notice.WrongPin,
        CardOutcome.NoMatchingKey => Notice.NoMatchingKey,
        CardOutcome.CardRemoved => Notice.CardRemoved,
        CardOutcome.DamagedMessage => Notice.DamagedMessage,
        CardOutcome.ReaderError => Notice.ReaderError,
        CardOutcome.CardError => Notice.CardError,
        _ => Notice.None,
    };

    private static (AgentState, Effect) ButtonReleased(AgentState state, Button button) => button.Action switch
    {
        ButtonAction.UsePassphrase when state.Mode != Mode.Passphrase =>
            (state with { Mode = Mode.Passphrase, Notice = Notice.None, Typed = 0, Page = KeyboardPage.Lower }, Effect.Wipe),
        ButtonAction.UseCard when state.Mode == Mode.Passphrase =>
            (state with { Mode = state.CardAtWork ? Mode.Checking : Mode.Card, Notice = Notice.None, Typed = 0 }, Effect.Wipe),
        ButtonAction.Type => Type(state, button.Character),
        ButtonAction.Backspace when state.Typed > 0 && state.Mode != Mode.Checking => (state with { Typed = state.Typed - 1 }, Effect.DropLast),
        ButtonAction.Clear when state.Mode != Mode.Checking => (state with { Typed = 0 }, Effect.Wipe),
        ButtonAction.Confirm => Confirm(state),
        ButtonAction.Shift => (Turn(state, state.Page == KeyboardPage.Upper ? KeyboardPage.Lower : KeyboardPage.Upper), Effect.None),
        ButtonAction.Symbols => (Turn(state, KeyboardPage.Symbols), Effect.None),
        ButtonAction.MoreSymbols => (Turn(state, KeyboardPage.MoreSymbols), Effect.None),
        ButtonAction.Letters => (Turn(state, KeyboardPage.Lower), Effect.None),
        _ => (state, Effect.None),
    };

    private static AgentState Turn(AgentState state, KeyboardPage page) =>
        state.Mode == Mode.Passphrase ? state with { Page = page } : state;

    private static (AgentState, Effect) Type(AgentState state, char character)
    {
        int max = state.Mode switch
        {
            Mode.Card => state.UsableCard?.MaxPinLength ?? 0,
            Mode.Passphrase => MaxPassphraseLength,
            _ => 0,
        };
        if (state.Typed >= max || character is < ' ' or > '~')
        {
            return (state, Effect.None);
        }

        var page = state.Page == KeyboardPage.Upper ? KeyboardPage.Lower : state.Page;
        return (state with { Typed = state.Typed + 1, Notice = Notice.None, Page = page }, Effect.Append);
    }

    private static (AgentState, Effect) Confirm(AgentState state)
    {
        if (!state.CanConfirm)
        {
            return (state, Effect.None);
        }

        if (state.Mode == Mode.Passphrase)
        {
            return (state with { Mode = Mode.Opening, Notice = Notice.None, Typed = 0 }, Effect.HandOverPassphrase);
        }

        // The try that can block the card is asked for twice.
        return state.UsableCard is { TriesLeft: 1 } && state.Notice != Notice.LastTryUnconfirmed
            ? (state with { Notice = Notice.LastTryUnconfirmed }, Effect.None)
            : (state with { Mode = Mode.Checking, Notice = Notice.None, CardAtWork = true, Typed = 0 }, Effect.AskCard);
    }
}
