// SPDX-License-Identifier: GPL-3.0-or-later
// What each state says: which phrases, in whatever language. The phrases of cards, PINs and reset codes are in Messages.Card.cs.
using UnlockAgent.Machine;

namespace UnlockAgent.Text;

/// <summary>How a message is meant; the renderer gives it a colour and a sign.</summary>
internal enum Tone
{
    Plain,
    Busy,
    Touch,
    Warning,
    Error,
}

/// <summary>The message at the top of a screen.</summary>
/// <param name="Headline">What is the matter, in a few words.</param>
/// <param name="Detail">What to know and to do; a line feed begins a line.</param>
/// <param name="Tone">How it is meant.</param>
internal readonly record struct Message(string Headline, string Detail, Tone Tone);

internal static partial class Messages
{
    /// <summary>The message of a state in the language that the person chose.</summary>
    public static Message For(AgentState state) => For(state, Languages.Of(state.Choices.Language));

    /// <summary>The message of a state.</summary>
    public static Message For(AgentState state, Language language) => state.Mode switch
    {
        Mode.Opening => new(language[Phrase.Opening], string.Empty, Tone.Busy),
        Mode.Checking => Working(state.Work, language),
        _ when state.Notice == Notice.Forgotten => Forgotten(For(state with { Notice = Notice.None }, language), language),
        Mode.Passphrase => Passphrase(state, language),
        _ when state.KeyFault != KeyFileFault.None =>
            new(KeyFile(state.KeyFault, language), language[Phrase.CardCannotHelp], Tone.Error),
        Mode.ResetCode => ResetCode(state, language),
        Mode.NewPin => NewPin(state, language),
        Mode.RepeatPin => new(language[Phrase.RepeatNewPin], language[Phrase.RepeatNewPinWhy], Tone.Plain),
        _ => ForCard(state, language),
    };

    /// <summary>What a battery calls for, or null where it calls for nothing.</summary>
    public static string? ForBattery(Battery? battery, Language language) => battery is { IsLow: true }
        ? language.With(Phrase.BatteryLow, Number(battery.Percent))
        : null;

    /// <summary>One sentence that says what is wrong with a key file.</summary>
    public static string KeyFile(KeyFileFault fault, Language language) => language[fault switch
    {
        KeyFileFault.Missing => Phrase.KeyFileMissing,
        KeyFileFault.Empty => Phrase.KeyFileEmpty,
        KeyFileFault.Truncated => Phrase.KeyFileTruncated,
        KeyFileFault.DamagedArmour => Phrase.KeyFileDamagedArmour,
        KeyFileFault.NotOpenPgp => Phrase.KeyFileNotOpenPgp,
        KeyFileFault.NoIntegrity => Phrase.KeyFileNoIntegrity,
        KeyFileFault.Unsupported => Phrase.KeyFileUnsupported,
        KeyFileFault.TooLarge => Phrase.KeyFileTooLarge,
        KeyFileFault.NoToken => Phrase.NoToken,
        KeyFileFault.DamagedToken => Phrase.DamagedToken,
        KeyFileFault.UnreadableHeader => Phrase.UnreadableHeader,
        _ => Phrase.KeyFileUnreadable,
    }];

    private static Message Passphrase(AgentState state, Language language) => state.Notice switch
    {
        Notice.WrongPassphrase => new(language[Phrase.WrongPassphrase], language[Phrase.WrongPassphraseAgain], Tone.Error),
        Notice.CardKeyRefused => new(language[Phrase.CardKeyRefused], language[Phrase.UseYourPassphrase], Tone.Error),
        _ => new(language[Phrase.EnterPassphrase], language.With(Phrase.OfDisk, state.Volume), Tone.Plain),
    };

    private static Message Forgotten(Message message, Language language) =>
        message with { Detail = language[Phrase.Forgotten] + "\n" + message.Detail, Tone = Tone.Warning };
}
