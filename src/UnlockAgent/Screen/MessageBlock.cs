// SPDX-License-Identifier: GPL-3.0-or-later
// A message broken into lines for a box: what is drawn, and what the tests look at. Sizes are those of the 720×1440 design.
using UnlockAgent.Text;

namespace UnlockAgent.Screen;

/// <summary>A message's lines in the size in which they fit their box.</summary>
/// <param name="Headline">Its lines.</param>
/// <param name="Detail">Its lines; none where there is nothing to say.</param>
/// <param name="Unit">Pixels for each pixel of the design: the screen's, or less where the text had to shrink.</param>
internal sealed record MessageBlock(IReadOnlyList<string> Headline, IReadOnlyList<string> Detail, float Unit)
{
    private const float HeadlineDesign = 46;
    private const float DetailDesign = 34;
    private const float DetailGap = 14;
    private const float LineHeight = 1.3f;
    private const float Shrink = 0.85f;
    private const int MostShrinks = 4;

    /// <summary>Pixels of an em of the headline.</summary>
    public float HeadlineSize => HeadlineDesign * Unit;

    /// <summary>Pixels of an em of the detail.</summary>
    public float DetailSize => DetailDesign * Unit;

    /// <summary>Pixels of all lines.</summary>
    public float Height => (((((Headline.Count * HeadlineDesign) + (Detail.Count * DetailDesign)) * LineHeight) + DetailGap) * Unit);

    /// <summary>Pixels between the headline and the detail.</summary>
    public float Gap => DetailGap * Unit;

    /// <summary>Pixels from a line to the next in a size.</summary>
    public static float Step(float size) => size * LineHeight;

    /// <summary>Breaks a message, and shrinks it where it would be higher than the box.</summary>
    /// <param name="lettering">What measures it.</param>
    /// <param name="message">What to break.</param>
    /// <param name="box">Where it shall stand.</param>
    /// <param name="unit">Pixels for each pixel of the design.</param>
    public static MessageBlock Fit(Lettering lettering, Message message, Box box, float unit)
    {
        var block = Break(lettering, message, box, unit);
        for (int i = 0; i < MostShrinks && block.Height > box.Height; i++)
        {
            // Above a keyboard on a wide screen there is more width than height.
            message = message with { Detail = message.Detail.Replace("\n", " · ", StringComparison.Ordinal) };
            unit *= i == 0 ? 1 : Shrink;
            block = Break(lettering, message, box, unit);
        }

        return block;
    }

    private static MessageBlock Break(Lettering lettering, Message message, Box box, float unit) => new(
        lettering.Wrap(message.Headline, HeadlineDesign * unit, box.Width),
        lettering.Wrap(message.Detail, DetailDesign * unit, box.Width),
        unit);
}
