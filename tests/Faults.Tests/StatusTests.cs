// SPDX-License-Identifier: GPL-3.0-or-later
// The card answers each class of status words at each command, and does not do what it was asked.

using System.Globalization;
using HostPhone;

namespace Faults.Tests;

/// <summary>Cards that refuse.</summary>
public sealed class StatusTests(Lab lab) : Matrix(lab), IClassFixture<Lab>
{
    private static readonly ushort[] Words =
    [
        0x6110, 0x6200, 0x6283, 0x6300, 0x63C0, 0x63C1, 0x63C2, 0x63C3, 0x6400, 0x6581, 0x6600, 0x6700, 0x6882, 0x6883, 0x6982, 0x6983,
        0x6984, 0x6985, 0x6A80, 0x6A82, 0x6A88, 0x6B00, 0x6C00, 0x6C10, 0x6D00, 0x6E00, 0x6F00, 0x9000, 0x0000, 0xFFFF,
    ];

    internal static readonly Cell[] Cells = [.. All()];

    public static IEnumerable<TheoryDataRow<string>> Names => Short(Cells);

    public static IEnumerable<TheoryDataRow<string>> More => Long(Cells);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_card_answers_a_status_word_and_nothing_else(string cell) => Run(Cells, cell);

    [Theory]
    [MemberData(nameof(More))]
    [Trait("When", "All")]
    public void Other_cards_answer_a_status_word_and_nothing_else(string cell) => Run(Cells, cell);

    private static IEnumerable<Cell> All() =>
        from profile in (Profile[])[Profile.Chain, Profile.Curve25519]
        from stage in Stages(profile)
        from index in Enumerable.Range(0, Words.Length)
        let word = Words[index]
        select new Cell(
            "status word",
            profile,
            stage,
            word.ToString("X4", CultureInfo.InvariantCulture),
            run => run.Card.Faults.FailAt(run.Command, word))
        {
            Recovery = IsPassphrase(profile, stage, word, index) ? Recovery.Passphrase : Cell.Turn(index + stage.Command),
            IsLong = profile != Profile.Chain,
        };

    // A card that cannot be read is looked at again after 5 s: not in every cell. One that says that it is blocked is
    // believed, and so is one whose answer fits no message.
    private static bool IsPassphrase(Profile profile, Stage stage, ushort word, int index) => stage is { Moment: Moment.Look, Command: 2 or 4 }
        ? index % 6 != 0
        : stage.Moment == Moment.Unlock
            && ((stage.Command == 2 && word is (0x63C0 or 0x6983)) || (stage.Command == profile.Unlocks && word == 0x9000));

    internal static IEnumerable<Stage> Stages(Profile profile) =>
        Enumerable.Range(1, profile.Looks).Select(number => new Stage(Moment.Look, number))
            .Concat(Enumerable.Range(1, profile.Unlocks).Select(number => new Stage(Moment.Unlock, number)));
}
