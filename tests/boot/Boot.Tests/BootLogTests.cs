// SPDX-License-Identifier: GPL-3.0-or-later
using EmulatedPhone;

namespace Boot.Tests;

public sealed class BootLogTests
{
    // As touch-player and the kernel's trace write them, and a console sends them.
    private const string Text =
        "       modprobe-90    [000] .....     2.000001: sched_process_exec: filename=/sbin/modprobe pid=90 old_pid=90\r\n" +
        "        askpass-123   [000] .....     5.123456: sched_process_exec: filename=/lib/cryptsetup/askpass pid=123 old_pid=123\r\n" +
        "5150.25 00112233445566ff\r\n" +
        "5200.50 ffeeddccbbaa9988\r\n" +
        " card changes-1-124   [001] d..2.     6.500000: sched_process_exit: comm=card changes-1 pid=124 prio=120\r\n" +
        "        askpass-130   [000] .....     7.000000: sched_process_exec: filename=/lib/cryptsetup/askpass pid=130 old_pid=130\r\n" +
        "     cryptsetup-140   [000] .....     8.000000: sched_process_exit: comm=cryptsetup pid=140 prio=120\r\n" +
        "     cryptsetup-141   [000] .....     9.000500: sched_process_exit: comm=cryptsetup pid=141 prio=120\r\n" +
        "9100 is no line of a log\r\n";

    private static readonly BootLog Log = BootLog.Parse(Text);

    [Fact]
    public void Changes_and_moments_are_read_in_their_order_on_one_clock()
    {
        Assert.Equal([new PictureMoment(5150.25, "00112233445566ff"), new PictureMoment(5200.5, "ffeeddccbbaa9988")], Log.Changes);
        Assert.Equal(6, Log.Programs.Count);
        Assert.Equal(new ProgramMoment(5123.456, 123, "/lib/cryptsetup/askpass", "askpass"), Log.Programs[1] with { At = Math.Round(Log.Programs[1].At, 6) });
        Assert.Equal((124, null, "card changes-1"), (Log.Programs[2].Pid, Log.Programs[2].Program, Log.Programs[2].Name));
    }

    [Fact]
    public void A_program_starts_when_it_is_executed_first_and_ends_when_the_last_of_its_name_does()
    {
        Assert.Equal(5123.456, Log.StartOf("/lib/cryptsetup/askpass"), 6);
        Assert.Equal(5123.456, Log.StartOf("askpass"), 6);
        Assert.Equal(9000.5, Log.EndOf("cryptsetup"), 6);
        Assert.Equal(5150.25, Log.FirstChangeAfter(5123.456));
        Assert.Equal(5200.5, Log.FirstChangeAfter(5150.25));
    }

    [Theory]
    [InlineData("a", 1)]
    [InlineData("abc", 3)]
    [InlineData("abcb", 2)]
    [InlineData("abcbcbcbc", 2)]
    public void The_last_picture_is_there_since_it_came_or_since_its_cursor_blinks(string pictures, double since)
    {
        BootLog log = BootLog.Parse(string.Concat(pictures.Select((picture, i) => $"{i + 1} {new string(picture, 16)}\n")));
        Assert.Equal(since, log.LastPictureSince());
    }

    [Fact]
    public void What_did_not_happen_is_said()
    {
        Assert.Throws<PhoneException>(() => BootLog.Parse("").LastPictureSince());
        Assert.Throws<PhoneException>(() => Log.StartOf("/sbin/plymouthd"));
        Assert.Throws<PhoneException>(() => Log.StartOf("/usr/bin/askpass"));
        Assert.Throws<PhoneException>(() => Log.EndOf("plymouthd"));
        Assert.Throws<PhoneException>(() => Log.FirstChangeAfter(5200.5));
    }
}
