// SPDX-License-Identifier: GPL-3.0-or-later
// The loop where a tap can cost a try: the last one, a new PIN that was typed differently, a card that is not the disk's.
using CardUnlock;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed partial class UnlockLoopTests
{
    private const long LongEnoughToRead = 600;

    [Fact]
    public void The_warning_of_a_last_try_is_answered_by_nobody_before_it_can_be_read()
    {
        Begin(Screens.PinPad with { Card = new CardStatus.Ready(Screens.Card with { TriesLeft = 1 }) });
        TypeCode("123456");
        Tap(Button(b => b.Button.Action == ButtonAction.Confirm));
        Assert.Equal((Mode.Card, Notice.LastTryUnconfirmed), (Loop.State.Mode, Loop.State.Notice));

        Tap(Button(b => b.Button.Action == ButtonAction.Confirm));
        Pass(LongEnoughToRead - 1);
        Tap(Button(b => b.Button.Action == ButtonAction.Confirm));
        Assert.Equal((Mode.Card, CardWork.None), (Loop.State.Mode, Loop.State.Work));

        Pass(1);
        Tap(Button(b => b.Button.Action == ButtonAction.Confirm));
        Assert.Equal((Mode.Checking, CardWork.Unlocking), (Loop.State.Mode, Loop.State.Work));
    }

    [Fact]
    public void A_new_PIN_that_is_typed_differently_goes_nowhere()
    {
        Begin(Screens.ResetCode);
        foreach (string code in (string[])["24682468", "975310", "975311"])
        {
            TypeCode(code);
            Tap(Button(b => b.Button.Action == ButtonAction.Confirm));
        }

        Assert.Equal((Mode.NewPin, Notice.PinsDiffer, CardWork.None), (Loop.State.Mode, Loop.State.Notice, Loop.State.Work));
        foreach (string code in (string[])["975310", "975310"])
        {
            TypeCode(code);
            Tap(Button(b => b.Button.Action == ButtonAction.Confirm));
        }

        Assert.Equal((Mode.Checking, CardWork.Unblocking), (Loop.State.Mode, Loop.State.Work));
    }

    [Fact]
    public void A_card_that_is_not_the_disks_is_offered_no_PIN()
    {
        AgentState foreign = Screens.PinPad with { Card = new CardStatus.Ready(Screens.Card with { MatchesKey = false }) };
        Assert.Equal((null, false, (0, 0)), (foreign.UsableCard, foreign.ShowsPinEntry, foreign.EntryLength));
        Begin(foreign);
        Assert.DoesNotContain(Layout.Buttons, b => b.Button.Action is ButtonAction.Type or ButtonAction.Confirm);
    }

    [Fact]
    public void A_key_that_nobody_took_is_zeroed_at_the_end()
    {
        var key = SecretBuffer.Allocate(1);
        using (var errands = new Errands(card))
        {
            errands.CarryOut(Effect.HandOverKey, Screens.PinPad, key, character: 0);
            Assert.False(key.IsClosed);
        }

        Assert.True(key.IsClosed);
    }

    [Fact]
    public void A_key_that_comes_behind_the_one_that_is_handed_over_is_zeroed()
    {
        Begin(Screens.PinPad with { Mode = Mode.Checking, Work = CardWork.Unlocking });
        using SecretBuffer first = SecretBuffer.Allocate(1), second = SecretBuffer.Allocate(1);
        CardThreadTests.Report(card, first);
        CardThreadTests.Report(card, second);
        Assert.Equal(LoopEnd.Key, Loop.Run());
        Assert.Equal((false, true), (first.IsClosed, second.IsClosed));
    }

    private void TypeCode(string digits)
    {
        foreach (char digit in digits)
        {
            Tap(Button(b => b.Button == new Button(ButtonAction.Type, digit)));
        }
    }
}
