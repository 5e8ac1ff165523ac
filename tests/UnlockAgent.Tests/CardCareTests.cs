// SPDX-License-Identifier: GPL-3.0-or-later
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Tests;

/// <summary>Touch, reset code and the choice of a card: what the machine asks of the card, and when.</summary>
public sealed class CardCareTests
{
    private static readonly Button Ok = new(ButtonAction.Confirm);
    private static readonly Button UsePassphrase = new(ButtonAction.UsePassphrase);
    private static readonly Button UseCard = new(ButtonAction.UseCard);

    [Fact]
    public void A_card_that_waits_for_a_touch_says_so_and_hides_the_pad()
    {
        var (checking, _) = Press(Screens.PinPad with { Typed = 6 }, Ok);
        var (state, effect) = AgentMachine.Step(checking, new AgentEvent.TouchAwaited());
        Assert.Equal((Effect.None, CardWork.AwaitingTouch, Mode.Checking), (effect, state.Work, state.Mode));
        Assert.False(state.ShowsPinEntry);

        // On the way over the passphrase it waits on, and its word comes too late for a card that has answered.
        var back = Press(Press(state, UsePassphrase).State, UseCard).State;
        Assert.Equal((Mode.Checking, CardWork.AwaitingTouch), (back.Mode, back.Work));
        (state, _) = AgentMachine.Step(state, new AgentEvent.CardAnswered(CardOutcome.TouchMissed));
        Assert.Equal(state, AgentMachine.Step(state, new AgentEvent.TouchAwaited()).State);
    }

    [Fact]
    public void A_missed_touch_waits_for_ok_and_sends_no_second_pin()
    {
        var needsTouch = new CardStatus.Ready(Screens.Card with { NeedsTouch = true });
        var (state, _) = Press(Screens.PinPad with { Card = needsTouch, Typed = 6 }, Ok);
        (state, var effect) = AgentMachine.Step(state, new AgentEvent.CardAnswered(CardOutcome.TouchMissed));
        Assert.Equal((Effect.Wipe, Mode.Card, Notice.TouchMissed), (effect, state.Mode, state.Notice));

        // The card's own report changes nothing: it does not ask by itself again, however often it comes.
        foreach (int tries in (int[])[3, 2, 3])
        {
            var verified = Screens.Card with { NeedsTouch = true, AlreadyVerified = true, TriesLeft = tries };
            (state, effect) = AgentMachine.Step(state, new AgentEvent.CardChanged(new CardStatus.Ready(verified)));
            Assert.Equal((Effect.None, Notice.TouchMissed), (effect, state.Notice));
        }

        Assert.Equal(Effect.None, Press(state, new(ButtonAction.Type, '1')).Effect);
        (state, effect) = Press(state, Ok);
        Assert.Equal((Effect.AskVerifiedCard, Mode.Checking), (effect, state.Mode));
        Assert.Equal(Effect.None, Press(state, Ok).Effect);
    }

    [Fact]
    public void A_card_that_lost_its_pin_after_a_missed_touch_is_asked_for_it()
    {
        var (state, effect) = AgentMachine.Step(Screens.TouchMissed, new AgentEvent.CardChanged(Screens.PinPad.Card!));
        Assert.Equal((Effect.Wipe, Notice.TouchMissed, true), (effect, state.Notice, state.ShowsPinEntry));
    }

    [Theory]
    [InlineData(nameof(CardOutcome.DamagedMessage))]
    [InlineData(nameof(CardOutcome.UnsupportedMessage))]
    [InlineData(nameof(CardOutcome.NoMatchingKey))]
    public void Where_no_pin_can_help_none_can_be_typed_until_another_card_comes(string outcome)
    {
        var (state, _) = Press(Screens.PinPad with { Typed = 6 }, Ok);
        (state, _) = AgentMachine.Step(state, new AgentEvent.CardAnswered(Enum.Parse<CardOutcome>(outcome)));
        (state, _) = AgentMachine.Step(state, new AgentEvent.CardChanged(Screens.TouchMissed.Card!));
        Assert.False(state.ShowsPinEntry || state.CanConfirm);
        Assert.Equal((state, Effect.None), Press(state, new(ButtonAction.Type, '1')));

        var other = new CardStatus.Ready(Screens.Card with { Serial = "other" });
        Assert.True(AgentMachine.Step(state, new AgentEvent.CardChanged(other)).State.ShowsPinEntry);
    }

