// SPDX-License-Identifier: GPL-3.0-or-later
// Multitouch protocol A: frames that list all contacts, with and without ids, and what lost events leave behind.

using Input.Native;

namespace Input.Tests;

public class FrameContactsTests
{
    private readonly Recorder sink = new();
    private readonly TouchTracker tracker = NewTracker();

    [Fact]
    public void A_tap_is_down_move_up()
    {
        Frame(At(10, 20));
        Frame(At(10, 20));
        Frame(At(12, 20));
        Frame(None);
        Assert.Equal("Down100@10,20 Move100@12,20 Up100@12,20", sink.TakePointers());
    }

    [Fact]
    public void A_finger_stays_itself_whatever_its_place_in_the_frame()
    {
        Frame(At(10, 20), At(300, 400));
        Frame(At(301, 400), At(10, 21));
        Frame(At(302, 400));
        Frame(At(302, 402), At(20, 20));
        Frame(None);
        Assert.Equal(
            "Down100@10,20 Down101@300,400 Move100@10,21 Move101@301,400 Up100@10,21 Move101@302,400"
            + " Down100@20,20 Move101@302,402 Up100@20,20 Up101@302,402",
            sink.TakePointers());
    }

    [Fact]
    public void Each_finger_goes_to_the_nearest_even_where_another_order_came_first()
    {
        Frame(At(100, 100), At(160, 100));
        Frame(At(130, 100), At(180, 100));
        Assert.Equal("Down100@100,100 Down101@160,100 Move100@130,100 Move101@180,100", sink.TakePointers());
    }

    [Fact]
    public void A_finger_lifted_while_another_is_put_down_far_away_is_two_fingers()
    {
        Frame(At(100, 1000));
        Frame(At(600, 1000));
        Frame(None);
        Assert.Equal("Down100@100,1000 Up100@100,1000 Down100@600,1000 Up100@600,1000", sink.TakePointers());
    }

    [Fact]
    public void Ids_tell_fingers_apart_however_near_they_are()
    {
        Frame(At(100, 100, 4));
        Frame(At(101, 100, 7));
        Frame(At(600, 900, 7), At(102, 100, 4));
        Assert.Equal(
            "Down100@100,100 Up100@100,100 Down100@101,100 Move100@600,900 Down101@102,100", sink.TakePointers());
    }

    [Fact]
    public void The_button_lifts_all_fingers_where_the_device_sends_nothing_else()
    {
        Frame([Send.Key(Evdev.BTN_TOUCH, 1)], At(100, 100));
        Frame([Send.Key(Evdev.BTN_TOUCH, 0)]);
        Assert.Equal("Down100@100,100 Up100@100,100", sink.TakePointers());
    }

    [Fact]
    public void A_frame_of_something_else_lifts_nothing()
    {
        Frame(At(100, 100));
        Frame([Send.Key(139, 1)]);
        Frame([]);
        Assert.Equal("Down100@100,100", sink.TakePointers());
    }

    [Fact]
    public void No_pressure_no_width_or_no_id_is_no_finger()
    {
        Frame(At(100, 100), [.. Half(300, 300), Send.Abs(Evdev.ABS_MT_PRESSURE, 0), Send.MtSync]);
        Frame([.. Half(100, 100), Send.Abs(Evdev.ABS_MT_TOUCH_MAJOR, 0), Send.MtSync]);
        Frame(At(100, 100, -1), [Send.MtX(5), Send.MtSync]);
        Assert.Equal("Down100@100,100 Up100@100,100", sink.TakePointers());
    }

    [Fact]
    public void The_last_finger_of_a_frame_counts_without_its_end_mark()
    {
        Frame(At(10, 20), Half(300, 400));
        Assert.Equal("Down100@10,20 Down101@300,400", sink.TakePointers());
    }

    [Fact]
    public void More_fingers_than_hands_have_do_no_harm()
    {
        Frame([.. Enumerable.Range(0, 40).Select(i => At(i * 10, i * 30))]);
        Assert.Equal(FrameContacts.MaxContacts, sink.ContactsDown.Count);
        Frame(None);
        Assert.Empty(sink.ContactsDown);
    }

    [Fact]
    public void A_finger_that_was_there_before_counts_only_once_it_is_put_down_anew()
    {
        TouchTracker late = NewTracker(firstSlot: 0);
        Frame(late, 0, At(10, 20));
        Frame(late, 0, None);
        Assert.Equal("", sink.TakePointers());
        Frame(late, 0, At(11, 20));
        Assert.Equal("Down100@11,20", sink.TakePointers());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(null)]
    public void After_lost_events_a_finger_that_may_have_been_there_types_nothing_and_the_next_tap_counts(bool? touched)
    {
        Frame(At(100, 100));
        tracker.Restart(touched, Timed(Send.Dropped, 5000), sink);
        FrameAt(5010, At(300, 300));
        FrameAt(5020, At(301, 300));
        FrameAt(5030, None);
        Assert.Equal("Down100@100,100 Cancel100@100,100", sink.TakePointers());
        FrameAt(5040, At(300, 300));
        FrameAt(5050, None);
        Assert.Equal("Down100@300,300 Up100@300,300", sink.TakePointers());
    }

