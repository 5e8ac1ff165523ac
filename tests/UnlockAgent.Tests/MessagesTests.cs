// SPDX-License-Identifier: GPL-3.0-or-later
using CardUnlock;
using UnlockAgent.Machine;
using UnlockAgent.Screen;
using UnlockAgent.Text;

namespace UnlockAgent.Tests;

public sealed class MessagesTests
{
    public static TheoryData<string, string, string> Wishes => new()
    {
        { "Ada Lovelace", "00001234", "Insert the card of Ada Lovelace, ending 1234" },
        { "", "00001234", "Insert the card ending 1234" },
        { "Ada Lovelace", "", "Insert the card of Ada Lovelace" },
        { "", "", "Insert your card" },
        { "Zoë Ångström", "7", "Insert the card of Zoë Ångström, ending 7" },
        { "Jiří Novák", "1234", "Insert the card of Jiří Novák, ending 1234" },
        { "Ольга 😀", "1234", "Insert the card of Ольга ?, ending 1234" },
        { "山田太郎 😀", "1234", "Insert the card ending 1234" },
        { " a\r\n\tb\u0007 \u00ADc ", "1234", "Insert the card of a b ?c, ending 1234" },
        { new string('x', 200), "1234", "Insert the card of " + new string('x', 29) + "…, ending 1234" },
    };

    [Theory]
    [MemberData(nameof(Wishes))]
    public void A_wanted_card_is_named_whatever_its_name_is_made_of(string name, string serial, string wish) =>
        Assert.Equal(wish, CardName.Insert([new(name, serial)], Languages.English));

    [Fact]
    public void Two_wanted_cards_are_both_named_and_the_same_one_once()
    {
        WantedCard ada = new("Ada", "1234"), bob = new("Bob", ""), nobody = new("", "");
        Assert.Equal("Insert the card of Ada, ending 1234, or the one of Bob", CardName.Insert([ada, bob], Languages.English));
        Assert.Equal("Insert the card of Ada, ending 1234", CardName.Insert([ada, ada, nobody], Languages.English));
        Assert.Equal("Insert one of this disk's cards", CardName.Insert([ada, bob, new("Carol", "")], Languages.English));
        Assert.Equal("Insert your card", CardName.Insert([], Languages.English));
    }

    [Fact]
    public void Each_screen_says_something_of_its_own_with_signs_that_the_font_has()
    {
        using var lettering = new Lettering();
        foreach (var (name, state) in Screens.All)
        {
            var message = Messages.For(state);
            Assert.False(string.IsNullOrEmpty(message.Headline), name);
            Assert.True(lettering.HasAll((message.Headline + message.Detail).Replace("\n", string.Empty, StringComparison.Ordinal)), name);
        }
    }

    [Fact]
    public void The_tries_are_on_the_screen_before_a_character_is_typed()
    {
        Assert.Contains("3 tries left", Messages.For(Screens.PinPad).Detail, StringComparison.Ordinal);
        var pads = Screens.All.Where(screen => screen.Value is { Mode: Mode.Card, ShowsPinEntry: true, Typed: 0 });
        Assert.All(pads, pad => Assert.Matches("tries left|1 try left|tries are left", Messages.For(pad.Value).Detail));
        Assert.Contains("3 tries left", Messages.For(Screens.ResetCode).Detail, StringComparison.Ordinal);
        Assert.Contains("Ada Lovelace, ending 1234", Messages.For(Screens.All["83-holder"]).Detail, StringComparison.Ordinal);
    }
}
