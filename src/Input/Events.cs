// SPDX-License-Identifier: GPL-3.0-or-later
// What fingers, pointers and keys do, as the rest of the program sees it.

namespace Input;

/// <summary>A step in the life of a contact: Down, any number of Moves, then one Up or one Cancel.</summary>
public enum PointerPhase
{
    /// <summary>The contact begins.</summary>
    Down,

    /// <summary>The contact's position changed.</summary>
    Move,

    /// <summary>The contact was lifted.</summary>
    Up,

    /// <summary>The contact's end was not seen (events lost, device gone): it must not count as a tap.</summary>
    Cancel,
}

/// <summary>A contact's step.</summary>
/// <param name="Pointer">Tells contacts apart while they are down, across devices.</param>
/// <param name="Phase">Which step.</param>
/// <param name="X">Pixels from the left of the picture as a person sees it, within the picture.</param>
/// <param name="Y">Pixels from its top, within the picture.</param>
public readonly record struct PointerEvent(int Pointer, PointerPhase Phase, int X, int Y);

/// <summary>A key went down, is held long enough to repeat, or went up.</summary>
/// <param name="Code">Linux KEY_* code.</param>
/// <param name="Down">Down or repeating; false when released.</param>
/// <param name="Repeat">Held down since an earlier event.</param>
public readonly record struct KeyEvent(ushort Code, bool Down, bool Repeat);

/// <summary>Where the cursor is. There is none before a mouse moves, nor once that mouse is unplugged.</summary>
/// <param name="Visible">Whether it is to be drawn.</param>
/// <param name="X">Pixels from the left of the picture as a person sees it, within the picture.</param>
/// <param name="Y">Pixels from its top, within the picture.</param>
public readonly record struct CursorEvent(bool Visible, int X, int Y);

/// <summary>
/// Receives events in the order in which they happened, on the thread that calls <see cref="InputDevices.Dispatch"/>.
/// </summary>
public interface IInputSink
{
    /// <summary>A contact's step.</summary>
    void OnPointer(in PointerEvent e);

    /// <summary>A key's step. Every Up follows a Down of the same code on the same device.</summary>
    void OnKey(in KeyEvent e);

    /// <summary>The cursor came, moved or went. What a mouse presses is a contact at the cursor's place.</summary>
    void OnCursor(in CursorEvent e);
}
