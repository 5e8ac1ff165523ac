// SPDX-License-Identifier: GPL-3.0-or-later
// The tries left that a person is shown are never more than the card has, whatever it answers.

using CardSimulator;

namespace CardUnlock.Tests;

public sealed class CounterTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte Verify = 0x20;
    private const byte ResetRetryCounter = 0x2C;
    private const byte GetData = 0xCA;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 7))];

    [Theory]
    [InlineData(0x6300)]
    [InlineData(0x6F00)]
    [InlineData(0x6985)]
    [InlineData(0x6581)]
    public void Counter_is_read_after_any_refusal_of_a_pin(int word)
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card, Verify, (ushort)word);
        Assert.Equal(new UnlockResult.CardError((ushort)word), session.Unlock(Pins.Make("999999")));
        Assert.Equal((2, 2), (card.UserTriesLeft, session.Describe("reader").TriesLeft));
    }

    [Theory]
    [InlineData(0x6300)]
    [InlineData(0x6F00)]
    public void Counter_is_read_after_any_refusal_of_a_resetting_code(int word)
    {
        VirtualCard card = Blocked();
        using CardSession session = Open(card, ResetRetryCounter, (ushort)word);
        Assert.Equal(3, session.Describe("reader").ResetTriesLeft);
        Assert.Equal(
            new UnlockResult.CardError((ushort)word), session.Unblock(Pins.Make("wrong-code"), Pins.Make("654321")));
        Assert.Equal(2, session.Describe("reader").ResetTriesLeft);
    }

    [Fact]
    public void Counter_that_cannot_be_read_is_taken_for_one_less()
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card, Verify, 0x6982);
        card.Faults.FailInstruction(GetData, 0x6F00);
        Assert.Equal(new UnlockResult.WrongPin(2), session.Unlock(Pins.Make("999999")));

        VirtualCard blocked = Blocked();
        using CardSession code = Open(blocked, ResetRetryCounter, 0x6982);
        blocked.Faults.FailInstruction(GetData, 0x6F00);
        Assert.Equal(new UnlockResult.WrongResetCode(2), code.Unblock(Pins.Make("wrong-code"), Pins.Make("654321")));
        Assert.Equal((0, 2), (code.Describe("reader").TriesLeft, code.Describe("reader").ResetTriesLeft));
    }

    private VirtualCard Blocked()
    {
        VirtualCard card = keys.Card("cv25519");
        card.SetResettingCode("12345678"u8.ToArray());
        card.UserTriesLeft = 0;
        return card;
    }

    private CardSession Open(VirtualCard card, byte instruction, ushort word) => CardSession.Open(
        new OddWord(new CardTransport(card), instruction, word), false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true)!;

    /// <summary>A card that refuses one command in words of its own.</summary>
    private sealed class OddWord(ICardTransport card, byte instruction, ushort word) : ICardTransport
    {
        public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
        {
            const int HeaderLength = 5;
            int length = card.Transmit(command, response);
            if (command[1] == instruction && command.Length > HeaderLength && response[length - 2] != 0x90)
            {
                response[length - 2] = (byte)(word >> 8);
                response[length - 1] = (byte)word;
            }

            return length;
        }
    }
}
