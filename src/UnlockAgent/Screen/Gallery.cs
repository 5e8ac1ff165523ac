// SPDX-License-Identifier: GPL-3.0-or-later
// Every screen that a person can meet, by name, with cards that nobody has: --preview draws each, and the tests do.
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Screen;

internal static class Gallery
{
    private const string Volume = "root_crypt";
    private const string Reader = "Reader 00 00";

    /// <summary>A card with three tries.</summary>
    public static CardInfo Card { get; } =
        new(Reader, "0005 00001234", TriesLeft: 3, MinPinLength: 6, MaxPinLength: 127, MatchesKey: true, AlreadyVerified: false);

    public static CardInfo Blocked { get; } = Card with { TriesLeft = 0, ResetTriesLeft = 3, Holder = "Ada Lovelace" };

    public static AgentState Fresh { get; } = AgentMachine.Start(Volume, Notice.None);

    public static AgentState PinPad { get; } = Fresh with { Card = new CardStatus.Ready(Card) };

    public static AgentState BlockedPin { get; } = Fresh with { Card = new CardStatus.Ready(Blocked) };

    public static AgentState ResetCode { get; } = BlockedPin with { Mode = Mode.ResetCode };

    public static AgentState NewPin { get; } = BlockedPin with { Mode = Mode.NewPin };

    public static AgentState RepeatPin { get; } = BlockedPin with { Mode = Mode.RepeatPin };

    public static AgentState TouchMissed { get; } = PinPad with
    {
        Card = new CardStatus.Ready(Card with { NeedsTouch = true, AlreadyVerified = true }),
        Notice = Notice.TouchMissed,
    };

    public static AgentState Keyboard { get; } = Fresh with { Mode = Mode.Passphrase };

