// SPDX-License-Identifier: GPL-3.0-or-later
// APDUs of ISO/IEC 7816-4: the command's parts, the status word, and the response, whose data only an OK status opens.

namespace CardUnlock;

/// <summary>
/// The two status bytes SW1-SW2 of ISO/IEC 7816-4 section 5.6. Value 0 stands for an answer that is none.
/// </summary>
internal readonly record struct StatusWord(ushort Value)
{
    public static readonly StatusWord Malformed = new(0);

    public bool IsOk => Value == 0x9000;

    /// <summary>6982: the PIN was wrong, or is asked for first.</summary>
    public bool IsSecurityStatus => Value == 0x6982;

    /// <summary>6983: no tries are left.</summary>
    public bool IsBlocked => Value == 0x6983;

    /// <summary>6700, 6A80: refused for its length or form, before the card compared anything.</summary>
    public bool IsRefusedForm => Value is 0x6700 or 0x6A80;

    /// <summary>6700, 6881, 6883, 6884: the length or the chain is none that the card takes.</summary>
    public bool IsRefusedLength => Value is 0x6700 or 0x6881 or 0x6883 or 0x6884;

    /// <summary>6600: security-related; OpenPGP cards say so when the touch that they waited for did not come.</summary>
    public bool IsTouchMissed => Value == 0x6600;

    /// <summary>
    /// The card has no such data object, or no way to be asked for one; no passing trouble has these words.
    /// </summary>
    public bool IsAbsent => Value is 0x6A88 or 0x6A83 or 0x6A82 or 0x6A86 or 0x6A81 or 0x6B00 or 0x6D00;

    /// <summary>63Cx: x tries are left; else null.</summary>
    public int? TriesLeft => (Value & 0xFFF0) == 0x63C0 ? Value & 0x0F : null;

    /// <summary>61xx: more data waits.</summary>
    public bool HasMore => Value >> 8 == 0x61;

    /// <summary>6Cxx: repeat with Le = xx.</summary>
    public bool IsWrongLe => Value >> 8 == 0x6C;

    public byte Low => (byte)Value;
}

/// <summary>
/// A command's header and data. <paramref name="data"/> of 0 bytes: none. CLA is 00; the channel sets the chaining bit.
/// </summary>
internal readonly ref struct CommandApdu(byte ins, byte p1, byte p2, ReadOnlySpan<byte> data, bool expectsData)
{
    public byte Ins { get; } = ins;

    public byte P1 { get; } = p1;

    public byte P2 { get; } = p2;

    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>Le is sent, as its largest value.</summary>
    public bool ExpectsData { get; } = expectsData;

    /// <summary>The answer may be longer than 256 bytes: one extended Le spares a GET RESPONSE.</summary>
    public bool HasLongAnswer { get; init; }

    /// <summary>
    /// The command may be said again in the other form, extended or short, where the card refuses the one that it announced.
    /// Never where a repetition could cost a try.
    /// </summary>
    public bool MayChangeForm { get; init; }

    /// <summary>
    /// The buffer that the data lie in, where they are a secret of no further use: emptied as soon as they are in the command, which
    /// may take the card long. Only for a command that is said once.
    /// </summary>
    public SecretBuffer? Given { get; init; }
}

/// <summary>
/// A whole response, its parts joined. The data belong to the channel and last until its next command.
/// </summary>
internal readonly ref struct ResponseApdu(StatusWord status, ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> data = data;

    public StatusWord Status { get; } = status;

    /// <exception cref="InvalidOperationException">The status is not OK: what came with it is not an
    /// answer.</exception>
    public ReadOnlySpan<byte> Data =>
        Status.IsOk ? data : throw new InvalidOperationException("A response's data is readable only when its status is 9000.");
}
