// SPDX-License-Identifier: GPL-3.0-or-later
//
// The agent's screens as they must look, drawn on the host by the agent's own renderer from a state that the test
// chooses, and where their buttons are. A screen of the phone is compared with them pixel by pixel.

using System.Collections.Immutable;
using CardUnlock;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace EmulatedPhone;

/// <summary>One expected screen of the agent.</summary>
public sealed class PadScreen
{
    // The simulator's cards but for those that say otherwise.
    private const string Serial = "00000001";

    private readonly AgentState state;
    private readonly int focus;
    private readonly CursorPosition? cursor;

    private PadScreen(AgentState state, int focus = -1, CursorPosition? cursor = null) =>
        (this.state, this.focus, this.cursor) = (state, focus, cursor);

    /// <summary>No card is in the reader.</summary>
    public static PadScreen InsertCard { get; } = new(Card(new CardStatus.NoCard("")));

    /// <summary>The card was pulled out while its PIN was typed.</summary>
    public static PadScreen CardRemoved { get; } = new(Card(new CardStatus.NoCard("")) with { Notice = Notice.CardRemoved });

    /// <summary>There is no reader.</summary>
    /// <param name="removed">It went with a card in it that was of use.</param>
    public static PadScreen NoReader(bool removed) =>
        new(Card(new CardStatus.NoReader()) with { Notice = removed ? Notice.CardRemoved : Notice.None });

    /// <summary>pcscd does not answer.</summary>
    public static PadScreen ServiceMissing { get; } = new(Card(new CardStatus.ServiceMissing("")));

    /// <summary>The card in the reader has another key than the disk's.</summary>
    public static PadScreen NoMatchingKey { get; } =
        new(Card(new CardStatus.Ready(new CardInfo("", "", 3, 6, 127, false, false))));

    /// <summary>The passphrase keyboard after a passphrase that opened nothing.</summary>
    public static PadScreen WrongPassphrase { get; } =
        new(Card(null) with { Mode = Mode.Passphrase, Notice = Notice.WrongPassphrase });

    /// <summary>Before anything is known of readers and cards.</summary>
    public static PadScreen LookingForCard { get; } = new(Card(null));

    /// <summary>The agent hands the key over.</summary>
    public static PadScreen Opening { get; } = new(Card(null) with { Mode = Mode.Opening });

    /// <summary>The PIN pad.</summary>
    /// <param name="triesLeft">What the card says.</param>
    /// <param name="typed">Digits typed so far.</param>
    /// <param name="wrong">The last PIN was wrong.</param>
    /// <param name="serial">The card's serial number, 8 digits.</param>
    public static PadScreen Pin(int triesLeft, int typed = 0, bool wrong = false, string serial = Serial) =>
        new(Card(new CardStatus.Ready(new CardInfo("", serial, triesLeft, 6, 127, true, false))) with
        {
            Typed = typed,
            Notice = wrong ? Notice.WrongPin : Notice.None,
        });

    /// <summary>The warning that the next OK uses the card's last try.</summary>
    /// <param name="typed">Digits typed.</param>
    public static PadScreen LastTry(int typed) => new(Pin(1, typed).state with { Notice = Notice.LastTryUnconfirmed });

    /// <summary>The keyboard for a PIN with letters, all tries left.</summary>
    /// <param name="typed">Characters typed so far.</param>
    /// <param name="symbols">Digits and signs are shown instead of letters.</param>
    public static PadScreen LetterPin(int typed = 0, bool symbols = false) =>
        new(Pin(3, typed).state with { Letters = true, Page = symbols ? KeyboardPage.Symbols : KeyboardPage.Lower });

    /// <summary>A card whose PIN is blocked and that has a reset code.</summary>
    public static PadScreen Blocked(int resetTriesLeft) =>
        new(Card(new CardStatus.Ready(new CardInfo("", Serial, 0, 6, 127, true, false) { ResetTriesLeft = resetTriesLeft })));

    /// <summary>The pad for that card's reset code.</summary>
    /// <param name="resetTriesLeft">What the card says.</param>
    /// <param name="typed">Digits typed so far.</param>
    /// <param name="wrong">The last code was wrong.</param>
    public static PadScreen ResetCode(int resetTriesLeft, int typed = 0, bool wrong = false) =>
        new(Blocked(resetTriesLeft).state with
        {
            Mode = Mode.ResetCode,
            Typed = typed,
            Notice = wrong ? Notice.WrongResetCode : Notice.None,
        });

    /// <summary>The pad for the new PIN.</summary>
    /// <param name="differ">It was typed differently the second time.</param>
    public static PadScreen NewPin(bool differ = false) =>
        new(Blocked(3).state with { Mode = Mode.NewPin, Notice = differ ? Notice.PinsDiffer : Notice.None });

    /// <summary>The pad for the new PIN's second time.</summary>
    public static PadScreen RepeatPin { get; } = new(Blocked(3).state with { Mode = Mode.RepeatPin });