    [Fact]
    public void After_lost_events_a_second_finger_counts_while_the_first_stays_quiet()
    {
        tracker.Restart(true, Timed(Send.Dropped, 5000), sink);
        FrameAt(5010, At(300, 300));
        FrameAt(5020, At(300, 300), At(600, 900));
        FrameAt(5030, At(300, 300));
        Assert.Equal("Down101@600,900 Up101@600,900", sink.TakePointers());
    }

    [Fact]
    public void After_lost_events_the_next_tap_counts_where_the_device_says_that_no_finger_is_there()
    {
        Frame(At(100, 100));
        tracker.Restart(false, Timed(Send.Dropped, 5000), sink);
        FrameAt(5010, At(100, 100));
        FrameAt(5020, None);
        Assert.Equal("Down100@100,100 Cancel100@100,100 Down100@100,100 Up100@100,100", sink.TakePointers());
    }

    [Fact]
    public void After_lost_events_and_a_silence_the_next_tap_counts_where_the_device_says_nothing()
    {
        Frame(At(100, 100));
        tracker.Restart(null, Timed(Send.Dropped, 5000), sink);
        FrameAt(5300, At(100, 100));
        FrameAt(5310, None);
        Assert.Equal("Down100@100,100 Cancel100@100,100 Down100@100,100 Up100@100,100", sink.TakePointers());
    }

    [Fact]
    public void Half_a_frame_before_the_loss_is_forgotten()
    {
        tracker.Take(Send.MtX(50), sink);
        tracker.Restart(false, Send.Dropped, sink);
        Frame([Send.MtY(60), Send.MtSync]);
        Assert.Equal("", sink.TakePointers());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_stream_leaves_a_contact_stuck_or_unpaired(bool hasIds)
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            TouchTracker any = NewTracker();
            for (int step = 0; step < 200; step++)
            {
                RunStep(any, random, hasIds);
            }

            Frame(any, 0, None);
            Assert.Empty(sink.ContactsDown);
            Assert.All(sink.Pointers, e => Assert.True(e is { X: >= 0 and < 720, Y: >= 0 and < 1440 }));
            Assert.Contains(sink.Pointers, e => e.Phase == PointerPhase.Up);
            sink.Pointers.Clear();
        }
    }

    private void RunStep(TouchTracker any, Random random, bool hasIds)
    {
        if (random.Next(30) == 0)
        {
            any.Restart(random.Next(3) switch { 0 => null, 1 => false, _ => true }, Send.Dropped, sink);
        }
        else if (random.Next(30) == 0)
        {
            any.CancelAll(sink);
        }
        else
        {
            Frame(any, random.Next(1000), [.. Enumerable.Range(0, random.Next(20)).Select(
                _ => At(random.Next(-50, 3000), random.Next(-50, 3000), hasIds ? random.Next(-1, 20) : null))]);
        }
    }

    private static TouchTracker NewTracker(int firstSlot = -1)
    {
        SlotState[] slots = [.. Enumerable.Repeat(new SlotState(-1, 0, 0), FrameContacts.MaxContacts)];
        slots[0].TrackingId = firstSlot;
        return new(PointerKind.Frames, new AxisMap(0, 719, 720), new AxisMap(0, 1439, 1440), 100, slots, 0);
    }

    private static input_event[] None => [Send.MtSync];

    private static input_event[] Half(int x, int y) => [Send.MtX(x), Send.MtY(y)];

    private static input_event[] At(int x, int y, int? id = null) =>
        id is { } known ? [Send.Id(known), .. Half(x, y), Send.MtSync] : [.. Half(x, y), Send.MtSync];

    private static input_event Timed(input_event e, int milliseconds) =>
        e with { input_event_sec = milliseconds / 1000, input_event_usec = milliseconds % 1000 * 1000 };

    private void Frame(params input_event[][] contacts) => Frame(tracker, 0, contacts);

    private void FrameAt(int milliseconds, params input_event[][] contacts) => Frame(tracker, milliseconds, contacts);

    private void Frame(TouchTracker to, int milliseconds, params input_event[][] contacts)
    {
        foreach (input_event e in (input_event[])[.. contacts.SelectMany(contact => contact), Send.Sync])
        {
            to.Take(Timed(e, milliseconds), sink);
        }
    }
}