    [Fact]
    public void A_reset_code_and_a_new_pin_typed_twice_reach_the_card_once()
    {
        var (state, effect) = Press(Screens.BlockedPin, Ok);
        Assert.Equal((Mode.ResetCode, Effect.Wipe), (state.Mode, effect));

        state = TypeUntilAlive(state, 8);
        (state, effect) = Press(state, Ok);
        Assert.Equal((Mode.NewPin, Effect.KeepResetCode, 0), (state.Mode, effect, state.Typed));

        state = TypeUntilAlive(state, 6);
        (state, effect) = Press(state, Ok);
        Assert.Equal((Mode.RepeatPin, Effect.KeepNewPin, 0), (state.Mode, effect, state.Typed));

        state = TypeUntilAlive(state, 6);
        (state, effect) = Press(state, Ok);
        Assert.Equal((Mode.Checking, Effect.Unblock, CardWork.Unblocking), (state.Mode, effect, state.Work));
        Assert.Equal(Effect.None, Press(state, Ok).Effect);

        Assert.Equal(Effect.HandOverKey, AgentMachine.Step(state, new AgentEvent.CardAnswered(CardOutcome.Key)).Effect);
    }

    [Fact]
    public void Unequal_new_pins_lead_back_to_the_first_and_keep_the_code()
    {
        var (checking, _) = Press(Screens.RepeatPin with { Typed = 6, Letters = true }, Ok);
        var (state, effect) = AgentMachine.Step(checking, new AgentEvent.PinsDiffered());
        Assert.Equal((Mode.NewPin, Effect.ForgetNewPin, Notice.PinsDiffer), (state.Mode, effect, state.Notice));
        Assert.Equal((CardWork.None, 0, true), (state.Work, state.Typed, state.Letters));

        // No other state takes that word.
        foreach (var other in Screens.All.Values.Where(s => s.Work != CardWork.Unblocking))
        {
            Assert.Equal((other, Effect.None), AgentMachine.Step(other, new AgentEvent.PinsDiffered()));
        }
    }

    [Fact]
    public void The_last_try_of_the_reset_code_is_asked_for_twice()
    {
        var last = Screens.ResetCode with { Card = Blocked(1), Typed = 8 };
        var (warned, none) = Press(last, Ok);
        Assert.Equal((Effect.None, Notice.LastTryUnconfirmed, Mode.ResetCode), (none, warned.Notice, warned.Mode));
        Assert.Equal(Effect.KeepResetCode, Press(warned, Ok).Effect);
        Assert.Equal(Effect.None, Press(Press(warned, new(ButtonAction.Type, '1')).State, Ok).Effect);
    }

    [Fact]
    public void A_wrong_reset_code_shows_what_is_left_and_the_last_one_ends_it()
    {
        var (checking, _) = Press(Screens.RepeatPin with { Typed = 6 }, Ok);
        var (state, effect) = AgentMachine.Step(checking, new AgentEvent.CardAnswered(CardOutcome.WrongResetCode, TriesLeft: 2));
        Assert.Equal((Mode.ResetCode, Effect.Wipe, Notice.WrongResetCode), (state.Mode, effect, state.Notice));
        Assert.Equal(2, state.BlockedCard!.ResetTriesLeft);
        Assert.Equal((state, Effect.None), AgentMachine.Step(state, new AgentEvent.CardChanged(Blocked(2))));

        (state, _) = AgentMachine.Step(checking, new AgentEvent.CardAnswered(CardOutcome.WrongResetCode, TriesLeft: 0));
        Assert.Equal((Mode.Card, Notice.WrongResetCode, false), (state.Mode, state.Notice, state.AsksForResetCode));
        Assert.Equal(Effect.None, Press(state, Ok).Effect);
    }

