// SPDX-License-Identifier: GPL-3.0-or-later
// A LUKS2 token (LUKS2 On-Disk Format, section 3.5) that carries a key for a card in the volume's own header: one JSON object, as
// `cryptsetup token export` prints it. docs/luks2-token.md has its fields. At most 1 MiB; holds ciphertext and public data only.

using System.Text.Unicode;

namespace CardUnlock;

/// <summary>Why a token cannot be used.</summary>
public enum TokenFault
{
    /// <summary>It can be.</summary>
    None,

    /// <summary>Sound, and of some other program: not ours to judge.</summary>
    OtherType,

    /// <summary>More than 1 MiB.</summary>
    TooLarge,

    /// <summary>Not one JSON object (RFC 8259) in UTF-8, or nested deeper than 32.</summary>
    NotJson,

    /// <summary>A field is there twice: two readers could differ.</summary>
    DuplicateField,

    /// <summary>A field has a value of another kind than its own, or one that is out of bounds.</summary>
    WrongField,

    /// <summary>A field that must be Base64 (RFC 4648 section 4, padded) is not.</summary>
    WrongBase64,

    /// <summary>There is no message.</summary>
    NoMessage,

    /// <summary>No keyslot belongs to it: it was removed, or never assigned.</summary>
    NoKeyslot,
}

/// <summary>A parsed token.</summary>
public sealed class LuksToken
{
    /// <summary>The largest token in bytes of JSON.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>LUKS2 numbers its keyslots and its tokens from 0 to 31.</summary>
    public const int MaxCount = 32;

    internal LuksToken(IReadOnlyList<int> keyslots, byte[] message, byte[] publicKeys, IReadOnlyList<WantedCard> cards)
    {
        Keyslots = keyslots;
        Message = message;
        PublicKeys = publicKeys;
        Cards = cards;
    }

    internal static ReadOnlySpan<byte> TypeField => "type"u8;

    internal static ReadOnlySpan<byte> TypeValue => "unlock-agent-openpgp"u8;

    /// <summary>The keyslots that the message's content opens, at least one.</summary>
    public IReadOnlyList<int> Keyslots { get; }

    /// <summary>The OpenPGP message: what a key file holds.</summary>
    public byte[] Message { get; }

    /// <summary>The recipients' public key packets; empty where the token has none.</summary>
    public byte[] PublicKeys { get; }

    /// <summary>The cards that open the message, for a person to tell apart; may be empty.</summary>
    public IReadOnlyList<WantedCard> Cards { get; }

    /// <summary>Parses a token; unknown fields are passed over.</summary>
    /// <returns>None and the token, or the fault and null.</returns>
    public static TokenFault Parse(ReadOnlySpan<byte> json, out LuksToken? token)
    {
        token = null;
        if (json.Length > MaxLength)
        {
            return TokenFault.TooLarge;
        }

        if (!Utf8.IsValid(json))
        {
            return TokenFault.NotJson;
        }

        var reader = new JsonReader(json);
        var fields = new TokenFields();
        fields.Read(ref reader);
        return reader.IsWhole ? fields.Judge(out token) : TokenFault.NotJson;
    }
}
