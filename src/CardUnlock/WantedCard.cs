// SPDX-License-Identifier: GPL-3.0-or-later
// What a key file says of the cards that it is encrypted to.

namespace CardUnlock;

/// <summary>A card that a person should insert.</summary>
/// <param name="Name">The holder's name, without a mail address; empty where it is not known.</param>
/// <param name="Serial">The last digits of the serial number as they are printed on the card; empty where they are not known.</param>
public sealed record WantedCard(string Name, string Serial);