    public static IReadOnlyDictionary<string, AgentState> All { get; } = new Dictionary<string, AgentState>
    {
        ["01-looking"] = Fresh,
        ["02-no-service"] = Fresh with { Card = new CardStatus.ServiceMissing("test") },
        ["03-no-reader"] = Fresh with { Card = new CardStatus.NoReader() },
        ["04-insert-card"] = Fresh with { Card = new CardStatus.NoCard(Reader) },
        ["05-card-busy"] = Fresh with { Card = new CardStatus.Busy(Reader) },
        ["06-card-unusable"] = Fresh with { Card = new CardStatus.Unusable(Reader, "test") },
        ["07-other-card"] = Fresh with { Card = new CardStatus.Ready(Card with { MatchesKey = false }) },
        ["08-pin-pad"] = PinPad,
        ["09-pin-typed"] = PinPad with { Typed = 6 },
        ["10-tries-unknown"] = PinPad with { Card = new CardStatus.Ready(Card with { TriesLeft = null }) },
        ["11-checking"] = PinPad with { Mode = Mode.Checking, Work = CardWork.Unlocking },
        ["12-wrong-pin"] = PinPad with { Card = new CardStatus.Ready(Card with { TriesLeft = 2 }), Notice = Notice.WrongPin },
        ["13-last-try"] = PinPad with { Card = new CardStatus.Ready(Card with { TriesLeft = 1 }), Notice = Notice.WrongPin },
        ["14-confirm-last-try"] =
            PinPad with { Card = new CardStatus.Ready(Card with { TriesLeft = 1 }), Notice = Notice.LastTryUnconfirmed, Typed = 6 },
        ["14-confirm-what-may-be-the-last-try"] =
            PinPad with { Card = new CardStatus.Ready(Card with { TriesLeft = null }), Notice = Notice.LastTryUnconfirmed, Typed = 6 },
        ["15-blocked"] = PinPad with { Card = new CardStatus.Ready(Card with { TriesLeft = 0 }) },
        ["16-card-removed"] = Fresh with { Card = new CardStatus.NoCard(Reader), Notice = Notice.CardRemoved },
        ["17-card-error"] = PinPad with { Notice = Notice.CardError, StatusWord = 0x6F00 },
        ["18-reader-failed"] = PinPad with { Notice = Notice.ReaderError },
        ["19-damaged-message"] = PinPad with { Notice = Notice.DamagedMessage },
        ["20-key-file-missing"] = Fresh with { KeyFault = KeyFileFault.Missing },
        ["21-key-file-empty"] = Fresh with { KeyFault = KeyFileFault.Empty },
        ["22-key-file-cut"] = Fresh with { KeyFault = KeyFileFault.Truncated },
        ["23-key-file-armour"] = Fresh with { KeyFault = KeyFileFault.DamagedArmour },
        ["24-key-file-not-openpgp"] = Fresh with { KeyFault = KeyFileFault.NotOpenPgp },
        ["25-key-file-no-integrity"] = Fresh with { KeyFault = KeyFileFault.NoIntegrity },
        ["26-key-file-unsupported"] = Fresh with { KeyFault = KeyFileFault.Unsupported },
        ["27-key-file-large"] = Fresh with { KeyFault = KeyFileFault.TooLarge },
        ["28-key-file-unreadable"] = Fresh with { KeyFault = KeyFileFault.Unreadable },
        ["30-keyboard"] = Keyboard,
        ["31-keyboard-typed"] = Keyboard with { Typed = 22 },
        ["32-keyboard-upper"] = Keyboard with { Page = KeyboardPage.Upper },
        ["33-keyboard-symbols"] = Keyboard with { Page = KeyboardPage.Symbols },
        ["34-keyboard-more"] = Keyboard with { Page = KeyboardPage.MoreSymbols },
        ["35-wrong-passphrase"] = Keyboard with { Notice = Notice.WrongPassphrase },
        ["36-card-key-refused"] = Keyboard with { Notice = Notice.CardKeyRefused },
        ["37-keyboard-card-waits"] = Keyboard with { Card = TouchMissed.Card, Work = CardWork.AwaitingTouch },
        ["40-opening"] = PinPad with { Mode = Mode.Opening },
        ["50-touch"] = PinPad with { Mode = Mode.Checking, Work = CardWork.AwaitingTouch },
        ["51-touch-missed"] = TouchMissed,
        ["52-touch-missed-pin-lost"] = PinPad with { Notice = Notice.TouchMissed },
        ["53-verified-card"] = TouchMissed with { Notice = Notice.None },
        ["54-checking-verified-card"] =
            TouchMissed with { Notice = Notice.None, Mode = Mode.Checking, Work = CardWork.Unlocking },
        ["55-card-error-verified"] = TouchMissed with { Notice = Notice.CardError, StatusWord = 0x6F00 },
        ["56-unsupported-message"] = TouchMissed with { Notice = Notice.UnsupportedMessage },
        ["57-card-interrupted"] = PinPad with { Notice = Notice.CardRemoved },
        ["58-verified-card-interrupted"] = TouchMissed with { Notice = Notice.CardRemoved },
        ["60-blocked-with-reset-code"] = BlockedPin,
        ["61-reset-code"] = ResetCode,
        ["62-reset-code-typed"] = ResetCode with { Typed = 10 },
        ["63-reset-code-letters"] = ResetCode with { Typed = 3, Letters = true },
        ["64-wrong-reset-code"] = ResetCode with { Card = Counted(2), Notice = Notice.WrongResetCode },
        ["65-reset-code-last-try"] = ResetCode with { Card = Counted(1), Notice = Notice.WrongResetCode },
        ["66-reset-code-confirm-last-try"] = ResetCode with { Card = Counted(1), Notice = Notice.LastTryUnconfirmed, Typed = 8 },
        ["67-reset-code-used-up"] = BlockedPin with { Card = Counted(0), Notice = Notice.WrongResetCode },
        ["70-new-pin"] = NewPin,
        ["71-new-pin-letters"] = NewPin with { Letters = true, Page = KeyboardPage.Symbols, Typed = 7 },
        ["72-repeat-pin"] = RepeatPin with { Typed = 6 },
        ["73-pins-differ"] = NewPin with { Notice = Notice.PinsDiffer },
        ["74-setting-pin"] = BlockedPin with { Mode = Mode.Checking, Work = CardWork.Unblocking },
        ["75-blocked-card-interrupted"] = BlockedPin with { Notice = Notice.CardRemoved },
        ["80-pin-letters"] = PinPad with { Letters = true, Typed = 9 },
        ["81-pin-letters-upper"] = PinPad with { Letters = true, Page = KeyboardPage.Upper },
        ["82-pin-letters-checking"] = PinPad with { Letters = true, Mode = Mode.Checking, Work = CardWork.Unlocking },
        ["83-holder"] = PinPad with { Card = new CardStatus.Ready(Card with { Holder = "Ada Lovelace" }) },
        ["84-long-holder"] = PinPad with { Card = new CardStatus.Ready(Card with { Holder = new string('W', 39) }) },
        ["85-long-pin"] = PinPad with { Typed = 127 },
        ["90-insert-wanted"] = Fresh with { Card = new CardStatus.NoCard(Reader), Wanted = [new("Ada Lovelace", "00001234")] },
        ["91-insert-one-of-two"] = Fresh with
        {
            Card = new CardStatus.NoCard(Reader),
            Wanted = [new("Zoë Ångström-Przybyszewska", "00001234"), new("Ada Lovelace", "")],
        },
        ["92-insert-one-of-many"] = Fresh with
        {
            Card = new CardStatus.NoCard(Reader),
            Wanted = [new("A", ""), new("B", ""), new("C", "")],
        },
        ["93-other-card-wanted"] = Fresh with
        {
            Card = new CardStatus.Ready(Card with { MatchesKey = false }),
            Wanted = [new("Countess Augusta Ada King of Lovelace", "00001234")],
        },
        ["94-scrambled-digits"] = PinPad with { DigitOrder = [7, 2, 9, 0, 4, 1, 8, 3, 6, 5], Typed = 2 },
        ["95-battery-low"] = PinPad with { Battery = new(4, Charging: false) },
        ["95-battery-charging"] = Fresh with { Card = new CardStatus.NoCard(Reader), Battery = new(63, Charging: true) },
        ["96-key-held"] = PinPad with { Battery = new(82, Charging: false) },
        ["96-focus-on-a-key"] = PinPad,
        ["96-focus-on-ok"] = PinPad with { Typed = 6 },
        ["96-focus-on-a-link"] = PinPad,
        ["96-mouse"] = PinPad,
        ["97-passphrase-shown"] = Keyboard with { Typed = 14, Revealed = true },
        ["97-long-passphrase-shown"] = Keyboard with { Typed = 60, Revealed = true },
        ["97-caps-lock"] = Keyboard with { Typed = 5, CapsLock = true },
        ["97-variants-of-a-key"] = Keyboard with { Typed = 3 },
        ["98-power"] = PinPad with { Dialog = Dialog.Power },
        ["98-power-focus"] = PinPad with { Dialog = Dialog.Power },
        ["98-menu"] = PinPad with { Dialog = Dialog.Menu },
        ["98-languages"] = PinPad with { Dialog = Dialog.Languages },
        ["98-keyboards"] = PinPad with { Dialog = Dialog.Keyboards },
        ["99-dimmed"] = PinPad with { Light = Light.Dim },
    };

