// SPDX-License-Identifier: GPL-3.0-or-later
// Contacts from events: protocol B, one finger, an absolute pointer, and lost events.

using Input.Native;

namespace Input.Tests;

public class TouchTrackerTests
{
    private static readonly SlotState Empty = new(-1, 0, 0);
    private readonly Recorder sink = new();

    [Fact]
    public void A_tap_is_down_move_up()
    {
        TouchTracker tracker = Slots(Empty, Empty);
        Frame(tracker, Send.Id(7), Send.MtX(10), Send.MtY(20));
        Frame(tracker, Send.MtX(11));
        Frame(tracker, Send.MtX(11));
        Frame(tracker, Send.Id(-1));
        Assert.Equal("Down100@10,20 Move100@11,20 Up100@11,20", sink.TakePointers());
    }

    [Fact]
    public void Fingers_are_told_apart_by_their_slots()
    {
        TouchTracker tracker = Slots(Empty, Empty);
        Frame(tracker, Send.Id(1), Send.MtX(10), Send.MtY(20), Send.Slot(1), Send.Id(2), Send.MtX(30), Send.MtY(40));
        Frame(tracker, Send.MtY(41), Send.Slot(0), Send.Id(-1));
        Frame(tracker, Send.Slot(1), Send.Id(-1));
        Assert.Equal("Down100@10,20 Down101@30,40 Up100@10,20 Move101@30,41 Up101@30,41", sink.TakePointers());
    }

    [Fact]
    public void A_second_tap_at_the_same_place_sends_no_position_and_still_has_one()
    {
        TouchTracker tracker = Slots(Empty);
        Frame(tracker, Send.Id(1), Send.MtX(10), Send.MtY(20));
        Frame(tracker, Send.Id(-1));
        Frame(tracker, Send.Id(2));
        Assert.Equal("Down100@10,20 Up100@10,20 Down100@10,20", sink.TakePointers());
    }

    [Fact]
    public void A_first_tap_where_the_device_was_last_touched_sends_no_position_either()
    {
        TouchTracker tracker = Slots(new SlotState(-1, 10, 20));
        Frame(tracker, Send.Id(2));
        Assert.Equal("Down100@10,20", sink.TakePointers());
    }

    [Fact]
    public void An_id_replaced_within_a_frame_is_a_new_contact()
    {
        TouchTracker tracker = Slots(Empty);
        Frame(tracker, Send.Id(1), Send.MtX(10), Send.MtY(20));
        Frame(tracker, Send.Id(2), Send.MtX(50));
        Assert.Equal("Down100@10,20 Up100@10,20 Down100@50,20", sink.TakePointers());
    }

    [Fact]
    public void Nothing_is_told_before_the_frame_ends()
    {
        TouchTracker tracker = Slots(Empty);
        tracker.Take(Send.Id(1), sink);
        tracker.Take(Send.MtX(10), sink);
        Assert.Equal("", sink.TakePointers());
    }

    [Fact]
    public void A_finger_that_was_there_before_counts_only_once_it_is_put_down_anew()
    {
        TouchTracker tracker = Slots(new SlotState(5, 10, 20));
        Frame(tracker, Send.MtX(11));
        Frame(tracker, Send.Id(-1));
        Assert.Equal("", sink.TakePointers());
        Frame(tracker, Send.Id(6));
        Assert.Equal("Down100@11,20", sink.TakePointers());
    }

