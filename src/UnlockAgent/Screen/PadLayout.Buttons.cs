// SPDX-License-Identifier: GPL-3.0-or-later
// The PIN pad, and the ways from one screen to another.
using System.Collections.Immutable;
using System.Globalization;
using UnlockAgent.Machine;
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

internal sealed partial class PadLayout
{
    private const int Backspace = -1, Confirm = -2;

    private static readonly ImmutableArray<int> Telephone = [1, 2, 3, 4, 5, 6, 7, 8, 9, Backspace, 0, Confirm];

    /// <summary>The digits in rows of three; the last one stands between Backspace and OK.</summary>
    private void AddPad(ImmutableArray<PadButton>.Builder buttons, int left, int top, int width, int height, AgentState state)
    {
        var order = state.DigitOrder;
        for (int i = 0; i < Telephone.Length; i++)
        {
            int x = left + (i % 3 * (width + Space)), y = top + (i / 3 * (height + Space));
            var box = new Box(x, y, x + width, y + height);
            int digit = Telephone[i] < 0 || order is null ? Telephone[i] : order[i < 9 ? i : 9];
            buttons.Add(digit switch
            {
                Backspace => new(box, new(ButtonAction.Backspace), string.Empty, Look.Function) { Sign = Sign.Backspace },
                Confirm => new(box, new(ButtonAction.Confirm), Language[Phrase.Ok], Look.Primary),
                _ => new(box, new(ButtonAction.Type, '0' + digit), digit.ToString(CultureInfo.InvariantCulture), Look.Key),
            });
        }
    }

    /// <summary>The other way to type a PIN, and the passphrase: beside each other, or one below the other.</summary>
    private void AddPinLinks(ImmutableArray<PadButton>.Builder buttons, Box area, ButtonAction other, Phrase label, bool stacked = false)
    {
        int middle = (area.Left + area.Right) / 2, half = (area.Top + area.Bottom) / 2;
        var (first, second) = stacked
            ? (area with { Bottom = half }, area with { Top = half })
            : (area with { Right = middle }, area with { Left = middle });
        buttons.Add(new(first, new(other), Language[label], Look.Link));
        buttons.Add(PassphraseLink(second));
    }

    private void AddKeyboardLinks(ImmutableArray<PadButton>.Builder buttons, Box area)
    {
        if (IsPassphrase)
        {
            buttons.Add(CardLink(area));
        }
        else
        {
            AddPinLinks(buttons, area, ButtonAction.Digits, Phrase.Digits);
        }
    }

    private void AddKeyboardLinks(ImmutableArray<PadButton>.Builder buttons, Box left, Box right)
    {
        if (IsPassphrase)
        {
            buttons.Add(CardLink(left));
        }
        else
        {
            buttons.Add(new(left, new(ButtonAction.Digits), Language[Phrase.Digits], Look.Link));
            buttons.Add(PassphraseLink(right));
        }
    }

    private PadButton CardLink(Box box) => new(box, new(ButtonAction.UseCard), Language[Phrase.UseCard], Look.Link);

    private PadButton PassphraseLink(Box box) => new(box, new(ButtonAction.UsePassphrase), Language[Phrase.UsePassphrase], Look.Link);
}
