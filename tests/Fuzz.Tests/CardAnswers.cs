// SPDX-License-Identifier: GPL-3.0-or-later
// A card that answers what the input says. Input: mode 1 byte (bit 0: T=0; bit 1: unblock), then answers, each: INS 1, P1 1,
// P2 1, length 2, data and status word. An answer serves the first command that has its header; a header without one gets
// 6A88. VERIFY without data counts as P1 80.

using System.Buffers.Binary;
using CardUnlock;

namespace Fuzz.Tests;

/// <summary>One whole unlock with such a card: at most one VERIFY goes out, whatever is answered.</summary>
internal static class CardAnswers
{
    private const byte Verify = 0x20;
    private const byte ResetRetryCounter = 0x2C;

    private static readonly EncryptedKey[] Messages = [Load("pico-cv25519"), Load("pico-rsa2048"), Load("pico-nistp521")];

    public static IReadOnlyList<byte[]> Words { get; } =
    [
        [0x90, 0x00], [0x61, 0x00], [0x61, 0x10], [0x6C, 0x00], [0x6C, 0xFF], [0x69, 0x82], [0x69, 0x83], [0x63, 0xC0],
        [0x63, 0xC3], [0x67, 0x00],
        [0x68, 0x81], [0x68, 0x84], [0x6A, 0x88], [0xC0, 0x00, 0x00, 0x00, 0x04, 0x01, 0x02, 0x90, 0x00],
        [0x20, 0x00, 0x82, 0x00, 0x02, 0x90, 0x00],
        [0xCA, 0x00, 0xF9, 0x00, 0x02, 0x90, 0x00],
        [0x81, 0x01, 0x03, 0x82, 0x01, 0x08, 0x83, 0x04, 0, 0, 0x10, 0, 0x84, 0x08, 1, 2, 3, 4, 5, 6, 7, 8],
        [0xD7, 0x02, 0x01, 0x20], [0xC2, 0x06, 0x01, 0x08, 0x00, 0x00, 0x20, 0x00], [0x7F, 0x49, 0x82, 0xFF, 0xFF],
        [0x7F, 0x66, 0x08, 0x02, 0x02, 0x00, 0x01],
        [0x2C, 0x00, 0x81, 0x00, 0x02, 0x90, 0x00], [0xC4, 0x07, 0x00, 0x7F, 0x7F, 0x7F, 0x03, 0x03, 0x03],
    ];

    public static int Feed(ReadOnlySpan<byte> input)
    {
        var card = new Card(input);
        byte mode = input.IsEmpty ? (byte)0 : input[0];
        using CardSession? session = CardSession.Open(card, (mode & 1) != 0, Messages, askVerified: true);
        if (session is null)
        {
            return card.Commands;
        }

        session.ReadHolder();
        CardInfo info = session.Describe("reader");
        UnlockResult result = (mode & 2) != 0
            ? session.Unblock(Secret("87654321"u8), Secret("123456"u8))
            : session.Unlock(Secret("123456"u8));
        if (card.Verifies > 1 || card.Resets > 1)
        {
            throw new InvalidOperationException("A PIN or a code went out twice.");
        }

        int length = 0;
        if (result is UnlockResult.Key key)
        {
            length = key.Secret.Length;
            key.Secret.Dispose();
        }

        return HashCode.Combine(
            result.GetType().Name.Length, card.Commands, card.Verifies, info.NeedsTouch, info.AlreadyVerified, length);
    }

    private static SecretBuffer Secret(ReadOnlySpan<byte> bytes)
    {
        SecretBuffer secret = SecretBuffer.Allocate(bytes.Length);
        secret.TryAppend(bytes);
        return secret;
    }

    private static EncryptedKey Load(string recording)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Recordings.Root, recording, "msg.gpg"));
        return EncryptedKey.Parse(file, out EncryptedKey? message) == MessageFault.None
            ? message!
            : throw new InvalidOperationException("A recording's message does not parse.");
    }

    private sealed class Card : ICardTransport
    {
        private const int MaxCommands = 512;
        private readonly List<(int Header, byte[] Answer)> answers = [];

        public Card(ReadOnlySpan<byte> input)
        {
            ReadOnlySpan<byte> rest = input.IsEmpty ? input : input[1..];
            while (rest.Length >= 5)
            {
                int header = (rest[0] << 16) | (rest[1] << 8) | rest[2];
                int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(rest[3..]), rest.Length - 5);
                byte[] answer = rest.Slice(5, length).ToArray();
                BoundCount(answer);
                answers.Add((header, answer));
                rest = rest[(5 + length)..];
            }
        }

        public int Commands { get; private set; }

        public int Verifies { get; private set; }

        public int Resets { get; private set; }

        public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
        {
            // Each answer may take 32 parts: more commands than that are a loop without an end.
            if (++Commands > MaxCommands)
            {
                throw new InvalidOperationException("The card is asked for ever.");
            }

            bool asks = command[1] == Verify && command.Length == 4;
            Verifies += command[1] == Verify && !asks ? 1 : 0;
            Resets += command[1] == ResetRetryCounter ? 1 : 0;
            int header = (command[1] << 16) | ((asks ? 0x80 : command[2]) << 8) | command[3];
            int at = answers.FindIndex(known => known.Header == header);
            byte[] answer = at < 0 ? [0x6A, 0x88] : answers[at].Answer;
            if (at >= 0)
            {
                answers.RemoveAt(at);
            }

            int length = Math.Min(answer.Length, response.Length);
            answer.AsSpan(0, length).CopyTo(response);
            return length;
        }

        private static ReadOnlySpan<byte> CountTag => [0x83, 0x04];

        // The specification lets a card ask for a PIN hash over 65 MB: a second's work that is no fault. 64 KiB here.
        private static void BoundCount(Span<byte> answer)
        {
            for (int at = answer.IndexOf(CountTag); at >= 0 && at + 4 <= answer.Length; at = answer.IndexOf(CountTag))
            {
                answer[at + 2] = 0;
                answer[at + 3] = 0;
                answer = answer[(at + 4)..];
            }
        }
    }
}
