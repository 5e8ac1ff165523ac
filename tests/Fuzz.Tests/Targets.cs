// SPDX-License-Identifier: GPL-3.0-or-later
// Every reader of bytes that a stranger may have written: key files, what is inside them, certificates, card answers, tokens.

using System.Text;
using CardUnlock;

namespace Fuzz.Tests;

internal static class Targets
{
    // The session key of the message that the corpus starts with (tests/data/transcripts/pico-cv25519).
    private static readonly byte[] SessionKey = Recordings.SessionKey("pico-cv25519");

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("message", Message),
        new("plaintext", Packets),
        new("inflate", static input => Decompress(input, Inflate.TryInflate)),
        new("bzip2", static input => Decompress(input, Bzip2.TryDecompress)),
        new("public-key", PublicKeys),
        new("tlv", Objects),
        new("card", CardAnswers.Feed, CardAnswers.Words),
        new("token", Token, Json),
        new("metadata", Metadata, Json),
        new("certificate", Certificates),
    ];

    private static byte[][] Json =>
    [
        .. ((string[])["{", "}", "[", "]", ",", ":", "\"", "\\u0000", "\\ud83d\\ude00", "\\ud800", "\\", "-0", "1e999",
            "0.1", "null", "true",
            "\"type\":\"unlock-agent-openpgp\"", "\"keyslots\":[\"0\"]", "\"tokens\":{\"0\":{", "\"message\":\"",
            "\"cards\":[{", "[[[[[[[[", "{\"a\":{\"a\":{\"a\":"])
            .Select(Encoding.UTF8.GetBytes),
    ];

    private static int Message(ReadOnlySpan<byte> input)
    {
        MessageFault fault = EncryptedKey.Parse(input, out EncryptedKey? message);
        Require(fault == MessageFault.None == message is not null);
        if (message is null)
        {
            return (int)fault;
        }

        Opening opening = message.Decrypt(SessionKey, out SecretBuffer? key);
        using (key)
        {
            Require(opening == Opening.Opened == key is not null);
            return 256 + message.RecipientKeyIds.Count + (1024 * (int)opening) + (key is null ? 0 : 8192 + key.Length);
        }
    }

    private static int Packets(ReadOnlySpan<byte> input)
    {
        Opening opening = Plaintext.Extract(input, out SecretBuffer? key);
        using (key)
        {
            Require(opening == Opening.Opened == key is { Length: > 0 and <= Plaintext.MaxKeyLength });
            return key?.Length ?? -(int)opening;
        }
    }

    private static int Decompress(ReadOnlySpan<byte> input, Decompressor decompressor)
    {
        const int capacity = 4096;
        using SecretBuffer to = SecretBuffer.Allocate(capacity);
        bool isWhole = decompressor(input, to);
        Require(isWhole || to.Length == 0);
        return isWhole ? to.Length : -1;
    }

    private static int PublicKeys(ReadOnlySpan<byte> input)
    {
        MessageFault fault = PublicKeyFile.Parse(input, out IReadOnlyList<RecipientKey> keys);
        Require(fault == MessageFault.None || keys.Count == 0);
        int outcome = (int)fault;
        foreach (RecipientKey key in keys)
        {
            outcome = HashCode.Combine(outcome, key.Version, key.CurveOid.Length, key.Point.Length, key.Name.Length);
        }

        return outcome;
    }

    // Within the time of those kept certificates that expire.
    private static int Certificates(ReadOnlySpan<byte> input)
    {
        Recipient? recipient = Recipient.Read(input, new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), out RecipientFault fault);
        Require(fault == RecipientFault.None == recipient is not null);
        Require(recipient is null || (recipient.Algorithm.Length > 0 && recipient.PublicKeys.Length > recipient.Fingerprint.Length));
        List<Recipient> keys = KeyList.Read(input);
        return HashCode.Combine((int)fault, recipient?.Algorithm.Length, recipient?.Name.Length, keys.Count);
    }

    private static int Objects(ReadOnlySpan<byte> input)
    {
        int count = 0;
        int sum = 0;
        ReadOnlySpan<byte> rest = input;
        while (Tlv.TryRead(ref rest, out int tag, out ReadOnlySpan<byte> value))
        {
            count++;
            sum += value.Length + Tlv.HeaderLength(tag, value.Length);
            Require(Tlv.TryFind(input, tag, out ReadOnlySpan<byte> first) && (count > 1 || first.SequenceEqual(value)));
        }

        Require(sum <= input.Length);
        return Math.Min(count, 64) + (rest.IsEmpty ? 64 : 0);
    }

    private static int Token(ReadOnlySpan<byte> input)
    {
        TokenFault fault = LuksToken.Parse(input, out LuksToken? token);
        Require(fault == TokenFault.None == token is not null);
        if (token is null)
        {
            return (int)fault;
        }

        Require(token.Keyslots.Count > 0 && token.Keyslots.All(static slot => slot is >= 0 and < LuksToken.MaxCount));
        return 256 + (token.Keyslots.Count << 8) + (token.Cards.Count << 16) + (token.PublicKeys.Length > 0 ? 1 : 0);
    }

    private static int Metadata(ReadOnlySpan<byte> input)
    {
        bool isWhole = LuksMetadata.TryFindTokens(input, out IReadOnlyList<int> tokens);
        Require(isWhole || tokens.Count == 0);
        return isWhole ? tokens.Aggregate(1, static (all, token) => HashCode.Combine(all, token)) : 0;
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("What must hold for every input does not hold for this one.");
        }
    }

    private delegate bool Decompressor(ReadOnlySpan<byte> from, SecretBuffer to);
}
