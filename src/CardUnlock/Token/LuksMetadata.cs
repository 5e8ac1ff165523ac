// SPDX-License-Identifier: GPL-3.0-or-later
// The metadata of a LUKS2 header (LUKS2 On-Disk Format, section 3), as `cryptsetup luksDump --dump-json-metadata` prints it:
// an object whose field "tokens" is an object of tokens by their numbers. At most 8 MiB: the area holds 4, printing adds
// white space.

using System.Text.Unicode;

namespace CardUnlock;

/// <summary>Says which of a header's tokens are ours, without judging any.</summary>
public static class LuksMetadata
{
    /// <summary>The largest metadata in bytes of JSON.</summary>
    public const int MaxLength = 8 << 20;

    /// <summary>Finds the tokens of our type.</summary>
    /// <param name="json">The whole metadata.</param>
    /// <param name="tokens">The tokens' numbers, in ascending order; none where the metadata are malformed.</param>
    /// <returns>False where the metadata are not one JSON object (RFC 8259) in UTF-8.</returns>
    public static bool TryFindTokens(ReadOnlySpan<byte> json, out IReadOnlyList<int> tokens)
    {
        tokens = [];
        var reader = new JsonReader(json);
        if (json.Length > MaxLength || !Utf8.IsValid(json) || reader.Next != JsonKind.Object)
        {
            return false;
        }

        uint found = 0;
        reader.Enter();
        while (reader.NextField(out JsonString name))
        {
            if (name.Is("tokens"u8) && reader.Next == JsonKind.Object)
            {
                found |= OursAmong(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        if (!reader.IsWhole)
        {
            return false;
        }

        tokens = [.. Enumerable.Range(0, LuksToken.MaxCount).Where(token => (found & (1u << token)) != 0)];
        return true;
    }

    /// <summary>One bit for each token of ours in the object that stands next.</summary>
    private static uint OursAmong(ref JsonReader reader)
    {
        uint ours = 0;
        reader.Enter();
        while (reader.NextField(out JsonString name))
        {
            if (IsOurs(ref reader) && name.TryNumber(LuksToken.MaxCount, out int token))
            {
                ours |= 1u << token;
            }
        }

        return ours;
    }

    private static bool IsOurs(ref JsonReader reader)
    {
        bool isOurs = false;
        if (reader.Next != JsonKind.Object)
        {
            reader.Skip();
            return false;
        }

        reader.Enter();
        while (reader.NextField(out JsonString name))
        {
            if (name.Is(LuksToken.TypeField) && reader.Next == JsonKind.String)
            {
                isOurs = reader.ReadString().Is(LuksToken.TypeValue);
            }
            else
            {
                reader.Skip();
            }
        }

        return isOurs;
    }
}
