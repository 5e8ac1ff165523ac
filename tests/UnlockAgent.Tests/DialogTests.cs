// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in front of the screen, and what happens when nobody does anything: the machine's part of it.
using CardUnlock;
using UnlockAgent.Keyboards;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Tests;

public sealed class DialogTests
{
    private static readonly AgentState Typed = Screens.PinPad with { Typed = 4 };

    [Fact]
    public void The_power_dialog_opens_over_every_screen_and_closes_without_a_trace()
    {
        foreach (var state in Screens.All.Values.Where(s => !s.IsOver))
        {
            var (open, effect) = Press(state with { Dialog = Dialog.None }, ButtonAction.Power);
            Assert.Equal((Dialog.Power, Effect.None), (open.Dialog, effect));
            foreach (var closes in (ButtonAction[])[ButtonAction.Cancel, ButtonAction.Clear, ButtonAction.Power])
            {
                Assert.Equal((state with { Dialog = Dialog.None }, Effect.None), Press(open, closes));
            }
        }
    }

    [Theory]
    [InlineData(ButtonAction.PowerOff, Effect.PowerOff)]
    [InlineData(ButtonAction.Restart, Effect.Restart)]
    internal void An_end_is_chosen_in_the_power_dialog_and_nowhere_else(ButtonAction action, Effect effect)
    {
        foreach (var dialog in Enum.GetValues<Dialog>())
        {
            var (next, done) = Press(Typed with { Dialog = dialog }, action);
            Assert.Equal(dialog == Dialog.Power ? (Mode.Ending, effect, 0) : (Mode.Card, Effect.None, 4), (next.Mode, done, next.Typed));
        }
    }

    [Fact]
    public void No_key_of_a_keyboard_reaches_what_lies_below_a_dialog()
    {
        foreach (var dialog in Enum.GetValues<Dialog>().Where(d => d != Dialog.None))
        {
            var state = Screens.PinPad with { Typed = 6, Dialog = dialog };
            Assert.Equal((state, Effect.None), AgentMachine.Step(state, AgentEvent.CharacterTyped.Of('1')));
            Assert.Equal((state, Effect.None), AgentMachine.Step(state, AgentEvent.CharacterDropped.Of(1)));
            Assert.Equal((state, Effect.None), Press(state, ButtonAction.Confirm));
            Assert.Equal((state, Effect.None), Press(state, ButtonAction.UsePassphrase));
        }
    }

    [Fact]
    public void The_menu_leads_to_its_lists_and_back()
    {
        var menu = Press(Typed, ButtonAction.Menu).Next;
        Assert.Equal(Dialog.Menu, menu.Dialog);
        var languages = Press(menu, ButtonAction.Languages).Next;
        var keyboards = Press(menu, ButtonAction.Keyboards).Next;
        Assert.Equal((Dialog.Languages, Dialog.Keyboards), (languages.Dialog, keyboards.Dialog));
        Assert.Equal(menu, Press(languages, ButtonAction.Cancel).Next);
        Assert.Equal(menu, Press(keyboards, ButtonAction.Clear).Next);
        Assert.Equal(Typed, Press(menu, ButtonAction.Cancel).Next);
        Assert.Equal(Dialog.Power, Press(languages, ButtonAction.Power).Next.Dialog);
    }

    [Fact]
    public void The_themes_go_round_and_the_menu_stays()
    {
        var state = Press(Typed, ButtonAction.Menu).Next;
        ThemeName[] seen = new ThemeName[4];
        for (int i = 0; i < seen.Length; i++)
        {
            seen[i] = state.Choices.Theme;
            state = Press(state, ButtonAction.NextTheme).Next;
        }

        Assert.Equal([ThemeName.Dark, ThemeName.Light, ThemeName.HighContrast, ThemeName.Dark], seen);
        Assert.Equal((Dialog.Menu, 4), (state.Dialog, state.Typed));
    }

    [Fact]
    public void A_language_and_a_keyboard_are_taken_by_their_place_and_what_is_typed_stays()
    {
        for (int i = 0; i < Languages.All.Length; i++)
        {
            var taken = Press(Typed with { Dialog = Dialog.Languages }, ButtonAction.TakeLanguage, i).Next;
            Assert.Equal((Languages.All[i].Code, Dialog.None, 4), (taken.Choices.Language, taken.Dialog, taken.Typed));
        }

        for (int i = 0; i < KeyboardLayouts.All.Length; i++)
        {
            var taken = Press(Typed with { Dialog = Dialog.Keyboards }, ButtonAction.TakeKeyboard, i).Next;
            Assert.Equal((KeyboardLayouts.All[i].Name, Dialog.None, 4), (taken.Choices.Keyboard, taken.Dialog, taken.Typed));
        }

        foreach (int nowhere in (int[])[-1, 99, int.MaxValue, int.MinValue])
        {
            AgentState languages = Typed with { Dialog = Dialog.Languages }, keyboards = Typed with { Dialog = Dialog.Keyboards };
            Assert.Equal(languages, Press(languages, ButtonAction.TakeLanguage, nowhere).Next);
            Assert.Equal(keyboards, Press(keyboards, ButtonAction.TakeKeyboard, nowhere).Next);
        }

        // Outside of its list a place means nothing.
        Assert.Equal(Typed, Press(Typed, ButtonAction.TakeLanguage, 0).Next);
    }

