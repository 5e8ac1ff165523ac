// SPDX-License-Identifier: GPL-3.0-or-later
// Movements held back: only the last of each contact, before whatever comes next, and none for good.

namespace Input.Tests;

public class LastMovesTests
{
    private readonly Recorder sink = new();
    private readonly LastMoves moves = new();

    [Fact]
    public void Only_the_last_movement_of_each_contact_is_told()
    {
        IInputSink to = Down(1, 2);
        to.OnPointer(new(1, PointerPhase.Move, 5, 5));
        to.OnPointer(new(2, PointerPhase.Move, 6, 6));
        to.OnPointer(new(1, PointerPhase.Move, 7, 7));
        Assert.Equal("", sink.TakePointers());
        moves.Flush();
        Assert.Equal("Move1@7,7 Move2@6,6", sink.TakePointers());
        moves.Flush();
        Assert.Equal("", sink.TakePointers());
    }

    [Fact]
    public void Whatever_else_happens_is_told_after_the_movements_before_it()
    {
        IInputSink to = Down(1, 2);
        to.OnPointer(new(1, PointerPhase.Move, 5, 5));
        to.OnPointer(new(2, PointerPhase.Up, 0, 0));
        Assert.Equal("Move1@5,5 Up2@0,0", sink.TakePointers());
        to.OnPointer(new(1, PointerPhase.Move, 6, 6));
        to.OnKey(new(KeyCode.Enter, true, false));
        Assert.Equal("Move1@6,6", sink.TakePointers());
        Assert.Single(sink.Keys);
    }

    [Fact]
    public void The_cursor_goes_before_what_it_presses()
    {
        IInputSink to = moves.For(sink);
        to.OnCursor(new(true, 1, 1));
        to.OnCursor(new(true, 2, 2));
        Assert.Empty(sink.Cursors);
        to.OnPointer(new(1, PointerPhase.Down, 2, 2));
        Assert.Equal("2,2", sink.TakeCursors());
    }

    [Fact]
    public void More_contacts_than_a_device_has_are_told_early_and_not_lost()
    {
        IInputSink to = Down([.. Enumerable.Range(0, 200)]);
        for (int pointer = 0; pointer < 200; pointer++)
        {
            to.OnPointer(new(pointer, PointerPhase.Move, 1, 1));
        }

        moves.Flush();
        Assert.Equal(Enumerable.Range(0, 200), sink.Pointers.Select(e => e.Pointer));
    }

    private IInputSink Down(params int[] pointers)
    {
        IInputSink to = moves.For(sink);
        foreach (int pointer in pointers)
        {
            to.OnPointer(new(pointer, PointerPhase.Down, 0, 0));
        }

        sink.TakePointers();
        return to;
    }
}
