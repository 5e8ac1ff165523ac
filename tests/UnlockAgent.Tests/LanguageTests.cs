// SPDX-License-Identifier: GPL-3.0-or-later
using System.Text.RegularExpressions;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Tests;

public sealed partial class LanguageTests
{
    // What a language may write as English does.
    private static readonly HashSet<string> Shared = ["OK", "Letters", "Disk {0}"];


    public static TheoryData<string> Codes => [.. Languages.All.Select(language => language.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_language_has_a_text_of_its_own_for_each_phrase_with_the_holes_of_the_english_one(string code)
    {
        var language = Languages.Of(code);
        foreach (var phrase in Enum.GetValues<Phrase>())
        {
            string text = language[phrase], english = Languages.English[phrase];
            Assert.False(string.IsNullOrWhiteSpace(text), $"{code} {phrase} is missing");
            bool hasSpare = text != text.Trim() || text.Contains("  ", StringComparison.Ordinal);
            Assert.False(hasSpare, $"{code} {phrase} has spaces to spare: {text}");
            Assert.True(code == "en" || text != english || Shared.Contains(text), $"{code} {phrase} is English: {text}");
            Assert.Equal(Holes(english), Holes(text));
            Assert.DoesNotContain('\n', text);
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_button_and_a_headline_end_without_a_full_stop_and_a_sentence_that_follows_another_has_one(string code)
    {
        foreach (var phrase in Enum.GetValues<Phrase>())
        {
            bool wants = Languages.English[phrase].EndsWith('.');
            Assert.True(wants == Languages.Of(code)[phrase].EndsWith(code is "ja" or "zh_CN" ? '。' : '.'), $"{code} {phrase}");
        }
    }

    [Theory]
    [InlineData("en", 0, PluralForm.Many)]
    [InlineData("en", 1, PluralForm.One)]
    [InlineData("en", 21, PluralForm.Many)]
    [InlineData("fr", 0, PluralForm.One)]
    [InlineData("fr", 2, PluralForm.Many)]
    [InlineData("pl", 1, PluralForm.One)]
    [InlineData("pl", 3, PluralForm.Few)]
    [InlineData("pl", 5, PluralForm.Many)]
    [InlineData("pl", 12, PluralForm.Many)]
    [InlineData("pl", 21, PluralForm.Many)]
    [InlineData("pl", 22, PluralForm.Few)]
    [InlineData("pl", 112, PluralForm.Many)]
    [InlineData("cs", 4, PluralForm.Few)]
    [InlineData("cs", 5, PluralForm.Many)]
    [InlineData("cs", 22, PluralForm.Many)]
    [InlineData("ru", 1, PluralForm.One)]
    [InlineData("ru", 3, PluralForm.Few)]
    [InlineData("ru", 5, PluralForm.Many)]
    [InlineData("ru", 11, PluralForm.Many)]
    [InlineData("ru", 14, PluralForm.Many)]
    [InlineData("ru", 21, PluralForm.One)]
    [InlineData("ru", 23, PluralForm.Few)]
    [InlineData("ru", 111, PluralForm.Many)]
    [InlineData("uk", 2, PluralForm.Few)]
    [InlineData("uk", 10, PluralForm.Many)]
    [InlineData("uk", 127, PluralForm.Many)]
    internal void A_number_takes_the_form_that_its_language_wants(string code, int number, PluralForm form) =>
        Assert.Equal(form, Languages.Of(code).FormOf(number));

    [Theory]
    [InlineData("en", 2, "2 tries left")]
    [InlineData("de", 3, "Noch 3 Versuche")]
    [InlineData("pl", 3, "Pozostały 3 próby")]
    [InlineData("pl", 10, "Pozostało 10 prób")]
    [InlineData("cs", 2, "Zbývají 2 pokusy")]
    [InlineData("cs", 15, "Zbývá 15 pokusů")]
    [InlineData("ru", 3, "Осталось 3 попытки")]
    [InlineData("ru", 7, "Осталось 7 попыток")]
    [InlineData("ru", 21, "Осталась 21 попытка")]
    [InlineData("uk", 3, "Залишилося 3 спроби")]
    [InlineData("ja", 3, "残り3回")]
    [InlineData("zh_CN", 3, "还可尝试 3 次")]
    public void The_tries_left_are_counted_in_each_language(string code, int tries, string text)
    {
        var state = Screens.PinPad with { Card = new CardUnlock.CardStatus.Ready(Screens.Card with { TriesLeft = tries }) };
        Assert.StartsWith(text + "\n", Messages.For(In(code, state)).Detail, StringComparison.Ordinal);
        Assert.Equal(text, Messages.For(In(code, Screens.ResetCode with
        {
            Card = new CardUnlock.CardStatus.Ready(Screens.Blocked with { ResetTriesLeft = tries }),
        })).Detail);
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("de_AT.UTF-8", "de")]
    [InlineData("pt_BR", "pt")]
    [InlineData("pt-PT", "pt")]
    [InlineData("zh_CN", "zh_CN")]
    [InlineData("zh_Hans", "zh_CN")]
    [InlineData("zh", "zh_CN")]
    [InlineData("ja_JP.eucJP", "ja")]
    [InlineData("uk@latin", "uk")]
    [InlineData("EN_GB", "en")]
    [InlineData("C.UTF-8", "en")]
    [InlineData("POSIX", "en")]
    [InlineData("tlh", "en")]
    [InlineData("d", "en")]
    [InlineData("_", "en")]
    [InlineData("", "en")]
    public void A_locale_gives_its_language_and_an_unknown_one_english(string code, string language) =>
        Assert.Equal(language, Languages.Of(code).Code);

    [Fact]
    public void The_languages_stand_in_one_order_under_their_own_names()
    {
        Assert.Equal(
            ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "cs", "ru", "uk", "el", "ja", "zh_CN"],
            Languages.All.Select(language => language.Code));
        Assert.Equal("Deutsch", Languages.Of("de").Name);
        Assert.Equal("日本語", Languages.Of("ja").Name);
        Assert.Equal(15, Languages.All.Select(language => language.Name).Distinct().Count());
    }

    [Fact]
    public void A_name_with_braces_fills_a_hole_and_makes_none()
    {
        Assert.Equal("of {1}, ending {0}", Languages.English.With(Phrase.CardOfEnding, "{1}", "{0}"));
        Assert.Equal("Insert the card {1}", Languages.English.With(Phrase.InsertCard, "{1}"));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_screen_speaks_the_language_that_was_chosen_and_that_alone(string code)
    {
        foreach (var (name, state) in Screens.All)
        {
            var message = Messages.For(In(code, state));
            Assert.NotEmpty(message.Headline);
            Assert.True(code == "en" || message.Headline != Messages.For(state).Headline, $"{code} {name}: {message.Headline}");
            Assert.DoesNotMatch(Hole(), message.Headline + message.Detail);
            Assert.Equal(Messages.For(state).Tone, message.Tone);
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void What_was_wiped_is_said_and_the_tries_stay_on_the_screen(string code)
    {
        var language = Languages.Of(code);
        var message = Messages.For(In(code, Screens.PinPad with { Notice = Notice.Forgotten }));
        var before = Messages.For(In(code, Screens.PinPad));
        Assert.Equal(before with { Detail = language[Phrase.Forgotten] + "\n" + before.Detail, Tone = Tone.Warning }, message);
        string keyboard = Messages.For(In(code, Screens.Keyboard with { Notice = Notice.Forgotten })).Detail;
        Assert.Contains(language[Phrase.Forgotten], keyboard, StringComparison.Ordinal);
    }

    [Fact]
    public void A_low_battery_is_warned_of_and_one_that_is_fed_or_full_is_not()
    {
        Assert.Equal("Akku 4\u00A0%: Ladegerät anschließen", Messages.ForBattery(new(4, Charging: false), Languages.Of("de")));
        Assert.Null(Messages.ForBattery(new(4, Charging: true), Languages.English));
        Assert.Null(Messages.ForBattery(new(5, Charging: false), Languages.English));
        Assert.Null(Messages.ForBattery(null, Languages.English));
    }

    internal static AgentState In(string code, AgentState state) => state with { Choices = state.Choices with { Language = code } };

    private static string[] Holes(string text) => [.. Hole().Matches(text).Select(match => match.Value).Order()];

    [GeneratedRegex(@"\{[0-9]\}")]
    private static partial Regex Hole();
}
