// SPDX-License-Identifier: GPL-3.0-or-later
// How this card differs from another: its answer to reset, its lengths, the status words that cards disagree about.

namespace CardSimulator;

/// <summary>What is fixed about a card when it is made.</summary>
public sealed record CardOptions
{
    // TD1 = 00: T=0 and nothing else. Ten historical bytes follow; a T=0-only answer to reset has no check byte.
    private static readonly byte[] T0Prefix = [0x3B, 0x8A, 0x00];

    // TA1 18, TC1 FF, TD1 81 (T=1), TD2 B1, TA3 FE, TB3 75, TD3 1F, TA4 03: as OpenPGP cards of the field answer.
    private static readonly byte[] T1Prefix = [0x3B, 0xDA, 0x18, 0xFF, 0x81, 0xB1, 0xFE, 0x75, 0x1F, 0x03];

    /// <summary>
    /// The card speaks T=0 only: no extended lengths. QEMU's reader needs that. false: T=1.
    /// </summary>
    public bool T0 { get; init; }

    /// <summary>Announce and accept extended lengths; never on T=0.</summary>
    public bool ExtendedLength { get; init; } = true;

    /// <summary>A wrong PIN is answered with 63Cx (tries left) and not with 6982.</summary>
    public bool WrongPinTellsTries { get; init; }

    /// <summary>GET DATA 6E, 65 and 7A answer with their outer tag.</summary>
    public bool OuterTag { get; init; } = true;

    /// <summary>A SELECT of the application forgets that a PIN was verified.</summary>
    public bool SelectClearsVerified { get; init; } = true;

    /// <summary>An answer to reset to use instead of the one that follows from the other options, as it is.</summary>
    public IReadOnlyList<byte>? Atr { get; init; }

    /// <summary>The card's serial number, 4 bytes of its AID.</summary>
    public uint Serial { get; init; } = 0x00000001;

    /// <summary>Whether extended lengths are really accepted.</summary>
    public bool AcceptsExtended => ExtendedLength && !T0;

    /// <summary>Historical bytes, 10 (OpenPGP card 3.4 section 6): services, capabilities, life cycle, 9000.</summary>
    internal byte[] HistoricalBytes =>
        [0x00, 0x31, 0xF5, 0x73, 0xC0, 0x01, (byte)(AcceptsExtended ? 0xC0 : 0x80), 0x05, 0x90, 0x00];

    /// <summary>The answer to reset (ISO 7816-3 section 8.2), at most 33 bytes.</summary>
    internal byte[] AnswerToReset()
    {
        if (Atr is not null)
        {
            return [.. Atr];
        }

        if (T0)
        {
            return [.. T0Prefix, .. HistoricalBytes];
        }

        byte[] withoutCheck = [.. T1Prefix, .. HistoricalBytes];
        byte check = 0;
        foreach (byte b in withoutCheck.AsSpan(1))
        {
            check ^= b;
        }

        return [.. withoutCheck, check];
    }
}
