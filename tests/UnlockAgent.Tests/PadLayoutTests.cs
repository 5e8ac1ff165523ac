// SPDX-License-Identifier: GPL-3.0-or-later
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Tests;

public sealed class PadLayoutTests
{
    internal static readonly (int Width, int Height)[] Sizes =
        [(320, 240), (480, 800), (720, 1440), (1080, 2340), (1280, 800), (1920, 1080), (3840, 2160)];

    [Fact]
    public void Buttons_lie_on_the_screen_and_no_two_overlap()
    {
        foreach (var layout in AllLayouts())
        {
            var buttons = layout.Buttons;
            Assert.InRange(buttons.Length, 0, 64);
            for (int i = 0; i < buttons.Length; i++)
            {
                var box = buttons[i].Bounds;
                Assert.True(box.Width > 0 && box.Height > 0, $"{layout.Width}x{layout.Height} {buttons[i]}");
                Assert.True(box.Left >= 0 && box.Top >= 0 && box.Right <= layout.Width && box.Bottom <= layout.Height, $"{layout.Width}x{layout.Height} {buttons[i]}");
                Assert.True(box.Top >= layout.Entry.Bottom || box.Left >= layout.Entry.Right, $"{layout.Width}x{layout.Height} {buttons[i]} over the entry");
                for (int j = i + 1; j < buttons.Length; j++)
                {
                    var other = buttons[j].Bounds;
                    bool apart = box.Right <= other.Left || other.Right <= box.Left || box.Bottom <= other.Top || other.Bottom <= box.Top;
                    Assert.True(apart, $"{layout.Width}x{layout.Height}: {buttons[i]} and {buttons[j]}");
                }
            }
        }
    }

    [Fact]
    public void A_touch_at_a_buttons_middle_hits_it()
    {
        foreach (var layout in AllLayouts())
        {
            for (int i = 0; i < layout.Buttons.Length; i++)
            {
                var box = layout.Buttons[i].Bounds;
                Assert.Equal(i, layout.HitTest((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2));
            }
        }
    }

    [Fact]
    public void Every_pixel_of_a_button_is_its_own_and_the_gap_goes_to_the_nearer_one()
    {
        foreach (var layout in AllLayouts())
        {
            for (int i = 0; i < layout.Buttons.Length; i++)
            {
                var box = layout.Buttons[i].Bounds;
                int y = (box.Top + box.Bottom) / 2;
                Assert.Equal(i, layout.HitTest(box.Left, y));
                Assert.Equal(i, layout.HitTest(box.Right - 1, y));
            }
        }

        var keyboard = PadLayout.For(720, 1440, Screens.Keyboard);
        var (q, w) = (keyboard.Buttons[0].Bounds, keyboard.Buttons[1].Bounds);
        Assert.Equal(0, keyboard.HitTest(q.Right, q.Top));
        Assert.Equal(1, keyboard.HitTest(w.Left - 1, w.Top));
    }

    [Fact]
    public void The_keyboard_types_every_printable_ascii_character()
    {
        var typed = Enum.GetValues<KeyboardPage>()
            .SelectMany(page => PadLayout.For(720, 1440, Screens.Keyboard with { Page = page }).Buttons)
            .Where(b => b.Button.Action == ButtonAction.Type)
            .Select(b => b.Button.Character)
            .ToHashSet();
        Assert.Subset(typed, Enumerable.Range(' ', '~' - ' ' + 1).ToHashSet());
    }

    [Fact]
    public void On_the_phone_a_pin_key_is_at_least_a_sixth_of_the_width()
    {
        foreach (var button in PadLayout.For(720, 1440, Screens.PinPad).Buttons)
        {
            Assert.True(button.Bounds.Width >= 720 / 6 && button.Bounds.Height >= 100, button.ToString());
        }
    }

    [Fact]
    public void Every_screen_but_the_last_offers_the_passphrase_or_the_way_back()
    {
        foreach (var state in Screens.All.Values.Where(s => s.Mode != Mode.Opening))
        {
            var wanted = state.Mode == Mode.Passphrase ? ButtonAction.UseCard : ButtonAction.UsePassphrase;
            Assert.Contains(PadLayout.For(720, 1440, state).Buttons, b => b.Button.Action == wanted);
        }
    }

    private static IEnumerable<PadLayout> AllLayouts() =>
        from size in Sizes from state in Screens.All.Values select PadLayout.For(size.Width, size.Height, state);
}
