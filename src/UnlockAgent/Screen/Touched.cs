// SPDX-License-Identifier: GPL-3.0-or-later
// What the shell adds to a state for one picture: what fingers and a mouse do, and what may be shown in the clear.
namespace UnlockAgent.Screen;

/// <summary>The tip of a mouse's arrow, in pixels.</summary>
internal readonly record struct CursorPosition(int X, int Y);

/// <summary>What is not of the state but of the moment. Made for one call; the default is a screen that nobody touches.</summary>
internal readonly ref struct Touched
{
    /// <summary>One bit for each button that is held, by its place in the layout.</summary>
    public ulong Pressed { get; init; }

    /// <summary>
    /// The bit of the button that the next press of a hardware key presses; 0 where no such key was used. Not of the state: the
    /// states of a typed PIN lie about on the heap.
    /// </summary>
    public ulong Focused { get; init; }

    /// <summary>The variants of a held key, or null.</summary>
    public Popup? Popup { get; init; }

    /// <summary>Where the mouse is, or null where there is none.</summary>
    public CursorPosition? Cursor { get; init; }

    /// <summary>The passphrase in UTF-8 where it is shown in the clear; lent for the call and never copied.</summary>
    public ReadOnlySpan<byte> Revealed { get; init; }
}
