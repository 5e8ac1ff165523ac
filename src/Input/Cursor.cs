// SPDX-License-Identifier: GPL-3.0-or-later
// The one place on the screen that all mice move together. Pure.

namespace Input;

/// <summary>The cursor: out of sight until a mouse moves, then somewhere on the picture.</summary>
internal sealed class Cursor
{
    private readonly int width;
    private readonly int height;

    /// <param name="width">The picture's width in pixels, at least 1.</param>
    /// <param name="height">The picture's height in pixels, at least 1.</param>
    internal Cursor(int width, int height)
    {
        (this.width, this.height) = (width, height);
        (X, Y) = (width / 2, height / 2);
    }

    internal int X { get; private set; }

    internal int Y { get; private set; }

    internal bool IsVisible { get; private set; }

    /// <summary>Moves within the picture and comes into sight; tells the sink when anything changed.</summary>
    /// <param name="dx">Pixels to the right.</param>
    /// <param name="dy">Pixels down.</param>
    /// <param name="sink">Told of the new place.</param>
    internal void MoveBy(long dx, long dy, IInputSink sink)
    {
        (int x, int y) = ((int)Math.Clamp(X + dx, 0, width - 1), (int)Math.Clamp(Y + dy, 0, height - 1));
        bool changed = !IsVisible || (x, y) != (X, Y);
        (X, Y, IsVisible) = (x, y, true);
        if (changed)
        {
            sink.OnCursor(new CursorEvent(true, X, Y));
        }
    }

    /// <summary>Forgets its place, and tells nobody.</summary>
    internal void Wipe() => (X, Y, IsVisible) = (width / 2, height / 2, false);

    /// <summary>Goes out of sight, where it was in sight.</summary>
    internal void Hide(IInputSink sink)
    {
        if (IsVisible)
        {
            IsVisible = false;
            sink.OnCursor(new CursorEvent(false, X, Y));
        }
    }
}
