// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the whole keyboard.
using System.Collections.Immutable;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

internal sealed partial class PadLayout
{
    // \u000e shift, \b backspace, \u0001 symbols, \u0002 more symbols, \u0003 letters, \n confirm
    private static readonly ImmutableArray<string[]> KeyboardRows =
    [
        ["qwertyuiop", "asdfghjkl", "\u000ezxcvbnm\b", "\u0001, .\n"],
        ["QWERTYUIOP", "ASDFGHJKL", "\u000eZXCVBNM\b", "\u0001, .\n"],
        ["1234567890", "@#$_&-+()/", "\u0002*\"':;!?\b", "\u0003, .\n"],
        ["~`|^<>[]{}", "\\%=@#$_&-+", "\u0001*\"':;!?\b", "\u0003, .\n"],
    ];

    /// <summary>The keyboards that can be chosen.</summary>
    public static ImmutableArray<string> Keyboards { get; } = ["us"];

    private static string KeyboardName(string keyboard) => keyboard;

    private static void AddKeyboardNames(ImmutableArray<PadButton>.Builder cells, string chosen) =>
        cells.Add(new(default, new(ButtonAction.TakeKeyboard, 0), "us", Look.Choice) { IsChosen = chosen == "us" });

    /// <summary>The keyboard of a state's layout and page, in an area that is wide enough for it.</summary>
    private void AddKeyboard(ImmutableArray<PadButton>.Builder buttons, Box area, AgentState state)
    {
        int gap = Space, columnGap = Scaled(Gap / 2);
        int keyHeight = (area.Height - (3 * gap)) / 4;
        string confirm = Language[IsPassphrase ? Phrase.Open : Phrase.Ok];
        var rows = KeyboardRows[(int)state.Page];
        for (int row = 0; row < rows.Length; row++)
        {
            int y = area.Top + (row * (keyHeight + gap));
            AddRow(buttons, rows[row], area with { Top = y, Bottom = y + keyHeight }, columnGap, confirm);
        }
    }

    /// <summary>Lays a row out in tenths of the width: a letter takes one, a function key one and a half or more.</summary>
    private void AddRow(ImmutableArray<PadButton>.Builder buttons, string row, Box place, int gap, string confirm)
    {
        float total = 0;
        foreach (char c in row)
        {
            total += Tenths(c);
        }

        float x = place.Left + (place.Width * (10 - total) / 20);
        foreach (char c in row)
        {
            float next = x + (place.Width * Tenths(c) / 10);
            buttons.Add(Key(c, new((int)x + (gap / 2), place.Top, (int)next - (gap / 2), place.Bottom), confirm));
            x = next;
        }
    }

    private static float Tenths(char c) => c switch
    {
        ' ' => 4,
        '\n' => 2.4f,
        '\b' or '\u000e' or '\u0002' => 1.5f,
        '\u0001' or '\u0003' => 1.6f,
        _ => 1,
    };

    private PadButton Key(char c, Box bounds, string confirm) => c switch
    {
        '\b' => new(bounds, new(ButtonAction.Backspace), string.Empty, Look.Function) { Sign = Sign.Backspace },
        '\n' => new(bounds, new(ButtonAction.Confirm), confirm, Look.Primary),
        '\u000e' => new(bounds, new(ButtonAction.Shift), string.Empty, Look.Function) { Sign = Sign.Shift },
        '\u0001' => new(bounds, new(ButtonAction.Symbols), "?123", Look.Function),
        '\u0002' => new(bounds, new(ButtonAction.MoreSymbols), "=\\<", Look.Function),
        '\u0003' => new(bounds, new(ButtonAction.Letters), "abc", Look.Function),
        ' ' => new(bounds, new(ButtonAction.Type, ' '), Language[Phrase.Space], Look.Key),
        _ => new(bounds, new(ButtonAction.Type, c), c.ToString(), Look.Key),
    };
}
