// SPDX-License-Identifier: GPL-3.0-or-later
// Long random walks through the machine beside a model of what the shell holds: lengths only.
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Tests;

public sealed class WalkTests
{
    private const int Walks = 300;
    private const int Steps = 1000;

    private static readonly CardStatus[] Statuses = [.. Screens.All.Values.Select(s => s.Card).OfType<CardStatus>().Distinct()];

    private static readonly ButtonAction[] Actions = Enum.GetValues<ButtonAction>();

    private static readonly CardOutcome[] Outcomes = [.. Enum.GetValues<CardOutcome>().Where(o => o != CardOutcome.Key)];

    private int entry;
    private int? resetCode;
    private int? newPin;
    private bool atWork;

    /// <summary>What the state counts is what the shell holds, a card is asked one thing at a time, and nothing outlives its entry.</summary>
    [Fact]
    public void State_and_entries_agree_wherever_a_person_and_a_card_go()
    {
        var reached = new HashSet<(Mode, Effect)>();
        for (int walk = 0; walk < Walks; walk++)
        {
            var random = new Random(walk);
            (entry, resetCode, newPin, atWork) = (0, null, null, false);
            var state = Screens.Fresh;
            for (int i = 0; i < Steps; i++)
            {
                var (next, effect) = AgentMachine.Step(state, Next(random, state));
                reached.Add((state.Mode, effect));
                bool differ = CarryOut(effect, random);
                state = differ ? AgentMachine.Step(next, new AgentEvent.PinsDiffered()).State : next;
                if (differ)
                {
                    (entry, newPin) = (0, null);
                }

                if (state.Mode == Mode.Opening)
                {
                    break;
                }

                Assert.Equal(entry, state.Typed);
                Assert.Equal(state.Mode is Mode.NewPin or Mode.RepeatPin, resetCode is not null);
                Assert.Equal(state.Mode == Mode.RepeatPin, newPin is not null);
                Assert.Equal(atWork, state.Work != CardWork.None);
            }
        }

        Assert.Contains((Mode.RepeatPin, Effect.Unblock), reached);
        Assert.Contains((Mode.Card, Effect.AskCard), reached);
        Assert.Contains((Mode.Card, Effect.AskVerifiedCard), reached);
        Assert.Contains((Mode.Passphrase, Effect.HandOverPassphrase), reached);
    }

    /// <summary>Mostly what leads on, and now and then anything.</summary>
    private AgentEvent Next(Random random, AgentState state) => random.Next(40) switch
    {
        0 => new AgentEvent.CardChanged(Statuses[random.Next(Statuses.Length)]),
        1 => AgentEvent.ButtonReleased.Of(new(Actions[random.Next(Actions.Length)], 'x')),
        2 when atWork => new AgentEvent.TouchAwaited(),
        3 when atWork => Answer(random),
        4 when state.Mode is Mode.Card or Mode.Checking => new AgentEvent.CardChanged(Screens.BlockedPin.Card!),
        < 12 when state.CanConfirm => AgentEvent.ButtonReleased.Of(new(ButtonAction.Confirm)),
        _ => AgentEvent.ButtonReleased.Of(new(ButtonAction.Type, '1')),
    };

    private AgentEvent.CardAnswered Answer(Random random)
    {
        atWork = false;
        return new(Outcomes[random.Next(Outcomes.Length)], random.Next(4) is var left and < 3 ? left : null);
    }

    /// <returns>True where the new PIN was typed differently.</returns>
    private bool CarryOut(Effect effect, Random random)
    {
        switch (effect)
        {
            case Effect.Append:
                entry++;
                break;
            case Effect.DropLast:
                entry--;
                break;
            case Effect.Clear:
                entry = 0;
                break;
            case Effect.Wipe:
                (entry, resetCode, newPin) = (0, null, null);
                break;
            case Effect.KeepResetCode:
                (resetCode, entry) = (entry, 0);
                break;
            case Effect.KeepNewPin:
                (newPin, entry) = (entry, 0);
                break;
            case Effect.AskCard:
                Assert.InRange(entry, 6, 127);
                (entry, resetCode, newPin) = Ask();
                break;
            case Effect.AskVerifiedCard:
                (entry, resetCode, newPin) = Ask();
                break;
            case Effect.Unblock when random.Next(2) == 0:
                return true;
            case Effect.Unblock:
                Assert.InRange(Assert.NotNull(resetCode), 8, 127);
                Assert.InRange(Assert.NotNull(newPin), 6, 127);
                (entry, resetCode, newPin) = Ask();
                break;
        }

        return false;
    }

    private (int Entry, int? ResetCode, int? NewPin) Ask()
    {
        Assert.False(atWork);
        atWork = true;
        return (0, null, null);
    }
}
