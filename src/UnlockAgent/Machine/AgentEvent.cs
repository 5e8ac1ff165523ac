// SPDX-License-Identifier: GPL-3.0-or-later
// What can happen to the agent, and what it then asks its shell to do.
using System.Text;
using CardUnlock;

namespace UnlockAgent.Machine;

/// <summary>What a button does, wherever it stands on the screen or on a hardware keyboard.</summary>
internal enum ButtonAction
{
    /// <summary>Types <see cref="Button.Character"/>.</summary>
    Type,
    Backspace,
    Confirm,
    UsePassphrase,
    UseCard,

    /// <summary>Shows the capitals for one letter, or the small letters again.</summary>
    Shift,
    Symbols,
    MoreSymbols,

    /// <summary>Shows the letters: of the keyboard, or instead of the PIN pad.</summary>
    Letters,

    /// <summary>Shows the PIN pad again.</summary>
    Digits,

    /// <summary>Forgets what was typed (Escape on a hardware keyboard; Backspace that is held).</summary>
    Clear,

    /// <summary>Shows the passphrase in the clear, or hides it again.</summary>
    Reveal,

    /// <summary>Opens the dialog that powers off or restarts.</summary>
    Power,
    PowerOff,
    Restart,

    /// <summary>Opens the menu of colours, language and keyboard.</summary>
    Menu,

    /// <summary>Takes the next colours.</summary>
    NextTheme,

    /// <summary>Opens the list of languages.</summary>
    Languages,

    /// <summary>Takes the language at the place <see cref="Button.Character"/> of the list.</summary>
    TakeLanguage,

    /// <summary>Opens the list of on-screen keyboards.</summary>
    Keyboards,

    /// <summary>Takes the keyboard at the place <see cref="Button.Character"/> of the list.</summary>
    TakeKeyboard,

    /// <summary>Takes the next of the configured on-screen keyboards.</summary>
    NextKeyboard,

    /// <summary>Closes a dialog and changes nothing.</summary>
    Cancel,

    /// <summary>Shows the capitals until Shift comes again: Shift that was tapped twice.</summary>
    ShiftLock,
}

/// <summary>A button's meaning.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Character">The Unicode scalar value that it types, or its place in a list; else 0.</param>
internal readonly record struct Button(ButtonAction Action, int Character = 0);

/// <summary>How the card's work ended; the key itself travels beside, never in here.</summary>
internal enum CardOutcome
{
    Key,
    WrongPin,
    PinBlocked,
    NoMatchingKey,
    CardRemoved,
    CardError,
    ReaderError,
    DamagedMessage,
    UnsupportedMessage,
    TouchMissed,
    WrongResetCode,
}

/// <summary>Something that happened.</summary>
internal abstract record AgentEvent
{
    private AgentEvent()
    {
    }

    /// <summary>The key file was read.</summary>
    /// <param name="Fault">What is wrong with it.</param>
    /// <param name="Wanted">The cards that it names.</param>
    public sealed record KeyFileRead(KeyFileFault Fault, IReadOnlyList<WantedCard> Wanted) : AgentEvent;

    /// <summary>The card side reports a new status.</summary>
    public sealed record CardChanged(CardStatus Status) : AgentEvent;

    /// <summary>The card answered.</summary>
    /// <param name="Outcome">How its work ended.</param>
    /// <param name="TriesLeft">Tries left after a wrong PIN, or those of a wrong reset code, where the card tells.</param>
    /// <param name="StatusWord">The card's status word, with <see cref="CardOutcome.CardError"/>.</param>
    public sealed record CardAnswered(CardOutcome Outcome, int? TriesLeft = null, ushort StatusWord = 0) : AgentEvent;

    /// <summary>The PIN is right, and the card waits for a touch.</summary>
    public sealed record TouchAwaited : AgentEvent;

    /// <summary>The new PIN was typed differently the second time; nothing went to the card.</summary>
    public sealed record PinsDiffered : AgentEvent;

    /// <summary>A passphrase was typed elsewhere, over the network; it travels beside the event.</summary>
    public sealed record PassphraseReceived : AgentEvent;

    /// <summary>Nobody touched anything for long enough that what is typed is wiped.</summary>
    public sealed record EntryExpired : AgentEvent;

    /// <summary>Nobody touched anything for so long that the device powers off, where nothing speaks against it.</summary>
    public sealed record IdleTooLong : AgentEvent;

    /// <summary>The power key was held: the device powers off, whatever it does.</summary>
    public sealed record PowerHeld : AgentEvent;

    /// <summary>The screen dims or goes dark for want of a touch, or wakes by one.</summary>
    public sealed record LightChanged(Light Light) : AgentEvent;

    /// <summary>The battery was looked at; null where there is none.</summary>
    public sealed record BatteryRead(Battery? Battery) : AgentEvent;

    /// <summary>A hardware keyboard types capitals, or does not any more.</summary>
    public sealed record CapsLockChanged(bool IsOn) : AgentEvent;

