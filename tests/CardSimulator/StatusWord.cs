// SPDX-License-Identifier: GPL-3.0-or-later
// Status words that the card answers with (OpenPGP card 3.4 section 7.1, ISO 7816-4 section 5.1.3), 2 bytes each.

namespace CardSimulator;

/// <summary>Status words by name.</summary>
public static class StatusWord
{
    public const ushort Ok = 0x9000;
    public const ushort MoreData = 0x6100;
    public const ushort Terminated = 0x6285;
    public const ushort TriesLeft = 0x63C0;
    public const ushort TouchMissed = 0x6600;
    public const ushort WrongLength = 0x6700;
    public const ushort SecureMessagingUnsupported = 0x6882;
    public const ushort ChainExpected = 0x6883;
    public const ushort SecurityStatus = 0x6982;
    public const ushort Blocked = 0x6983;
    public const ushort ConditionsOfUse = 0x6985;
    public const ushort WrongData = 0x6A80;
    public const ushort FileNotFound = 0x6A82;
    public const ushort WrongReference = 0x6A83;
    public const ushort WrongParameters = 0x6A86;
    public const ushort ReferenceNotFound = 0x6A88;
    public const ushort WrongInstruction = 0x6D00;
    public const ushort WrongClass = 0x6E00;
}

/// <summary>What a command came to: data and a status word.</summary>
internal readonly record struct Answer(ushort Status, byte[] Data)
{
    public Answer(ushort status)
        : this(status, [])
    {
    }

    public Answer(byte[] data)
        : this(StatusWord.Ok, data)
    {
    }

    public static Answer Success => new(StatusWord.Ok);
}
