// SPDX-License-Identifier: GPL-3.0-or-later
// What the agent knows at one moment: a few small states beside each other. It holds how many characters
// were typed, never which.
using System.Collections.Immutable;
using CardUnlock;

namespace UnlockAgent.Machine;

/// <summary>What the person is doing.</summary>
internal enum Mode
{
    /// <summary>Unlocking by card: waiting for it, or typing its PIN.</summary>
    Card,

    /// <summary>Typing the reset code of a card whose PIN is blocked.</summary>
    ResetCode,

    /// <summary>Typing the PIN that this card shall have.</summary>
    NewPin,

    /// <summary>Typing it again.</summary>
    RepeatPin,

    /// <summary>The card works on what the person confirmed.</summary>
    Checking,

    /// <summary>Typing the disk's passphrase.</summary>
    Passphrase,

    /// <summary>A key was found or typed; the agent hands it over and ends.</summary>
    Opening,

    /// <summary>The device powers off or restarts.</summary>
    Ending,
}

/// <summary>What the card does meanwhile, whatever the person does.</summary>
internal enum CardWork
{
    None,

    /// <summary>It takes a PIN, or none where it is verified, and decrypts.</summary>
    Unlocking,

    /// <summary>It takes a reset code and a new PIN.</summary>
    Unblocking,

    /// <summary>It waits for a touch.</summary>
    AwaitingTouch,
}

/// <summary>The keys that the keyboard shows.</summary>
internal enum KeyboardPage
{
    /// <summary>Small letters.</summary>
    Lower,

    /// <summary>Capitals, for one letter.</summary>
    Upper,

    /// <summary>Digits and the common signs.</summary>
    Symbols,

    /// <summary>The other signs.</summary>
    MoreSymbols,

    /// <summary>Capitals, until Shift is pressed again.</summary>
    Capitals,
}

/// <summary>The colours.</summary>
internal enum ThemeName
{
    Dark,
    Light,
    HighContrast,
}

/// <summary>What stands in front of the screen.</summary>
internal enum Dialog
{
    None,

    /// <summary>Power off, restart, or go on.</summary>
    Power,

    /// <summary>Colours, language and on-screen keyboard.</summary>
    Menu,

    /// <summary>The languages to choose from.</summary>
    Languages,

    /// <summary>The on-screen keyboards to choose from.</summary>
    Keyboards,
}

/// <summary>How bright the screen is.</summary>
internal enum Light
{
    Full,
    Dim,
    Dark,
}

/// <summary>The battery.</summary>
/// <param name="Percent">0 to 100.</param>
/// <param name="Charging">True while it is fed, also when full.</param>
internal sealed record Battery(int Percent, bool Charging)
{
    /// <summary>Below this many percent a person is warned.</summary>
    public const int Low = 5;

    public bool IsLow => Percent < Low && !Charging;
}

/// <summary>What the person chose on the screen; the configuration says what it begins with.</summary>
/// <param name="Theme">The colours.</param>
/// <param name="Language">As en or zh_CN.</param>
/// <param name="Keyboard">The on-screen keyboard's layout, as us or de.</param>
internal sealed record Choices(ThemeName Theme, string Language, string Keyboard)
{
    public static Choices Default { get; } = new(ThemeName.Dark, "en", "us");
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
    UnsupportedMessage,
    NoMatchingKey,
    TouchMissed,
    LastTryUnconfirmed,
    WrongResetCode,
    PinsDiffer,
    CardKeyRefused,
    WrongPassphrase,

    /// <summary>What was typed is wiped: nobody touched anything for a while.</summary>
    Forgotten,
}

