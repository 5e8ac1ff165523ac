// SPDX-License-Identifier: GPL-3.0-or-later
// What an unlock attempt and a look at the readers can come to: closed unions of nested records.

namespace CardUnlock;

/// <summary>The outcome of one <see cref="CardMonitor.Unlock"/>.</summary>
public abstract record UnlockResult
{
    private UnlockResult()
    {
    }

    /// <summary>The plaintext: the LUKS key's exact bytes. The receiver disposes it.</summary>
    public sealed record Key(SecretBuffer Secret) : UnlockResult;

    /// <summary>
    /// The card refused the PIN, or its length rules it out and it was not sent. Null: the card does not say how many
    /// tries are left.
    /// </summary>
    public sealed record WrongPin(int? TriesLeft) : UnlockResult;

    /// <summary>No tries are left.</summary>
    public sealed record PinBlocked : UnlockResult;

    /// <summary>The message is encrypted to other keys than the card's.</summary>
    public sealed record NoMatchingKey : UnlockResult;

    /// <summary>
    /// The card was pulled, reset or exchanged on the way, or is not verified any more though the PIN was empty or had just
    /// been taken; whether the PIN was right is not known. Ask the person again.
    /// </summary>
    public sealed record CardRemoved : UnlockResult;

    /// <summary>The card answered a status word that means none of the above.</summary>
    public sealed record CardError(ushort StatusWord) : UnlockResult;

    /// <summary>The message fails its integrity check, or holds no key of 1 to 8192 bytes.</summary>
    public sealed record DamagedMessage : UnlockResult;

    /// <summary>The message uses a cipher or a mode that is not known here.</summary>
    public sealed record UnsupportedMessage : UnlockResult;

    /// <summary>
    /// The card waited for a touch that did not come; nothing was lost. The next <see cref="CardInfo.AlreadyVerified"/> tells
    /// whether the PIN still stands, as it does on most cards.
    /// </summary>
    public sealed record TouchMissed : UnlockResult;

    /// <summary>The card refused the resetting code. Null: it does not say how many tries are left.</summary>
    public sealed record WrongResetCode(int? TriesLeft) : UnlockResult;

    /// <summary>The reader or the card service failed.</summary>
    public sealed record ReaderError(string Reason) : UnlockResult;
}

/// <summary>What <see cref="CardMonitor.Wait"/> sees.</summary>
public abstract record CardStatus
{
    private CardStatus()
    {
    }

    /// <summary>The card service cannot be reached; it is looked for again once a second.</summary>
    public sealed record ServiceMissing(string Reason) : CardStatus;

    /// <summary>The service knows no reader.</summary>
    public sealed record NoReader : CardStatus;

    /// <summary>No reader holds a card.</summary>
    public sealed record NoCard(string Reader) : CardStatus;

    /// <summary>Another program holds the card for itself.</summary>
    public sealed record Busy(string Reader) : CardStatus;

    /// <summary>Not an OpenPGP card, or one that does not answer.</summary>
    public sealed record Unusable(string Reader, string Reason) : CardStatus;

    /// <summary>A card to unlock with.</summary>
    public sealed record Ready(CardInfo Card) : CardStatus;
}

/// <summary>A card at hand.</summary>
/// <param name="Reader">The reader's name.</param>
/// <param name="Serial">Manufacturer and serial number in hexadecimal.</param>
/// <param name="TriesLeft">PIN tries left; null when the card does not say.</param>
/// <param name="MinPinLength">Bytes the PIN has at least.</param>
/// <param name="MaxPinLength">Bytes the PIN has at most.</param>
/// <param name="MatchesKey">The message is encrypted to this card's decryption key, or to a hidden one that could be
/// it.</param>
/// <param name="AlreadyVerified">The PIN was verified earlier in this boot: unlock with an empty PIN.</param>
public sealed record CardInfo(
    string Reader, string Serial, int? TriesLeft, int MinPinLength, int MaxPinLength, bool MatchesKey, bool AlreadyVerified)
{
    /// <summary>
    /// The holder's name as the card has it, in the order that a person reads. Asked for only where there are cards to tell
    /// apart: empty for the lone card that the message is for, and where the card has none.
    /// </summary>
    public string Holder { get; init; } = "";

    /// <summary>The card decrypts only after a touch (UIF of the decryption key).</summary>
    public bool NeedsTouch { get; init; }

    /// <summary>Tries left of the resetting code; 0: none is set, or it is used up.</summary>
    public int ResetTriesLeft { get; init; }
}
