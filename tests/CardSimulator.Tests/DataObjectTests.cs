// SPDX-License-Identifier: GPL-3.0-or-later
// OpenPGP card 3.4 section 4.4: data objects, who may read and write them, and the card's life cycle.

namespace CardSimulator.Tests;

public sealed class DataObjectTests
{
    [Fact]
    public void Nothing_answers_before_the_application_is_selected()
    {
        VirtualCard card = new();

        Assert.Equal("6985", Convert.ToHexString(card.Transmit([0x00, 0xCA, 0x00, 0x4F, 0x00])));
        Assert.Equal("6A82", Convert.ToHexString(card.Transmit([0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00])));
    }

    [Fact]
    public void The_name_carries_version_and_serial_number() =>
        Assert.Equal("D276000124010304FFFE1234567800009000", new Host(new CardOptions { Serial = 0x12345678 }).Send("00CA004F00"));

    [Theory]
    [InlineData(false, "3BDA18FF81B1FE751F030031F573C001C0059000B9", "0031F573C001C00590009000")]
    [InlineData(true, "3B8A000031F573C00180059000", "0031F573C00180059000" + "9000")]
    public void The_answer_to_reset_holds_the_historical_bytes(bool t0, string atr, string historical)
    {
        Host host = new(new CardOptions { T0 = t0 });

        Assert.Equal(atr, Convert.ToHexString([.. host.Card.Atr]));
        Assert.Equal(historical, host.Send("00CA5F5200"));
    }

    [Fact]
    public void A_given_answer_to_reset_is_used_as_it_is() =>
        Assert.Equal([0x3B, 0x80, 0x00], new VirtualCard(new CardOptions { Atr = [0x3B, 0x80, 0x00] }).Atr);

    [Theory]
    [InlineData(true, "6E81")]
    [InlineData(false, "4F10")]
    public void Application_related_data_comes_with_or_without_its_outer_tag(bool outer, string start) =>
        Assert.StartsWith(start, new Host(new CardOptions { OuterTag = outer, T0 = true }).Send("00CA006E00"));

    [Fact]
    public void Extended_lengths_are_refused_where_they_are_not_announced()
    {
        Assert.Equal("6700", new Host(new CardOptions { T0 = true }).Send("00CA006E000000"));
        Assert.Equal("6700", new Host(new CardOptions { ExtendedLength = false }).Send("00CA006E000000"));
        Assert.EndsWith("9000", new Host().Send("00CA006E000000"));
    }

    [Fact]
    public void An_answer_longer_than_le_waits_for_get_response()
    {
        Host host = new();
        string whole = host.Send("00CA006E000000")[..^4];

        string first = host.Send("00CA006E10");
        Assert.Equal(whole[..32] + "61", first[..^2]);
        string second = host.Send("00C0000080");
        string rest = host.Send("00C0000000");

        Assert.Equal(whole, whole[..32] + second[..^4] + rest[..^4]);
        Assert.EndsWith("9000", rest);
    }

    [Fact]
    public void Writing_needs_the_admin_and_private_objects_their_own_pin()
    {
        Host host = new();

        Assert.Equal("6982", host.Send("00DA5F50", "6162"));
        Assert.Equal("6982", host.Send("00DA0101", "01"));
        host.Verify("83", Host.AdminPin);
        Assert.Equal("9000", host.Send("00DA5F50", "6162"));
        Assert.Equal("61629000", host.Send("00CA5F5000"));
        Assert.Equal("9000", host.Send("00DA0102", "02"));
        Assert.Equal("029000", host.Send("00CA010200"));
        host.Verify("82", Host.UserPin);
        Assert.Equal("9000", host.Send("00DA0103", "03"));
        Assert.Equal("039000", host.Send("00CA010300"));
        host.Card.Reset();
        host.Send(Host.SelectCommand);
        Assert.Equal("6982", host.Send("00CA010300"));
    }

    [Theory]
    [InlineData("00CA012300", "6A88")]
    [InlineData("00FF000000", "6D00")]
    [InlineData("80CA004F00", "6E00")]
    [InlineData("0CCA004F00", "6882")]
    [InlineData("0020008406313233343536", "6A86")]
    [InlineData("0020", "6700")]
    public void What_the_card_does_not_know_it_refuses_by_name(string command, string status) =>
        Assert.Equal(status, new Host().Send(command));

    [Fact]
    public void A_terminated_card_comes_back_as_new()
    {
        Host host = new();
        Assert.Equal("6982", host.Send("00E60000"));
        host.Verify("83", Host.AdminPin);
        host.Send("00DA5F50", "6162");
        host.Card.SetUserPin("654321"u8);

        Assert.Equal("9000", host.Send("00E60000"));
        Assert.Equal("6285", host.Send("00CA004F00"));
        Assert.Equal("6285", host.Send(Host.SelectCommand));
        Assert.Equal("9000", host.Send("00440000"));

        Assert.Equal("9000", host.Send("00CA5F5000"));
        host.Verify("82", Host.UserPin);
    }

    [Fact]
    public void Get_challenge_gives_as_many_bytes_as_asked()
    {
        Host host = new();

        string first = host.Send("0084000020");
        Assert.Equal(68, first.Length);
        Assert.NotEqual(first, host.Send("0084000020"));
    }

    [Fact]
    public void A_state_file_keeps_everything_but_power()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Host host = new();
            host.Verify("83", Host.AdminPin);
            host.Send("00DA00C2", "122B060104019755010501");
            byte[] key = host.Ask("00478000", [0xB8, 0x00]);
            host.Send("00DA005E", "6162");
            host.Card.UserTriesLeft = 1;
            host.Card.Save(path);

            Host again = new(VirtualCard.Load(path));

            Assert.Equal(key, again.Ask("00478100", [0xB8, 0x00]));
            Assert.Equal("61629000", again.Send("00CA005E00"));
            Assert.Equal("63C1", again.Send("00200082"));
            Assert.Equal("63C3", again.Send("00200083"));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
