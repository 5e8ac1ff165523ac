// SPDX-License-Identifier: GPL-3.0-or-later
// Two thumbs that type a passphrase, through fingers, machine and entry; and what typing leaves on the heap.
using System.Text;
using Input;
using UnlockAgent.Machine;
using UnlockAgent.Screen;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class TypingTests : IDisposable
{
    // Milliseconds at 15 taps a second.
    private const long Tap = 1000 / 15;

    private readonly Fingers fingers = new();
    private readonly Entries entries = new();
    private AgentState state = Screens.Keyboard;
    private PadLayout shown = PadLayout.For(720, 1440, Screens.Keyboard);

    /// <summary>Each thumb goes down before the other is lifted; the last touch is lifted when no other is down.</summary>
    [Theory]
    [InlineData("us", "correct horse battery staple, and so on.")]
    [InlineData("de", "zwölf boxkämpfer jagen viktor über die ß")]
    [InlineData("ru", "съешь ещё этих мягких французских булок,")]
    [InlineData("us", "Two Thumbs Hit SHIFT Between Two LETTERS")]
    public void Forty_characters_at_fifteen_taps_a_second_ten_times(string keyboard, string text)
    {
        Assert.Equal(40, text.Length);
        for (int round = 0; round < 10; round++)
        {
            state = KeyboardLayoutTests.With(keyboard, KeyboardPage.Lower);
            shown = PadLayout.For(720, 1440, state);
            entries.Clear();
            long now = 0;
            (int Pointer, PadButton Button)? held = null;
            foreach (char wanted in text)
            {
                foreach (var button in KeysFor(wanted))
                {
                    int pointer = held is { Pointer: 0 } ? 1 : 0;
                    Follow(pointer, PointerPhase.Down, button, now);
                    if (held is { } other)
                    {
                        Follow(other.Pointer, PointerPhase.Up, other.Button, now + (Tap / 2));
                    }

                    held = (pointer, button);
                    now += Tap;

                    // What a page shows must be seen before it can be hit.
                    if (button.Button.Action == ButtonAction.Shift || state.Page == KeyboardPage.Upper)
                    {
                        Follow(pointer, PointerPhase.Up, button, now);
                        held = null;
                    }
                }
            }

            if (held is { } last)
            {
                Follow(last.Pointer, PointerPhase.Up, last.Button, now);
            }

            Assert.Equal(40, state.Typed);
            using var taken = entries.Take();
            Assert.Equal(text.Replace('ё', 'е').Replace('ъ', 'ь'), Encoding.UTF8.GetString(taken.Span));
        }
    }

    /// <summary>Which character it is makes no difference, and there is no object for it anywhere.</summary>
    [Fact]
    public void A_key_press_allocates_nothing_but_the_state_and_the_same_for_every_character()
    {
        const string text = "aqplzm ,.";
        state = state with { Revealed = true };
        using var keyboard = new Keyboard(new(new UsSymbols()));
        Assert.Equal(0, Measure(text, step: false));
        long each = Measure("a", step: true);
        Assert.InRange(each, 1, 512);
        Assert.Equal(each * text.Length, Measure(text, step: true));

        ushort[] codes = [30, 16, 44, KeyCode.LeftShift, 30];
        Span<Button> struck = stackalloc Button[Keyboard.MostButtons];
        keyboard.Translate(new KeyEvent(codes[0], Down: true, Repeat: false), state, struck);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (ushort code in codes)
        {
            foreach (var button in struck[..keyboard.Translate(new KeyEvent(code, Down: true, Repeat: false), state, struck)])
            {
                entries.Append(button.Character);
            }
        }

        Assert.True(entries.RevealedBy(state).EndsWith("aqzA"u8));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Only_a_passphrase_is_revealed_and_only_when_it_is_asked_for()
    {
        entries.Append('x');
        Assert.True(entries.RevealedBy(Screens.Keyboard).IsEmpty);
        var reveal = AgentEvent.Of(new(ButtonAction.Reveal), 0);
        var revealed = AgentMachine.Step(Screens.Keyboard, reveal).State;
        Assert.Equal("x"u8, entries.RevealedBy(revealed));
        Assert.True(entries.RevealedBy(AgentMachine.Step(revealed, reveal).State).IsEmpty);

        foreach (var other in Screens.All.Values.Where(s => s.Mode != Mode.Passphrase))
        {
            Assert.False(AgentMachine.Step(other, reveal).State.Revealed);
            Assert.True(entries.RevealedBy(other with { Revealed = true }).IsEmpty);
        }

        // Whoever goes away and comes back asks again.
        var away = AgentMachine.Step(revealed, AgentEvent.Of(new(ButtonAction.UseCard), 0)).State;
        Assert.False(AgentMachine.Step(away, AgentEvent.Of(new(ButtonAction.UsePassphrase), 0)).State.Revealed);
    }

    [Fact]
    public void Reveal_stands_beside_the_passphrase_alone_and_the_globe_where_there_is_another_keyboard()
    {
        foreach (var screen in Screens.All.Values)
        {
            var buttons = PadLayout.For(720, 1440, screen).Buttons;
            Assert.Equal(screen.Mode == Mode.Passphrase, buttons.Any(b => b.Button.Action == ButtonAction.Reveal));
            Assert.DoesNotContain(buttons, b => b.Button.Action == ButtonAction.NextKeyboard);
            bool hasKeys = buttons.Any(b => b.Button.Action == ButtonAction.Shift);
            buttons = PadLayout.For(720, 1440, screen with { Keyboards = ["us", "de"] }).Buttons;
            Assert.True(!hasKeys || buttons.Any(b => b.Button.Action == ButtonAction.NextKeyboard));
        }

        Assert.Contains(PadLayout.For(720, 1440, KeyboardLayoutTests.With("ru", KeyboardPage.Lower)).Buttons, b => b.Button.Action == ButtonAction.NextKeyboard);
    }

    [Fact]
    public void The_globe_goes_round_and_a_chosen_keyboard_joins_the_round()
    {
        state = Screens.Keyboard with { Keyboards = ["de", "fr"], Choices = Choices.Default with { Keyboard = "de" }, Page = KeyboardPage.Symbols };
        Assert.Equal(("fr", KeyboardPage.Lower), After(ButtonAction.NextKeyboard));
        Assert.Equal(("de", KeyboardPage.Lower), After(ButtonAction.NextKeyboard));

        state = state with { Dialog = Dialog.Keyboards };
        int greek = Keyboards.KeyboardLayouts.All.Select(layout => layout.Name).ToList().IndexOf("gr");
        Assert.Equal(("gr", KeyboardPage.Lower), After(ButtonAction.TakeKeyboard, greek));
        Assert.Equal(Dialog.None, state.Dialog);
        Assert.Equal("de", After(ButtonAction.NextKeyboard).Keyboard);
        Assert.Equal("fr", After(ButtonAction.NextKeyboard).Keyboard);
        Assert.Equal("gr", After(ButtonAction.NextKeyboard).Keyboard);

        state = state with { Dialog = Dialog.Keyboards };
        Assert.Equal("gr", After(ButtonAction.TakeKeyboard, 15).Keyboard);
        Assert.Equal("gr", After(ButtonAction.TakeKeyboard, -1).Keyboard);

        (string Keyboard, KeyboardPage Page) After(ButtonAction action, int place = 0)
        {
            state = AgentMachine.Step(state, AgentEvent.Of(new(action, place), 0)).State;
            return (state.Choices.Keyboard, state.Page);
        }
    }

    public void Dispose() => entries.Dispose();

    private long Measure(string text, bool step)
    {
        var buttons = text.Select(c => shown.Buttons.First(b => b.Button == new Button(ButtonAction.Type, c))).ToArray();
        long spent = 0;
        for (int round = 0; round < 2; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var button in buttons)
            {
                Follow(0, PointerPhase.Down, button, 0, step);
                _ = fingers.Due;
                fingers.Expire(1);
                Follow(0, PointerPhase.Move, button, 1, step);
                Follow(0, PointerPhase.Up, button, 2, step);
            }

            spent = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return spent;
    }

    /// <summary>As the loop does it.</summary>
    private void Follow(int pointer, PointerPhase phase, PadButton at, long now, bool step = true)
    {
        var box = at.Bounds;
        if (fingers.Follow(new PointerEvent(pointer, phase, (box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2), shown, now) is not { } button)
        {
            return;
        }

        var happened = AgentEvent.Of(button, entries.LastCharacterBytes);
        if (!step)
        {
            entries.Append(button.Character);
            return;
        }

        (state, var effect) = AgentMachine.Step(state, happened);
        if (effect == Effect.Append)
        {
            entries.Append(button.Character);
        }

        if (!shown.Serves(state))
        {
            shown = PadLayout.For(720, 1440, state);
            fingers.Meet(shown);
        }
    }

    /// <summary>A capital takes Shift and itself; a letter that only a held key offers is typed as its key.</summary>
    private IEnumerable<PadButton> KeysFor(char wanted)
    {
        char key = wanted switch { 'ё' => 'е', 'ъ' => 'ь', _ => wanted };
        if (char.IsUpper(key))
        {
            yield return shown.Buttons.First(b => b.Button.Action == ButtonAction.Shift);
        }

        yield return shown.Buttons.First(b => b.Button == new Button(ButtonAction.Type, key));
    }
}