    /// <summary>A code that takes the last try was confirmed for the tries that the person saw.</summary>
    [Fact]
    public void A_card_that_changes_while_the_new_pin_is_typed_takes_everything_back()
    {
        CardStatus[] changes = [Blocked(1), new CardStatus.NoCard("Reader 00 00"), Screens.PinPad.Card!, OtherBlocked];
        foreach (var state in (AgentState[])[Screens.NewPin with { Typed = 4 }, Screens.RepeatPin with { Typed = 4 }])
        {
            foreach (var status in changes)
            {
                var (next, effect) = AgentMachine.Step(state, new AgentEvent.CardChanged(status));
                Assert.Equal((Mode.Card, Effect.Wipe, 0), (next.Mode, effect, next.Typed));
                Assert.Equal(status is CardStatus.NoCard ? Notice.CardRemoved : Notice.None, next.Notice);
            }
        }

        // While the code itself is typed, fewer tries are shown at once, and the last one is asked for twice.
        var (code, none) = AgentMachine.Step(Screens.ResetCode with { Typed = 8 }, new AgentEvent.CardChanged(Blocked(1)));
        Assert.Equal((Mode.ResetCode, Effect.None, 8), (code.Mode, none, code.Typed));
        Assert.Equal(Notice.LastTryUnconfirmed, Press(code, Ok).State.Notice);
    }

    [Fact]
    public void A_new_pin_that_was_set_is_not_lost_with_a_missed_touch()
    {
        var (checking, _) = Press(Screens.RepeatPin with { Typed = 6 }, Ok);
        (checking, _) = AgentMachine.Step(checking, new AgentEvent.TouchAwaited());
        var (state, _) = AgentMachine.Step(checking, new AgentEvent.CardAnswered(CardOutcome.TouchMissed));
        Assert.Equal((Notice.TouchMissed, true), (state.Notice, state.CanAskAgain));

        var unblocked = new CardStatus.Ready(Screens.Blocked with { TriesLeft = 3, AlreadyVerified = true });
        (state, var effect) = AgentMachine.Step(state, new AgentEvent.CardChanged(unblocked));
        Assert.Equal((Effect.None, Notice.TouchMissed), (effect, state.Notice));
        Assert.Equal(Effect.AskVerifiedCard, Press(state, Ok).Effect);
    }

    [Fact]
    public void An_error_after_the_reset_keeps_its_sentence_when_the_pad_comes_back()
    {
        var (checking, _) = Press(Screens.RepeatPin with { Typed = 6 }, Ok);
        var (state, _) = AgentMachine.Step(checking, new AgentEvent.CardAnswered(CardOutcome.CardError, StatusWord: 0x6F00));
        var unblocked = new CardStatus.Ready(Screens.Blocked with { TriesLeft = 3 });
        (state, _) = AgentMachine.Step(state, new AgentEvent.CardChanged(unblocked));
        Assert.Equal((Notice.CardError, true), (state.Notice, state.ShowsPinEntry));
    }

    [Fact]
    public void Escape_forgets_the_repetition_alone()
    {
        var (state, effect) = Press(Screens.RepeatPin with { Typed = 4 }, new(ButtonAction.Clear));
        Assert.Equal((Mode.RepeatPin, Effect.Clear, 0), (state.Mode, effect, state.Typed));
    }

    [Fact]
    public void The_key_file_says_which_cards_are_wanted()
    {
        WantedCard[] wanted = [new("Ada Lovelace", "1234")];
        Assert.Same(wanted, AgentMachine.Step(Screens.Fresh, new AgentEvent.KeyFileRead(KeyFileFault.None, wanted)).State.Wanted);
    }

    private static CardStatus.Ready OtherBlocked => new(Screens.Blocked with { Serial = "other" });

    private static CardStatus.Ready Blocked(int resetTriesLeft) => new(Screens.Blocked with { ResetTriesLeft = resetTriesLeft });

    private static AgentState TypeUntilAlive(AgentState state, int least)
    {
        for (int typed = 0; typed < least; typed++)
        {
            Assert.Equal((state, Effect.None), Press(state, Ok));
            state = Press(state, new(ButtonAction.Type, '1')).State;
        }

        return state;
    }

    private static (AgentState State, Effect Effect) Press(AgentState state, Button button) =>
        AgentMachine.Step(state, AgentEvent.Of(button, lastCharacterBytes: 1));
}
