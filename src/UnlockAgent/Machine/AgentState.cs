// SPDX-License-Identifier: GPL-3.0-or-later
// What the agent knows at one moment: a few small states beside each other. It holds how many characters
// were typed, never which.
using CardUnlock;

namespace UnlockAgent.Machine;

/// <summary>What the person is doing.</summary>
internal enum Mode
{
    /// <summary>Unlocking by card: waiting for it, or typing its PIN.</summary>
    Card,

    /// <summary>The card works on a PIN that the person confirmed.</summary>
    Checking,

    /// <summary>Typing the disk's passphrase.</summary>
    Passphrase,

    /// <summary>A key was found or typed; the agent hands it over and ends.</summary>
    Opening,
}

/// <summary>The keys that the passphrase keyboard shows.</summary>
internal enum KeyboardPage
{
    /// <summary>a-z.</summary>
    Lower,

    /// <summary>A-Z, for one letter.</summary>
    Upper,

    /// <summary>Digits and the common signs.</summary>
    Symbols,

    /// <summary>The other ASCII signs.</summary>
    MoreSymbols,
}

/// <summary>What the last attempt ended with; shown until the person types or the card changes.</summary>
internal enum Notice
{
    None,
    WrongPin,
    CardRemoved,
    CardError,
    ReaderError,
    DamagedMessage,
    NoMatchingKey,
    LastTryUnconfirmed,
    CardKeyRefused,
    WrongPassphrase,
}

/// <summary>The whole state of the agent's screen.</summary>
/// <param name="Volume">The crypttab name of the disk, as the person knows it.</param>
/// <param name="KeyFault">What is wrong with the key file; <see cref="KeyFileFault.None"/> until it is read, and where a card can be of use.</param>
/// <param name="Mode">What the person is doing.</param>
/// <param name="Card">The card side's last report; null until the first one.</param>
/// <param name="Notice">What the last attempt ended with.</param>
/// <param name="StatusWord">The card's answer that goes with <see cref="Notice.CardError"/>.</param>
/// <param name="CardAtWork">True from a confirmed PIN until the card's answer, whatever the person does meanwhile.</param>
/// <param name="Typed">Characters typed in the current mode.</param>
/// <param name="Page">The passphrase keyboard's page.</param>
internal sealed record AgentState(
    string Volume,
    KeyFileFault KeyFault,
    Mode Mode,
    CardStatus? Card = null,
    Notice Notice = Notice.None,
    ushort StatusWord = 0,
    bool CardAtWork = false,
    int Typed = 0,
    KeyboardPage Page = KeyboardPage.Lower)
{
    /// <summary>The card that a PIN can be typed for now, or null.</summary>
    public CardInfo? UsableCard =>
        KeyFault == KeyFileFault.None && Card is CardStatus.Ready { Card: { MatchesKey: true, TriesLeft: not 0 } card } ? card : null;

    /// <summary>True where the PIN pad is on the screen.</summary>
    public bool ShowsPinPad => Mode is Mode.Card or Mode.Checking && UsableCard is not null;

    /// <summary>True where the typed text is long enough to be sent.</summary>
    public bool CanConfirm => Mode switch
    {
        Mode.Card => UsableCard is { } card && Typed >= card.MinPinLength,
        Mode.Passphrase => Typed > 0,
        _ => false,
    };
}

/// <summary>Why a key file cannot be used; each has its own sentence on the screen.</summary>
internal enum KeyFileFault
{
    None,
    Missing,
    Unreadable,
    Empty,
    Truncated,
    Armoured,
    NotOpenPgp,
    NoIntegrity,
    Unsupported,
    TooLarge,
    NoToken,
    DamagedToken,
    UnreadableHeader,
}
