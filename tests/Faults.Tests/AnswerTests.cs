// SPDX-License-Identifier: GPL-3.0-or-later
// The card does its work, and its answer comes back too short, too long, garbled, late or not at all.

using HostPhone;

namespace Faults.Tests;

/// <summary>Answers that are wrong.</summary>
public sealed class AnswerTests(Lab lab) : Matrix(lab), IClassFixture<Lab>
{
    private const int Longest = 65_000;

    private static readonly (string Fault, Func<byte[], byte[]> Change)[] Changes =
    [
        ("one byte", static answer => answer[..1]),
        ("only the status word", static answer => answer[^2..]),
        ("half of its data", static answer => [.. answer[..((answer.Length - 2) / 2)], .. answer[^2..]]),
        ("without its last data byte", static answer => answer.Length > 2 ? [.. answer[..^3], .. answer[^2..]] : answer),
        ("with a byte more", static answer => [.. answer[..^2], 0x00, .. answer[^2..]]),
        ("with 3000 bytes more", static answer => [.. answer[..^2], .. new byte[3000], .. answer[^2..]]),
        ("of 65000 bytes", static answer => [.. new byte[Longest - 2], .. answer[^2..]]),
        ("data of zeros", static answer => [.. new byte[answer.Length - 2], .. answer[^2..]]),
        ("data inverted", static answer => [.. answer[..^2].Select(one => (byte)~one), .. answer[^2..]]),
        ("a bit of its data turned", static answer => answer.Length > 2 ? [(byte)(answer[0] ^ 1), .. answer[1..]] : answer),
        ("status word 0000 behind its data", static answer => [.. answer[..^2], 0, 0]),
    ];

    internal static readonly Cell[] Cells = [.. Changed(), .. Mute(), .. Slow()];

    public static IEnumerable<TheoryDataRow<string>> Names => Short(Cells);

    public static IEnumerable<TheoryDataRow<string>> More => Long(Cells);

    [Theory]
    [MemberData(nameof(Names))]
    public void An_answer_is_wrong_or_late(string cell) => Run(Cells, cell);

    [Theory]
    [MemberData(nameof(More))]
    [Trait("When", "All")]
    public void Other_cards_answers_are_wrong_or_late(string cell) => Run(Cells, cell);

    private static IEnumerable<Cell> Changed() =>
        from profile in (Profile[])[Profile.Chain, Profile.Curve25519, Profile.T0]
        from stage in StatusTests.Stages(profile)
        where profile == Profile.Curve25519 || stage.Moment == Moment.Unlock
        from index in Enumerable.Range(0, Changes.Length)
        let change = Changes[index]
        select new Cell("answer", profile, stage, change.Fault, run => run.Card.Faults.ChangeAt(run.Command, change.Change))
        {
            Recovery = Cell.Turn(index + stage.Command),
            Mend = stage.Moment == Moment.Unlock && stage.Command > 2 && Cell.Turn(index + stage.Command) == Recovery.Card
                ? Reinsert
                : static _ => { },
            IsLong = profile != Profile.Curve25519,
        };

    // What cannot be the message's key damages the message, for all that the agent knows: the card is put in again.
    private static void Reinsert(CellRun run)
    {
        run.Lab.Reader.Remove();
        run.AwaitScreen(Screen.CardRemoved, Screen.InsertCard);
        run.Lab.Reader.Insert();
    }

    // Nobody waits for it: the passphrase is reached at once.
    private static IEnumerable<Cell> Mute() =>
        from profile in (Profile[])[Profile.Chain, Profile.Curve25519]
        from stage in StatusTests.Stages(profile)
        select new Cell("answer", profile, stage, "never", static run => run.Card.Faults.DelayAt(run.Command, TimeSpan.FromHours(1)))
        {
            Recovery = Recovery.Passphrase,
            OwnsService = true,
            IsLong = profile != Profile.Chain,
        };

    private static IEnumerable<Cell> Slow() =>
        from seconds in (int[])[2, 30]
        from stage in StatusTests.Stages(Profile.Chain)
        where seconds == 2 || stage.Moment == Moment.Unlock
        select new Cell("answer", Profile.Chain, stage, $"after {seconds} s", run =>
            run.Card.Faults.DelayAt(run.Command, TimeSpan.FromSeconds(seconds)))
        {
            Recovery = Cell.Turn(stage.Command),
            Patience = TimeSpan.FromSeconds(12 + (2 * seconds)),
            IsLong = seconds > 2,

            // What a slow card still works on is nobody else's.
            OwnsService = seconds > 2,
        };
}
