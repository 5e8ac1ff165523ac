// SPDX-License-Identifier: GPL-3.0-or-later
//
// phone.png: a panel for each figure, a bar for each contender, by the pad's own font and colours. Lengths are in proportion; a bar that
// dwarfs the others is cut, visibly.

using SkiaSharp;
using UnlockAgent.Screen;

namespace PhoneBench;

internal sealed class Chart : IDisposable
{
    /// <summary>Pixels of the picture's own scale, in which all lengths here are; the file has twice as many.</summary>
    public const int Width = 1200;

    private const float
        FileScale = 2, Margin = 48, Gutter = 56, HeaderHeight = 132, PanelWidth = (Width - (2 * Margin) - Gutter) / 2, TitleHeight = 40,
        GroupHeight = 26, BarStep = 26, BarHeight = 16, PanelGap = 44, LabelWidth = 146, ValueWidth = 72, Rounding = 3,
        TitleSize = 34, PanelSize = 19, TextSize = 15, SmallSize = 13;

    private static readonly (Row Row, string Title)[] Panels =
    [
        (Row.FirstFrame, "Start to first frame"),
        (Row.PressMedian, "Press to changed pixels"),
        (Row.OpenWithoutCard, "Confirmed to disk open, less the card"),
        (Row.PressesCpu, "Processor time of 100 presses"),
        (Row.BootTime, "Boot time added until the prompt"),
        (Row.Bytes, "Bytes added to the initramfs"),
        (Row.Resident, "Resident memory"),
        (Row.WakeUps, "Wake-ups when idle"),
    ];

    /// <summary>Bars that are not the agent's.</summary>
    public static readonly SKColor Other = new(0xA3, 0xAC, 0xBA);

    private static readonly SKColor Rule = new(0xD3, 0xD9, 0xE3);

    private readonly Theme theme = Theme.Light;
    private readonly Lettering letters = new();
    private readonly SKPaint paint = new() { IsAntialias = true };
    private readonly Results results;
    private readonly IReadOnlyList<IGrouping<string, Contender>> groups;

    private Chart(Results results)
    {
        this.results = results;
        groups = [.. results.Contenders.Where(contender => !contender.IsBaseline).GroupBy(contender => contender.Suite)];
    }

    /// <summary>Draws it.</summary>
    /// <returns>A PNG file.</returns>
    public static byte[] Draw(Results results)
    {
        using var chart = new Chart(results);
        return chart.Draw();
    }

    /// <summary>How much a whole bar stands for: the longest, unless it is three times the next of which there are others.</summary>
    /// <param name="values">All bars of a panel.</param>
    public static double FullLength(IEnumerable<double> values)
    {
        const double Dwarfs = 3;
        const int Fewest = 3;
        double[] sorted = [.. values.Where(value => value > 0).OrderDescending()];
        int longest = 0;
        while (sorted.Length - longest >= Fewest && sorted[longest] > Dwarfs * sorted[longest + 1])
        {
            longest++;
        }

        // A cut bar is longer than the longest whole one.
        return sorted.Length == 0 ? 1 : longest == 0 ? sorted[0] : sorted[longest] * 1.35;
    }

    public void Dispose()
    {
        letters.Dispose();
        paint.Dispose();
    }

    private float PanelHeight => TitleHeight + groups.Sum(group => GroupHeight + (group.Count() * BarStep));

    private byte[] Draw()
    {
        int lines = (Panels.Length + 1) / 2;
        float height = HeaderHeight + (lines * (PanelHeight + PanelGap)) - PanelGap + Margin;
        using var surface = SKSurface.Create(new SKImageInfo((int)(Width * FileScale), (int)(height * FileScale), SKColorType.Rgba8888, SKAlphaType.Opaque));
        SKCanvas canvas = surface.Canvas;
        canvas.Scale(FileScale);
        canvas.Clear(theme.Ground);
        DrawHeader(canvas);
        for (int i = 0; i < Panels.Length; i++)
        {
            float left = Margin + (i % 2 * (PanelWidth + Gutter)), top = HeaderHeight + (i / 2 * (PanelHeight + PanelGap));
            DrawPanel(canvas, Panels[i].Row, Panels[i].Title, left, top);
        }

        using SKImage image = surface.Snapshot();
        using SKData file = image.Encode(SKEncodedImageFormat.Png, 100);
        return file.ToArray();
    }

