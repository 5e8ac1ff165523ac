// SPDX-License-Identifier: GPL-3.0-or-later
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Tests;

public sealed class AgentMachineTests
{
    private static readonly Button Ok = new(ButtonAction.Confirm);
    private static readonly Button UsePassphrase = new(ButtonAction.UsePassphrase);

    private static IEnumerable<AgentEvent> Events =>
    [
        .. Enum.GetValues<ButtonAction>().Select(action => AgentEvent.Of(new(action, action == ButtonAction.Type ? '5' : 0), lastCharacterBytes: 1)),
        .. Enum.GetValues<CardOutcome>().SelectMany(outcome => new AgentEvent[]
        {
            new AgentEvent.CardAnswered(outcome, 2, 0x6F00),
            new AgentEvent.CardAnswered(outcome, 0),
            new AgentEvent.CardAnswered(outcome),
        }),
        .. Screens.All.Values.Where(s => s.Card is not null).Select(s => new AgentEvent.CardChanged(s.Card!)),
        new AgentEvent.CardChanged(new CardStatus.Ready(Screens.Card with { Serial = "other" })),
        new AgentEvent.CardChanged(new CardStatus.Ready(Screens.Card with { AlreadyVerified = true })),
        .. Enum.GetValues<KeyFileFault>().Select(fault => new AgentEvent.KeyFileRead(fault, [])),
        new AgentEvent.TouchAwaited(),
        new AgentEvent.PinsDiffered(),
        new AgentEvent.PassphraseReceived(),
        new AgentEvent.EntryExpired(),
        new AgentEvent.IdleTooLong(),
        new AgentEvent.PowerHeld(),
        .. Enum.GetValues<Light>().Select(light => new AgentEvent.LightChanged(light)),
        new AgentEvent.BatteryRead(new(3, Charging: false)),
        new AgentEvent.BatteryRead(null),
        new AgentEvent.CapsLockChanged(IsOn: true),
        new AgentEvent.DigitsDrawn([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
    ];

    private static IEnumerable<AgentState> States =>
        from state in Screens.All.Values
        from typed in (int[])[state.Typed, 8, 127]
        from dialog in Enum.GetValues<Dialog>()
        select state with { Typed = typed, Dialog = dialog };

    [Fact]
    public void Every_state_answers_every_event_and_only_a_confirm_sends_a_pin()
    {
        foreach (var state in States)
        {
            foreach (var happened in Events)
            {
                var (next, effect) = AgentMachine.Step(state, happened);
                Assert.InRange(next.Typed, 0, AgentMachine.MaxPassphraseLength);
                if (effect == Effect.AskCard)
                {
                    Assert.Equal(AgentEvent.ButtonReleased.Of(Ok), happened);
                    Assert.True(state.Mode == Mode.Card && state.Typed >= 6 && state.UsableCard is { AlreadyVerified: false });
                }

                if (effect == Effect.Unblock)
                {
                    Assert.Equal(AgentEvent.ButtonReleased.Of(Ok), happened);
                    Assert.True(state.Mode == Mode.RepeatPin && state.Typed >= 6 && state.BlockedCard is not null);
                }

                if (state.IsOver)
                {
                    Assert.Equal(Effect.None, effect);
                }
            }
        }
    }

    /// <summary>A mode that is left takes along what was typed in it.</summary>
    [Fact]
    public void Whoever_leaves_an_entry_leaves_nothing_typed_behind()
    {
        foreach (var state in States)
        {
            foreach (var happened in Events)
            {
                var (next, effect) = AgentMachine.Step(state, happened);
                if (next.Mode != state.Mode)
                {
                    Assert.NotEqual(Effect.None, effect);
                    Assert.Equal(0, next.Typed);
                }

                bool keeps = next.Mode is Mode.NewPin or Mode.RepeatPin || effect is Effect.Unblock or Effect.HandOverPassphrase;
                bool left = state.Mode is Mode.ResetCode or Mode.NewPin or Mode.RepeatPin && next.Mode != state.Mode;
                bool wiped = effect is Effect.Wipe or Effect.HandOverKey or Effect.HandOverReceived or Effect.PowerOff or Effect.Restart;
                Assert.True(!left || keeps || wiped, $"{state.Mode} -> {next.Mode}: {effect}");
            }
        }
    }

    [Fact]
    public void The_passphrase_is_one_tap_away_on_every_screen_before_the_end()
    {
        foreach (var state in Screens.All.Values.Where(s => !s.IsOver))
        {
            // A dialog is in front of the screen: it is closed first.
            var next = Press(state with { Dialog = Dialog.None }, UsePassphrase).State;
            Assert.Equal(Mode.Passphrase, next.Mode);
        }
    }

    [Fact]
    public void Ok_is_dead_until_the_pin_is_as_long_as_the_card_wants()
    {
        var state = Screens.PinPad;
        for (int typed = 0; typed < 6; typed++)
        {
            Assert.Equal(Effect.None, Press(state, Ok).Effect);
            (state, var effect) = Press(state, new(ButtonAction.Type, '1'));
            Assert.Equal(Effect.Append, effect);
        }

        var (checking, ask) = Press(state, Ok);
        Assert.Equal((Effect.AskCard, Mode.Checking, 0), (ask, checking.Mode, checking.Typed));
    }

    [Fact]
    public void A_second_confirm_while_the_card_works_asks_nothing()
    {
        var (checking, _) = Press(Screens.PinPad with { Typed = 6 }, Ok);
        Assert.Equal(Effect.None, Press(checking, Ok).Effect);

        // Also not by the way round over the passphrase: the card still works on the first one.
        var back = Press(Press(checking, UsePassphrase).State, new(ButtonAction.UseCard)).State;
        Assert.Equal(Mode.Checking, back.Mode);
        Assert.Equal(Effect.None, Press(back with { Typed = 6 }, Ok).Effect);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public void A_try_that_may_be_the_last_is_asked_for_twice_and_typing_takes_the_first_back(int? triesLeft)
    {
        var last = Screens.PinPad with { Card = new CardStatus.Ready(Screens.Card with { TriesLeft = triesLeft }), Typed = 6 };
        var (warned, none) = Press(last, Ok);
        Assert.Equal((Effect.None, Notice.LastTryUnconfirmed), (none, warned.Notice));
        Assert.Equal(Effect.AskCard, Press(warned, Ok).Effect);

        var typedOn = Press(warned, new(ButtonAction.Type, '1')).State;
        Assert.Equal(Effect.None, Press(typedOn, Ok).Effect);

        var shortened = Press(typedOn with { Notice = Notice.LastTryUnconfirmed }, new(ButtonAction.Backspace)).State;
        Assert.Equal((6, Effect.None), (shortened.Typed, Press(shortened, Ok).Effect));
        Assert.Equal(Notice.None, Press(warned, new(ButtonAction.Clear)).State.Notice);
    }

    [Fact]
    public void A_wrong_pin_shows_the_cards_new_counter_at_once()
    {
        var (checking, _) = Press(Screens.PinPad with { Typed = 6 }, Ok);
        var (state, effect) = AgentMachine.Step(checking, new AgentEvent.CardAnswered(CardOutcome.WrongPin, TriesLeft: 2));
        Assert.Equal((Effect.Wipe, Mode.Card, Notice.WrongPin), (effect, state.Mode, state.Notice));
        Assert.Equal(2, state.UsableCard!.TriesLeft);

        // The card's own report of the same fact changes nothing more.
        var report = new AgentEvent.CardChanged(new CardStatus.Ready(Screens.Card with { TriesLeft = 2 }));
        Assert.Equal((state, Effect.None), AgentMachine.Step(state, report));
    }

    [Fact]
    public void A_blocked_pin_takes_the_pad_away()
    {
        var (checking, _) = Press(Screens.PinPad with { Typed = 6 }, Ok);
        var (state, _) = AgentMachine.Step(checking, new AgentEvent.CardAnswered(CardOutcome.PinBlocked));
        Assert.Null(state.UsableCard);
        Assert.False(state.ShowsPinEntry);
    }

    [Fact]
    public void Digits_typed_for_one_card_are_wiped_when_another_comes()
    {
        var typed = Screens.PinPad with { Typed = 4 };
        var (state, effect) = AgentMachine.Step(typed, new AgentEvent.CardChanged(new CardStatus.Ready(Screens.Card with { Serial = "other" })));
        Assert.Equal((Effect.Wipe, 0), (effect, state.Typed));

        (state, effect) = AgentMachine.Step(typed, new AgentEvent.CardChanged(new CardStatus.NoCard("Reader 00 00")));
        Assert.Equal((Effect.Wipe, 0, Notice.CardRemoved), (effect, state.Typed, state.Notice));
    }

    [Fact]
    public void What_is_typed_as_a_passphrase_outlives_every_card_event_but_a_key()
    {
        var typing = Screens.Keyboard with { Typed = 9, Work = CardWork.Unlocking };
        foreach (var happened in Events.Where(e => e is AgentEvent.CardChanged or AgentEvent.CardAnswered { Outcome: not CardOutcome.Key }))
        {
            var (state, effect) = AgentMachine.Step(typing, happened);
            Assert.Equal((Effect.None, 9, Mode.Passphrase), (effect, state.Typed, state.Mode));
        }
    }

    [Fact]
    public void A_card_that_is_verified_already_is_asked_once_without_a_pin()
    {
        var verified = new AgentEvent.CardChanged(new CardStatus.Ready(Screens.Card with { AlreadyVerified = true }));
        var (state, effect) = AgentMachine.Step(Screens.Fresh, verified);
        Assert.Equal((Effect.AskVerifiedCard, Mode.Checking), (effect, state.Mode));

        (state, _) = AgentMachine.Step(state, new AgentEvent.CardAnswered(CardOutcome.DamagedMessage));
        Assert.Equal(Effect.None, AgentMachine.Step(state, verified).Effect);
    }

    [Theory]
    [InlineData(nameof(Notice.CardKeyRefused))]
    [InlineData(nameof(Notice.WrongPassphrase))]
    public void A_key_that_opened_nothing_leads_to_the_passphrase(string earlier) =>
        Assert.Equal(Mode.Passphrase, AgentMachine.Start("disk", Enum.Parse<Notice>(earlier)).Mode);

    [Theory]
    [InlineData('\n')]
    [InlineData('\0')]
    [InlineData(0x7F)]
    [InlineData(0x9F)]
    [InlineData(0xD800)]
    [InlineData(0xDFFF)]
    [InlineData(0x110000)]
    [InlineData(-1)]
    public void What_is_no_character_is_not_typed(int character)
    {
        Assert.Equal((Screens.Keyboard, Effect.None), Press(Screens.Keyboard, new(ButtonAction.Type, character)));
        Assert.Equal((Screens.PinPad, Effect.None), Press(Screens.PinPad, new(ButtonAction.Type, character)));
    }

    [Theory]
    [InlineData('a', 1)]
    [InlineData('é', 2)]
    [InlineData('€', 3)]
    [InlineData(0x1F512, 4)]
    public void A_character_counts_once_and_its_bytes_fill_the_entry(int character, int bytes)
    {
        var (state, effect) = Press(Screens.Keyboard, new(ButtonAction.Type, character));
        Assert.Equal((1, bytes, Effect.Append), (state.Typed, state.TypedBytes, effect));
        (state, effect) = AgentMachine.Step(state, AgentEvent.Of(new(ButtonAction.Backspace), bytes));
        Assert.Equal((0, 0, Effect.DropLast), (state.Typed, state.TypedBytes, effect));

        foreach (var (full, most) in new[] { (Screens.Keyboard, AgentMachine.MaxPassphraseLength), (Screens.PinPad, 127) })
        {
            var nearly = full with { Typed = most - bytes };
            Assert.Equal(most, Press(nearly, new(ButtonAction.Type, character)).State.TypedBytes);
            nearly = full with { Typed = most - bytes - 2, ContinuationBytes = 3 };
            Assert.Equal((nearly, Effect.None), Press(nearly, new(ButtonAction.Type, character)));
        }
    }

    [Fact]
    public void A_pin_is_long_enough_in_bytes()
    {
        Assert.False((Screens.PinPad with { Typed = 3, ContinuationBytes = 2 }).CanConfirm);
        var state = Screens.PinPad with { Typed = 3, ContinuationBytes = 3 };
        Assert.True(state.CanConfirm);
        Assert.Equal((0, 0), (Press(state, new(ButtonAction.Clear)).State.TypedBytes, Press(state, Ok).State.TypedBytes));
    }

    /// <summary>Which of the characters of one length it is makes no difference to anything that is left behind.</summary>
    [Fact]
    public void Events_exist_before_anything_is_typed_and_tell_no_character()
    {
        Assert.Same(AgentEvent.Of(new(ButtonAction.Type, 'a'), 0), AgentEvent.Of(new(ButtonAction.Type, '9'), 3));
        Assert.Same(AgentEvent.Of(new(ButtonAction.Type, 'ü'), 0), AgentEvent.Of(new(ButtonAction.Type, 'ж'), 3));
        Assert.Same(AgentEvent.Of(Ok, 0), AgentEvent.Of(Ok, 4));
        Assert.Same(AgentEvent.Of(new(ButtonAction.Backspace), 2), AgentEvent.Of(new(ButtonAction.Backspace), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => AgentEvent.ButtonReleased.Of(new(ButtonAction.Type, 'a')));
        Assert.Throws<ArgumentOutOfRangeException>(() => AgentEvent.ButtonReleased.Of(new(ButtonAction.Backspace)));
    }

    [Fact]
    public void Shift_holds_for_one_letter_and_symbols_stay()
    {
        var upper = Press(Screens.Keyboard, new(ButtonAction.Shift)).State;
        Assert.Equal(KeyboardPage.Upper, upper.Page);
        Assert.Equal(KeyboardPage.Lower, Press(upper, new(ButtonAction.Type, 'A')).State.Page);
        var symbols = Press(Screens.Keyboard, new(ButtonAction.Symbols)).State;
        Assert.Equal(KeyboardPage.Symbols, Press(symbols, new(ButtonAction.Type, '%')).State.Page);
    }

    [Fact]
    public void Shift_digits_and_letters_turn_the_pin_entry_and_keep_what_was_typed()
    {
        var typed = Screens.PinPad with { Typed = 3 };
        Assert.Equal(typed, Press(typed, new(ButtonAction.Shift)).State);
        Assert.Equal(typed, Press(typed, new(ButtonAction.Symbols)).State);

        var (letters, effect) = Press(typed, new(ButtonAction.Letters));
        Assert.Equal((true, 3, Effect.None), (letters.Letters, letters.Typed, effect));
        Assert.Equal(KeyboardPage.Upper, Press(letters, new(ButtonAction.Shift)).State.Page);
        (letters, effect) = Press(letters, new(ButtonAction.Type, 'q'));
        Assert.Equal((4, Effect.Append), (letters.Typed, effect));

        var digits = Press(letters, new(ButtonAction.Digits)).State;
        Assert.Equal((false, 4), (digits.Letters, digits.Typed));

        // A hardware keyboard types letters without a turn.
        Assert.Equal(Effect.Append, Press(Screens.PinPad, new(ButtonAction.Type, 'q')).Effect);
    }

    [Fact]
    public void Who_types_a_pin_with_letters_gets_them_again_after_a_wrong_one()
    {
        var (checking, _) = Press(Screens.PinPad with { Typed = 6, Letters = true, Page = KeyboardPage.Symbols }, Ok);
        var (state, _) = AgentMachine.Step(checking, new AgentEvent.CardAnswered(CardOutcome.WrongPin, TriesLeft: 2));
        Assert.Equal((true, KeyboardPage.Lower), (state.Letters, state.Page));
    }

    private static (AgentState State, Effect Effect) Press(AgentState state, Button button) =>
        AgentMachine.Step(state, AgentEvent.Of(button, lastCharacterBytes: 1));
}
