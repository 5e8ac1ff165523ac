// SPDX-License-Identifier: GPL-3.0-or-later
using UnlockAgent.Keyboards;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Tests;

public sealed class PadLayoutTests
{
    internal static readonly (int Width, int Height)[] Sizes =
    [
        (320, 240), (240, 320), (480, 800), (800, 480), (720, 1440), (1440, 720), (1080, 2340), (1280, 800), (800, 1280), (1024, 600), (1024, 768),
        (1920, 1080), (2560, 1600), (3840, 2160), (2160, 3840),
    ];

    private static readonly int[] Dpis = [0, 96, 160, 282, 480];

    [Fact]
    public void Buttons_lie_on_the_screen_and_nothing_overlaps()
    {
        foreach (var (layout, what) in AllLayouts())
        {
            var buttons = layout.Buttons;
            Assert.InRange(buttons.Length, 0, 64);
            for (int i = 0; i < buttons.Length; i++)
            {
                var box = buttons[i].Bounds;
                Assert.True(box.Width > 0 && box.Height > 0, $"{what}: {buttons[i]}");
                Assert.True(IsOn(layout, box), $"{what}: {buttons[i]} outside");
                Assert.False(box.Meets(layout.Entry), $"{what}: {buttons[i]} over the entry");
                Assert.False(box.Meets(layout.Header), $"{what}: {buttons[i]} over the message");
                Assert.False(box.Meets(layout.Status), $"{what}: {buttons[i]} over the battery");
                for (int j = i + 1; j < buttons.Length; j++)
                {
                    Assert.False(box.Meets(buttons[j].Bounds), $"{what}: {buttons[i]} and {buttons[j]}");
                }
            }

            Assert.False(layout.Header.Meets(layout.Entry) || layout.Header.Meets(layout.Status), what);
            Assert.True(IsOn(layout, layout.Header), what);
        }
    }

    [Fact]
    public void Every_button_is_large_enough_for_a_finger()
    {
        foreach (var (layout, what) in AllLayouts())
        {
            var viewport = layout.Viewport;
            float finger = Math.Min(viewport.Millimetres(9), viewport.Short / 6f) - 1;
            foreach (var button in layout.Buttons)
            {
                // A row of twelve letters has a twelfth of the width for each, whatever a finger would like.
                bool isOfKeyboard = PadLayout.HasKeyboard(layout.Arrangement) && button.Look is Look.Key or Look.Function or Look.Primary;
                float least = isOfKeyboard ? Math.Min(viewport.Millimetres(4), viewport.Short / 14f) - 1
                    : button.Look == Look.Link ? finger * 0.75f
                    : finger;
                Assert.True(Math.Min(button.Bounds.Width, button.Bounds.Height) >= least, $"{what}: {button} is not {least} pixels");
            }
        }
    }

    [Fact]
    public void A_key_of_the_pin_pad_has_nine_millimetres_or_a_sixth_of_the_width_and_at_most_twenty()
    {
        foreach (var (layout, what) in AllLayouts().Where(one => one.Layout.Arrangement == Arrangement.PinPad))
        {
            var viewport = layout.Viewport;
            foreach (var box in layout.Buttons.Take(12).Select(button => button.Bounds))
            {
                Assert.True(box.Width >= Math.Min(viewport.Millimetres(9), viewport.Width / 6f) - 1, $"{what}: {box.Width} pixels wide");
                Assert.True(box.Width <= viewport.Millimetres(20) + 1, $"{what}: {box.Width} pixels wide");
                Assert.True(box.Height >= Math.Min(viewport.Millimetres(9), viewport.Short / 6f) - 1, $"{what}: {box.Height} pixels high");
            }
        }
    }

    [Fact]
    public void On_the_phone_a_pin_key_is_at_least_a_sixth_of_the_width()
    {
        foreach (var button in PadLayout.For(720, 1440, Screens.PinPad).Buttons.Take(12))
        {
            Assert.True(button.Bounds.Width >= 720 / 6 && button.Bounds.Height >= 100, button.ToString());
        }
    }

    [Fact]
    public void The_thumb_of_the_hand_that_holds_the_phone_reaches_every_key()
    {
        foreach (var state in Screens.All.Values)
        {
            var layout = PadLayout.For(720, 1440, state);
            Assert.All(layout.Buttons.Where(b => b.Look is Look.Key or Look.Function or Look.Primary or Look.Choice), b =>
                Assert.True(layout.Arrangement == Arrangement.List || b.Bounds.Top >= 1440 * 0.42, b.ToString()));
        }
    }

