// SPDX-License-Identifier: GPL-3.0-or-later
// The card is pulled out, before and after its work on every command of an unlock, and at random moments, and put back.

using CardSimulator;
using HostPhone;

namespace Faults.Tests;

/// <summary>Cards that are pulled out.</summary>
public sealed class PullTests(Lab lab) : Matrix(lab), IClassFixture<Lab>
{
    private const int Random = 12;

    internal static readonly Cell[] Cells = [.. Commands(), .. WrongPins(), .. Others(), .. Randoms()];

    public static IEnumerable<TheoryDataRow<string>> Names => Short(Cells);

    public static IEnumerable<TheoryDataRow<string>> More => Long(Cells);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_card_is_pulled_and_put_back(string cell) => Run(Cells, cell);

    [Theory]
    [MemberData(nameof(More))]
    [Trait("When", "All")]
    public void Other_cards_are_pulled_and_put_back(string cell) => Run(Cells, cell);

    private static IEnumerable<Cell> Commands() =>
        from profile in Profile.All
        from stage in Enumerable.Range(1, profile.Looks).Select(number => new Stage(Moment.Look, number))
            .Concat(Enumerable.Range(1, profile.Unlocks).Select(number => new Stage(Moment.Unlock, number)))
        from afterWork in (bool[])[false, true]
        select Pull(profile, stage, afterWork) with
        {
            Recovery = Cell.Turn(stage.Command + (afterWork ? 1 : 0)),
            IsLong = profile != Profile.Chain && profile != Profile.Curve25519,
        };

    private static IEnumerable<Cell> WrongPins() =>
        from afterWork in (bool[])[false, true]
        from profile in (Profile[])[Profile.Chain, Profile.Curve25519]
        select Pull(profile, new Stage(Moment.Unlock, 2), afterWork) with
        {
            Fault = $"pulled {When(afterWork)} a wrong PIN was checked",
            Pin = Cell.WrongPin,
        };

    private static IEnumerable<Cell> Others() =>
        from moment in (Moment[])[Moment.Before, Moment.Start, Moment.Pad, Moment.Typed]
        from profile in (Profile[])[Profile.Chain, Profile.T0]
        select new Cell("pull", profile, new Stage(moment), "pulled", static run => run.Lab.Reader.Remove())
        {
            Mend = PutBack,
            Recovery = Cell.Turn((int)moment + (profile == Profile.T0 ? 1 : 0)),
        };

    private static IEnumerable<Cell> Randoms() =>
        from number in Enumerable.Range(1, Random)
        let milliseconds = new System.Random(number).NextDouble() * 60
        select new Cell("pull", Profile.Chain, new Stage(Moment.Unlock, 1), $"pulled at a random moment, {number}", run =>
        {
            VpcdReader reader = run.Lab.Reader;
            run.Card.Faults.CallAt(1, () => run.InBackground(() => RemoveAfter(reader, milliseconds)));
        })
        {
            Mend = PutBack,
            Recovery = Cell.Turn(number),
        };

    private static void RemoveAfter(VpcdReader reader, double milliseconds)
    {
        Thread.Sleep(TimeSpan.FromMilliseconds(milliseconds));
        reader.Remove();
    }

    private static Cell Pull(Profile profile, Stage stage, bool afterWork) =>
        new("pull", profile, stage, $"pulled {When(afterWork)} its work", run => run.Card.Faults.PullAt(run.Command, afterWork))
        {
            Mend = PutBack,
        };

    private static string When(bool afterWork) => afterWork ? "after" : "before";

    private static void PutBack(CellRun run) => run.Lab.Reader.Insert();
}
