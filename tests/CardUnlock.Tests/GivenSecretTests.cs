// SPDX-License-Identifier: GPL-3.0-or-later
// While a card checks a PIN or a code, for as long as that takes it, the command alone holds it: what a person typed is wiped by then.

using System.Security.Cryptography;
using System.Text;
using CardSimulator;

namespace CardUnlock.Tests;

public sealed class GivenSecretTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte VerifyInstruction = 0x20, ResetInstruction = 0x2C;
    private const string Pin = "123456", NewPin = "new pin", Code = "87654321";
    private static readonly byte[] Salt = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 23))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pin_is_in_the_command_alone_while_the_card_checks_it(bool hashing)
    {
        using SecretBuffer pin = Pins.Make(Pin);
        List<(byte[] Command, int Left)> seen = [];
        using CardSession session = Open(Card(hashing), command => seen.Add((command, pin.Length)));
        AssertKey(session.Unlock(pin));
        (byte[] verify, int left) = Assert.Single(seen, sent => Carries(sent.Command, VerifyInstruction));
        Assert.Equal(hashing ? Hash(Pin) : Encoding.ASCII.GetBytes(Pin), Data(verify));
        Assert.Equal(0, left);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reset_code_is_in_the_command_alone_and_the_new_pin_where_it_is_needed_once_more(bool hashing)
    {
        VirtualCard card = Card(hashing);
        card.SetResettingCode(hashing ? Hash(Code) : Encoding.ASCII.GetBytes(Code));
        card.UserTriesLeft = 0;
        using SecretBuffer code = Pins.Make(Code);
        using SecretBuffer pin = Pins.Make(NewPin);
        List<(byte[] Command, int Code, int Pin)> seen = [];
        using CardSession session = Open(card, command => seen.Add((command, code.Length, pin.Length)));
        AssertKey(session.Unblock(code, pin));
        (_, int codeLeft, int pinLeft) = Assert.Single(seen, sent => Carries(sent.Command, ResetInstruction));
        Assert.Equal((0, hashing ? 0 : NewPin.Length), (codeLeft, pinLeft));
        (_, codeLeft, pinLeft) = Assert.Single(seen, sent => Carries(sent.Command, VerifyInstruction));
        Assert.Equal((0, 0), (codeLeft, pinLeft));
    }

    private static bool Carries(byte[] command, byte instruction) => command[1] == instruction && command.Length > 5;

    private static byte[] Data(byte[] command) => command[5..(5 + command[4])];

    private VirtualCard Card(bool hashing)
    {
        VirtualCard card = keys.Card("cv25519");
        if (hashing)
        {
            card.Put(
                0xF9,
                [0x81, 1, 3, 0x82, 1, 8, 0x83, 4, 0, 0, 0x10, 0, 0x84, 8, .. Salt, 0x87, 32, .. Hash(Pin), 0x88, 32, .. Hash("12345678")]);
        }

        return card;
    }

    private static byte[] Hash(string pin)
    {
        byte[] round = [.. Salt, .. Encoding.ASCII.GetBytes(pin)];
        return SHA256.HashData([.. Enumerable.Range(0, 0x1000).Select(i => round[i % round.Length])]);
    }

    private CardSession Open(VirtualCard card, Action<byte[]> sent) =>
        CardSession.Open(new WatchedTransport(new CardTransport(card), sent), false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true)!;

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }

    private sealed class WatchedTransport(ICardTransport card, Action<byte[]> sent) : ICardTransport
    {
        public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
        {
            sent([.. command]);
            return card.Transmit(command, response);
        }
    }
}
