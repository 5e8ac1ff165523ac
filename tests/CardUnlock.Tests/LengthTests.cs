// SPDX-License-Identifier: GPL-3.0-or-later
// Short, chained and extended commands: what a card announces, what it takes, and what its reader can carry.

using CardSimulator;
using CardUnlock.Native;

namespace CardUnlock.Tests;

public sealed class LengthTests(GpgKeys keys) : IClassFixture<GpgKeys>
{
    private const byte GetDataInstruction = 0xCA;
    private const byte VerifyInstruction = 0x20;
    private const byte ResetInstruction = 0x2C;
    private const byte DecipherInstruction = 0x2A;
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 13))];

    public static MatrixTheoryData<ushort, bool> Lies => new([0x6700, 0x6881, 0x6883, 0x6884], [true, false]);

    [Theory]
    [MemberData(nameof(Lies))]
    public void Card_that_refuses_the_form_it_announced_gets_the_other_once(ushort status, bool announcesExtended)
    {
        var options = new CardOptions { ExtendedLength = announcesExtended, LiesAboutLengths = true, RefusedForm = status };
        VirtualCard card = keys.Card("rsa2048", options);
        using CardSession session = Open(card, "rsa2048");
        card.ClearLog();
        AssertKey(session.Unlock(Pins.Make("123456")));
        Assert.Equal(1, card.VerifyCount);
        Assert.Equal(announcesExtended ? 3 : 2, card.Log.Count(entry => entry.Ins == DecipherInstruction));
    }

    [Theory]
    [InlineData(0x6700)]
    [InlineData(0x6881)]
    [InlineData(0x6883)]
    [InlineData(0x6884)]
    public void Card_that_refuses_both_forms_is_asked_twice_and_no_more(int status)
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card, "cv25519");
        card.ClearLog();
        card.Faults.FailInstruction(DecipherInstruction, (ushort)status, times: 9);
        Assert.Equal(new UnlockResult.CardError((ushort)status), session.Unlock(Pins.Make("123456")));
        Assert.Equal(2, card.Log.Count(entry => entry.Ins == DecipherInstruction));
        Assert.Equal(1, card.VerifyCount);
    }

    [Theory]
    [InlineData(0x6700)]
    [InlineData(0x6881)]
    [InlineData(0x6883)]
    [InlineData(0x6884)]
    public void Verify_and_reset_are_never_said_again_in_another_form(int status)
    {
        VirtualCard card = keys.Card("cv25519");
        card.SetResettingCode("87654321"u8);
        using CardSession session = Open(card, "cv25519");
        card.ClearLog();
        card.Faults.FailInstruction(VerifyInstruction, (ushort)status);
        Assert.IsNotType<UnlockResult.Key>(session.Unlock(Pins.Make("123456")));
        card.Faults.FailInstruction(ResetInstruction, (ushort)status);
        Assert.IsNotType<UnlockResult.Key>(session.Unblock(Pins.Make("87654321"), Pins.Make("654321")));
        Assert.Single(card.Log, entry => entry.Ins == VerifyInstruction);
        Assert.Single(card.Log, entry => entry.Ins == ResetInstruction);
    }

    [Fact]
    public void Answer_to_reset_that_lies_costs_one_more_question()
    {
        VirtualCard card = keys.Card("cv25519", new CardOptions { ExtendedLength = false });
        VirtualCard other = keys.Card("cv25519");
        using CardSession session = CardSession.Open(
            new CardTransport(card), false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true, [.. other.Atr])!;
        IEnumerable<LoggedCommand> asked = card.Log.Where(entry => entry is { Ins: GetDataInstruction, P2: 0x6E });
        Assert.Equal([0x6700, 0x9000], asked.Select(entry => (int)entry.Status));
        AssertKey(session.Unlock(Pins.Make("123456")));
    }

    [Fact]
    public void Command_longer_than_the_card_takes_is_chained()
    {
        VirtualCard card = keys.Card("rsa2048", new CardOptions { MaxCommandLength = 265 });
        using CardSession session = Open(card, "rsa2048");
        card.ClearLog();
        AssertKey(session.Unlock(Pins.Make("123456")));
        Assert.Equal([0x10, 0x00], card.Log.Where(entry => entry.Ins == DecipherInstruction).Select(entry => (int)entry.Cla));
    }

    [Fact]
    public void Command_as_long_as_the_card_takes_is_sent_whole()
    {
        VirtualCard card = keys.Card("rsa2048", new CardOptions { MaxCommandLength = 266 });
        using CardSession session = Open(card, "rsa2048");
        card.ClearLog();
        AssertKey(session.Unlock(Pins.Make("123456")));
        Assert.Equal(257, Assert.Single(card.Log, entry => entry.Ins == DecipherInstruction).DataLength);
    }

    [Theory]
    [InlineData(PcscLite.SCARD_E_NOT_TRANSACTED)]
    [InlineData(PcscLite.SCARD_F_COMM_ERROR)]
    [InlineData(0x80100008)] // SCARD_E_INSUFFICIENT_BUFFER
    public void Reader_that_cannot_carry_extended_commands_gets_short_ones(uint code)
    {
        VirtualCard card = keys.Card("rsa2048");
        var transport = new FailingTransport(
            new CardTransport(card), code, IsExtended);
        using CardSession session = CardSession.Open(
            transport, false, [keys.Parsed(Plain, ["rsa2048"])], askVerified: true, [.. card.Atr])!;
        AssertKey(session.Unlock(Pins.Make("123456")));
        Assert.Equal(1, transport.Failures);
        Assert.Equal(1, card.VerifyCount);
    }

    [Fact]
    public void First_answer_stands_where_the_reader_cannot_carry_the_second_form()
    {
        VirtualCard card = keys.Card("cv25519", new CardOptions { ExtendedLength = false });
        var transport = new FailingTransport(new CardTransport(card), PcscLite.SCARD_F_COMM_ERROR, IsExtended);
        using CardSession session = CardSession.Open(transport, false, [keys.Parsed(Plain, ["cv25519"])], askVerified: true)!;
        card.Faults.FailInstruction(DecipherInstruction, 0x6700);
        Assert.Equal(new UnlockResult.CardError(0x6700), session.Unlock(Pins.Make("123456")));
        Assert.Equal(1, transport.Failures);
        AssertKey(session.Unlock(Pins.Make("123456")));
    }

    [Theory]
    [InlineData("rsa2048")]
    [InlineData("cv25519")]
    public void Character_protocol_has_no_extended_command_whatever_the_card_says(string algorithm)
    {
        VirtualCard card = keys.Card(algorithm);
        var transport = new FailingTransport(
            new CardTransport(card), PcscLite.SCARD_E_NOT_TRANSACTED, IsExtended);
        using CardSession session = CardSession.Open(
            transport, true, [keys.Parsed(Plain, [algorithm])], askVerified: true, [.. card.Atr])!;
        AssertKey(session.Unlock(Pins.Make("123456")));
        Assert.Equal(0, transport.Failures);
    }

    // 61xx without end, and 6Cxx as often as it is asked: bounded, and an error.
    [Theory]
    [InlineData(0x6100, 40)]
    [InlineData(0x6110, 40)]
    [InlineData(0x6C10, 3)]
    public void Endless_promises_end(int status, int most)
    {
        VirtualCard card = keys.Card("cv25519");
        using CardSession session = Open(card, "cv25519");
        var endless = new EndlessTransport(new CardTransport(card), (ushort)status);
        using CardSession? other = CardSession.Open(endless, false, [keys.Parsed(Plain, ["cv25519"])], askVerified: false);
        Assert.NotNull(other);
        endless.Begin();
        Assert.IsType<UnlockResult.CardError>(other.Unlock(Pins.Make("123456")));
        Assert.InRange(endless.Asked, 1, most);
    }

    [Theory]
    [InlineData("3BDA18FF81B1FE751F030031F573C001C005900019", true)]
    [InlineData("3BDA11FF81B1FE551F030031847380018000900 0E4", false)]
    [InlineData("3BFD1300008131FE158073C021C057597562694B657940", true)]
    [InlineData("3BF711000081 31FE6543616E6F6B657999", false)]
    [InlineData("3BF81300008131FE155975626973C001C034D4", false)]
    [InlineData("3B00", false)]
    [InlineData("3B", false)]
    [InlineData("", false)]
    [InlineData("3BFFFFFFFFFFFFFFFF", false)]
    [InlineData("3B0A0031F573C001C0059000", true)]
    public void Answer_to_reset_tells_of_extended_length(string atr, bool expected) =>
        Assert.Equal(expected, CardData.HasExtendedLength(CardData.HistoricalBytes(
            Convert.FromHexString(atr.Replace(" ", "", StringComparison.Ordinal)))));

    private static bool IsExtended(byte[] command) => CardSimulator.CommandApdu.Parse(command)!.Extended;

    private CardSession Open(VirtualCard card, string algorithm) =>
        CardSession.Open(new CardTransport(card), false, [keys.Parsed(Plain, [algorithm])], askVerified: true)!;

    private static void AssertKey(UnlockResult result)
    {
        using SecretBuffer secret = Assert.IsType<UnlockResult.Key>(result).Secret;
        Assert.Equal(Plain, secret.Span.ToArray());
    }

    /// <summary>From Begin on, DECIPHER and what follows it is answered with the same promise.</summary>
    private sealed class EndlessTransport(ICardTransport card, ushort status) : ICardTransport
    {
        private bool begun;

        public int Asked { get; private set; }

        public void Begin() => begun = true;

        public int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
        {
            if (!begun || command[1] is not (DecipherInstruction or 0xC0))
            {
                return card.Transmit(command, response);
            }

            Asked++;
            response[0] = (byte)(status >> 8);
            response[1] = (byte)status;
            return 2;
        }
    }
}