/// <summary>The whole state of the agent's screen.</summary>
/// <param name="Volume">The crypttab name of the disk, as the person knows it.</param>
/// <param name="KeyFault">What is wrong with the key file; <see cref="KeyFileFault.None"/> until it is read, and where a card can be of use.</param>
/// <param name="Mode">What the person is doing.</param>
/// <param name="Card">The card side's last report; null until the first one.</param>
/// <param name="Notice">What the last attempt ended with.</param>
/// <param name="StatusWord">The card's answer that goes with <see cref="Notice.CardError"/>.</param>
/// <param name="Work">What the card does, from a confirmed PIN until the card's answer.</param>
/// <param name="Typed">Characters typed in the current mode.</param>
/// <param name="Letters">A PIN or a reset code is typed on the keyboard instead of the PIN pad.</param>
/// <param name="Page">The keyboard's page.</param>
internal sealed record AgentState(
    string Volume,
    KeyFileFault KeyFault,
    Mode Mode,
    CardStatus? Card = null,
    Notice Notice = Notice.None,
    ushort StatusWord = 0,
    CardWork Work = CardWork.None,
    int Typed = 0,
    bool Letters = false,
    KeyboardPage Page = KeyboardPage.Lower)
{
    /// <summary>The cards that open the disk, as far as its key file names them.</summary>
    public IReadOnlyList<WantedCard> Wanted { get; init; } = [];

    private static readonly ImmutableArray<string> UsKeyboard = ["us"];

    /// <summary>What the typed characters have in UTF-8 beyond one byte each.</summary>
    public int ContinuationBytes { get; init; }

    /// <summary>The bytes typed in the current mode.</summary>
    public int TypedBytes => Typed + ContinuationBytes;

    /// <summary>Colours, language and keyboard.</summary>
    public Choices Choices { get; init; } = Choices.Default;

    /// <summary>The on-screen keyboards in the order in which one key goes through them; at least one.</summary>
    public ImmutableArray<string> Keyboards { get; init; } = UsKeyboard;

    /// <summary>What stands in front of the screen.</summary>
    public Dialog Dialog { get; init; }

    /// <summary>How bright the screen is.</summary>
    public Light Light { get; init; }

    /// <summary>The passphrase is shown in the clear; never a PIN or a reset code.</summary>
    public bool Revealed { get; init; }

    /// <summary>A hardware keyboard types capitals.</summary>
    public bool CapsLock { get; init; }

    /// <summary>The battery, or null where there is none.</summary>
    public Battery? Battery { get; init; }

    /// <summary>The PIN pad's digits in the order of its keys, where they are scrambled; null: as on a telephone.</summary>
    public IReadOnlyList<int>? DigitOrder { get; init; }

    /// <summary>The card that the disk can be opened with now, or null.</summary>
    public CardInfo? UsableCard => FittingCard is { TriesLeft: not 0 } card ? card : null;

    /// <summary>The card whose PIN is blocked and that takes a reset code, or null.</summary>
    public CardInfo? BlockedCard => FittingCard is { TriesLeft: 0, ResetTriesLeft: > 0 } card ? card : null;

    /// <summary>True where one tap asks a card that wants no PIN any more.</summary>
    public bool CanAskAgain => Mode == Mode.Card && UsableCard is { AlreadyVerified: true } && !IsBeyondTheCard;

    /// <summary>True where a PIN or a reset code is typed, or was and is being checked.</summary>
    public bool ShowsPinEntry => Mode switch
    {
        Mode.Card => UsableCard is { AlreadyVerified: false } && !IsBeyondTheCard,
        Mode.Checking => UsableCard is { AlreadyVerified: false } && Work == CardWork.Unlocking,
        Mode.ResetCode or Mode.NewPin or Mode.RepeatPin => true,
        _ => false,
    };

    /// <summary>The least and the most bytes that can be sent in this mode; none can be typed where the most is 0.</summary>
    public (int Least, int Most) EntryLength => Mode switch
    {
        Mode.Card when ShowsPinEntry => (UsableCard!.MinPinLength, UsableCard.MaxPinLength),
        Mode.NewPin or Mode.RepeatPin when BlockedCard is { } card => (card.MinPinLength, card.MaxPinLength),
        Mode.ResetCode when BlockedCard is not null => (AgentMachine.MinResetCodeLength, AgentMachine.MaxResetCodeLength),
        Mode.Passphrase => (1, AgentMachine.MaxPassphraseLength),
        _ => (0, 0),
    };

    /// <summary>True where confirming does something: what is typed is long enough, or nothing need be typed.</summary>
    public bool CanConfirm => EntryLength is (_, > 0) and var (least, _) ? TypedBytes >= least : CanAskAgain || AsksForResetCode;

    /// <summary>True where the way to the reset code is offered.</summary>
    public bool AsksForResetCode => Mode == Mode.Card && BlockedCard is not null;

    /// <summary>True once nothing that happens matters any more.</summary>
    public bool IsOver => Mode is Mode.Opening or Mode.Ending;

    // No PIN can help: the message would be the same again.
    private bool IsBeyondTheCard => Notice is Notice.DamagedMessage or Notice.UnsupportedMessage or Notice.NoMatchingKey;

    private CardInfo? FittingCard =>
        KeyFault == KeyFileFault.None && Card is CardStatus.Ready { Card: { MatchesKey: true } card } ? card : null;
}

/// <summary>Why a key file cannot be used; each has its own sentence on the screen.</summary>
internal enum KeyFileFault
{
    None,
    Missing,
    Unreadable,
    Empty,
    Truncated,
    DamagedArmour,
    NotOpenPgp,
    NoIntegrity,
    Unsupported,
    TooLarge,
    NoToken,
    DamagedToken,
    UnreadableHeader,
}
