// SPDX-License-Identifier: GPL-3.0-or-later
// What can happen to the agent, and what it then asks its shell to do.
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
}

/// <summary>A button's meaning.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Character">The ASCII character that it types, or NUL.</param>
internal readonly record struct Button(ButtonAction Action, char Character = '\0');

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

    /// <summary>
    /// A button was released inside itself, or its key was struck. One object for each button, made before anything is typed: the order
    /// in which events were allocated would spell a PIN to whoever reads the heap.
    /// </summary>
    public sealed record ButtonReleased : AgentEvent
    {
        private static readonly ButtonReleased[] Actions = [.. Enum.GetValues<ButtonAction>().Select(a => new ButtonReleased(new Button(a)))];
        private static readonly ButtonReleased[] Characters = [.. Enumerable.Range(0, 128).Select(c => new ButtonReleased(new Button(ButtonAction.Type, (char)c)))];

        private ButtonReleased(Button button) => Button = button;

        /// <summary>The button.</summary>
        public Button Button { get; }

        /// <summary>The event of a button; a character outside of ASCII counts as none.</summary>
        public static ButtonReleased Of(Button button) => button.Action == ButtonAction.Type
            ? Characters[button.Character < 128 ? button.Character : 0]
            : Actions[(int)button.Action];
    }
}

/// <summary>What the shell does after a step, before it redraws.</summary>
internal enum Effect
{
    None,

    /// <summary>Append the button's character to the entry.</summary>
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

    /// <summary>Write the entry to stdout.</summary>
    HandOverPassphrase,
}
