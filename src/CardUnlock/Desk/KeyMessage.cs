// SPDX-License-Identifier: GPL-3.0-or-later
// A volume's key on its way into a token of its header (docs/luks2-token.md) or a key file.

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CardUnlock;

/// <summary>Writes OpenPGP messages that `gpg --decrypt` reads, and the tokens that carry them.</summary>
public static class KeyMessage
{
    private const int MaxCards = 16;
    private const int MaxTextLength = 64;

    /// <summary>The longest content in bytes.</summary>
    public const int MaxLength = Plaintext.MaxKeyLength;

    /// <summary>
    /// Encrypts <paramref name="key"/> with AES-256 and MDC (RFC 9580 section 5.13.1) to every recipient, session key from getrandom(2).
    /// </summary>
    /// <param name="key">1 to 8192 bytes; borrowed.</param>
    /// <param name="recipients">At least one; one that is there twice is written once.</param>
    public static byte[] Encrypt(SecretBuffer key, IReadOnlyList<Recipient> recipients)
    {
        ArgumentOutOfRangeException.ThrowIfZero(recipients.Count);
        using var writer = new KeyMessageWriter(key);
        byte[] message = [];
        foreach (Recipient recipient in recipients)
        {
            message = writer.Add(recipient);
        }

        return message;
    }

    /// <summary>A token as docs/luks2-token.md has it.</summary>
    /// <param name="keyslots">At least one, 0 to 31.</param>
    /// <param name="message">What <see cref="Encrypt"/> gave.</param>
    /// <param name="recipients">Whose public keys and names go with it.</param>
    /// <returns>One JSON object in UTF-8 without white space.</returns>
    public static byte[] ToToken(IReadOnlyList<int> keyslots, byte[] message, IReadOnlyList<Recipient> recipients)
    {
        ArgumentOutOfRangeException.ThrowIfZero(keyslots.Count);
        var json = new ArrayBufferWriter<byte>();

        // What a browser would want escaped is no danger here, and the plus sign of Base64 stays short and readable.
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString(LuksToken.TypeField, LuksToken.TypeValue);
            writer.WriteStartArray("keyslots"u8);
            foreach (int keyslot in keyslots)
            {
                writer.WriteStringValue(keyslot.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            writer.WriteEndArray();
            writer.WriteString("message"u8, Convert.ToBase64String(message));
            writer.WriteString("public_keys"u8, Convert.ToBase64String(PublicKeys(recipients)));
            WriteCards(writer, recipients);
            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }

    /// <summary>What stands in a token's public_keys, or beside a key file in a file of its name and `.pub`.</summary>
    public static byte[] PublicKeys(IReadOnlyList<Recipient> recipients) =>
        [.. recipients.SelectMany(static recipient => recipient.PublicKeys)];

    /// <summary>Fresh bytes from getrandom(2).</summary>
    public static SecretBuffer RandomKey(int length)
    {
        SecretBuffer key = SecretBuffer.Allocate(length);
        RandomBytes.Fill(key.Resize(length));
        return key;
    }

    private static void WriteCards(Utf8JsonWriter writer, IReadOnlyList<Recipient> recipients)
    {
        Recipient[] named = [.. recipients.Where(static recipient => recipient.Name.Length + recipient.Serial.Length > 0).Take(MaxCards)];
        if (named.Length == 0)
        {
            return;
        }

        writer.WriteStartArray("cards"u8);
        foreach (Recipient recipient in named)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, Shortened(recipient.Name));
            writer.WriteString("serial"u8, Shortened(recipient.Serial));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // As many whole characters as a reader of tokens takes.
    private static string Shortened(string text)
    {
        var kept = new StringBuilder();
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes().Where(static rune => !Rune.IsControl(rune)))
        {
            length += rune.Utf8SequenceLength;
            if (length > MaxTextLength)
            {
                break;
            }

            kept.Append(rune);
        }

        return kept.ToString();
    }
}
