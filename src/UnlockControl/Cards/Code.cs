// SPDX-License-Identifier: GPL-3.0-or-later
// The three codes of an OpenPGP card (OpenPGP card 3.4 section 4.3): what they are called, how long they are, how often they may be wrong.
using System.Globalization;
using CardUnlock;

namespace UnlockControl.Cards;

/// <summary>One of a card's codes.</summary>
/// <param name="Noun">As after "new": "PIN".</param>
/// <param name="Min">Bytes.</param>
/// <param name="Max">Bytes.</param>
/// <param name="TriesLeft">Null: the card does not say.</param>
/// <param name="WhenBlocked">What to do then.</param>
internal sealed record Code(string Noun, int Min, int Max, int? TriesLeft, string WhenBlocked)
{
    /// <summary>As in a sentence: "the PIN".</summary>
    public string Name => "the " + Noun;

    /// <summary>"6 to 127 characters".</summary>
    public string Lengths => string.Create(CultureInfo.InvariantCulture, $"{Min} to {Max} characters");

    /// <summary>PW1.</summary>
    public static Code Pin(CardReport card) => new(
        "PIN", card.PinLength.Min, card.PinLength.Max, card.TriesLeft, "The resetting code or the admin PIN unblocks it: unlockctl card unblock");

    /// <summary>PW3.</summary>
    public static Code AdminPin(CardReport card) => new(
        "admin PIN",
        card.AdminLength.Min,
        card.AdminLength.Max,
        card.AdminTriesLeft,
        "Nothing unblocks it but a factory reset, which takes the card's keys away.");

    /// <summary>The resetting code.</summary>
    public static Code ResetCode(CardReport card) => new(
        "resetting code",
        card.ResetLength.Min,
        card.ResetLength.Max,
        card.ResetTriesLeft,
        "With the admin PIN a new one can be set: unlockctl card set-reset-code");
}
