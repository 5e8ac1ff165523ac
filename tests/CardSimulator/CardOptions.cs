// SPDX-License-Identifier: GPL-3.0-or-later
// How this card differs from another: its answer to reset, its lengths, the status words that cards disagree about.

namespace CardSimulator;

/// <summary>How GET DATA answers for one object by itself.</summary>
public enum LoneObject
{
    /// <summary>Its value.</summary>
    Value,

    /// <summary>Its value behind its own tag and length.</summary>
    Tagged,

    /// <summary>9000 and nothing.</summary>
    Empty,

    /// <summary>The card says that it has none.</summary>
    Missing,
}

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

    /// <summary>The specification's version in the AID: major byte, minor byte.</summary>
    public ushort Version { get; init; } = 0x0304;

    /// <summary>The longest extended command in bytes, as 7F66 says it.</summary>
    public int MaxCommandLength { get; init; } = 2048;

    /// <summary>Extended lengths are announced and refused, or accepted and not announced; chains the other way round.</summary>
    public bool LiesAboutLengths { get; init; }

    /// <summary>What a form of command is refused with that the card does not take: 6700, 6881, 6883 or 6884.</summary>
    public ushort RefusedForm { get; init; } = StatusWord.WrongLength;

    /// <summary>What SELECT answers beside its status word.</summary>
    public IReadOnlyList<byte> SelectAnswer { get; init; } = [];

    /// <summary>A PIN that is too short is answered with this; 6982: and counted as a wrong one.</summary>
    public ushort ShortPin { get; init; } = StatusWord.WrongLength;

    /// <summary>What a PIN without tries left is answered with.</summary>
    public ushort BlockedPin { get; init; } = StatusWord.Blocked;

    /// <summary>What the question whether a PIN is verified is answered with when it is not; null: 63Cx, tries left.</summary>
    public ushort? NotVerified { get; init; }

    /// <summary>A wrong PIN leaves an earlier right one verified.</summary>
    public bool StaysVerified { get; init; }

    /// <summary>How GET DATA answers for an object by itself, by tag; not listed: with its value.</summary>
    public IReadOnlyDictionary<int, LoneObject> Alone { get; init; } = new Dictionary<int, LoneObject>();

    /// <summary>What GET DATA answers for an object that the card does not have.</summary>
    public ushort MissingObject { get; init; } = StatusWord.ReferenceNotFound;

    /// <summary>Objects that the card has and leaves out of 6E, by tag.</summary>
    public IReadOnlyList<int> LeftOut { get; init; } = [];

    /// <summary>DECIPHER answers the whole point (04, X, Y) on curves that have one, and not X alone.</summary>
    public bool AnswersPoint { get; init; }

    /// <summary>There is a fourth key, for attestation: C5, C6 and CD have one more entry.</summary>
    public bool HasFourthKey { get; init; }

    /// <summary>Extended capabilities say that a KDF-DO may be there (bit 1 of C0).</summary>
    public bool HasKeyDerivation { get; init; } = true;

    /// <summary>General feature management (7F74) is there and names a button.</summary>
    public bool HasButton { get; init; } = true;

    /// <summary>Whether extended lengths are announced.</summary>
    public bool AnnouncesExtended => ExtendedLength && !T0;

    /// <summary>Whether extended lengths are really accepted.</summary>
    public bool AcceptsExtended => !T0 && ExtendedLength != LiesAboutLengths;

    /// <summary>Whether command chains are accepted.</summary>
    public bool AcceptsChains => !LiesAboutLengths || ExtendedLength;

    /// <summary>Historical bytes, 10 (OpenPGP card 3.4 section 6): services, capabilities, life cycle, 9000.</summary>
    internal byte[] HistoricalBytes =>
        [0x00, 0x31, 0xF5, 0x73, 0xC0, 0x01, (byte)(AnnouncesExtended ? 0xC0 : 0x80), 0x05, 0x90, 0x00];

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
