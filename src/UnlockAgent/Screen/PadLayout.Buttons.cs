// SPDX-License-Identifier: GPL-3.0-or-later
// The buttons of each arrangement, in lengths of the 720×1440 design.
using System.Collections.Immutable;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

internal sealed partial class PadLayout
{
    private const float Margin = 36;
    private const float Gap = 16;
    private const float EntryHeight = 110;
    private const float LinkHeight = 104;
    private const float KeyboardKeyHeight = 108;
    private const float PinKeyHeight = 150;
    private const float WideButtonHeight = 130;

    private static readonly string[] PinRows = ["123", "456", "789", "\b0\n"];

    // \u000e shift, \b backspace, \u0001 symbols, \u0002 more symbols, \u0003 letters, \n confirm
    private static readonly ImmutableArray<string[]> KeyboardRows =
    [
        ["qwertyuiop", "asdfghjkl", "\u000ezxcvbnm\b", "\u0001, .\n"],
        ["QWERTYUIOP", "ASDFGHJKL", "\u000eZXCVBNM\b", "\u0001, .\n"],
        ["1234567890", "@#$_&-+()/", "\u0002*\"':;!?\b", "\u0003, .\n"],
        ["~`|^<>[]{}", "\\%=@#$_&-+", "\u0001*\"':;!?\b", "\u0003, .\n"],
    ];

    private (Box Upper, Box Lower) Split(int width, int height, Arrangement arrangement, bool wide)
    {
        int margin = Scaled(Margin);
        if (wide && !HasKeyboard(arrangement))
        {
            int middle = width / 2;
            return (new(margin, margin, middle - margin, height - margin), new(middle, margin, width - margin, height - margin));
        }

        float lower = arrangement switch
        {
            Arrangement.PinPad => (4 * (PinKeyHeight + Gap)) + Gap + LinkHeight,
            Arrangement.Keyboard or Arrangement.PinKeyboard => (4 * (KeyboardKeyHeight + Gap)) + Gap + LinkHeight,
            Arrangement.Question or Arrangement.Blocked => WideButtonHeight + Gap + LinkHeight,
            _ => LinkHeight,
        };
        int top = height - margin - Scaled(lower);
        int entryGap = Scaled(Gap);
        return (new(margin, Scaled(wide ? 12 : 90), width - margin, top - entryGap), new(margin, top, width - margin, height - margin));
    }

    private ImmutableArray<PadButton> PinPad(Box area)
    {
        int gap = Scaled(Gap);
        int keyWidth = Math.Min((area.Width - (2 * gap)) / 3, Scaled(220));
        int keyHeight = (LinkBox(area).Top - gap - area.Top - (3 * gap)) / 4;
        int left = area.Left + ((area.Width - (3 * keyWidth) - (2 * gap)) / 2);
        var buttons = ImmutableArray.CreateBuilder<PadButton>(14);
        for (int row = 0; row < 4; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                int x = left + (column * (keyWidth + gap)), y = area.Top + (row * (keyHeight + gap));
                buttons.Add(Key(PinRows[row][column], new(x, y, x + keyWidth, y + keyHeight), Language[Phrase.Ok]));
            }
        }

        buttons.AddRange(PinLinks(area, ButtonAction.Letters, Language[Phrase.Letters]));
        return buttons.ToImmutable();
    }

    /// <summary>The other way to type a PIN on the left, and the passphrase on the right.</summary>
    private ImmutableArray<PadButton> PinLinks(Box area, ButtonAction other, string label)
    {
        var row = LinkBox(area);
        int middle = (row.Left + row.Right) / 2, half = Scaled(Gap / 2);
        return
        [
            new(row with { Right = middle - half }, new(other), label, Look.Link),
            PassphraseLink(row with { Left = middle + half }),
        ];
    }

    private PadButton WideButton(Box area, string label)
    {
        int bottom = LinkBox(area).Top - Scaled(Gap);
        var box = area with { Top = bottom - Scaled(WideButtonHeight), Bottom = bottom };
        return new(box, new(ButtonAction.Confirm), label, Look.Primary);
    }

    private PadButton CardLink(Box box) => new(box, new(ButtonAction.UseCard), Language[Phrase.UseCard], Look.Link);

    private PadButton PassphraseLink(Box box) => new(box, new(ButtonAction.UsePassphrase), Language[Phrase.UsePassphrase], Look.Link);

    private Box LinkBox(Box area) => new(area.Left, area.Bottom - Scaled(LinkHeight), area.Right, area.Bottom);

    private ImmutableArray<PadButton> Keyboard(Box area, KeyboardPage page, string confirm)
    {
        int gap = Scaled(Gap), columnGap = Scaled(Gap / 2);
        int keyHeight = (LinkBox(area).Top - gap - area.Top - (3 * gap)) / 4;

        // Letters need width more than margins: the keyboard spans the screen.
        int left = columnGap, width = Width - (2 * columnGap);
        var buttons = ImmutableArray.CreateBuilder<PadButton>(36);
        var rows = KeyboardRows[(int)page];
        for (int row = 0; row < rows.Length; row++)
        {
            int y = area.Top + (row * (keyHeight + gap));
            AddRow(buttons, rows[row], new(left, y, left + width, y + keyHeight), columnGap, confirm);
        }

        return buttons.ToImmutable();
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
        '\b' => new(bounds, new(ButtonAction.Backspace), string.Empty, Look.Function),
        '\n' => new(bounds, new(ButtonAction.Confirm), confirm, Look.Primary),
        '\u000e' => new(bounds, new(ButtonAction.Shift), string.Empty, Look.Function),
        '\u0001' => new(bounds, new(ButtonAction.Symbols), "?123", Look.Function),
        '\u0002' => new(bounds, new(ButtonAction.MoreSymbols), "=\\<", Look.Function),
        '\u0003' => new(bounds, new(ButtonAction.Letters), "abc", Look.Function),
        ' ' => new(bounds, new(ButtonAction.Type, ' '), Language[Phrase.Space], Look.Key),
        _ => new(bounds, new(ButtonAction.Type, c), c.ToString(), Look.Key),
    };
}
