// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when nobody does anything, and the ways to an end without a key.
namespace UnlockAgent.Machine;

internal static partial class AgentMachine
{
    /// <summary>
    /// What is typed, or was set aside on the way to a new PIN, is wiped; what the card was given is not here any more. A dialog
    /// stays.
    /// </summary>
    private static (AgentState, Effect) Expire(AgentState state) => state switch
    {
        { Mode: Mode.NewPin or Mode.RepeatPin } => (Enter(state, Mode.Card, Notice.Forgotten), Effect.Wipe),
        { Typed: > 0 } => (state with { Notice = Notice.Forgotten, Typed = 0, ContinuationBytes = 0, Revealed = false }, Effect.Clear),
        _ => (state with { Revealed = false }, Effect.None),
    };

    /// <summary>A screen that nobody watches shows nothing in the clear when it wakes.</summary>
    private static AgentState Lit(AgentState state, Light light) =>
        state with { Light = light, Revealed = state.Revealed && light != Light.Dark };

    private static (AgentState, Effect) End(AgentState state, Effect effect) =>
        (Enter(state, Mode.Ending) with { Dialog = Dialog.None }, effect);
}