    /// <summary>What a person does on the screens that show it.</summary>
    /// <param name="name">The screen's name.</param>
    /// <param name="layout">Its layout.</param>
    public static Touched TouchOf(string name, PadLayout layout) => name switch
    {
        "96-focus-on-a-key" => new() { Focused = 1UL << 4 },
        "96-focus-on-ok" => new() { Focused = 1UL << 11 },
        "96-focus-on-a-link" => new() { Focused = 1UL << 13 },
        "98-power-focus" => new() { Focused = 1UL << 1 },
        "96-key-held" => new() { Pressed = 1UL << 4 },
        "96-mouse" => new() { Cursor = new(layout.Buttons[5].Bounds.Right, layout.Buttons[5].Bounds.Top) },
        "97-passphrase-shown" => new() { Revealed = "Grüße, Ζεύς №1"u8 },
        "97-long-passphrase-shown" => new() { Revealed = "The quick brown fox jumps over the lazy dog, and then: 0123456"u8 },
        "97-variants-of-a-key" => new() { Pressed = 1UL << 2, Popup = layout.PopupOf(2) is { } popup ? popup with { Chosen = 1 } : null },
        _ => default,
    };

    private static CardStatus.Ready Counted(int resetTriesLeft) => new(Blocked with { ResetTriesLeft = resetTriesLeft });
}
