// SPDX-License-Identifier: GPL-3.0-or-later
// Takes a token's fields as they come. The first fault is kept, and told only when the whole text proved to be a token of ours.

using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace CardUnlock;

internal sealed class TokenFields
{
    private const int MaxCards = 16;
    private const int MaxTextLength = 64;

    private readonly List<int> keyslots = [];
    private readonly List<WantedCard> cards = [];
    private Field seen;
    private bool isOurs;
    private byte[] message = [];
    private byte[] publicKeys = [];
    private TokenFault fault;

    [Flags]
    private enum Field
    {
        None = 0,
        Type = 1,
        Keyslots = 2,
        Message = 4,
        PublicKeys = 8,
        Cards = 16,
    }

    /// <summary>Reads the object that stands next.</summary>
    public void Read(ref JsonReader reader)
    {
        if (reader.Next != JsonKind.Object)
        {
            reader.Skip();
            return;
        }

        reader.Enter();
        while (reader.NextField(out JsonString name))
        {
            Field field = FieldOf(name);
            Note((seen & field) != 0, TokenFault.DuplicateField);
            seen |= field;
            ReadValue(ref reader, field);
        }
    }

    /// <summary>The token, or what is wrong with it.</summary>
    public TokenFault Judge(out LuksToken? token)
    {
        token = null;
        if (!isOurs)
        {
            return TokenFault.OtherType;
        }

        Note((seen & Field.Message) == 0, TokenFault.NoMessage);
        Note(keyslots.Count == 0, TokenFault.NoKeyslot);
        if (fault == TokenFault.None)
        {
            token = new LuksToken(keyslots, message, publicKeys, cards);
        }

        return fault;
    }

    private static Field FieldOf(JsonString name) =>
        name.Is(LuksToken.TypeField) ? Field.Type
        : name.Is("keyslots"u8) ? Field.Keyslots
        : name.Is("message"u8) ? Field.Message
        : name.Is("public_keys"u8) ? Field.PublicKeys
        : name.Is("cards"u8) ? Field.Cards
        : Field.None;

    private void Note(bool isFault, TokenFault found)
    {
        if (isFault && fault == TokenFault.None)
        {
            fault = found;
        }
    }

    private void ReadValue(ref JsonReader reader, Field field)
    {
        switch (field)
        {
            case Field.Type when reader.Next == JsonKind.String:
                isOurs = reader.ReadString().Is(LuksToken.TypeValue);
                break;
            case Field.Message when reader.Next == JsonKind.String:
                message = Base64Of(reader.ReadString());
                break;
            case Field.PublicKeys when reader.Next == JsonKind.String:
                publicKeys = Base64Of(reader.ReadString());
                break;
            case Field.Keyslots when reader.Next == JsonKind.Array:
                ReadKeyslots(ref reader);
                break;
            case Field.Cards when reader.Next == JsonKind.Array:
                ReadCards(ref reader);
                break;
            default:
                Note(field != Field.None, TokenFault.WrongField);
                reader.Skip();
                break;
        }
    }

    private byte[] Base64Of(JsonString text)
    {
        byte[] decoded = new byte[text.MaxLength];
        int length = text.Decode(decoded);

        // The library's decoder passes white space over.
        bool hasSpace = decoded.AsSpan(0, length).ContainsAny(" \t\r\n"u8);
        OperationStatus status = Base64.DecodeFromUtf8InPlace(decoded.AsSpan(0, length), out int written);
        Note(hasSpace || status != OperationStatus.Done, TokenFault.WrongBase64);
        return decoded[..written];
    }

    private void ReadKeyslots(ref JsonReader reader)
    {
        reader.Enter();
        while (reader.NextElement())
        {
            if (reader.Next != JsonKind.String)
            {
                Note(true, TokenFault.WrongField);
                reader.Skip();
                continue;
            }

            bool isKeyslot = reader.ReadString().TryNumber(LuksToken.MaxCount, out int keyslot);
            Note(!isKeyslot || keyslots.Contains(keyslot), TokenFault.WrongField);
            if (fault == TokenFault.None)
            {
                keyslots.Add(keyslot);
            }
        }
    }

    private void ReadCards(ref JsonReader reader)
    {
        reader.Enter();
        while (reader.NextElement())
        {
            Note(reader.Next != JsonKind.Object || cards.Count == MaxCards, TokenFault.WrongField);
            if (fault == TokenFault.None)
            {
                ReadCard(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadCard(ref JsonReader reader)
    {
        string? name = null, serial = null;
        reader.Enter();
        while (reader.NextField(out JsonString field))
        {
            if (field.Is("name"u8))
            {
                ReadText(ref reader, ref name);
            }
            else if (field.Is("serial"u8))
            {
                ReadText(ref reader, ref serial);
            }
            else
            {
                reader.Skip();
            }
        }

        cards.Add(new WantedCard(name ?? "", serial ?? ""));
    }

    /// <summary>A header is anybody's to write: what is shown from it is short and of one line.</summary>
    private void ReadText(ref JsonReader reader, ref string? text)
    {
        Note(text is not null, TokenFault.DuplicateField);
        if (reader.Next != JsonKind.String)
        {
            Note(true, TokenFault.WrongField);
            reader.Skip();
            return;
        }

        JsonString read = reader.ReadString();
        Note(read.MaxLength > JsonString.LongestEscape * MaxTextLength, TokenFault.WrongField);
        if (fault == TokenFault.None)
        {
            Span<byte> utf8 = stackalloc byte[JsonString.LongestEscape * MaxTextLength];
            int length = read.Decode(utf8);
            text = Encoding.UTF8.GetString(utf8[..length]);
            Note(length > MaxTextLength || text.Any(char.IsControl), TokenFault.WrongField);
        }
    }
}