    [Fact]
    public void The_card_goes_on_below_a_dialog_and_its_key_closes_it()
    {
        var working = Screens.PinPad with { Mode = Mode.Checking, Work = CardWork.Unlocking };
        var checking = working with { Dialog = Dialog.Languages, Light = Light.Dim };
        var (wrong, effect) = AgentMachine.Step(checking, new AgentEvent.CardAnswered(CardOutcome.WrongPin, 2));
        Assert.Equal((Dialog.Languages, Notice.WrongPin, Effect.Wipe), (wrong.Dialog, wrong.Notice, effect));
        (var opening, effect) = AgentMachine.Step(checking, new AgentEvent.CardAnswered(CardOutcome.Key));
        Assert.Equal((Mode.Opening, Dialog.None, Light.Full, Effect.HandOverKey), (opening.Mode, opening.Dialog, opening.Light, effect));
    }

    [Fact]
    public void What_is_typed_is_forgotten_and_the_screen_says_so()
    {
        var (next, effect) = AgentMachine.Step(Typed with { Dialog = Dialog.Menu }, new AgentEvent.EntryExpired());
        Assert.Equal((0, Notice.Forgotten, Effect.Clear, Dialog.Menu), (next.Typed, next.Notice, effect, next.Dialog));

        var shown = Screens.Keyboard with { Typed = 3, ContinuationBytes = 2, Revealed = true };
        (next, effect) = AgentMachine.Step(shown, new AgentEvent.EntryExpired());
        Assert.Equal((0, 0, false, Notice.Forgotten, Effect.Clear), (next.Typed, next.TypedBytes, next.Revealed, next.Notice, effect));

        // The reset code that was set aside goes too, also before the first digit of the new PIN.
        (next, effect) = AgentMachine.Step(Screens.NewPin, new AgentEvent.EntryExpired());
        Assert.Equal((Mode.Card, Notice.Forgotten, Effect.Wipe), (next.Mode, next.Notice, effect));
        (next, effect) = AgentMachine.Step(Screens.RepeatPin with { Typed = 2 }, new AgentEvent.EntryExpired());
        Assert.Equal((Mode.Card, 0, Effect.Wipe), (next.Mode, next.Typed, effect));
        Assert.Equal((Screens.PinPad, Effect.None), AgentMachine.Step(Screens.PinPad, new AgentEvent.EntryExpired()));
    }

    [Fact]
    public void A_dark_screen_hides_the_passphrase_for_good()
    {
        var shown = Screens.Keyboard with { Typed = 3, Revealed = true };
        Assert.True(Step(shown, new AgentEvent.LightChanged(Light.Dim)).Revealed);
        var dark = Step(shown, new AgentEvent.LightChanged(Light.Dark));
        Assert.False(Step(dark, new AgentEvent.LightChanged(Light.Full)).Revealed);
    }

    [Fact]
    public void Idleness_never_interrupts_the_card_and_a_held_power_key_always_does()
    {
        foreach (var state in Screens.All.Values.Where(s => !s.IsOver))
        {
            var (_, effect) = AgentMachine.Step(state, new AgentEvent.IdleTooLong());
            Assert.Equal(state.Work == CardWork.None ? Effect.PowerOff : Effect.None, effect);
            (var next, effect) = AgentMachine.Step(state, new AgentEvent.PowerHeld());
            Assert.Equal((Effect.PowerOff, Mode.Ending), (effect, next.Mode));
        }
    }

    [Fact]
    public void A_new_order_of_digits_belongs_to_a_new_pin()
    {
        AgentState[] none = [Screens.Fresh];
        Assert.True(Begins(none[0], new AgentEvent.CardChanged(Screens.PinPad.Card!)));
        Assert.False(Begins(Typed, AgentEvent.CharacterTyped.Of('1')));
        Assert.False(Begins(Screens.PinPad with { Typed = 1 }, AgentEvent.CharacterDropped.Of(1)));
        Assert.True(Begins(Typed, AgentEvent.ButtonReleased.Of(new(ButtonAction.Clear))));
        Assert.True(Begins(Typed, new AgentEvent.EntryExpired()));
        Assert.True(Begins(Screens.NewPin with { Typed = 6 }, AgentEvent.ButtonReleased.Of(new(ButtonAction.Confirm))));
        Assert.False(Begins(Screens.PinPad with { Typed = 6 }, AgentEvent.ButtonReleased.Of(new(ButtonAction.Confirm))));
        var checking = Screens.PinPad with { Mode = Mode.Checking, Work = CardWork.Unlocking };
        Assert.True(Begins(checking, new AgentEvent.CardAnswered(CardOutcome.WrongPin, 2)));
        Assert.False(Begins(Typed, new AgentEvent.LightChanged(Light.Dim)));
        Assert.False(Begins(Typed, AgentEvent.ButtonReleased.Of(new(ButtonAction.Menu))));
    }

    private static bool Begins(AgentState state, AgentEvent happened)
    {
        var (next, effect) = AgentMachine.Step(state, happened);
        return AgentMachine.BeginsPin(state, next, effect);
    }

    private static AgentState Step(AgentState state, AgentEvent happened) => AgentMachine.Step(state, happened).State;

    private static (AgentState Next, Effect Effect) Press(AgentState state, ButtonAction action, int place = 0) =>
        AgentMachine.Step(state, AgentEvent.ButtonReleased.Of(new(action, place)));
}
