// SPDX-License-Identifier: GPL-3.0-or-later
// PIN status bytes, C4 (OpenPGP card 3.4 section 4.4.3.11): 1 for signing, the most bytes of PW1, of the resetting code, of PW3 (bit
// 80: its format), then their tries left.

namespace CardUnlock;

/// <summary>Tries left and lengths of a card's three codes. Null tries: the card does not say.</summary>
internal readonly record struct CodeStatus(int? PinTries, int? ResetTries, int? AdminTries)
{
    private const int Length = 7;
    private const int MinPin = 6;
    private const int MinOther = 8;
    private const int DefaultMax = 127;

    /// <summary>Least and most bytes.</summary>
    public (int Min, int Max) PinLength { get; private init; } = (MinPin, DefaultMax);

    /// <summary>Least and most bytes.</summary>
    public (int Min, int Max) ResetLength { get; private init; } = (MinOther, DefaultMax);

    /// <summary>Least and most bytes.</summary>
    public (int Min, int Max) AdminLength { get; private init; } = (MinOther, DefaultMax);

    /// <summary>From C4's value; empty or short: nothing is known.</summary>
    public static CodeStatus Parse(ReadOnlySpan<byte> status) => status.Length < Length
        ? new CodeStatus(null, null, null)
        : new CodeStatus(status[4], status[5], status[6])
        {
            PinLength = (MinPin, Most(status[1], MinPin)),
            ResetLength = (MinOther, Most(status[2], MinOther)),
            AdminLength = (MinOther, Most(status[3], MinOther)),
        };

    /// <summary>From C4 by itself, or where the card has it only among the other objects, what they say of PW1 and the code.</summary>
    public static CodeStatus Read(OpenPgpCard card, CardData data)
    {
        CodeStatus status = Parse(card.ReadPinStatusBytes());
        return status.PinTries is not null ? status
            : status with { PinTries = data.Pin.TriesLeft, ResetTries = data.Pin.TriesLeft is null ? null : data.Pin.ResetTriesLeft };
    }

    private static int Most(byte said, int least) => (said & 0x7F) < least ? DefaultMax : said & 0x7F;
}
