// SPDX-License-Identifier: GPL-3.0-or-later
// Mice: the cursor that comes with the first movement, and the contacts that the left button makes at its place.

using Input.Native;

namespace Input.Tests;

public class MouseTrackerTests
{
    private readonly Recorder sink = new();
    private readonly Cursor cursor = new(720, 1440);
    private readonly MouseTracker mouse;

    public MouseTrackerTests() => mouse = new MouseTracker(cursor, 5);

    [Fact]
    public void The_cursor_comes_with_the_first_movement_from_the_middle()
    {
        Assert.False(cursor.IsVisible);
        Frame(X(10), Y(-20));
        Frame(X(0));
        Frame();
        Frame(X(1));
        Assert.Equal("370,700 371,700", sink.TakeCursors());
        Assert.Equal("", sink.TakePointers());
    }

    [Fact]
    public void The_cursor_stays_within_the_picture()
    {
        Frame(X(int.MaxValue), X(int.MaxValue), Y(int.MinValue));
        Frame(X(5));
        Frame(X(-720), Y(1439));
        Frame(X(-719), Y(9));
        Assert.Equal("719,0 0,1439", sink.TakeCursors());
    }

    [Fact]
    public void A_press_is_a_contact_at_the_cursors_place()
    {
        Frame(X(10));
        Frame(Left(1));
        Frame(X(1), Y(2));
        Frame(Left(2));
        Frame(X(1), Left(0));
        Frame(X(1));
        Assert.Equal("Down5@370,720 Move5@371,722 Move5@372,722 Up5@372,722", sink.TakePointers());
    }

    [Fact]
    public void A_movement_and_a_press_in_one_frame_press_where_the_movement_led()
    {
        Frame(X(10));
        Frame(Left(1), X(3));
        Assert.Equal("Down5@373,720", sink.TakePointers());
    }

    [Fact]
    public void A_press_before_anything_was_to_be_seen_only_shows_the_cursor()
    {
        Frame(Left(1));
        Frame(X(5));
        Frame(Left(0));
        Assert.Equal("", sink.TakePointers());
        Assert.Equal("360,720 365,720", sink.TakeCursors());
        Frame(Left(1));
        Assert.Equal("Down5@365,720", sink.TakePointers());
    }

    [Fact]
    public void Other_buttons_and_the_wheel_do_nothing()
    {
        Frame(X(1));
        Frame(Send.Key(0x111, 1), Send.Rel(8, 1), Send.Abs(Evdev.ABS_X, 9));
        Frame(Send.Key(0x111, 0));
        Assert.Equal("", sink.TakePointers());
        Assert.Equal("361,720", sink.TakeCursors());
    }

    [Fact]
    public void After_lost_events_a_button_still_down_may_be_a_second_press_and_counts_as_none()
    {
        Frame(X(1));
        Frame(Left(1));
        mouse.Take(X(50), sink);
        mouse.Resynchronise(isButtonDown: true, sink);
        Frame(X(1));
        Frame(Left(0));
        Assert.Equal("Down5@361,720 Cancel5@361,720", sink.TakePointers());
        Frame(Left(1));
        Frame(Left(0));
        Assert.Equal("Down5@362,720 Up5@362,720", sink.TakePointers());
    }

    [Fact]
    public void Two_mice_move_one_cursor()
    {
        var other = new MouseTracker(cursor, 9);
        Frame(X(10));
        Frame(Left(1));
        other.Take(X(10), sink);
        other.Take(Left(1), sink);
        other.Take(Send.Sync, sink);
        Frame(Left(0));
        Assert.Equal("370,720 380,720", sink.TakeCursors());
        Assert.Equal("Down5@370,720 Down9@380,720 Move5@380,720 Up5@380,720", sink.TakePointers());
    }

    [Fact]
    public void A_hidden_cursor_comes_back_where_it_was()
    {
        cursor.Hide(sink);
        Frame(X(10));
        cursor.Hide(sink);
        cursor.Hide(sink);
        Frame(X(0));
        Assert.Equal("370,720 hidden370,720 370,720", sink.TakeCursors());
    }

    [Fact]
    public void No_stream_leaves_a_contact_stuck_or_unpaired()
    {
        var random = new Random(5);
        for (int i = 0; i < 100_000; i++)
        {
            if (random.Next(40) == 0)
            {
                mouse.Resynchronise(random.Next(2) == 0, sink);
            }
            else if (random.Next(40) == 0)
            {
                cursor.Hide(sink);
            }
            else
            {
                Frame(X(random.Next(-900, 900)), Y(random.Next(-900, 900)), Left(random.Next(3)));
            }
        }

        Frame(Left(0));
        Assert.Empty(sink.ContactsDown);
        Assert.All(sink.Pointers, e => Assert.True(e is { X: >= 0 and < 720, Y: >= 0 and < 1440 }));
        Assert.Contains(sink.Pointers, e => e.Phase == PointerPhase.Up);
    }

    private static input_event X(int pixels) => Send.Rel(Evdev.REL_X, pixels);

    private static input_event Y(int pixels) => Send.Rel(Evdev.REL_Y, pixels);

    private static input_event Left(int value) => Send.Key(Evdev.BTN_LEFT, value);

    private void Frame(params input_event[] events)
    {
        foreach (input_event e in (input_event[])[.. events, Send.Sync])
        {
            mouse.Take(e, sink);
        }
    }
}
