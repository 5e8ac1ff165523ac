// SPDX-License-Identifier: GPL-3.0-or-later
// A card in words, a line each.
using CardUnlock;
using UnlockControl.Enrolment;

namespace UnlockControl.Cards;

internal static class CardFacts
{
    /// <summary>Where the values begin.</summary>
    public const int NameWidth = 24;

    /// <summary>Name and value of what is known.</summary>
    public static IEnumerable<(string Name, string Value)> Of(CardReport card)
    {
        yield return ("Reader", card.Reader);
        yield return ("Maker", card.Maker);
        yield return ("Serial number", card.Serial);
        yield return ("OpenPGP card", card.Version);
        yield return ("Holder", card.Holder.Length > 0 ? card.Holder : "not set");
        yield return ("Decryption key", card.KeyType.Length > 0 ? card.KeyType : "none");
        if (card.Fingerprint.Length > 0)
        {
            yield return ("Fingerprint", Convert.ToHexString(card.Fingerprint));
        }

        yield return ("PIN", Tries(card.TriesLeft) + ", " + Code.Pin(card).Lengths);
        yield return ("Resetting code", card.ResetTriesLeft == 0 ? "not set, or used up" : Tries(card.ResetTriesLeft));
        yield return ("Admin PIN", Tries(card.AdminTriesLeft) + ", " + Code.AdminPin(card).Lengths);
        yield return ("Touch", card.NeedsTouch ? "the card wants to be touched" : "not needed");
    }

    private static string Tries(int? tries) => tries switch
    {
        null => "tries left not known",
        0 => "blocked",
        _ => Wording.TriesLeft(tries),
    };
}