    /// <summary>The PIN pad's digits take another order; null: as on a telephone.</summary>
    public sealed record DigitsDrawn(IReadOnlyList<int>? Order) : AgentEvent;

    /// <summary>
    /// The event of a button that was released inside itself, or whose key was struck. Each was made before anything is typed, and
    /// none tells which character it is: the order in which events were allocated would spell a PIN to whoever reads the heap.
    /// </summary>
    /// <param name="button">The button.</param>
    /// <param name="lastCharacterBytes">The UTF-8 bytes of the entry's last character, 0 to 4: what Backspace would drop.</param>
    public static AgentEvent Of(Button button, int lastCharacterBytes) => button.Action switch
    {
        ButtonAction.Type => CharacterTyped.Of(button.Character),
        ButtonAction.Backspace => CharacterDropped.Of(lastCharacterBytes),
        _ => ButtonReleased.Of(button),
    };

    /// <summary>A button that types nothing was released inside itself, or its key was struck.</summary>
    public sealed record ButtonReleased : AgentEvent
    {
        private static readonly ButtonReleased[] Actions = [.. Enum.GetValues<ButtonAction>().Select(a => new ButtonReleased(new Button(a)))];

        private ButtonReleased(Button button) => Button = button;

        /// <summary>The button.</summary>
        public Button Button { get; }

        /// <summary>The event of a button.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The button types or drops a character: see <see cref="AgentEvent.Of"/>.</exception>
        public static ButtonReleased Of(Button button) => button.Action switch
        {
            ButtonAction.Type or ButtonAction.Backspace => throw new ArgumentOutOfRangeException(nameof(button)),

            // What is chosen from a list is no secret.
            ButtonAction.TakeLanguage or ButtonAction.TakeKeyboard => new(button),
            _ => Actions[(int)button.Action],
        };
    }

    /// <summary>A character was typed; which one travels beside the event.</summary>
    public sealed record CharacterTyped : AgentEvent
    {
        private static readonly CharacterTyped[] ByLength = [.. Enumerable.Range(0, 5).Select(bytes => new CharacterTyped(bytes))];

        private CharacterTyped(int utf8Bytes) => Utf8Bytes = utf8Bytes;

        /// <summary>Its bytes in UTF-8, 1 to 4; 0 where it is none: a control character or half of a surrogate pair.</summary>
        public int Utf8Bytes { get; }

        /// <summary>The event of a Unicode scalar value.</summary>
        public static CharacterTyped Of(int character) =>
            ByLength[Rune.IsValid(character) && !Rune.IsControl(new Rune(character)) ? new Rune(character).Utf8SequenceLength : 0];
    }

    /// <summary>The last character shall go.</summary>
    public sealed record CharacterDropped : AgentEvent
    {
        private static readonly CharacterDropped[] ByLength = [.. Enumerable.Range(0, 5).Select(bytes => new CharacterDropped(bytes))];

        private CharacterDropped(int utf8Bytes) => Utf8Bytes = utf8Bytes;

        /// <summary>Its bytes in UTF-8, 1 to 4; 0 where nothing is typed.</summary>
        public int Utf8Bytes { get; }

        /// <summary>The event for a last character of so many bytes.</summary>
        public static CharacterDropped Of(int utf8Bytes) => ByLength[utf8Bytes];
    }
}

/// <summary>What the shell does after a step, before it redraws.</summary>
internal enum Effect
{
    None,

    /// <summary>Append the typed character to the entry.</summary>
    Append,

    /// <summary>Drop the entry's last character.</summary>
    DropLast,

    /// <summary>Wipe the entry, and keep what was set aside.</summary>
    Clear,

    /// <summary>Wipe everything that was typed.</summary>
    Wipe,

    /// <summary>Set the entry aside as the reset code.</summary>
    KeepResetCode,

    /// <summary>Set the entry aside as the new PIN.</summary>
    KeepNewPin,

    /// <summary>Wipe the entry and the new PIN; the reset code stays.</summary>
    ForgetNewPin,

    /// <summary>Give the entry to the card as its PIN, once.</summary>
    AskCard,

    /// <summary>
    /// Give the reset code and the new PIN to the card, once, where the entry is equal to that PIN; else answer with
    /// <see cref="AgentEvent.PinsDiffered"/> before anything else happens.
    /// </summary>
    Unblock,

    /// <summary>Ask a card that is verified already; nothing was typed and nothing is sent as a PIN.</summary>
    AskVerifiedCard,

    /// <summary>Wipe the entry and write the card's key to stdout.</summary>
    HandOverKey,

    /// <summary>Wipe the entry and write the passphrase that was typed elsewhere to stdout.</summary>
    HandOverReceived,

    /// <summary>Write the entry to stdout.</summary>
    HandOverPassphrase,

    /// <summary>Wipe everything that was typed and power the device off.</summary>
    PowerOff,

    /// <summary>Wipe everything that was typed and restart the device.</summary>
    Restart,
}