    /// <summary>The card waits for a touch.</summary>
    public static PadScreen Touch { get; } = new(Pin(3).state with { Mode = Mode.Checking, Work = CardWork.AwaitingTouch });

    /// <summary>The touch did not come; the PIN stays verified.</summary>
    public static PadScreen TouchMissed { get; } =
        new(Card(new CardStatus.Ready(new CardInfo("", Serial, 3, 6, 127, true, true))) with { Notice = Notice.TouchMissed });

    /// <summary>After the PIN was right and the message was not.</summary>
    public static PadScreen DamagedMessage { get; } = new(Pin(3).state with { Notice = Notice.DamagedMessage });

    /// <summary>A key file that no card can help with.</summary>
    internal static PadScreen KeyFile(KeyFileFault fault) => new(Card(null) with { KeyFault = fault });

    /// <summary>The passphrase keyboard.</summary>
    /// <param name="typed">Characters typed so far.</param>
    /// <param name="symbols">Digits and signs are shown instead of letters.</param>
    public static PadScreen Keyboard(int typed = 0, bool symbols = false) =>
        new(Card(null) with { Mode = Mode.Passphrase, Typed = typed, Page = symbols ? KeyboardPage.Symbols : KeyboardPage.Lower });

    /// <summary>The PIN pad after nobody touched it for so long that what was typed is wiped.</summary>
    public static PadScreen Forgotten { get; } = new(Pin(3).state with { Notice = Notice.Forgotten });

    /// <summary>The same with nobody there: nothing is shown.</summary>
    public PadScreen Dark() => new(state with { Light = Light.Dark });

    /// <summary>The same for another disk, by its name in crypttab.</summary>
    public PadScreen Of(string volume) => new(state with { Volume = volume }, focus, cursor);

    /// <summary>The same for a disk that names the cards which open it.</summary>
    public PadScreen Wanting(params WantedCard[] cards) => new(state with { Wanted = cards });

    /// <summary>The same behind the power dialog.</summary>
    public PadScreen BehindPowerDialog() => new(state with { Dialog = Dialog.Power });

    /// <summary>The same with the frame that hardware keys move.</summary>
    /// <param name="place">Around the button with this place in the layout.</param>
    public PadScreen WithFrame(int place) => new(state, place, cursor);

    /// <summary>The same with a mouse's arrow.</summary>
    /// <param name="x">Its tip's column.</param>
    /// <param name="y">Its tip's row.</param>
    public PadScreen WithCursor(int x, int y) => new(state, focus, new CursorPosition(x, y));

    /// <summary>The screen as it must be.</summary>
    public Picture Draw(int width, int height)
    {
        using var renderer = new PadRenderer(width, height);
        renderer.Draw(state, new Touched { Focused = focus < 0 ? 0 : 1UL << focus, Cursor = cursor });
        ReadOnlySpan<byte> pixels = renderer.Pixels;
        byte[] rgb = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<byte> bgrx = pixels.Slice((y * renderer.Stride) + (x * 4), 4);
                int at = ((y * width) + x) * 3;
                (rgb[at], rgb[at + 1], rgb[at + 2]) = (bgrx[2], bgrx[1], bgrx[0]);
            }
        }

        return new Picture(width, height, rgb);
    }

    /// <summary>The middle of the button that types a character; '\n' confirms, '\b' deletes.</summary>
    internal (int X, int Y) ButtonFor(char character, int width, int height) => character switch
    {
        '\n' => ButtonFor(ButtonAction.Confirm, width, height),
        '\b' => ButtonFor(ButtonAction.Backspace, width, height),
        _ => Middle(BoxFor(character, width, height)),
    };

    /// <summary>The button that types a character.</summary>
    internal Box BoxFor(char character, int width, int height) =>
        Find(width, height, button => button.Action == ButtonAction.Type && button.Character == character);

    /// <summary>The middle of the button with an action.</summary>
    internal (int X, int Y) ButtonFor(ButtonAction action, int width, int height) =>
        Middle(Find(width, height, button => button.Action == action));

    /// <summary>How many buttons there are.</summary>
    internal int CountButtons(int width, int height) => PadLayout.For(width, height, state).Buttons.Length;

    /// <summary>The place in the layout of the button that types a character; '\n' confirms.</summary>
    internal int IndexOf(char character, int width, int height)
    {
        ImmutableArray<PadButton> buttons = PadLayout.For(width, height, state).Buttons;
        return buttons.IndexOf(buttons.First(one => character == '\n'
            ? one.Button.Action == ButtonAction.Confirm
            : one.Button.Action == ButtonAction.Type && one.Button.Character == character));
    }

    private static AgentState Card(CardStatus? status) => new(LuksDisk.MappingName, KeyFileFault.None, Mode.Card, status);

    private static (int X, int Y) Middle(Box box) => ((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2);

    private Box Find(int width, int height, Func<Button, bool> wanted) =>
        PadLayout.For(width, height, state).Buttons.First(button => wanted(button.Button)).Bounds;
}
