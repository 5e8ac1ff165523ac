// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows of the table: each a figure, or made from figures of the same boot and of the boot without an unlocker in the same round. Pure.

namespace PhoneBench;

internal enum Unit
{
    /// <summary>Milliseconds of a clock that counts instructions.</summary>
    Milliseconds,

    /// <summary>Bytes, shown in millions.</summary>
    Megabytes,

    PerSecond,

    Count,
}

/// <summary>A row.</summary>
/// <param name="Id">As the JSON has it.</param>
/// <param name="Title">As the table and the chart have it.</param>
/// <param name="Of">From a boot and the round's boot without an unlocker; null where the contender has none.</param>
internal sealed record Row(string Id, string Title, Unit Unit, Func<Measured, Measured?, double?> Of)
{
    /// <summary>Over the presses of all boots at once, ms; null for other rows.</summary>
    public Func<IReadOnlyList<double>, double>? OfPresses { get; init; }

    public static Row FirstFrame { get; } = Plain(Figure.FirstFrame, "start to first frame", Unit.Milliseconds);

    public static Row PressMedian { get; } = Press("press_to_pixels_median_ms", "press to changed pixels, median", Statistics.Median);

    public static Row PressLate { get; } =
        Press("press_to_pixels_95th_ms", "press to changed pixels, 95th percentile", presses => Statistics.Percentile(presses, 0.95));

    public static Row PressesCpu { get; } = Plain(Figure.PressesCpu, "processor time of 100 presses", Unit.Milliseconds);

    public static Row Open { get; } = Plain(Figure.Open, "confirmed to disk open", Unit.Milliseconds);

    public static Row CardWork { get; } = Plain(Figure.CardWork, "of which the card", Unit.Milliseconds);

    public static Row OpenWithoutCard { get; } = new(
        "confirmed_to_open_less_card_ms",
        "confirmed to disk open, less the card",
        Unit.Milliseconds,
        (boot, _) => Find(boot, Figure.Open) - (Find(boot, Figure.CardWork) ?? 0));

    public static Row CardCommands { get; } = Plain(Figure.CardCommands, "commands to the card", Unit.Count);

    public static Row Resident { get; } = Plain(Figure.Resident, "resident memory, all its processes", Unit.Megabytes);

    public static Row OwnResident { get; } = Plain(Figure.OwnResident, "resident memory, the asking program alone", Unit.Megabytes);

    public static Row Peak { get; } = Plain(Figure.Peak, "peak memory, all its processes", Unit.Megabytes);

    public static Row Share { get; } = Plain(Figure.Share, "memory with shared pages divided", Unit.Megabytes);

    public static Row WakeUps { get; } = Plain(Figure.WakeUps, "wake-ups per second when idle", Unit.PerSecond);

    public static Row Bytes { get; } = Added("image_bytes_added", "bytes added to the initramfs", Unit.Megabytes, Figure.Image);

    public static Row BootTime { get; } = Added("boot_time_added_ms", "boot time added until the prompt", Unit.Milliseconds, Figure.Prompt);

    public static IReadOnlyList<Row> All { get; } =
    [
        FirstFrame, PressMedian, PressLate, PressesCpu, Open, CardWork, OpenWithoutCard, CardCommands, Resident, OwnResident, Peak, Share, WakeUps,
        Bytes, BootTime,
    ];

    private static double? Find(Measured boot, string figure) => boot.Figures.TryGetValue(figure, out double value) ? value : null;

    private static Row Plain(string figure, string title, Unit unit) => new(figure, title, unit, (boot, _) => Find(boot, figure));

    private static Row Press(string id, string title, Func<IReadOnlyList<double>, double> of) =>
        new(id, title, Unit.Milliseconds, (boot, _) => boot.Presses.Count == 0 ? null : of(boot.Presses)) { OfPresses = of };

    private static Row Added(string id, string title, Unit unit, string figure) => new(
        id,
        title,
        unit,
        (boot, baseline) => boot.Contender.IsBaseline || baseline is null ? null : Find(boot, figure) - Find(baseline, figure));
}
