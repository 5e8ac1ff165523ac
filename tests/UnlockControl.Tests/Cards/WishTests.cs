// SPDX-License-Identifier: GPL-3.0-or-later
// Which card is meant, and how long its codes are.

using CardUnlock;
using UnlockControl.Cards;

namespace UnlockControl.Tests.Cards;

public sealed class WishTests
{
    private static readonly CardReport Card = new("Reader 00 00", null) { Serial = "0006 12345678" };

    [Theory]
    [InlineData("0006 12345678")]
    [InlineData("0006:12345678")]
    [InlineData("12345678")]
    [InlineData("5678")]
    public void Serial_number_or_its_end_names_the_card(string serial) => Assert.True(new CardWish(null, serial).Matches(Card));

    // A PIN must not go to a card that nobody named.
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("yours")]
    [InlineData("x78")]
    [InlineData("1234567B")]
    public void What_is_no_end_of_the_serial_number_names_no_card(string serial) => Assert.False(new CardWish(null, serial).Matches(Card));

    [Fact]
    public void Each_code_has_its_own_lengths()
    {
        CardReport card = Card with { PinLength = (6, 20), AdminLength = (8, 30), ResetLength = (8, 40) };
        Assert.Equal((6, 20), (Code.Pin(card).Min, Code.Pin(card).Max));
        Assert.Equal((8, 30), (Code.AdminPin(card).Min, Code.AdminPin(card).Max));
        Assert.Equal((8, 40), (Code.ResetCode(card).Min, Code.ResetCode(card).Max));
    }
}
