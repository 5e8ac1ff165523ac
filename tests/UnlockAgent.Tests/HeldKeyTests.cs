// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that are held: variants, Clear, Caps Lock, and pages that change under a finger.
using System.Numerics;
using Input;
using UnlockAgent.Machine;
using UnlockAgent.Screen;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class HeldKeyTests
{
    private readonly Fingers fingers = new();
    private PadLayout shown = PadLayout.For(720, 1440, Screens.Keyboard);

    [Fact]
    public void A_held_key_offers_its_variants_and_release_takes_the_first()
    {
        Assert.Null(fingers.Due);
        Down(0, 'e', now: 1000);
        Assert.Equal(1450, fingers.Due);
        Assert.Null(fingers.Expire(1449));
        Assert.Null(fingers.Popup);
        Assert.Null(fingers.Expire(1450));
        var popup = Assert.NotNull(fingers.Popup);
        Assert.Equal((Place('e'), 0), (popup.Button, popup.Chosen));
        Assert.Equal("3èéêëēęěėĕ".Select(c => (int)c), popup.Characters);
        Assert.Null(fingers.Due);
        Assert.Equal(1UL << Place('e'), fingers.Pressed);

        Assert.Equal(Typed('3'), Up(0, 'e', now: 2000));
        Assert.Null(fingers.Popup);
        Assert.Equal(0UL, fingers.Pressed);
    }

    [Fact]
    public void Sliding_chooses_a_variant_and_sliding_off_none()
    {
        foreach (int chosen in (int[])[0, 3, 8, -1])
        {
            Down(0, 'e', now: 0);
            fingers.Expire(500);
            var popup = Assert.NotNull(fingers.Popup);
            var cell = chosen >= 0 ? popup.Cell(chosen) : new Box(0, 1300, 4, 1304);
            Follow(0, PointerPhase.Move, Middle(popup.Cell(5)), 600);
            Assert.Equal(5, fingers.Popup!.Value.Chosen);
            Follow(0, PointerPhase.Move, Middle(cell), 700);
            Assert.Equal(chosen, fingers.Popup!.Value.Chosen);
            Button? wanted = chosen >= 0 ? Typed(popup.Characters[chosen]) : null;
            Assert.Equal(wanted, Follow(0, PointerPhase.Up, Middle(cell), 800));
            Assert.Null(fingers.Popup);
        }
    }

    [Fact]
    public void A_finger_that_vanishes_takes_its_variants_along()
    {
        Down(0, 'e', now: 0);
        fingers.Expire(500);
        Follow(0, PointerPhase.Cancel, Middle(Bounds('e')), 600);
        Assert.Null(fingers.Popup);
        Assert.Null(Up(0, 'e', now: 700));
    }

    [Fact]
    public void The_other_thumb_types_on_while_one_holds_a_key()
    {
        Down(0, 'e', now: 0);
        fingers.Expire(450);
        Down(1, 'o', now: 460);
        Assert.Equal(910, fingers.Due);
        Assert.Equal(Typed('o'), Up(1, 'o', now: 500));
        Assert.NotNull(fingers.Popup);

        // One offer at a time: a second key that is held types what stands on it.
        Down(1, 'o', now: 600);
        Assert.Null(fingers.Expire(1050));
        Assert.Null(fingers.Due);
        Assert.Equal(Place('e'), fingers.Popup!.Value.Button);
        Assert.Equal(Typed('o'), Up(1, 'o', now: 1100));
        Assert.Equal(Typed('3'), Up(0, 'e', now: 1200));
    }

    [Fact]
    public void A_key_without_variants_waits_for_nothing()
    {
        Down(0, ' ', now: 0);
        Assert.Null(fingers.Due);
        Assert.Null(fingers.Expire(10_000));
        Assert.Equal(Typed(' '), Up(0, ' ', now: 10_000));
    }

    [Fact]
    public void Backspace_drops_one_and_clears_when_it_is_held()
    {
        foreach (var state in (AgentState[])[Screens.Keyboard, Screens.PinPad])
        {
            shown = PadLayout.For(720, 1440, state);
            var place = Bounds(ButtonAction.Backspace);
            Follow(0, PointerPhase.Down, Middle(place), 0);
            Assert.Equal(600, fingers.Due);
            Assert.Equal(new Button(ButtonAction.Backspace), Follow(0, PointerPhase.Up, Middle(place), 599));
            Assert.Null(fingers.Due);

            Follow(0, PointerPhase.Down, Middle(place), 1000);
            Assert.Null(fingers.Expire(1599));
            Assert.Equal(new Button(ButtonAction.Clear), fingers.Expire(1600));
            Assert.NotEqual(0UL, fingers.Pressed);
            Assert.Null(fingers.Expire(5000));
            Assert.Null(Follow(0, PointerPhase.Up, Middle(place), 5000));
        }
    }

    [Fact]
    public void Shift_twice_is_caps_lock_unless_slow_or_something_was_typed_between()
    {
        Assert.Equal([ButtonAction.Shift, ButtonAction.ShiftLock, ButtonAction.Shift], Tap(0, 300, 500));
        fingers.Clear();
        Assert.Equal([ButtonAction.Shift, ButtonAction.Shift], Tap(0, 401));
        fingers.Clear();
        Tap(0);
        Down(0, 'a', 50);
        Up(0, 'a', 60);
        Assert.Equal([ButtonAction.Shift], Tap(100));

        ButtonAction[] Tap(params long[] times) =>
        [
            .. times.Select(now =>
            {
                Follow(0, PointerPhase.Down, Middle(Bounds(ButtonAction.Shift)), now);
                return Follow(0, PointerPhase.Up, Middle(Bounds(ButtonAction.Shift)), now)!.Value.Action;
            }),
        ];
    }

    [Fact]
    public void Caps_lock_stays_until_shift()
    {
        var state = Step(Step(Screens.Keyboard, ButtonAction.Shift), ButtonAction.ShiftLock);
        Assert.Equal(KeyboardPage.Capitals, state.Page);
        Assert.Contains(PadLayout.For(720, 1440, state).Buttons, b => b.Button == Typed('Q'));
        state = AgentMachine.Step(state, AgentEvent.Of(Typed('Q'), 0)).State;
        Assert.Equal(KeyboardPage.Capitals, state.Page);
        Assert.Equal(KeyboardPage.Lower, Step(state, ButtonAction.Shift).Page);
        Assert.Equal(KeyboardPage.Lower, Step(state, ButtonAction.ShiftLock).Page);
        Assert.Equal(KeyboardPage.Upper, Step(Screens.Keyboard, ButtonAction.ShiftLock).Page);

        static AgentState Step(AgentState state, ButtonAction action) => AgentMachine.Step(state, AgentEvent.Of(new(action), 0)).State;
    }

    /// <summary>Both thumbs go down on capitals; the first to lift uses Shift up.</summary>
    [Fact]
    public void A_held_key_types_what_stood_on_it_when_it_was_pressed()
    {
        var upper = Screens.Keyboard with { Page = KeyboardPage.Upper };
        shown = PadLayout.For(720, 1440, upper);
        Down(0, 'Q', 0);
        Down(1, 'P', 10);
        Assert.Equal(Typed('Q'), Up(0, 'Q', 20));

        var place = Middle(Bounds('P'));
        Show(AgentMachine.Step(upper, AgentEvent.Of(Typed('Q'), 0)).State);
        Assert.Equal(1UL << Place('p'), fingers.Pressed);
        Follow(1, PointerPhase.Move, (place.X + 3, place.Y), 30);
        Assert.Equal(Typed('P'), Follow(1, PointerPhase.Up, place, 40));
    }

    [Fact]
    public void Variants_of_a_page_that_is_gone_can_still_be_taken()
    {
        shown = PadLayout.For(720, 1440, Screens.Keyboard with { Page = KeyboardPage.Upper });
        Down(0, 'A', 0);
        fingers.Expire(450);
        Show(Screens.Keyboard with { Page = KeyboardPage.Symbols });
        var popup = Assert.NotNull(fingers.Popup);
        Assert.Equal(-1, popup.Button);
        Assert.Equal(0UL, fingers.Pressed);
        Assert.Equal(Typed('Á'), Follow(0, PointerPhase.Up, Middle(popup.Cell(1)), 500));
    }

    [Fact]
    public void What_is_not_there_any_more_is_not_pressed()
    {
        foreach (var (before, after) in new[] { (Screens.PinPad, Screens.Keyboard), (Screens.TouchMissed, Screens.BlockedPin), (Screens.Keyboard, Screens.PinPad) })
        {
            shown = PadLayout.For(720, 1440, before);
            var place = Middle(shown.Buttons[0].Bounds);
            Follow(0, PointerPhase.Down, place, 0);
            fingers.Expire(500);
            Show(after);
            Assert.Equal(0UL, fingers.Pressed);
            Assert.Null(fingers.Popup);
            Assert.Null(fingers.Due);
            Assert.Null(Follow(0, PointerPhase.Up, place, 600));
        }
    }

    [Fact]
    public void Ten_fingers_hold_ten_keys_and_an_eleventh_none()
    {
        const string keys = "qwertyuiopa";
        for (int i = 0; i < keys.Length; i++)
        {
            Down(100 + i, keys[i], 0);
        }

        Assert.Equal(10, BitOperations.PopCount(fingers.Pressed));
        Assert.Null(Up(110, 'a', 1));
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(Typed(keys[i]), Up(100 + i, keys[i], 2));
        }
    }

    /// <summary>Whatever fingers do while pages come and go, only what they hold is lit, and nothing is held once they are gone.</summary>
    [Fact]
    public void Nothing_is_held_after_the_last_finger()
    {
        var pages = Enum.GetValues<KeyboardPage>().Select(page => KeyboardLayoutTests.With("fr", page)).Append(Screens.PinPad)
            .Select(state => PadLayout.For(320, 240, state)).ToArray();
        var down = new HashSet<int>();
        for (int walk = 0; walk < 200; walk++)
        {
            var random = new Random(walk);
            long now = 0;
            for (int i = 0; i < 500; i++)
            {
                now += random.Next(200);
                int pointer = random.Next(12);
                var phase = !down.Contains(pointer) ? PointerPhase.Down : (PointerPhase)random.Next(1, 4);
                Follow(pointer, phase, (random.Next(320), random.Next(240)), now);
                _ = phase is PointerPhase.Up or PointerPhase.Cancel ? down.Remove(pointer) : down.Add(pointer);
                if (fingers.Due <= now)
                {
                    fingers.Expire(now);
                }

                if (random.Next(20) == 0)
                {
                    shown = pages[random.Next(pages.Length)];
                    fingers.Meet(shown);
                }

                Assert.InRange(BitOperations.PopCount(fingers.Pressed), 0, Math.Min(10, down.Count));
                Assert.True(fingers.Pressed >> shown.Buttons.Length == 0 || shown.Buttons.Length == 64);
                Assert.True(fingers.Popup is null || down.Count > 0);
            }

            foreach (int pointer in down)
            {
                Follow(pointer, PointerPhase.Up, (0, 0), now);
            }

            down.Clear();
            Assert.Equal(0UL, fingers.Pressed);
            Assert.Null(fingers.Popup);
            Assert.Null(fingers.Due);
        }
    }

    /// <summary>Whatever the keyboard, page and size, the variants lie on the screen, apart, and the first is right above the key.</summary>
    [Fact]
    public void Variants_lie_on_the_screen()
    {
        foreach (var (width, height) in PadLayoutTests.Sizes)
        {
            foreach (string name in Keyboards.KeyboardLayouts.All.Select(layout => layout.Name))
            {
                foreach (var page in Enum.GetValues<KeyboardPage>())
                {
                    CheckPopups(PadLayout.For(width, height, KeyboardLayoutTests.With(name, page)), $"{width}x{height} {name} {page}");
                }
            }
        }
    }

    private static void CheckPopups(PadLayout layout, string where)
    {
        for (int i = 0; i < layout.Buttons.Length; i++)
        {
            if (layout.PopupOf(i) is not { } popup)
            {
                Assert.True(layout.Buttons[i].Variants.IsEmpty);
                continue;
            }

            Assert.True(popup.Bounds is { Left: >= 0, Top: >= 0 } && popup.Bounds.Right <= layout.Width && popup.Bounds.Bottom <= layout.Height, where);
            var key = layout.Buttons[i].Bounds;
            Assert.Equal(0, popup.At((key.Left + key.Right) / 2, (key.Top + key.Bottom) / 2));
            for (int v = 0; v < popup.Characters.Length; v++)
            {
                var cell = popup.Cell(v);
                Assert.Equal(v, popup.At((cell.Left + cell.Right) / 2, (cell.Top + cell.Bottom) / 2));
                Assert.True(cell.Width * 4 >= key.Width * 3, where);
            }
        }
    }

    private static Button Typed(int character) => new(ButtonAction.Type, character);

    private static (int X, int Y) Middle(Box box) => ((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2);

    private int Place(int character) => shown.IndexOf(Bounds(character));

    private Box Bounds(int character) => shown.Buttons.First(b => b.Button == Typed(character)).Bounds;

    private Box Bounds(ButtonAction action) => shown.Buttons.First(b => b.Button.Action == action).Bounds;

    private void Down(int pointer, int character, long now) => Follow(pointer, PointerPhase.Down, Middle(Bounds(character)), now);

    private Button? Up(int pointer, int character, long now) => Follow(pointer, PointerPhase.Up, Middle(Bounds(character)), now);

    private Button? Follow(int pointer, PointerPhase phase, (int X, int Y) at, long now) =>
        fingers.Follow(new PointerEvent(pointer, phase, at.X, at.Y), shown, now);

    private void Show(AgentState state)
    {
        shown = PadLayout.For(720, 1440, state);
        fingers.Meet(shown);
    }
}
