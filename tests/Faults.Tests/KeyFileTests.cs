// SPDX-License-Identifier: GPL-3.0-or-later
// The key file is damaged, or changes underneath; /run takes nothing; a second disk follows.

using HostPhone;

namespace Faults.Tests;

/// <summary>Files that fail, and a second disk.</summary>
public sealed class KeyFileTests(Lab lab) : Matrix(lab), IClassFixture<Lab>
{
    private static readonly (string Fault, Action<string> Break)[] Faults =
    [
        ("deleted", File.Delete),
        ("emptied", static file => File.WriteAllBytes(file, [])),
        ("cut in half", static file => File.WriteAllBytes(file, File.ReadAllBytes(file)[..(File.ReadAllBytes(file).Length / 2)])),
        ("without its last byte", static file => File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1])),
        ("a bit turned at its end", static file => Turn(file, ^1)),
        ("a bit turned in its middle", static file => Turn(file, File.ReadAllBytes(file).Length / 2)),
        ("a bit turned at its start", static file => Turn(file, 0)),
        ("text", static file => File.WriteAllText(file, "no key")),
        ("zeros", static file => File.WriteAllBytes(file, new byte[500])),
        ("of 10 MB", static file => File.WriteAllBytes(file, new byte[10_000_000])),
        ("for another card", static file => File.Copy(CardKeys.Get("pico-nistp384").MessageFile, file, overwrite: true)),
    ];

    internal static readonly Cell[] Cells = [.. Damaged(), .. Runs(), .. Seconds()];

    public static IEnumerable<TheoryDataRow<string>> Names => Short(Cells);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_fails_or_a_disk_follows(string cell) => Run(Cells, cell);

    private static IEnumerable<Cell> Damaged() =>
        from moment in (Moment[])[Moment.Before, Moment.Pad, Moment.Typed]
        from fault in Faults
        select new Cell("key file", Profile.Curve25519, new Stage(moment), fault.Fault, run => fault.Break(run.Lab.KeyFile))
        {
            Recovery = moment == Moment.Before ? Recovery.Passphrase : Recovery.Card,
        };

    private static IEnumerable<Cell> Runs() =>
        from moment in (Moment[])[Moment.Before, Moment.Start]
        select new Cell("/run", Profile.Curve25519, new Stage(moment), "takes nothing", static run =>
        {
            // Nothing else is cleared: what has just started may have drawn already.
            string folder = Path.Combine(run.Phone.Folder, "run", "unlock-agent");
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            File.WriteAllText(folder, "");
        })
        {
            Recovery = Cell.Turn((int)moment),
        };

    private static IEnumerable<Cell> Seconds() =>
        from profile in Profile.All
        select new Cell("two disks", profile, new Stage(Moment.After), "the second disk follows", static run => run.OpenNextVolume());

    private static void Turn(string file, Index place)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[place] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
