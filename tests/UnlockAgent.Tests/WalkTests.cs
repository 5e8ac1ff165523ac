// SPDX-License-Identifier: GPL-3.0-or-later
// Long random walks through the machine beside what the shell holds, and a model of its lengths.
using System.Text;
using CardUnlock;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class WalkTests : IDisposable
{
    private const int Walks = 300;
    private const int Steps = 1000;

    private static readonly CardStatus[] Statuses = [.. Screens.All.Values.Select(s => s.Card).OfType<CardStatus>().Distinct()];

    private static readonly ButtonAction[] Actions = Enum.GetValues<ButtonAction>();

    private static readonly CardOutcome[] Outcomes = [.. Enum.GetValues<CardOutcome>().Where(o => o != CardOutcome.Key)];

    private static readonly int[] Characters = ['1', '1', '1', 'x', 'é', 'я', '€', 0x1F512, '\n', 0xDC00];

    private readonly Entries entries = new();
    private readonly Stack<int> entry = [];
    private int typed;
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
            atWork = false;
            Wipe();
            var state = Screens.Fresh;
            for (int i = 0; i < Steps; i++)
            {
                typed = Characters[random.Next(Characters.Length)];
                var (next, effect) = AgentMachine.Step(state, Next(random, state));
                reached.Add((state.Mode, effect));
                bool differ = CarryOut(effect, random);
                state = differ ? AgentMachine.Step(next, new AgentEvent.PinsDiffered()).State : next;
                if (differ)
                {
                    newPin = null;
                    entries.ForgetNewPin();
                    entry.Clear();
                }

                if (state.IsOver)
                {
                    break;
                }

                Assert.Equal((entry.Count, entry.Sum()), (state.Typed, state.TypedBytes));
                Assert.Equal(entry.TryPeek(out int last) ? last : 0, entries.LastCharacterBytes);
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
        1 => AgentEvent.Of(new(Actions[random.Next(Actions.Length)], typed), entries.LastCharacterBytes),
        2 when atWork => new AgentEvent.TouchAwaited(),
        3 when atWork => Answer(random),
        5 or 6 or 7 when state.Dialog != Dialog.None => AgentEvent.ButtonReleased.Of(new(ButtonAction.Cancel)),
        5 when random.Next(10) == 0 => new AgentEvent.EntryExpired(),
        6 => new AgentEvent.LightChanged((Light)random.Next(3)),
        7 when random.Next(1000) == 0 => new AgentEvent.IdleTooLong(),
        4 when state.Mode is Mode.Card or Mode.Checking => new AgentEvent.CardChanged(Screens.BlockedPin.Card!),
        < 12 when state.CanConfirm => AgentEvent.ButtonReleased.Of(new(ButtonAction.Confirm)),
        < 16 => AgentEvent.Of(new(ButtonAction.Backspace), entries.LastCharacterBytes),
        _ => AgentEvent.Of(new(ButtonAction.Type, typed), entries.LastCharacterBytes),
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
                entries.Append(typed);
                entry.Push(new Rune(typed).Utf8SequenceLength);
                break;
            case Effect.DropLast:
                entries.DropLast();
                entry.Pop();
                break;
            case Effect.Clear:
                entries.Clear();
                entry.Clear();
                break;
            case Effect.Wipe:
                Wipe();
                break;
            case Effect.KeepResetCode:
                resetCode = Take();
                break;
            case Effect.KeepNewPin:
                newPin = Take();
                break;
            case Effect.AskCard:
                Assert.InRange(entry.Sum(), 6, 127);
                Ask();
                break;
            case Effect.AskVerifiedCard:
                Ask();
                break;
            case Effect.Unblock when random.Next(2) == 0:
                return true;
            case Effect.Unblock:
                Assert.InRange(Assert.NotNull(resetCode), 8, 127);
                Assert.InRange(Assert.NotNull(newPin), 6, 127);
                Ask();
                break;
        }

        return false;
    }

    private void Ask()
    {
        Assert.False(atWork);
        atWork = true;
        Wipe();
    }

    private void Wipe()
    {
        entries.Wipe();
        entry.Clear();
        (resetCode, newPin) = (null, null);
    }

    /// <returns>How many bytes were typed.</returns>
    private int Take()
    {
        using var taken = entries.Take();
        Assert.Equal(entry.Sum(), taken.Length);
        entry.Clear();
        return taken.Length;
    }

    public void Dispose() => entries.Dispose();
}
