// SPDX-License-Identifier: GPL-3.0-or-later
// Every sentence that a person reads, in one place.
using UnlockAgent.Machine;

namespace UnlockAgent.Screen;

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

internal static partial class Texts
{
    public const string UsePassphrase = "Use passphrase";
    public const string UseCard = "Use card";
    public const string Letters = "Letters";
    public const string Digits = "Digits";
    public const string EnterResetCode = "Enter reset code";
    public const string Ok = "OK";
    public const string Open = "Open";
    public const string Space = "space";

    public static Message For(AgentState state) => state.Mode switch
    {
        Mode.Opening => new("Opening the disk…", string.Empty, Tone.Busy),
        Mode.Checking => Working(state.Work),
        Mode.Passphrase => Passphrase(state),
        _ when state.KeyFault != KeyFileFault.None => new(KeyFile(state.KeyFault), "The card cannot help here. Use your passphrase.", Tone.Error),
        Mode.ResetCode => ResetCode(state),
        Mode.NewPin => NewPin(state),
        Mode.RepeatPin => new("Enter the new PIN again", "It is set when both are the same.", Tone.Plain),
        _ => ForCard(state),
    };

    /// <summary>One sentence that says what is wrong with a key file.</summary>
    public static string KeyFile(KeyFileFault fault) => fault switch
    {
        KeyFileFault.Missing => "The key file is missing",
        KeyFileFault.Empty => "The key file is empty",
        KeyFileFault.Truncated => "The key file is cut short",
        KeyFileFault.DamagedArmour => "The key file's ASCII armour is damaged",
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
}
