// SPDX-License-Identifier: GPL-3.0-or-later
// OpenPGP card 3.4 sections 4.3 and 7.2.2 to 7.2.4: PINs, their counters, and what they open.

namespace CardSimulator.Tests;

public sealed class PinTests
{
    private const string WrongPin = "393939393939";

    [Fact]
    public void An_empty_verify_tells_the_tries_and_spends_none()
    {
        Host host = new();

        Assert.Equal("63C3", host.Send("00200082"));
        Assert.Equal("6982", host.Send("00200082", WrongPin));
        Assert.Equal("63C2", host.Send("00200082"));
        Assert.Equal("63C2", host.Send("00200082"));
        host.Verify("82", Host.UserPin);
        Assert.Equal("9000", host.Send("00200082"));
        Assert.Equal(2, host.Card.VerifyCount);
    }

    [Fact]
    public void Three_wrong_pins_block_even_the_right_one()
    {
        Host host = new(new CardOptions { WrongPinTellsTries = true });

        Assert.Equal("63C2", host.Send("00200082", WrongPin));
        Assert.Equal("63C1", host.Send("00200081", WrongPin));
        Assert.Equal("63C0", host.Send("00200082", WrongPin));
        Assert.Equal("6983", host.Send("00200082", Host.UserPin));
        Assert.Equal("63C0", host.Send("00200082"));
        Assert.Equal("007F7F7F0000039000", host.Send("00CA00C400"));
    }

    [Fact]
    public void The_right_pin_gives_all_tries_back()
    {
        Host host = new();

        host.Send("00200082", WrongPin);
        host.Send("00200082", WrongPin);
        Assert.Equal(1, host.Card.UserTriesLeft);
        host.Verify("82", Host.UserPin);
        Assert.Equal(3, host.Card.UserTriesLeft);
    }

    [Fact]
    public void A_pin_of_a_wrong_length_is_not_counted()
    {
        Host host = new();

        Assert.Equal("6700", host.Send("00200082", "3132333435"));
        Assert.Equal("6700", host.Send("00200083", "31323334353637"));
        Assert.Equal("6700", host.Send("00200082", new string('3', 2 * 128)));
        Assert.Equal(3, host.Card.UserTriesLeft);
        Assert.Equal(3, host.Card.AdminTriesLeft);
    }

    [Fact]
    public void A_wrong_pin_forgets_an_earlier_right_one()
    {
        Host host = new();

        host.Verify("82", Host.UserPin);
        host.Send("00200082", WrongPin);
        Assert.Equal("63C2", host.Send("00200082"));
    }

    [Theory]
    [InlineData(true, "63C3")]
    [InlineData(false, "9000")]
    public void Select_forgets_a_verified_pin_or_keeps_it_as_the_card_is_made(bool clears, string expected)
    {
        Host host = new(new CardOptions { SelectClearsVerified = clears });

        host.Verify("82", Host.UserPin);
        host.Send(Host.SelectCommand);
        Assert.Equal(expected, host.Send("00200082"));
    }

    [Fact]
    public void Reset_forgets_the_selection_and_the_pin()
    {
        Host host = new();

        host.Verify("82", Host.UserPin);
        host.Card.Reset();
        Assert.Equal("6985", host.Send("00200082"));
        host.Send(Host.SelectCommand);
        Assert.Equal("63C3", host.Send("00200082"));
        Assert.False(host.Card.IsUserVerified);
    }

    [Fact]
    public void Logging_out_forgets_one_pin_only()
    {
        Host host = new();

        host.Verify("82", Host.UserPin);
        host.Verify("81", Host.UserPin);
        Assert.Equal("9000", host.Send("0020FF82"));
        Assert.Equal("63C3", host.Send("00200082"));
        Assert.Equal("9000", host.Send("00200081"));
    }

    [Fact]
    public void Changing_a_pin_needs_the_old_one()
    {
        Host host = new();
        const string Next = "36353433323130";

        Assert.Equal("6982", host.Send("00240081", WrongPin + Next));
        Assert.Equal(2, host.Card.UserTriesLeft);
        Assert.Equal("6700", host.Send("00240081", Host.UserPin + "3132"));
        Assert.Equal("9000", host.Send("00240081", Host.UserPin + Next));
        Assert.Equal("6982", host.Send("00200082", Host.UserPin));
        host.Verify("82", Next);
    }

    [Fact]
    public void A_blocked_pin_comes_back_with_the_admin_pin_or_the_resetting_code()
    {
        Host host = new();
        const string Code = "5245534554434F4445";
        host.Card.UserTriesLeft = 0;

        Assert.Equal("6983", host.Send("002C0081", Code + Host.UserPin));
        Assert.Equal("6982", host.Send("002C0281", Host.UserPin));
        host.Verify("83", Host.AdminPin);
        Assert.Equal("9000", host.Send("002C0281", Host.UserPin));
        host.Verify("82", Host.UserPin);

        Assert.Equal("9000", host.Send("00DA00D3", Code));
        host.Card.UserTriesLeft = 0;
        host.Card.Reset();
        host.Send(Host.SelectCommand);
        Assert.Equal("6982", host.Send("002C0081", "414141414141414141" + Host.UserPin));
        Assert.Equal("007F7F7F0002039000", host.Send("00CA00C400"));
        Assert.Equal("9000", host.Send("002C0081", Code + Host.UserPin));
        Assert.Equal(3, host.Card.UserTriesLeft);
    }

    [Fact]
    public void Key_derivation_makes_the_hashes_the_pins()
    {
        Host host = new();
        string user = new('A', 64);
        string admin = new('B', 64);
        Assert.Equal("8101009000", host.Send("00CA00F900"));
        host.Verify("83", Host.AdminPin);

        Assert.Equal("9000", host.Send("00DA00F9", "810103820108830400000400 8408 0011223344556677 8720".Replace(" ", "", StringComparison.Ordinal) + user + "8820" + admin));

        Assert.Equal("6982", host.Send("00200082", Host.UserPin));
        host.Verify("82", user);
        host.Verify("83", admin);
        Assert.StartsWith("810103820108", host.Send("00CA00F900"));
    }
}