    private void DrawHeader(SKCanvas canvas)
    {
        Write(canvas, "UnlockAgent beside its peers", Margin, 68, TitleSize, theme.Text);
        Write(
            canvas,
            $"Shorter is better. The same emulated phone, {(results.Rounds == 1 ? "one boot each" : $"the median of {results.Rounds} boots each")}. Times by a clock that counts instructions.",
            Margin, 100, TextSize, theme.DimText);
    }

    private void DrawPanel(SKCanvas canvas, Row row, string title, float left, float top)
    {
        string unit = row.Unit switch { Unit.Milliseconds => "ms", Unit.Megabytes => "MB", Unit.PerSecond => "per second", _ => "" };
        Write(canvas, title, left, top + 20, PanelSize, theme.Text);
        Write(canvas, unit, left + PanelWidth - letters.Measure(unit, SmallSize), top + 20, SmallSize, theme.DimText);
        paint.Color = Rule;
        canvas.DrawRect(left, top + 30, PanelWidth, 1, paint);

        double full = FullLength(groups.SelectMany(group => group).Select(contender => results.SpreadOf(row, contender)?.Median ?? 0));
        float y = top + TitleHeight;
        foreach (IGrouping<string, Contender> group in groups)
        {
            Write(canvas, $"Debian {Target.Debian(group.Key)}", left, y + 16, SmallSize, theme.DimText);
            y += GroupHeight;
            foreach (Contender contender in group)
            {
                DrawBar(canvas, row, contender, full, left, y);
                y += BarStep;
            }
        }
    }

    private void DrawBar(SKCanvas canvas, Row row, Contender contender, double full, float left, float top)
    {
        bool isAgent = contender.Name == Results.Agent;
        float baseline = top + (BarHeight / 2) + (TextSize * Lettering.MiddleToBaseline), start = left + LabelWidth;
        Write(canvas, contender.Name, left, baseline, TextSize, isAgent ? theme.Accent : theme.Text);
        if (results.SpreadOf(row, contender) is not { } spread)
        {
            Write(canvas, Table.None, start, baseline, TextSize, theme.TextOff);
            return;
        }

        const float Longest = PanelWidth - LabelWidth - ValueWidth;
        bool isCut = spread.Median > full;

        // What is as good as nothing is still to be seen; nothing is not.
        float length = isCut ? Longest : spread.Median > 0 ? Math.Max(2, (float)(spread.Median / full * Longest)) : 0;
        paint.Color = isAgent ? theme.Accent : Other;
        canvas.DrawRoundRect(start, top, length, BarHeight, Math.Min(Rounding, length / 2), Math.Min(Rounding, length / 2), paint);
        if (isCut)
        {
            Cut(canvas, start + (length * 0.86f), top);
        }

        Write(canvas, Table.Number(row.Unit, spread.Median), start + length + (length > 0 ? 8 : 0), baseline, TextSize, isAgent ? theme.Accent : theme.Text);
    }

    /// <summary>Two slanting gaps.</summary>
    private void Cut(SKCanvas canvas, float x, float top)
    {
        const float Slant = 5, Gap = 4, Apart = 9;
        paint.Color = theme.Ground;
        for (int i = 0; i < 2; i++)
        {
            float left = x + (i * Apart);
            using var builder = new SKPathBuilder();
            builder.MoveTo(left + Slant, top - 1);
            builder.LineTo(left + Slant + Gap, top - 1);
            builder.LineTo(left + Gap - Slant, top + BarHeight + 1);
            builder.LineTo(left - Slant, top + BarHeight + 1);
            builder.Close();
            using SKPath gap = builder.Detach();
            canvas.DrawPath(gap, paint);
        }
    }

    private void Write(SKCanvas canvas, string text, float left, float baseline, float size, SKColor colour)
    {
        paint.Color = colour;
        letters.Draw(canvas, text, left + (letters.Measure(text, size) / 2), baseline, size, paint);
    }
}
