// SPDX-License-Identifier: GPL-3.0-or-later
// What the person's fingers do. Confirm is the only way for a PIN or a reset code to reach the card.
using UnlockAgent.Keyboards;

namespace UnlockAgent.Machine;

internal static partial class AgentMachine
{
    private static (AgentState, Effect) ButtonReleased(AgentState state, Button button) => button.Action switch
    {
        ButtonAction.UsePassphrase when state.Mode != Mode.Passphrase => (Enter(state, Mode.Passphrase), Effect.Wipe),
        ButtonAction.UseCard when state.Mode == Mode.Passphrase =>
            (Enter(state, state.Work == CardWork.None ? Mode.Card : Mode.Checking), Effect.Wipe),
        ButtonAction.Clear when state.Mode != Mode.Checking =>
            (WithoutWarning(state) with { Typed = 0, ContinuationBytes = 0 }, Effect.Clear),
        ButtonAction.Confirm => Confirm(state),
        ButtonAction.ShiftLock when state.Page == KeyboardPage.Upper => (Turn(state, KeyboardPage.Capitals), Effect.None),
        ButtonAction.Shift or ButtonAction.ShiftLock when state.Page is KeyboardPage.Upper or KeyboardPage.Capitals =>
            (Turn(state, KeyboardPage.Lower), Effect.None),
        ButtonAction.Shift or ButtonAction.ShiftLock => (Turn(state, KeyboardPage.Upper), Effect.None),
        ButtonAction.Symbols => (Turn(state, KeyboardPage.Symbols), Effect.None),
        ButtonAction.MoreSymbols => (Turn(state, KeyboardPage.MoreSymbols), Effect.None),
        ButtonAction.Letters => (Turn(state, KeyboardPage.Lower), Effect.None),
        ButtonAction.NextKeyboard => (WithKeyboard(state, KeyboardLayouts.After(state.Keyboards, state.Choices.Keyboard)), Effect.None),
        ButtonAction.Reveal when state.Mode == Mode.Passphrase => (state with { Revealed = !state.Revealed }, Effect.None),
        ButtonAction.Power => Show(state, Dialog.Power),
        ButtonAction.Menu => Show(state, Dialog.Menu),
        ButtonAction.NextTheme => (WithNextTheme(state), Effect.None),
        ButtonAction.Digits when state.ShowsPinEntry => (state with { Letters = false, Page = KeyboardPage.Lower }, Effect.None),
        _ => (state, Effect.None),
    };

    private static AgentState Turn(AgentState state, KeyboardPage page) => state switch
    {
        { Mode: Mode.Passphrase } => state with { Page = page },
        { ShowsPinEntry: true, Letters: true } => state with { Page = page },
        { ShowsPinEntry: true } when page == KeyboardPage.Lower => state with { Letters = true, Page = page },
        _ => state,
    };

    /// <summary>Whoever takes a keyboard that is not among the configured ones finds it again among them.</summary>
    private static AgentState WithKeyboard(AgentState state, string name) => state with
    {
        Choices = state.Choices with { Keyboard = name },
        Keyboards = state.Keyboards.Contains(name) ? state.Keyboards : [name, .. state.Keyboards],
        Dialog = Dialog.None,
        Page = KeyboardPage.Lower,
    };

    private static (AgentState, Effect) Type(AgentState state, int utf8Bytes)
    {
        if (utf8Bytes == 0 || state.TypedBytes + utf8Bytes > state.EntryLength.Most)
        {
            return (state, Effect.None);
        }

        var page = state.Page == KeyboardPage.Upper ? KeyboardPage.Lower : state.Page;
        var typed = state with
        {
            Typed = state.Typed + 1,
            ContinuationBytes = state.ContinuationBytes + utf8Bytes - 1,
            Notice = Notice.None,
            Page = page,
        };
        return (typed, Effect.Append);
    }

    private static (AgentState, Effect) Drop(AgentState state, int utf8Bytes)
    {
        if (utf8Bytes == 0 || state.Typed == 0 || state.Mode == Mode.Checking)
        {
            return (state, Effect.None);
        }

        var dropped = state with { Typed = state.Typed - 1, ContinuationBytes = state.ContinuationBytes - utf8Bytes + 1 };
        return (WithoutWarning(dropped), Effect.DropLast);
    }

    private static (AgentState, Effect) Confirm(AgentState state) => state switch
    {
        { CanConfirm: false } => (state, Effect.None),
        { Mode: Mode.Passphrase } => (Enter(state, Mode.Opening), Effect.HandOverPassphrase),
        { CanAskAgain: true } => (Enter(state, Mode.Checking) with { Work = CardWork.Unlocking }, Effect.AskVerifiedCard),
        { AsksForResetCode: true } => (Enter(state, Mode.ResetCode), Effect.Wipe),

        // The try that can block the card, or its reset code, is asked for twice.
        _ when IsLastTry(state) && state.Notice != Notice.LastTryUnconfirmed =>
            (state with { Notice = Notice.LastTryUnconfirmed }, Effect.None),
        { Mode: Mode.ResetCode } => (Enter(state, Mode.NewPin), Effect.KeepResetCode),
        { Mode: Mode.NewPin } => (Enter(state, Mode.RepeatPin) with { Letters = state.Letters }, Effect.KeepNewPin),
        { Mode: Mode.RepeatPin } => (AtWork(state, CardWork.Unblocking), Effect.Unblock),
        _ => (AtWork(state, CardWork.Unlocking), Effect.AskCard),
    };

    /// <summary>What is changed after the warning of a last try is warned of again.</summary>
    private static AgentState WithoutWarning(AgentState state) =>
        state.Notice == Notice.LastTryUnconfirmed ? state with { Notice = Notice.None } : state;

    private static AgentState AtWork(AgentState state, CardWork work) =>
        Enter(state, Mode.Checking) with { Work = work, Letters = state.Letters };

    // Where a card does not say, each may be the last.
    private static bool IsLastTry(AgentState state) => state.Mode switch
    {
        Mode.Card => state.UsableCard is { TriesLeft: null or 1 },
        Mode.ResetCode => state.BlockedCard is { ResetTriesLeft: 1 },
        _ => false,
    };
}
