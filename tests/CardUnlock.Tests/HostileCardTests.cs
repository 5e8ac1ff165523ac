// SPDX-License-Identifier: GPL-3.0-or-later
// A card that answers what it likes: every run ends soon with one of the named outcomes, and no PIN is sent twice.

using CardSimulator;

namespace CardUnlock.Tests;

public sealed class HostileCardTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const int NoiseRuns = 5000;
    private const int LieRuns = 1500;
    private const int MostCommands = 600;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 23))];

    private static readonly ushort[] Words =
    [
        0x9000, 0x9000, 0x9000, 0x6100, 0x6120, 0x6C00, 0x6C20, 0x63C2, 0x63C0, 0x6600,
        0x6700, 0x6884, 0x6982, 0x6983, 0x6A80, 0x6A88, 0x6F00, 0x0000,
    ];

    // Nothing of these answers is a card's: most runs find no card at all.
    [Fact]
    public void Noise_is_no_card()
    {
        EncryptedKey message = keys.Parsed(Plain, ["cv25519"]);
        for (int seed = 0; seed < NoiseRuns; seed++)
        {
            var random = new Random(seed);
            var transport = new HostileTransport((_, response) => Noise(random, response));
            Use(transport, message, random);
        }
    }

    // A real card whose answers are changed here and there: flipped bytes, cut ends, other status words.
    [Theory]
    [InlineData("rsa2048")]
    [InlineData("cv25519")]
    public void Card_that_lies_now_and_then_gives_a_named_outcome(string algorithm)
    {
        EncryptedKey message = keys.Parsed(Plain, [algorithm]);
        VirtualCard card = keys.Card(algorithm);
        card.SetResettingCode("87654321"u8);
        for (int seed = 0; seed < LieRuns; seed++)
        {
            var random = new Random(seed);
            card.PowerOff();
            card.UserTriesLeft = 3;
            var transport = new HostileTransport((command, response) => Lie(random, card.Transmit(command), response));
            Use(transport, message, random);
        }
    }

    private static void Use(HostileTransport transport, EncryptedKey message, Random random)
    {
        try
        {
            using CardSession? session = CardSession.Open(transport, random.Next(2) == 0, [message], askVerified: true);
            if (session is null)
            {
                return;
            }

            session.ReadHolder();
            Assert.All(session.Describe("reader").Holder, letter => Assert.False(char.IsControl(letter)));
            transport.Verifies = 0;
            UnlockResult result = random.Next(4) == 0
                ? session.Unblock(Pins.Make("87654321"), Pins.Make("123456"))
                : session.Unlock(Pins.Make("123456"));
            if (result is UnlockResult.Key key)
            {
                using SecretBuffer secret = key.Secret;
                Assert.Equal(Plain, secret.Span.ToArray());
            }
        }
        finally
        {
            Assert.InRange(transport.Verifies, 0, 1);
            Assert.InRange(transport.Resets, 0, 1);
            Assert.InRange(transport.Commands, 1, MostCommands);
        }
    }

    private static int Noise(Random random, Span<byte> response)
    {
        int length = random.Next(8) == 0 ? response.Length : random.Next(300);
        random.NextBytes(response[..length]);
        if (length >= 2)
        {
            Put(response[(length - 2)..], Words[random.Next(Words.Length)]);
        }

        return random.Next(50) == 0 ? response.Length + 1 : length;
    }

    private static int Lie(Random random, byte[] answer, Span<byte> response)
    {
        answer.CopyTo(response);
        int length = answer.Length;
        switch (random.Next(12))
        {
            case 0:
                response[random.Next(length)] = (byte)random.Next(256);
                break;
            case 1:
                length = random.Next(length + 1);
                break;
            case 2:
                Put(response[(length - 2)..], Words[random.Next(Words.Length)]);
                break;
            case 3:
                return Noise(random, response);
            default:
                break;
        }

        return length;
    }

    private static void Put(Span<byte> at, ushort word)
    {
        at[0] = (byte)(word >> 8);
        at[1] = (byte)word;
    }

    private delegate int Respond(ReadOnlySpan<byte> command, Span<byte> response);

    private sealed class HostileTransport(Respond respond) : ICardTransport
    {
        public int Commands { get; private set; }

        public int Verifies { get; set; }

        public int Resets { get; private set; }

        public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
        {
            Commands++;
            Verifies += command[1] == 0x20 && command.Length > 5 ? 1 : 0;
            Resets += command[1] == 0x2C ? 1 : 0;
            return respond(command, response);
        }
    }
}
