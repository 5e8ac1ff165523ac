// SPDX-License-Identifier: GPL-3.0-or-later
// The loop with a screen in memory, no input device, a clock of the test's own, and a card side that waits: what fingers and keys do is
// told to it as its input would.
using System.Text;
using Input;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Screen;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed partial class UnlockLoopTests : IDisposable
{
    private const ushort KeyA = 30;
    private readonly string folder = Directory.CreateTempSubdirectory("loop").FullName;
    private readonly MemoryScreen screen = new(720, 1440);
    private readonly CardThread card;
    private Stage? stage;
    private UnlockLoop? loop;
    private Battery? battery = new(50, Charging: false);
    private long now = 1_000_000;

    // It waits for a first frame that nobody tells it of.
    public UnlockLoopTests() => card = new(new KeySource(KeySource.None, device: null));

    private UnlockLoop Loop => loop!;

    private PadLayout Layout => stage!.Renderer.Layout;

    public void Dispose()
    {
        loop?.Dispose();
        stage?.Dispose();
        card.Dispose();
        screen.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Three_keys_alone_type_a_pin_and_confirm_it()
    {
        Begin(Screens.PinPad);
        for (int digit = 0; digit < 6; digit++)
        {
            FocusOn(b => b.Button == new Button(ButtonAction.Type, '7'));
            Strike(KeyCode.Power);
            Assert.Equal(digit + 1, Loop.State.Typed);
        }

        Assert.Equal(Dialog.None, Loop.State.Dialog);
        FocusOn(b => b.Button.Action == ButtonAction.Confirm);
        Strike(KeyCode.Power);
        Assert.Equal((Mode.Checking, CardWork.Unlocking), (Loop.State.Mode, Loop.State.Work));
    }

    [Fact]
    public void Three_keys_alone_reach_the_power_dialog_and_leave_it()
    {
        Begin(Screens.PinPad);
        Strike(KeyCode.Power);
        Assert.Equal(Dialog.Power, Loop.State.Dialog);
        FocusOn(b => b.Button.Action == ButtonAction.Cancel);
        Strike(KeyCode.Power);
        Assert.Equal(Dialog.None, Loop.State.Dialog);

        // With a frame on a button a brief press is that button's, and a long one opens the dialog.
        Strike(KeyCode.VolumeDown);
        Key(KeyCode.Power, isDown: true);
        Pass(1000);
        Assert.Equal(Dialog.Power, Loop.State.Dialog);
        Key(KeyCode.Power, isDown: false);
        Assert.Equal((Dialog.Power, 0), (Loop.State.Dialog, Loop.State.Typed));

        FocusOn(b => b.Button.Action == ButtonAction.Restart);
        Strike(KeyCode.Power);
        Assert.Equal(LoopEnd.Restart, Loop.Run());
    }

    [Theory]
    [InlineData(KeyCode.VolumeDown)]
    [InlineData(KeyCode.VolumeUp)]
    [InlineData(KeyCode.Right)]
    public void The_frame_of_the_power_dialog_begins_at_the_way_back(ushort first)
    {
        Begin(Screens.PinPad);
        Strike(KeyCode.Power);
        Strike(first);
        Strike(KeyCode.Power);
        Assert.Equal((Dialog.None, Mode.Card), (Loop.State.Dialog, Loop.State.Mode));
    }

    [Fact]
    public void A_power_key_that_is_held_powers_off_whatever_is_shown()
    {
        Begin(Screens.Keyboard with { Dialog = Dialog.Languages });
        Key(KeyCode.Power, isDown: true);
        Pass(1000);
        Key(KeyCode.Power, isDown: true, repeats: true);
        Pass(2000);
        Assert.Equal((LoopEnd.PowerOff, Mode.Ending), (Loop.Run(), Loop.State.Mode));
    }

    [Fact]
    public void A_language_is_chosen_on_the_screen_and_all_of_it_changes()
    {
        Begin(Screens.PinPad with { Typed = 0 });
        Tap(Button(b => b.Button.Action == ButtonAction.Menu));
        Assert.Equal(Dialog.Menu, Loop.State.Dialog);
        Tap(Button(b => b.Button.Action == ButtonAction.Languages));
        string before = Layout.Language.Code;
        Tap(Button(b => b.Button == new Button(ButtonAction.TakeLanguage, 1)));
        Assert.Equal(("en", "de", "de", Dialog.None), (before, Loop.State.Choices.Language, Layout.Language.Code, Loop.State.Dialog));
    }

    [Fact]
    public void A_passphrase_is_revealed_by_its_button_and_hidden_when_the_screen_goes_dark()
    {
        Begin(Screens.Keyboard);
        Tap(Button(b => b.Button == new Button(ButtonAction.Type, 'w')));
        byte[] hidden = screen.Copy();
        Tap(Button(b => b.Button.Action == ButtonAction.Reveal));
        Assert.True(Loop.State.Revealed);
        Assert.NotEqual(hidden, screen.Copy());
        Pass(29_000);
        Strike(KeyCode.LeftShift);
        Assert.Equal(1, Loop.State.Typed);
        Pass(60_000);
        Assert.False(Loop.State.Revealed);
    }

    [Fact]
    public void Scrambled_digits_stay_while_a_pin_is_typed_and_change_for_the_next()
    {
        Begin(Screens.PinPad, Settings.Default with { ScrambleDigits = true });
        var orders = new List<int[]>();
        for (int pin = 0; pin < 8; pin++)
        {
            Strike(KeyCode.Escape);
            int[]? order = Loop.State.DigitOrder?.ToArray();
            for (int digit = 0; digit < 3; digit++)
            {
                Tap(Button(b => b.Button == new Button(ButtonAction.Type, '0' + digit)));
                Assert.Equal(order, Loop.State.DigitOrder);
            }

            Strike(KeyCode.Backspace);
            Strike(KeyCode.Backspace);
            Strike(KeyCode.Backspace);
            Assert.Equal(0, Loop.State.Typed);
            Assert.Equal(order, Loop.State.DigitOrder);
            Tap(Button(b => b.Button.Action == ButtonAction.Type));
            orders.Add(order ?? []);
        }

        // The first one is that of a telephone here, since the pad was there from the start; seven equal ones do not happen.
        Assert.True(orders.Skip(1).DistinctBy(order => string.Join(' ', order)).Count() > 1);
    }

    [Fact]
    public void Tab_and_the_arrows_move_a_frame_that_enter_presses_and_a_touch_takes_away()
    {
        Begin(Screens.PinPad);
        int five = Layout.Buttons.IndexOf(Button(b => b.Button == new Button(ButtonAction.Type, '5')));
        Strike(KeyCode.Tab);
        Strike(KeyCode.Right);
        Strike(KeyCode.Down);
        byte[] framed = screen.Copy();
        Strike(KeyCode.Enter);
        Assert.Equal(1, Loop.State.Typed);
        Assert.Equal(five, Layout.Buttons.IndexOf(Button(b => b.Button == new Button(ButtonAction.Type, '5'))));

        Touch(1, PointerPhase.Down, Layout.Buttons[five]);
        Touch(1, PointerPhase.Cancel, Layout.Buttons[five]);
        Assert.NotEqual(framed, screen.Copy());
        Strike(KeyCode.Enter);
        Assert.Equal((Mode.Card, 1), (Loop.State.Mode, Loop.State.Typed));

        // What a keyboard types takes it away too: Enter is then the keyboard's own.
        Begin(Screens.Keyboard);
        Strike(KeyCode.Tab);
        Strike(KeyA);
        Strike(KeyCode.Enter);
        Assert.Equal(LoopEnd.Key, Loop.Run());
        using var key = Loop.TakeKey();
        Assert.Equal("a", Encoding.UTF8.GetString(key.Span));
    }

    /// <summary>The firmware's screen gives way to the driver's, of another size, while a PIN is typed.</summary>
    [Fact]
    public void A_screen_that_takes_the_place_of_another_shows_what_was_there_and_what_is_typed_stays()
    {
        using var driver = new MemoryScreen(1080, 2160);
        var screens = new Queue<MemoryScreen>([screen, driver]);
        stage = new(Settings.Default, screens.Dequeue, folder);
        stage.TryShow(Screens.PinPad, default);
        stage.OpenInput();
        loop = new(Screens.PinPad, Settings.Default, stage, card, () => now, () => battery);
        Tap(Button(b => b.Button == new Button(ButtonAction.Type, '5')));
        Strike(KeyCode.VolumeDown);
        Assert.True(driver.IsBlack);

        screen.GoAway();
        Loop.Turn(0);
        Assert.Equal((1080, 1, -1, false), (stage.Renderer.Width, Loop.State.Typed, Loop.FocusPlace, driver.IsBlack));
        Tap(Button(b => b.Button == new Button(ButtonAction.Type, '5')));
        Assert.Equal(2, Loop.State.Typed);
    }

    private void Begin(AgentState state, Settings? settings = null, Keymap? keymap = null, RemotePassphrase? remote = null)
    {
        loop?.Dispose();
        stage?.Dispose();
        settings ??= Settings.Default;
        stage = new(settings, () => screen, folder);
        stage.TryShow(state, default);
        stage.OpenInput();
        loop = new(state, settings, stage, card, () => now, () => battery, keymap, remote);
    }

    /// <summary>Time goes by, and the loop has one turn without a wait.</summary>
    private void Pass(long milliseconds)
    {
        now += milliseconds;
        Loop.Turn(0);
    }

    private PadButton Button(Func<PadButton, bool> wanted) => Layout.Buttons.First(wanted);

    private void FocusOn(Func<PadButton, bool> wanted)
    {
        // The frame starts at the first button, or stands somewhere: the volume key goes round.
        int place = Layout.Buttons.IndexOf(Button(wanted));
        for (int i = 0; i <= Layout.Buttons.Length && Loop.FocusPlace != place; i++)
        {
            Strike(KeyCode.VolumeDown);
        }

        Assert.Equal(place, Loop.FocusPlace);
    }

    private void Tap(PadButton button)
    {
        Touch(7, PointerPhase.Down, button);
        Touch(7, PointerPhase.Up, button);
    }

    private void Touch(int pointer, PointerPhase phase, PadButton button)
    {
        Loop.OnPointer(new(pointer, phase, (button.Bounds.Left + button.Bounds.Right) / 2, (button.Bounds.Top + button.Bounds.Bottom) / 2));
        Loop.Turn(0);
    }

    private void Strike(ushort code)
    {
        Key(code, isDown: true);
        Key(code, isDown: false);
    }

    private void Key(ushort code, bool isDown, bool repeats = false)
    {
        Loop.OnKey(new(code, isDown, repeats));
        Loop.Turn(0);
    }
}
