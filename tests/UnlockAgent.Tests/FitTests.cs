// SPDX-License-Identifier: GPL-3.0-or-later
using UnlockAgent.Machine;
using UnlockAgent.Screen;
using UnlockAgent.Text;

namespace UnlockAgent.Tests;

/// <summary>
/// Every text of every screen in every language stands in its box, in letters that can be read. It is asked of what the renderer
/// draws by: MessageBlock for messages, LabelFit for buttons.
/// </summary>
public sealed class FitTests
{
    // Of the size that a text has where there is room.
    private const float LeastShare = 0.7f;
    private const float LeastPixels = 7.5f;

    private static readonly (int Width, int Height)[] Sizes =
        [(320, 240), (480, 800), (720, 1440), (1080, 2160), (1280, 800), (3840, 2160)];

    public static TheoryData<string> Codes => [.. Languages.All.Select(language => language.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_message_stands_in_its_box_and_can_be_read(string code)
    {
        using var lettering = new Lettering { Language = Languages.Of(code) };
        var misfits = new List<string>();
        foreach (var (width, height, name, place, state) in Layouts(code))
        {
            var message = PadRenderer.MessageOf(place, state);
            var block = MessageBlock.Fit(lettering, message, place.Header, place.Unit);
            bool isCut = Letters(message.Headline + message.Detail) != Letters(string.Concat(block.Headline.Concat(block.Detail)))
                && name is not ("84-long-holder" or "84-long-holder, wiped");
            bool isWide = block.Headline.Any(line => lettering.Measure(line, block.HeadlineSize) > place.Header.Width)
                || block.Detail.Any(line => lettering.Measure(line, block.DetailSize) > place.Header.Width);
            if (message.Headline.Length > 0 && (block.Height > place.Header.Height || isCut || isWide))
            {
                misfits.Add($"{width}x{height} {name}: {block.Height} in {place.Header.Height}: {Lines(block)}");
            }
            else if (block.Unit < place.Unit * LeastShare || block.DetailSize < LeastPixels)
            {
                misfits.Add($"{width}x{height} {name}: {block.Unit / place.Unit}, {block.DetailSize} pixels: {Lines(block)}");
            }
        }

        Assert.True(misfits.Count == 0, $"{misfits.Count} in {code}\n" + string.Join('\n', misfits));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_label_stands_in_its_button_and_can_be_read(string code)
    {
        using var lettering = new Lettering { Language = Languages.Of(code) };
        var misfits = new HashSet<string>();
        foreach (var (width, height, name, place, _) in Layouts(code))
        {
            foreach (var button in place.Buttons.Where(button => button.Label.Length > 0))
            {
                var fit = LabelFit.Of(lettering, place, button);
                float least = Math.Min(fit.Size, fit.Value > 0 ? fit.Value : fit.Size);
                if (fit.Size < fit.Wanted * LeastShare || (fit.Value > 0 && fit.Value < fit.Wanted * LeastShare) || least < LeastPixels)
                {
                    string shares = $"{fit.Size / fit.Wanted} and {fit.Value / fit.Wanted}";
                    misfits.Add($"{width}x{height} {place.Arrangement}: {button.Label} {button.Value}: {shares}, {least} pixels");
                }
            }
        }

        Assert.True(misfits.Count == 0, $"{misfits.Count} in {code}\n" + string.Join('\n', misfits));
    }

    /// <summary>The warnings at the edge and beside the entry, which stand in one or two lines of their own.</summary>
    [Theory]
    [MemberData(nameof(Codes))]
    public void A_warning_takes_two_lines_at_most(string code)
    {
        using var lettering = new Lettering { Language = Languages.Of(code) };
        foreach (var (width, height) in Sizes)
        {
            var place = PadLayout.For(width, height, LanguageTests.In(code, Screens.PinPad));
            string battery = Messages.ForBattery(new(4, Charging: false), place.Language)!;
            Assert.InRange(lettering.Wrap(battery, 28 * place.Unit, place.Header.Width).Count, 1, 2);
        }
    }

    private static string Lines(MessageBlock block) => string.Join(" | ", block.Headline.Concat(block.Detail));

    private static string Letters(string text) => string.Concat(text.Where(letter => letter is not (' ' or '·' or '\n')));

    private static IEnumerable<(int Width, int Height, string Name, PadLayout Place, AgentState State)> Layouts(string code)
    {
        foreach (var (width, height) in Sizes)
        {
            foreach (var (name, screen) in Screens.All)
            {
                var state = LanguageTests.In(code, screen);
                yield return (width, height, name, PadLayout.For(width, height, state), state);
                var wiped = state with { Notice = Notice.Forgotten };
                yield return (width, height, name + ", wiped", PadLayout.For(width, height, wiped), wiped);
            }
        }
    }
}
