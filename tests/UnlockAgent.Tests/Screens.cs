// SPDX-License-Identifier: GPL-3.0-or-later
// Every screen that a person can meet, by name: the tests draw each, and compare and save them.
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Tests;

internal static class Screens
{
    private const string Volume = "root_crypt";
    private const string Reader = "Reader 00 00";

    public static CardInfo Card { get; } =
        new(Reader, "0005 00001234", TriesLeft: 3, MinPinLength: 6, MaxPinLength: 127, MatchesKey: true, AlreadyVerified: false);

    public static AgentState Fresh { get; } = AgentMachine.Start(Volume, Notice.None);

    public static AgentState PinPad { get; } = Fresh with { Card = new CardStatus.Ready(Card) };

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
        ["11-checking"] = PinPad with { Mode = Mode.Checking, CardAtWork = true },
        ["12-wrong-pin"] = PinPad with { Card = new CardStatus.Ready(Card with { TriesLeft = 2 }), Notice = Notice.WrongPin },
        ["13-last-try"] = PinPad with { Card = new CardStatus.Ready(Card with { TriesLeft = 1 }), Notice = Notice.WrongPin },
        ["14-confirm-last-try"] =
            PinPad with { Card = new CardStatus.Ready(Card with { TriesLeft = 1 }), Notice = Notice.LastTryUnconfirmed, Typed = 6 },
        ["15-blocked"] = PinPad with { Card = new CardStatus.Ready(Card with { TriesLeft = 0 }) },
        ["16-card-removed"] = Fresh with { Card = new CardStatus.NoCard(Reader), Notice = Notice.CardRemoved },
        ["17-card-error"] = PinPad with { Notice = Notice.CardError, StatusWord = 0x6F00 },
        ["18-reader-failed"] = PinPad with { Notice = Notice.ReaderError },
        ["19-damaged-message"] = PinPad with { Notice = Notice.DamagedMessage },
        ["20-key-file-missing"] = Fresh with { KeyFault = KeyFileFault.Missing },
        ["21-key-file-empty"] = Fresh with { KeyFault = KeyFileFault.Empty },
        ["22-key-file-cut"] = Fresh with { KeyFault = KeyFileFault.Truncated },
        ["23-key-file-armoured"] = Fresh with { KeyFault = KeyFileFault.Armoured },
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
        ["40-opening"] = PinPad with { Mode = Mode.Opening },
    };
}