    [Fact]
    public void A_device_that_another_program_held_stands_where_it_was_moved_meanwhile()
    {
        TouchTracker tracker = Slots(new SlotState(-1, 10, 20), new SlotState(-1, 1, 2));
        tracker.Reposition([new(-1, 300, 400), new(7, 500, 600)], 1);
        Frame(tracker, Send.MtX(501));
        Frame(tracker, Send.Id(-1));
        Frame(tracker, Send.Slot(0), Send.Id(8));
        Frame(tracker, Send.Slot(1), Send.Id(9));
        Assert.Equal("Down100@300,400 Down101@501,600", sink.TakePointers());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_slot_that_was_not_declared_is_ignored(int slot)
    {
        TouchTracker tracker = Slots(Empty, Empty);
        Frame(tracker, Send.Slot(slot), Send.Id(1), Send.MtX(10));
        Frame(tracker, Send.Slot(1), Send.Id(2), Send.MtX(30), Send.MtY(40));
        Assert.Equal("Down101@30,40", sink.TakePointers());
    }

    [Fact]
    public void A_mouse_button_of_a_touchscreen_is_no_contact()
    {
        TouchTracker tracker = Slots(Empty);
        Frame(tracker, Send.Key(Evdev.BTN_LEFT, 1), Send.Key(Evdev.BTN_TOUCH, 1));
        Assert.Equal("", sink.TakePointers());
    }

    [Theory]
    [InlineData(PointerKind.SingleTouch, Evdev.BTN_TOUCH, Evdev.BTN_LEFT)]
    [InlineData(PointerKind.AbsolutePointer, Evdev.BTN_LEFT, Evdev.BTN_TOUCH)]
    internal void A_button_and_two_axes_make_one_contact(PointerKind kind, ushort button, ushort otherButton)
    {
        TouchTracker tracker = Tracker(kind, [new SlotState(-1, 5, 6)]);
        Frame(tracker, Send.Abs(Evdev.ABS_X, 10));
        Frame(tracker, Send.Key(otherButton, 1));
        Assert.Equal("", sink.TakePointers());
        Frame(tracker, Send.Key(button, 1));
        Frame(tracker, Send.Abs(Evdev.ABS_Y, 20));
        Frame(tracker, Send.Key(button, 2));
        Frame(tracker, Send.Key(button, 0));
        Assert.Equal("Down100@10,6 Move100@10,20 Up100@10,20", sink.TakePointers());
    }

    [Fact]
    public void After_lost_events_a_finger_still_there_moves_one_that_left_is_cancelled_a_new_one_goes_down()
    {
        TouchTracker tracker = Slots(Empty, Empty, Empty);
        Frame(tracker, Send.Id(1), Send.MtX(10), Send.MtY(20), Send.Slot(1), Send.Id(2), Send.MtX(30), Send.MtY(40));
        sink.TakePointers();
        tracker.Resynchronise([new(1, 12, 20), new(-1, 30, 40), new(3, 50, 60)], 2, sink);
        Assert.Equal("Cancel101@30,40 Move100@12,20 Down102@50,60", sink.TakePointers());
        Frame(tracker, Send.Id(-1));
        Assert.Equal("Up102@50,60", sink.TakePointers());
    }

    [Fact]
    public void After_lost_events_a_slot_with_another_finger_is_cancelled_first()
    {
        TouchTracker tracker = Slots(Empty);
        Frame(tracker, Send.Id(1), Send.MtX(10), Send.MtY(20));
        sink.TakePointers();
        tracker.Resynchronise([new(9, 70, 80)], 0, sink);
        Assert.Equal("Cancel100@10,20 Down100@70,80", sink.TakePointers());
    }

    [Fact]
    public void After_lost_events_a_button_still_down_may_be_a_second_press_and_counts_as_none()
    {
        TouchTracker tracker = Tracker(PointerKind.SingleTouch, [Empty]);
        Frame(tracker, Send.Key(Evdev.BTN_TOUCH, 1));
        sink.TakePointers();
        tracker.Resynchronise([new(0, 300, 300)], 0, sink);
        Frame(tracker, Send.Key(Evdev.BTN_TOUCH, 0));
        Assert.Equal("Cancel100@0,0", sink.TakePointers());
    }

    [Fact]
    public void What_is_cancelled_stays_quiet_until_it_is_put_down_anew()
    {
        TouchTracker tracker = Slots(Empty);
        Frame(tracker, Send.Id(1), Send.MtX(10), Send.MtY(20));
        tracker.CancelAll(sink);
        tracker.CancelAll(sink);
        Frame(tracker, Send.MtX(90));
        Frame(tracker, Send.Id(-1));
        Assert.Equal("Down100@10,20 Cancel100@10,20", sink.TakePointers());
    }

    [Theory]
    [InlineData(0, 32767, 720, 0, 0)]
    [InlineData(0, 32767, 720, 32767, 719)]
    [InlineData(0, 32767, 720, 16384, 360)]
    [InlineData(0, 32767, 720, 40000, 719)]
    [InlineData(0, 32767, 720, -1, 0)]
    [InlineData(0, 719, 720, 333, 333)]
    [InlineData(-100, 100, 1440, -100, 0)]
    [InlineData(-100, 100, 1440, 100, 1439)]
    [InlineData(0, 0, 720, 300, 300)]
    [InlineData(0, 0, 720, 5000, 719)]
    [InlineData(9, 3, 720, -5, 0)]
    [InlineData(int.MinValue, int.MaxValue, 720, int.MaxValue, 719)]
    [InlineData(int.MinValue, int.MaxValue, 720, int.MinValue, 0)]
    [InlineData(0, 1000, 1, 700, 0)]
    public void An_axis_is_stretched_over_the_screen(int minimum, int maximum, int pixels, int value, int expected) =>
        Assert.Equal(expected, new AxisMap(minimum, maximum, pixels).Map(value));

    private static TouchTracker Slots(params SlotState[] slots) => Tracker(PointerKind.Slots, slots);

    private static TouchTracker Tracker(PointerKind kind, SlotState[] slots, int slot = 0) =>
        new(kind, new AxisMap(0, 719, 720), new AxisMap(0, 1439, 1440), 100, slots, slot);

    private void Frame(TouchTracker tracker, params input_event[] events)
    {
        foreach (input_event e in (input_event[])[.. events, Send.Sync])
        {
            tracker.Take(e, sink);
        }
    }
}
