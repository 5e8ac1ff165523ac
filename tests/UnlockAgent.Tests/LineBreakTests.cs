// SPDX-License-Identifier: GPL-3.0-or-later
using UnlockAgent.Screen;
using UnlockAgent.Text;

namespace UnlockAgent.Tests;

public sealed class LineBreakTests
{
    [Theory]
    [InlineData("Insert your card", "Insert |your |card")]
    [InlineData("1 essai restant\u00A0: oui", "1 |essai |restant\u00A0: |oui")]
    [InlineData("カードを入れてください", "カードを|入れてください")]
    [InlineData("PINを間違えるとカードがロックされます。", "PINを|間違えると|カードが|ロックされます。")]
    [InlineData("残り1回：PINを", "残り|1回：|PINを")]
    [InlineData("暗号化された鍵", "暗号化された|鍵")]
    [InlineData("请插入卡", "请|插|入|卡")]
    [InlineData("按“确定”，再按", "按|“确|定”，|再|按")]
    [InlineData("打开磁盘 root", "打|开|磁|盘 |root")]
    [InlineData("（尾号 1）卡", "（尾|号 |1）|卡")]
    public void A_line_breaks_where_its_language_lets_it(string text, string pieces) =>
        Assert.Equal(pieces, string.Join('|', LineBreaks.Pieces(text)));

    [Fact]
    public void No_line_begins_with_a_closing_sign_or_a_small_kana_and_none_ends_with_an_opening_one()
    {
        using var lettering = new Lettering();
        foreach (var language in Languages.All)
        {
            lettering.Language = language;
            foreach (var phrase in Enum.GetValues<Phrase>())
            {
                for (int width = 60; width < 700; width += 40)
                {
                    foreach (string line in lettering.Wrap(language[phrase], 34, width))
                    {
                        Assert.DoesNotContain(line[0], "、。，：？）」！ーっッゃャ");
                        Assert.DoesNotContain(line[^1], "（「");
                    }
                }
            }
        }
    }

    [Fact]
    public void Lines_hold_every_character_of_the_text_and_are_no_wider_than_the_box()
    {
        using var lettering = new Lettering();
        foreach (var language in Languages.All)
        {
            lettering.Language = language;
            foreach (var phrase in Enum.GetValues<Phrase>())
            {
                var lines = lettering.Wrap(language[phrase], 34, 648);
                Assert.Equal(Letters(language[phrase]), Letters(string.Concat(lines)));
                Assert.All(lines, line => Assert.InRange(lettering.Measure(line, 34), 0, 648));
            }
        }
    }

    [Fact]
    public void A_word_that_is_wider_than_a_line_ends_in_an_ellipsis()
    {
        using var lettering = new Lettering();
        var lines = lettering.Wrap("of " + new string('W', 80) + " here", 34, 648);
        Assert.Equal(3, lines.Count);
        Assert.EndsWith("W…", lines[1], StringComparison.Ordinal);
        Assert.Equal("here", lines[2]);
        Assert.InRange(lettering.Measure(lines[1], 34), 600, 648);
    }

    [Fact]
    public void Lines_are_of_like_length_and_as_few_as_the_text_needs()
    {
        using var lettering = new Lettering();
        const string Text = "Insert the card again, or use your passphrase.";
        Assert.Equal(["Insert the card again, or", "use your passphrase."], lettering.Wrap(Text, 34, 648));
        Assert.Equal([Text], lettering.Wrap(Text, 34, 900));
    }

    private static string Letters(string text) => text.Replace(" ", string.Empty, StringComparison.Ordinal);
}
