// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a key file's message (RFC 9580 section 10.3): a session key packet for each recipient, then integrity protected data of
// version 1 (section 5.13.1): in CFB a random block of 16, its last 2 bytes again, a literal packet, D3 14, SHA-1 20.

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Org.BouncyCastle.Crypto.Digests;

namespace CardUnlock;

/// <summary>Writes OpenPGP messages that `gpg --decrypt` reads, and the tokens that carry them.</summary>
public static class KeyMessage
{
    private const byte Aes256 = 9;
    private const int KeyLength = 32;
    private const int BlockLength = 16;
    private const int HashLength = 20;
    private const int LiteralHead = 6;
    private const int MaxHeader = 6;
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
        ArgumentOutOfRangeException.ThrowIfZero(key.Length, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, MaxLength, nameof(key));
        using SecretBuffer sessionKey = SecretBuffer.Allocate(1 + KeyLength);
        Span<byte> bytes = sessionKey.Resize(1 + KeyLength);
        bytes[0] = Aes256;
        RandomBytes.Fill(bytes[1..]);
        List<byte> message = [];
        foreach (Recipient recipient in recipients.DistinctBy(static recipient => Convert.ToHexString(recipient.Fingerprint)))
        {
            message.AddRange(SessionKeyWriter.Write(recipient.Key, bytes));
        }

        message.AddRange(PacketWriter.Packet(PacketTag.IntegrityProtected, [1, .. Protect(key.Span, bytes[1..])]));
        return [.. message];
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

    private static byte[] Protect(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sessionKey)
    {
        using SecretBuffer plain = SecretBuffer.Allocate(BlockLength + 2 + MaxHeader + LiteralHead + key.Length + 2 + HashLength);
        Span<byte> prefix = plain.Resize(BlockLength + 2);
        RandomBytes.Fill(prefix[..BlockLength]);
        prefix[(BlockLength - 2)..BlockLength].CopyTo(prefix[BlockLength..]);

        // Binary, no file name, no date.
        Span<byte> header = stackalloc byte[MaxHeader];
        plain.TryAppend(header[..PacketWriter.WriteHeader(header, PacketTag.Literal, LiteralHead + key.Length)]);
        plain.TryAppend([(byte)'b', 0, 0, 0, 0, 0]);
        plain.TryAppend(key);
        plain.TryAppend([0xD3, HashLength]);
        var sha1 = new Sha1Digest();
        sha1.BlockUpdate(plain.Span);
        sha1.DoFinal(plain.Resize(plain.Length + HashLength)[^HashLength..]);
        using BlockCipher cipher = new Aes(sessionKey);
        var ciphertext = new byte[plain.Length];
        Cfb.Encrypt(cipher, plain.Span, ciphertext);
        return ciphertext;
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
