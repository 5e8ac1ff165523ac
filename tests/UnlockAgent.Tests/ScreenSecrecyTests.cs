// SPDX-License-Identifier: GPL-3.0-or-later
// What the screen, the memory that it is drawn in, and what follows fingers and keys still tell of an entry, once it is handed over,
// wiped, or left for another way: nothing that a screen would not tell on which nobody ever typed.
using System.Reflection;
using Input;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Screen;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class ScreenSecrecyTests : IDisposable
{
    private const int Width = 720, Height = 1440;

    // Skia's smooth edges, where a shape was drawn through the box that changed.
    private const int EdgeLevels = 4;

    private readonly string folder = Directory.CreateTempSubdirectory("secrecy").FullName;
    private readonly MemoryScreen screen = new(Width, Height);
    private readonly CardThread card = new(new KeySource(KeySource.None, device: null));
    private readonly Stage stage;
    private UnlockLoop? loop;
    private long now = 1_000_000;

    public ScreenSecrecyTests() => stage = new(Settings.Default, () => screen, folder);

    private UnlockLoop Loop => loop!;

    public void Dispose()
    {
        loop?.Dispose();
        stage.Dispose();
        card.Dispose();
        screen.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_passphrase_that_is_handed_over_revealed_and_with_keys_held_leaves_the_picture_of_any_hand_over()
    {
        Begin(Screens.Keyboard);
        TypeOnKeyboard();
        Tap(ButtonAction.Reveal);
        Loop.OnCursor(new(true, 300, 900));
        HoldForVariants('a');
        var shown = Snapshot();
        Strike(KeyCode.Enter);

        Assert.Equal(LoopEnd.Key, Loop.Run());
        Assert.Equal(Mode.Opening, Loop.State.Mode);
        AssertShowsNothingTyped(Screens.Keyboard with { Mode = Mode.Opening }, most: 0);
        AssertForgotten();

        // The control: before, all of it was there.
        Assert.NotEqual(0, Differences(shown, Draw(Screens.Keyboard), EdgeLevels));
    }

    [Fact]
    public void A_mouse_that_moves_after_the_hand_over_is_not_drawn()
    {
        Begin(Screens.Keyboard);
        TypeOnKeyboard();
        Loop.OnKey(new(KeyCode.Enter, true, false));
        Loop.OnCursor(new(true, 300, 900));
        Loop.Turn(0);
        AssertShowsNothingTyped(Screens.Keyboard with { Mode = Mode.Opening }, most: 0);
    }

    [Fact]
    public void Digits_that_nobody_confirms_leave_nothing_but_the_sentence_that_they_are_wiped()
    {
        Begin(Screens.PinPad);
        TypePin();
        Touch(PointerPhase.Down, Button('7'));
        FocusFirstButton();
        Assert.NotEqual(0, Differences(Snapshot(), Draw(Screens.PinPad), EdgeLevels));
        now += (long)Settings.Default.WipeAfter.TotalMilliseconds;
        Loop.Turn(0);

        Assert.Equal((Notice.Forgotten, 0), (Loop.State.Notice, Loop.State.Typed));
        AssertShowsNothingTyped(Loop.State, EdgeLevels);
        AssertForgotten();
    }

    [Fact]
    public void Digits_that_are_left_for_the_passphrase_leave_nothing()
    {
        Begin(Screens.PinPad);
        TypePin();
        Loop.OnCursor(new(false, 0, 0));
        Tap(ButtonAction.UsePassphrase);
        Assert.Equal(Mode.Passphrase, Loop.State.Mode);
        AssertShowsNothingTyped(Screens.PinPad with { Mode = Mode.Passphrase }, most: 0);
        AssertForgotten();
    }

    /// <summary>Which box was drawn last tells which key was touched last.</summary>
    [Fact]
    public void A_renderer_keeps_no_box_of_an_earlier_drawing_and_none_at_its_end()
    {
        var renderer = new PadRenderer(Width, Height);
        renderer.Draw(Screens.PinPad);
        renderer.Draw(Screens.PinPad with { Typed = 1 }, new Touched { Pressed = 0b1011 });
        var boxes = (List<Box>)Field(renderer, "changes")!;
        Assert.True(boxes.Count > 2);
        renderer.Draw(Screens.PinPad with { Mode = Mode.Opening });
        var whole = new Box(0, 0, Width, Height);
        Assert.Equal([whole], boxes);
        var array = (Box[])Field(boxes, "_items")!;
        Assert.Equal(whole, array[0]);
        Assert.All(array[1..], box => Assert.Equal(default, box));
        renderer.Draw(Screens.PinPad, new Touched { Pressed = 1, Focused = 2, Cursor = new(5, 6) });
        renderer.Dispose();
        Assert.All(array, box => Assert.Equal(default, box));
        string[] places = ["drawnPressed", "drawnFocused", "drawnPopup", "drawnCursor"];
        Assert.Equal([0UL, 0UL, null, null], places.Select(name => Field(renderer, name)));
    }

    private void Begin(AgentState state)
    {
        stage.TryShow(state, default);
        stage.OpenInput();
        loop = new(state, Settings.Default, stage, card, () => now, () => null, new(new UsSymbols()));
    }

    private void TypeOnKeyboard() => Array.ForEach<ushort>([16, 17, 18, 19], Strike);

    private void TypePin()
    {
        foreach (char digit in "8041")
        {
            Touch(PointerPhase.Down, Button(digit));
            Touch(PointerPhase.Up, Button(digit));
        }

        Assert.Equal(4, Loop.State.Typed);
    }

    private void FocusFirstButton()
    {
        Strike(KeyCode.VolumeDown);
        Assert.Equal(0, Loop.FocusPlace);
    }

    private void HoldForVariants(char letter)
    {
        Touch(PointerPhase.Down, Button(letter));
        now += Fingers.VariantsAfter;
        Loop.Turn(0);
        Assert.NotNull(FingersOf(Loop).Popup);
    }

    private void AssertForgotten()
    {
        Fingers fingers = FingersOf(Loop);
        Assert.Equal((0UL, null, null, -1), (fingers.Pressed, fingers.Popup, fingers.Due, Loop.FocusPlace));
        var all = (Array)Field(fingers, "fingers")!;
        object none = Activator.CreateInstance(all.GetType().GetElementType()!)!;
        Assert.All(all.Cast<object>(), finger => Assert.Equal(none, finger));
        Assert.Null(Field(fingers, "lastShift"));
        Assert.Null(Field(Loop, "cursor"));
    }

    private void AssertShowsNothingTyped(AgentState state, int most)
    {
        byte[] expected = Draw(state);
        Assert.Equal(0, Differences(screen.Copy(), expected, most));
        Assert.Equal(0, Differences(Snapshot(), expected, most));
    }

    /// <summary>The memory that is drawn in.</summary>
    private byte[] Snapshot() => stage.Renderer.Pixels.ToArray();

    private static byte[] Draw(AgentState state)
    {
        using var renderer = new PadRenderer(Width, Height) { DimsPicture = true };
        renderer.Draw(state);
        return renderer.Pixels.ToArray();
    }

    private static int Differences(byte[] one, byte[] other, int most)
    {
        Assert.Equal(one.Length, other.Length);
        int count = 0;
        for (int i = 0; i < one.Length; i++)
        {
            count += Math.Abs(one[i] - other[i]) > most ? 1 : 0;
        }

        return count;
    }

    private static Fingers FingersOf(UnlockLoop loop) => (Fingers)Field(loop, "fingers")!;

    private static object? Field(object of, string name) =>
        of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(of);

    private PadButton Button(char typed) => stage.Renderer.Layout.Buttons.First(b => b.Button == new Button(ButtonAction.Type, typed));

    private void Tap(ButtonAction action)
    {
        var button = stage.Renderer.Layout.Buttons.First(b => b.Button.Action == action);
        Touch(PointerPhase.Down, button);
        Touch(PointerPhase.Up, button);
    }

    private void Touch(PointerPhase phase, PadButton button)
    {
        Loop.OnPointer(new(7, phase, (button.Bounds.Left + button.Bounds.Right) / 2, (button.Bounds.Top + button.Bounds.Bottom) / 2));
        Loop.Turn(0);
    }

    private void Strike(ushort code)
    {
        Loop.OnKey(new(code, true, false));
        Loop.Turn(0);
        Loop.OnKey(new(code, false, false));
        Loop.Turn(0);
    }
}
