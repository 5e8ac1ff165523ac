// SPDX-License-Identifier: GPL-3.0-or-later
// Every sentence that a person reads, in one place.
using System.Globalization;
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Screen;

/// <summary>How a message is meant; the renderer gives it a colour and a sign.</summary>
internal enum Tone
{
    Plain,
    Busy,
    Warning,
    Error,
}

/// <summary>The message at the top of a screen.</summary>
internal readonly record struct Message(string Headline, string Detail, Tone Tone);

internal static class Texts
{
    public const string UsePassphrase = "Use passphrase";
    public const string UseCard = "Use card";
    public const string Ok = "OK";
    public const string Open = "Open";
    public const string Space = "space";

    public static Message For(AgentState state) => state.Mode switch
    {
        Mode.Opening => new("Opening the disk…", string.Empty, Tone.Busy),
        Mode.Checking => new("Checking…", "Leave the card in the reader.", Tone.Busy),
        Mode.Passphrase => Passphrase(state),
        _ when state.KeyFault != KeyFileFault.None => new(KeyFile(state.KeyFault), "The card cannot help here. Use your passphrase.", Tone.Error),
        _ => ForCard(state),
    };

    /// <summary>One sentence that says what is wrong with a key file.</summary>
    public static string KeyFile(KeyFileFault fault) => fault switch
    {
        KeyFileFault.Missing => "The key file is missing",
        KeyFileFault.Empty => "The key file is empty",
        KeyFileFault.Truncated => "The key file is cut short",
        KeyFileFault.Armoured => "The key file is ASCII armoured; it must be binary",
        KeyFileFault.NotOpenPgp => "The key file is not an OpenPGP message",
        KeyFileFault.NoIntegrity => "The key file has no integrity protection",
        KeyFileFault.Unsupported => "The key file uses an algorithm that is not supported",
        KeyFileFault.TooLarge => "The key file is too large",
        KeyFileFault.NoToken => "The disk's header holds no key for a card",
        KeyFileFault.DamagedToken => "The key in the disk's header is damaged",
        KeyFileFault.UnreadableHeader => "The disk's header cannot be read",
        _ => "The key file cannot be read",
    };

    private static Message Passphrase(AgentState state) => state.Notice switch
    {
        Notice.WrongPassphrase => new("Wrong passphrase", "It did not open the disk. Try again.", Tone.Error),
        Notice.CardKeyRefused => new("The card's key does not open this disk", "Use your passphrase.", Tone.Error),
        _ => new("Enter the passphrase", "of the disk " + state.Volume, Tone.Plain),
    };

    private static Message ForCard(AgentState state) => state.Notice switch
    {
        Notice.CardRemoved => new("The card was removed", "Insert it again, or use your passphrase.", Tone.Error),
        Notice.DamagedMessage => new("The key file is damaged", "Use your passphrase.", Tone.Error),
        Notice.NoMatchingKey => new("This card holds no key for this disk", "Insert another card, or use your passphrase.", Tone.Error),
        Notice.CardError => new("The card reports an error", StatusWord(state.StatusWord), Tone.Error),
        Notice.ReaderError => new("The card reader failed", "Insert the card again, or use your passphrase.", Tone.Error),
        _ => ForStatus(state),
    };

    private static string StatusWord(ushort statusWord) =>
        string.Create(CultureInfo.InvariantCulture, $"Status {statusWord:X4}. Try again, or use your passphrase.");

    private static Message ForStatus(AgentState state) => state.Card switch
    {
        null => new("Looking for a card…", "Disk " + state.Volume, Tone.Busy),
        CardStatus.ServiceMissing => new("The smart card service is not running", "Use your passphrase.", Tone.Error),
        CardStatus.NoReader => new("No card reader", "Connect a reader, or use your passphrase.", Tone.Warning),
        CardStatus.NoCard => new("Insert your card", "to open the disk " + state.Volume, Tone.Plain),
        CardStatus.Busy => new("Another program uses the card", "Waiting for it…", Tone.Warning),
        CardStatus.Unusable => new("This card cannot be read", "It does not answer as an OpenPGP card.", Tone.Error),
        CardStatus.Ready { Card.MatchesKey: false } =>
            new("This card holds no key for this disk", "Insert another card, or use your passphrase.", Tone.Error),
        CardStatus.Ready { Card.TriesLeft: 0 } => new("The card's PIN is blocked", "Use your passphrase.", Tone.Error),
        CardStatus.Ready ready => PinPad(state.Notice, ready.Card),
        _ => new(string.Empty, string.Empty, Tone.Plain),
    };

    private static Message PinPad(Notice notice, CardInfo card) => (notice, card.TriesLeft) switch
    {
        (Notice.LastTryUnconfirmed, _) => new("This is the last try", "Press OK again to use it. A wrong PIN blocks the card.", Tone.Warning),
        (Notice.WrongPin, _) => new("Wrong PIN", TriesLeft(card.TriesLeft), Tone.Error),
        (_, 1) => new("Enter the card's PIN", TriesLeft(1), Tone.Warning),
        _ => new("Enter the card's PIN", TriesLeft(card.TriesLeft), Tone.Plain),
    };

    private static string TriesLeft(int? tries) => tries switch
    {
        null => "The card does not say how many tries are left",
        1 => "1 try left: a wrong PIN blocks the card",
        _ => string.Create(CultureInfo.InvariantCulture, $"{tries} tries left"),
    };
}
