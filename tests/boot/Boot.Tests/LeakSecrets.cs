// SPDX-License-Identifier: GPL-3.0-or-later
//
// The secrets of one boot, which the tests know beforehand: what a person types, what the card answers and what comes of it.

using System.Text;
using CardSimulator;
using CardUnlock;
using EmulatedPhone;

namespace Boot.Tests;

/// <summary>What a boot must not leave behind.</summary>
internal sealed class LeakSecrets
{
    /// <summary>A PIN and a passphrase that no memory holds by chance.</summary>
    public const string Pin = "739154826017", Passphrase = "heron6violet4anvil8";

    private LeakSecrets(KeySet keys, VirtualCard card)
    {
        (byte[] answer, byte[] sessionKey) = AskCard(keys, card);
        OfSession =
        [
            new Secret("session key", sessionKey),
            new Secret("session key's AES schedule", AesSchedule.FirstDerived(sessionKey)),
            .. answer.AsSpan().IndexOf(sessionKey) < 0 ? (Secret[])[new Secret("card's answer", answer)] : [],
        ];
        All = [PinDigits, PassphraseLetters, LuksKey(keys), .. OfSession];
    }

    public static Secret PinDigits { get; } = Secret.OfText("PIN", Pin);

    public static Secret PassphraseLetters { get; } = Secret.OfText("passphrase", Passphrase);

    /// <summary>All of them.</summary>
    public IReadOnlyList<Secret> All { get; }

    /// <summary>What opens the message: the session key, and what says as much.</summary>
    public IReadOnlyList<Secret> OfSession { get; }

    /// <summary>Gives the card that PIN, and learns from it what it will answer in the boot; it is off afterwards and has nothing in its log.</summary>
    public static LeakSecrets Of(KeySet keys, VirtualCard card) => new(keys, card);

    public static Secret LuksKey(KeySet keys) => new("LUKS key", keys.LuksKey);

    private static (byte[] Answer, byte[] SessionKey) AskCard(KeySet keys, VirtualCard card)
    {
        card.SetUserPin(Encoding.ASCII.GetBytes(Pin));
        Assert.Equal(MessageFault.None, EncryptedKey.Parse(keys.KeyFile, out EncryptedKey? message));
        using var application = new OpenPgpCard(new DirectTransport(card), characterProtocol: true, extendedLength: false);
        CardUnlock.StatusWord selected = application.Select();
        Assert.True(selected.IsOk || selected.HasMore);
        CardData data = application.ReadCardData()!;
        using SecretBuffer pin = SecretBuffer.Allocate(Pin.Length);
        pin.TryAppend(Encoding.ASCII.GetBytes(Pin));
        Assert.True(application.Verify(pin).IsOk);
        SessionKeyPacket packet = message!.CandidatesFor(data).First();
        byte[] answer = application.Decipher(packet.Cryptogram(data)).Data.ToArray();
        packet.SessionKey(data, answer, out SecretBuffer? sessionKey);
        using (sessionKey)
        {
            card.PowerOff();
            card.ClearLog();
            return (answer, sessionKey!.Span[1..].ToArray());
        }
    }

    /// <summary>The card without a reader.</summary>
    private sealed class DirectTransport(VirtualCard card) : ICardTransport
    {
        public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
        {
            byte[] answer = card.Transmit(command);
            answer.CopyTo(response);
            return answer.Length;
        }
    }
}

/// <summary>The key expansion of AES (FIPS 197 section 5.2), as far as a memory is searched for it.</summary>
internal static class AesSchedule
{
    private const int Word = 4;

    /// <summary>The expanded key behind the key itself, as many bytes as that has: the same in every common implementation's memory.</summary>
    /// <param name="key">16, 24 or 32 bytes.</param>
    public static byte[] FirstDerived(ReadOnlySpan<byte> key)
    {
        byte[] schedule = [.. key, .. key];
        for (int at = key.Length; at < schedule.Length; at += Word)
        {
            byte[] word = [schedule[at - 4], schedule[at - 3], schedule[at - 2], schedule[at - 1]];
            int place = at - key.Length;
            if (place == 0)
            {
                word = [(byte)(Substitute(word[1]) ^ 1), Substitute(word[2]), Substitute(word[3]), Substitute(word[0])];
            }
            else if (key.Length == 32 && place == 16)
            {
                word = [Substitute(word[0]), Substitute(word[1]), Substitute(word[2]), Substitute(word[3])];
            }

            for (int i = 0; i < Word; i++)
            {
                schedule[at + i] = (byte)(schedule[place + i] ^ word[i]);
            }
        }

        return schedule[key.Length..];
    }

    // The inverse in GF(2^8), then the affine map (section 5.1.1).
    private static byte Substitute(byte value)
    {
        byte inverse = 1;
        for (int i = 0; i < 254; i++)
        {
            inverse = Multiply(inverse, value);
        }

        int result = 0x63;
        for (int shift = 0; shift < 5; shift++)
        {
            result ^= byte.RotateLeft(inverse, shift);
        }

        return (byte)result;
    }

    private static byte Multiply(byte a, byte b)
    {
        int product = 0, factor = a;
        for (int bit = 0; bit < 8; bit++)
        {
            product ^= (b >> bit & 1) * factor;
            factor = (factor << 1) ^ ((factor >> 7) * 0x11B);
        }

        return (byte)product;
    }
}
