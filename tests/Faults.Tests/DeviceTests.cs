// SPDX-License-Identifier: GPL-3.0-or-later
// The touchscreen vanishes, floods or talks nonsense; the screen takes no pixels; the clock of the day jumps.

using HostPhone;

namespace Faults.Tests;

/// <summary>Devices that fail.</summary>
public sealed class DeviceTests(Lab lab) : Matrix(lab), IClassFixture<Lab>
{
    private const int Eio = 5, Enodev = 19;
    private const int Flood = 100_000;
    private const long Years = 10L * 365 * 24 * 3600;

    // No button is there on any screen.
    private static readonly (int X, int Y) Nowhere = (180, 45);

    internal static readonly Cell[] Cells = [.. Unplugged(), .. Nonsense(), .. Screens(), .. Clocks()];

    public static IEnumerable<TheoryDataRow<string>> Names => Short(Cells);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_device_fails(string cell) => Run(Cells, cell);

    private static IEnumerable<Cell> Unplugged() =>
        from moment in (Moment[])[Moment.Before, Moment.Start, Moment.Pad, Moment.Typed]
        from fault in (string[])["unplugged", "answers EIO", "answers ENODEV"]
        where fault == "unplugged" || moment is Moment.Pad or Moment.Typed
        select new Cell("touchscreen", Profile.Curve25519, new Stage(moment), fault, run =>
        {
            if (fault == "unplugged")
            {
                run.Phone.Touchscreen.Unplug();
            }
            else
            {
                run.Phone.Control.InputReadErrno = fault == "answers EIO" ? Eio : Enodev;
                run.Phone.Touchscreen.Lift();
            }
        })
        {
            Mend = run =>
            {
                run.Phone.Control.InputReadErrno = 0;
                if (run.Phone.Touchscreen.IsPlugged)
                {
                    run.Phone.Touchscreen.Unplug();
                }

                run.Phone.Touchscreen.Plug();
                run.AwaitGrab();
            },
            IsMendedFirst = true,
            Recovery = Cell.Turn((int)moment),
        };

    private static IEnumerable<Cell> Nonsense() =>
        from moment in (Moment[])[Moment.Pad, Moment.Typed]
        from fault in (string[])
            ["100000 moves", "100000 random events", "100000 reports without an event", "events dropped", "a finger outside", "a finger down twice"]
        select new Cell("touchscreen", Profile.Curve25519, new Stage(moment), fault, run => Send(run.Phone.Touchscreen, fault))
        {
            Recovery = Cell.Turn((int)moment),
        };

    private static void Send(Touchscreen finger, string fault)
    {
        var random = new Random(1);
        switch (fault)
        {
            case "100000 moves":
                finger.Press(Nowhere.X, Nowhere.Y);
                Repeat(i => [(Touchscreen.Absolute, Touchscreen.AxisX, Nowhere.X + (i % 2)), (Touchscreen.Sync, Touchscreen.Report, 0)]);
                finger.Lift();
                break;
            case "100000 random events":
                // No finger comes of them: EV_KEY is left out.
                Repeat(_ => [((int)random.NextInt64(2, 32), random.Next(0x10000), random.Next()), (Touchscreen.Sync, Touchscreen.Report, 0)]);
                finger.Tap(Nowhere.X, Nowhere.Y);
                break;
            case "100000 reports without an event":
                Repeat(_ => [(Touchscreen.Sync, Touchscreen.Report, 0), (Touchscreen.Sync, Touchscreen.Report, 0)]);
                break;
            case "events dropped":
                // What waits behind a gap is read over with it: the device's state stands for it.
                finger.Press(Nowhere.X, Nowhere.Y);
                finger.AwaitRead();
                finger.Send((Touchscreen.Sync, Touchscreen.Dropped, 0), (Touchscreen.Sync, Touchscreen.Report, 0));
                finger.AwaitRead();
                finger.Lift();
                finger.AwaitRead();
                break;
            case "a finger outside":
                finger.Tap(int.MinValue, int.MaxValue);
                break;
            default:
                finger.Press(Nowhere.X, Nowhere.Y);
                finger.Press(Nowhere.X, Nowhere.Y);
                finger.Lift();
                finger.Lift();
                break;
        }

        void Repeat(Func<int, (int, int, int)[]> events)
        {
            for (int i = 0; i < Flood / 2; i += 50)
            {
                finger.Send([.. Enumerable.Range(i, 50).SelectMany(events)]);
            }
        }
    }

    private static IEnumerable<Cell> Screens() =>
        from moment in (Moment[])[Moment.Before, Moment.Pad, Moment.Typed]
        from errno in (int[])[Eio, Enodev]
        select new Cell("screen", Profile.Curve25519, new Stage(moment), $"takes no pixels (errno {errno})", run =>
        {
            run.Phone.Control.ScreenWriteErrno = errno;
            (int x, int y) = Screen.Pin(3).ButtonFor('1', run.Phone.Width, run.Phone.Height);
            run.Phone.Touchscreen.Press(x, y);
            run.Phone.Touchscreen.Lift();
        })
        {
            Mend = static run => run.Phone.Control.ScreenWriteErrno = 0,
            MayGiveUp = true,
        };

    private static IEnumerable<Cell> Clocks() =>
        from stage in (Stage[])[new(Moment.Before), new(Moment.Pad), new(Moment.Typed), new(Moment.Unlock, 2)]
        from years in (int[])[10, -10]
        select new Cell("clock", Profile.Curve25519, stage, $"the day's clock jumps {years} years", run =>
            run.Phone.Control.RealTimeOffset = Years * Math.Sign(years))
        {
            Recovery = Cell.Turn(stage.Command + (int)stage.Moment),
        };
}