    [Fact]
    public void Menu_and_power_stand_in_the_corners_where_they_make_sense()
    {
        foreach (var (name, state) in Screens.All.Where(screen => screen.Value.Dialog == Dialog.None))
        {
            var layout = PadLayout.For(720, 1440, state);
            bool isBusy = state.Mode is Mode.Opening or Mode.Checking;
            Assert.Equal(isBusy ? 0 : 1, layout.Buttons.Count(b => b.Button.Action == ButtonAction.Menu && b.Bounds is { Left: 0, Top: 0 }));
            Assert.True(layout.Buttons.Count(b => b.Button.Action == ButtonAction.Power && b.Bounds is { Right: 720, Top: 0 }) == 1, name);
        }
    }

    [Fact]
    public void A_touch_at_a_buttons_middle_hits_it()
    {
        foreach (var (layout, _) in AllLayouts())
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
        foreach (var (layout, _) in AllLayouts())
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
        Assert.Superset(Enumerable.Range(' ', '~' - ' ' + 1).ToHashSet(), typed);
    }

    [Fact]
    public void Scrambled_digits_stand_in_their_order_and_all_of_them_are_there()
    {
        int[] order = [7, 2, 9, 0, 4, 1, 8, 3, 6, 5];
        var typed = PadLayout.For(720, 1440, Screens.PinPad with { DigitOrder = order }).Buttons
            .Where(b => b.Button.Action == ButtonAction.Type).Select(b => b.Button.Character - '0');
        Assert.Equal(order, typed);
        Assert.False(PadLayout.For(720, 1440, Screens.PinPad).Serves(Screens.PinPad with { DigitOrder = order }));
    }

    [Fact]
    public void The_lists_offer_every_language_and_every_keyboard_and_a_way_out()
    {
        foreach (var (width, height) in Sizes)
        {
            var languages = PadLayout.For(width, height, Screens.PinPad with { Dialog = Dialog.Languages }).Buttons;
            Assert.Equal(Text.Languages.All.Select(one => one.Name), languages.SkipLast(1).Select(b => b.Label));
            var keyboards = PadLayout.For(width, height, Screens.PinPad with { Dialog = Dialog.Keyboards }).Buttons;
            Assert.Equal(KeyboardLayouts.All.Select(one => one.Title), keyboards.SkipLast(1).Select(b => b.Label));
            Assert.All([languages[^1], keyboards[^1]], b => Assert.Equal(ButtonAction.Cancel, b.Button.Action));
        }
    }

    [Fact]
    public void Every_screen_but_the_last_offers_the_passphrase_or_the_way_back()
    {
        foreach (var state in Screens.All.Values.Where(s => s.Mode != Mode.Opening && s.Dialog == Dialog.None))
        {
            var wanted = state.Mode == Mode.Passphrase ? ButtonAction.UseCard : ButtonAction.UsePassphrase;
            Assert.Contains(PadLayout.For(720, 1440, state).Buttons, b => b.Button.Action == wanted);
        }
    }

    private static bool IsOn(PadLayout layout, Box box) =>
        box.Left >= 0 && box.Top >= 0 && box.Right <= layout.Width && box.Bottom <= layout.Height;

    /// <summary>Every screen on every size of the list and on forty others, with dots per inch known and not, and every keyboard on some.</summary>
    private static IEnumerable<(PadLayout Layout, string What)> AllLayouts()
    {
        var random = new Random(4);
        var others = Enumerable.Range(0, 40).Select(_ =>
        {
            int least = random.Next(240, 2161), most = Math.Min(3840, (int)(least * (1 + (random.NextDouble() * 1.3))));
            return random.Next(2) == 0 ? (least, most) : (most, least);
        });
        foreach (var (width, height) in Sizes.Concat(others).Where(size => Math.Max(size.Item1, size.Item2) >= 320))
        {
            foreach (int dpi in Dpis)
            {
                foreach (var (name, state) in Screens.All)
                {
                    yield return (PadLayout.For(new(width, height, dpi), state), $"{width}x{height} at {dpi} dpi, {name}");
                }
            }

            foreach (var keyboard in KeyboardLayouts.All)
            {
                var state = Screens.Keyboard with { Choices = Choices.Default with { Keyboard = keyboard.Name }, Keyboards = ["us", keyboard.Name] };
                foreach (var page in Enum.GetValues<KeyboardPage>())
                {
                    yield return (PadLayout.For(new(width, height), state with { Page = page }), $"{width}x{height}, keyboard {keyboard.Name} {page}");
                }
            }
        }
    }
}
