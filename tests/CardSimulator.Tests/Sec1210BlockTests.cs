// SPDX-License-Identifier: GPL-3.0-or-later
// T=1 as ISO 7816-3 section 11 has it, against the card's side of it: the scenarios that a host meets on a good line and on a
// bad one.

namespace CardSimulator.Tests;

public sealed class Sec1210BlockTests
{
    private readonly VirtualCard card = new();
    private readonly Sec1210BlockProtocol protocol;

    public Sec1210BlockTests()
    {
        protocol = new Sec1210BlockProtocol(card);
        Assert.Equal("E1 FE", Ask("C1", "FE"));
    }

    [Fact]
    public void Sequence_numbers_alternate_on_both_sides()
    {
        Assert.Equal("00 9000", Ask("00", Host.SelectCommand));
        Assert.Equal("40 9000", Ask("40", Host.SelectCommand));
        Assert.Equal("00 9000", Ask("00", Host.SelectCommand));
    }

    [Fact]
    public void A_command_in_parts_is_acknowledged_part_by_part_and_runs_once()
    {
        Assert.Equal("90 ", Ask("20", Host.SelectCommand[..8]));
        Assert.Equal("80 ", Ask("60", Host.SelectCommand[8..16]));
        Assert.Equal("00 9000", Ask("00", Host.SelectCommand[16..]));
        Assert.Equal(1, card.CommandCount);
    }

    [Fact]
    public void An_answer_longer_than_a_block_comes_in_parts_as_they_are_asked_for()
    {
        Assert.Equal("E1 10", Ask("C1", "10"));
        Ask("00", Host.SelectCommand);
        string whole = new Host().Send("00CA006E000000");
        List<string> parts = [Ask("40", "00CA006E000000")];
        for (bool next = false; More(parts[^1]); next = !next)
        {
            Assert.Equal(3 + 32, parts[^1].Length);
            parts.Add(Ask(next ? "90" : "80", ""));
        }

        Assert.Equal(whole, string.Concat(parts.Select(part => part[3..])));
        Assert.True(parts.Count > 4);
    }

    [Fact]
    public void A_damaged_block_is_asked_for_again_and_nothing_runs()
    {
        byte[] block = Block("00", Host.SelectCommand);
        block[5] ^= 1;

        Assert.Equal("81 ", Text(protocol.Exchange(block)));
        Assert.Equal("81 ", Text(protocol.Exchange(block.AsSpan(0, 7))));
        Assert.Equal("81 ", Text(protocol.Exchange([])));
        Assert.Equal(0, card.CommandCount);
        Assert.Equal("00 9000", Ask("00", Host.SelectCommand));
    }

    [Fact]
    public void A_lost_answer_is_sent_again_and_the_command_runs_once()
    {
        Assert.Equal("00 9000", Ask("00", Host.SelectCommand));
        Assert.Equal("00 9000", Ask("80", ""));
        Assert.Equal("92 ", Ask("00", Host.SelectCommand));
        Assert.Equal(1, card.CommandCount);
    }

    [Fact]
    public void Resynchronisation_starts_both_sides_at_nought()
    {
        Assert.Equal("00 9000", Ask("00", Host.SelectCommand));
        Assert.Equal("80 ", Ask("60", "00A4"));
        Assert.Equal("E0 ", Ask("C0", ""));
        Assert.Equal("00 9000", Ask("00", Host.SelectCommand));
        Assert.Equal("E2 ", Ask("C2", ""));
        Assert.Equal("92 ", Ask("C7", ""));
    }

    private static bool More(string answer) => (Convert.FromHexString(answer[..2])[0] & 0x20) != 0;

    private static byte[] Block(string control, string information)
    {
        byte[] content = Convert.FromHexString(information);
        byte[] block = [0, .. Convert.FromHexString(control), (byte)content.Length, .. content, 0];
        block[^1] = block.Aggregate((a, b) => (byte)(a ^ b));
        return block;
    }

    private static string Text(byte[] block)
    {
        Assert.Equal(block[2] + 4, block.Length);
        Assert.Equal(0, block.Aggregate((a, b) => (byte)(a ^ b)));
        return $"{block[1]:X2} {Convert.ToHexString(block.AsSpan(3..^1))}";
    }

    private string Ask(string control, string information) => Text(protocol.Exchange(Block(control, information)));
}
