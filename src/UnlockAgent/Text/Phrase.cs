// SPDX-License-Identifier: GPL-3.0-or-later
// What the screen can say, whatever the language: English.cs shows each in words. {0} and {1} are holes to fill.
namespace UnlockAgent.Text;

/// <summary>A text of the screen: a button's label, a headline, or what stands below it.</summary>
internal enum Phrase
{
    // Buttons and keys.
    Ok,
    Open,
    UsePassphrase,
    UseCard,
    Letters,
    Digits,
    ResetCode,
    Space,

    // The power dialog and the menu.
    PowerQuestion,
    PowerOff,
    Restart,
    Cancel,
    Colours,
    Dark,
    Light,
    HighContrast,
    Language,
    Keyboard,
    Close,

    // Small, below a message.
    CapsLock,

    /// <summary>{0}: percent.</summary>
    BatteryLow,

    // Names of cards and disks. {0}: a name, {1}: the last digits of a serial number.
    CardOfEnding,
    CardOf,

    /// <summary>{0}: the last digits of a serial number.</summary>
    CardEnding,

    /// <summary>{0}: one of the three above, as in the next two.</summary>
    ThisCard,
    InsertCard,
    InsertEither,
    InsertYourCard,
    InsertOneOfThese,
    InsertOther,

    /// <summary>{0}: the wish for a card.</summary>
    OrUsePassphrase,

    /// <summary>{0}: the disk's name.</summary>
    Disk,
    ToOpenDisk,
    OfDisk,

    // Waiting for a card.
    LookingForCard,
    WaitingForService,
    ServiceMayNotStart,
    NoReader,
    ConnectReader,
    OtherProgram,
    WaitingUntilFree,
    CardUnreadable,
    InsertItAgain,
    CardRemoved,
    WrongCard,

    // PINs and tries.
    EnterPin,
    EnterPinAgain,
    CardInterrupted,
    WrongPin,

    /// <summary>{0}: how many, of which a language says it in this form; more than one.</summary>
    TriesLeftOne,
    TriesLeftFew,
    TriesLeftMany,
    OneTryLeft,
    TriesUnknown,
    LastTry,
    LastTryAgain,
    MaybeLastTry,
    MaybeLastTryAgain,
    Forgotten,
    PinBlocked,
    BlockedSetPin,
    BlockedUsePassphrase,

    // Reset codes and new PINs.
    EnterResetCode,
    WrongResetCode,
    OneResetTryLeft,
    LastResetTry,
    LastResetTryAgain,
    ResetCodeUsedUp,
    ChooseNewPin,

    /// <summary>{0} and {1}: the least and the most characters.</summary>
    NewPinLength,
    RepeatNewPin,
    RepeatNewPinWhy,
    PinsDiffer,

    /// <summary>{0}: the length of a new PIN.</summary>
    EnterNewPinAgain,
    SettingPin,

    // The card at work, and what became of it.
    Checking,
    LeaveCard,
    TouchToken,
    TouchTokenWhy,
    TouchMissed,
    PressOkThenTouch,
    EnterPinThenTouch,
    CardReady,

    /// <summary>{0}: the disk's name.</summary>
    PressOkToOpen,
    Opening,
    CardError,

    /// <summary>{0}: the status word, four hexadecimal digits.</summary>
    CardErrorStatus,
    ReaderFailed,
    InsertCardAgain,
    KeyDamaged,
    UseYourPassphrase,
    CardCannotHelp,

    // The passphrase.
    EnterPassphrase,
    WrongPassphrase,
    WrongPassphraseAgain,
    CardKeyRefused,

    // What is wrong with a key file.
    KeyFileMissing,
    KeyFileUnreadable,
    KeyFileEmpty,
    KeyFileTruncated,
    KeyFileDamagedArmour,
    KeyFileNotOpenPgp,
    KeyFileNoIntegrity,
    KeyFileUnsupported,
    KeyFileTooLarge,
    NoToken,
    DamagedToken,
    UnreadableHeader,
}
