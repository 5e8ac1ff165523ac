// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in front of the screen: the power dialog, and the menu with its lists. What is typed stays below, and the card
// goes on; a key that it finds closes everything.
using UnlockAgent.Keyboards;
using UnlockAgent.Text;

namespace UnlockAgent.Machine;

internal static partial class AgentMachine
{
    /// <summary>A dialog's own buttons, and those that close it; no other one does anything below.</summary>
    private static (AgentState, Effect) InDialog(AgentState state, Button button) => (state.Dialog, button.Action) switch
    {
        (Dialog.Power, ButtonAction.PowerOff) => End(state, Effect.PowerOff),
        (Dialog.Power, ButtonAction.Restart) => End(state, Effect.Restart),
        (Dialog.Power, ButtonAction.Power) => Close(state),
        (_, ButtonAction.Power) => Show(state, Dialog.Power),
        (Dialog.Menu, ButtonAction.NextTheme) => (WithNextTheme(state), Effect.None),
        (Dialog.Menu, ButtonAction.Languages) => Show(state, Dialog.Languages),
        (Dialog.Menu, ButtonAction.Keyboards) => Show(state, Dialog.Keyboards),
        (Dialog.Languages, ButtonAction.TakeLanguage) when IsIn(button.Character, Languages.All.Length) =>
            Close(state with { Choices = state.Choices with { Language = Languages.All[button.Character].Code } }),
        (Dialog.Keyboards, ButtonAction.TakeKeyboard) when IsIn(button.Character, KeyboardLayouts.All.Length) =>
            (WithKeyboard(state, KeyboardLayouts.All[button.Character].Name), Effect.None),
        (Dialog.Languages or Dialog.Keyboards, ButtonAction.Cancel or ButtonAction.Clear) => Show(state, Dialog.Menu),
        (_, ButtonAction.Cancel or ButtonAction.Clear or ButtonAction.Menu) => Close(state),
        _ => (state, Effect.None),
    };

    private static (AgentState, Effect) Show(AgentState state, Dialog dialog) => (state with { Dialog = dialog }, Effect.None);

    private static (AgentState, Effect) Close(AgentState state) => Show(state, Dialog.None);

    private static bool IsIn(int place, int count) => (uint)place < (uint)count;

    private static AgentState WithNextTheme(AgentState state)
    {
        var next = state.Choices.Theme == ThemeName.HighContrast ? ThemeName.Dark : state.Choices.Theme + 1;
        return state with { Choices = state.Choices with { Theme = next } };
    }
}
