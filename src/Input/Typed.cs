// SPDX-License-Identifier: GPL-3.0-or-later
// What one key event of a keyboard comes to.

namespace Input;

/// <summary>What a key is for when it types no character.</summary>
public enum KeyAction
{
    /// <summary>Nothing that a layout knows of; the key's code may still mean something.</summary>
    None,

    /// <summary>Confirms.</summary>
    Enter,

    /// <summary>Takes the last character back.</summary>
    Backspace,

    /// <summary>Forgets what was typed.</summary>
    Escape,

    /// <summary>Moves on.</summary>
    Tab,
}

/// <summary>
/// Up to two characters, then perhaps an action. It lives on the stack alone, so that nothing of it stays anywhere.
/// </summary>
/// <param name="first">A Unicode scalar value, or 0.</param>
/// <param name="second">A Unicode scalar value, or 0; never without a first.</param>
/// <param name="action">What follows the characters.</param>
public readonly ref struct Typed(int first, int second, KeyAction action)
{
    /// <summary>The first character typed, a Unicode scalar value, or 0: an accent where there is a second.</summary>
    public int First { get; } = first;

    /// <summary>The second character typed, a Unicode scalar value, or 0.</summary>
    public int Second { get; } = second;

    /// <summary>What follows the characters.</summary>
    public KeyAction Action { get; } = action;
}
