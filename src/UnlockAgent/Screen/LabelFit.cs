// SPDX-License-Identifier: GPL-3.0-or-later
// How large a button's label is: what is drawn, and what the tests look at. Sizes are those of the design, times PadLayout.Unit.

namespace UnlockAgent.Screen;

/// <summary>A button's texts in the sizes in which they fit it, in pixels.</summary>
/// <param name="Wanted">An em of the label where there is room.</param>
/// <param name="Size">An em of the label.</param>
/// <param name="Value">An em of what is set now; 0 where nothing is.</param>
/// <param name="Left">The left edge of a choice's label.</param>
/// <param name="Right">The right edge of what is set now.</param>
/// <param name="Check">The side of the sign of what is chosen; 0 where it is not, or has no room.</param>
internal readonly record struct LabelFit(float Wanted, float Size, float Value = 0, float Left = 0, float Right = 0, float Check = 0)
{
    private const float DigitSize = 62;
    private const float LetterSize = 42;
    private const float FunctionSize = 30;
    private const float LinkSize = 32;
    private const float AnswerSize = 38;
    private const float ListSize = 34;
    private const float AnswerSignSize = 50;
    private const float SignGap = 22;
    private const float CheckGap = 6;
    private const float ValueGap = 20;

    /// <summary>What a value may take of a choice's line.</summary>
    private const float ValueShare = 0.55f;

    /// <summary>Pixels of a choice's sign; 0 where it has none.</summary>
    public static float SignOf(PadLayout place, PadButton button) =>
        button.Sign == Sign.None ? 0 : Math.Min(AnswerSignSize * place.Unit, button.Bounds.Height * 0.7f);

    /// <summary>Pixels of a choice's margin.</summary>
    public static float PaddingOf(PadLayout place, PadButton button) => Math.Min(30 * place.Unit, button.Bounds.Width * 0.09f);

    /// <summary>The sizes of a button's texts.</summary>
    public static LabelFit Of(Lettering lettering, PadLayout place, PadButton button)
    {
        if (button.Look == Look.Choice)
        {
            return OfChoice(lettering, place, button);
        }

        float wanted = WantedSize(place, button);
        return new(wanted, lettering.SizeToFit(button.Label, wanted, button.Bounds.Width * 0.92f));
    }

    private static LabelFit OfChoice(Lettering lettering, PadLayout place, PadButton button)
    {
        var box = button.Bounds;
        float unit = place.Unit, size = (place.Arrangement == Arrangement.List ? ListSize : AnswerSize) * unit;
        float padding = PaddingOf(place, button), left = box.Left + padding, right = box.Right - padding;
        left += button.Sign == Sign.None ? 0 : SignOf(place, button) + (SignGap * unit);
        float check = button.IsChosen ? Math.Min(44 * unit, box.Height * 0.6f) : 0;
        check = lettering.Measure(button.Label, size) + check < right - left ? check : 0;
        right -= check > 0 ? check + (CheckGap * unit) : 0;
        float value = 0, room = right - left;
        if (button.Value.Length > 0)
        {
            value = lettering.SizeToFit(button.Value, size * 0.9f, room * ValueShare);
            room -= lettering.Measure(button.Value, value) + (ValueGap * unit);
        }

        return new(size, lettering.SizeToFit(button.Label, size, room), value, left, right, check);
    }

    private static float WantedSize(PadLayout place, PadButton button)
    {
        float size = button.Look switch
        {
            Look.Link => LinkSize,
            Look.Key when button.Label.Length == 1 => place.Arrangement == Arrangement.PinPad ? DigitSize : LetterSize,
            Look.Primary when !PadLayout.HasKeyboard(place.Arrangement) => LetterSize,
            _ when place.Arrangement == Arrangement.Dialog => AnswerSize,
            _ when place.Arrangement == Arrangement.List => ListSize,
            _ => FunctionSize,
        };
        return Math.Min(size * place.Unit, button.Bounds.Height * 0.62f);
    }
}
