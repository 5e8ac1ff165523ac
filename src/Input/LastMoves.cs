// SPDX-License-Identifier: GPL-3.0-or-later
// Between the devices and the sink: of many movements told in one go only the last of each contact matters, so a device
// that floods costs one picture and not one for each of its events. Pure.

namespace Input;

/// <summary>Holds movements back until something else happens or <see cref="Flush"/> ends the round.</summary>
internal sealed class LastMoves : IInputSink
{
    // More contacts that move in one round than a device has slots are told early, which is no harm.
    private readonly PointerEvent[] moves = GC.AllocateArray<PointerEvent>(EvdevQueries.MaxSlots, pinned: true);
    private IInputSink? sink;
    private CursorEvent? cursor;
    private int count;

    /// <summary>Where everything goes from here on.</summary>
    internal LastMoves For(IInputSink target)
    {
        sink = target;
        return this;
    }

    /// <inheritdoc/>
    public void OnPointer(in PointerEvent e)
    {
        if (e.Phase != PointerPhase.Move)
        {
            Flush();
            sink!.OnPointer(e);
            return;
        }

        int index = 0;
        while (index < count && moves[index].Pointer != e.Pointer)
        {
            index++;
        }

        if (index == moves.Length)
        {
            Flush();
            index = 0;
        }

        moves[index] = e;
        count = Math.Max(count, index + 1);
    }

    /// <inheritdoc/>
    public void OnKey(in KeyEvent e)
    {
        Flush();
        sink!.OnKey(e);
    }

    /// <inheritdoc/>
    public void OnCursor(in CursorEvent e) => cursor = e;

    /// <summary>Tells what was held back, and forgets it.</summary>
    internal void Flush()
    {
        if (cursor is { } place)
        {
            cursor = null;
            sink!.OnCursor(place);
        }

        for (int i = 0; i < count; i++)
        {
            sink!.OnPointer(moves[i]);
        }

        Array.Clear(moves, 0, count);
        count = 0;
    }
}
