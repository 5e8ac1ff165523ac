// SPDX-License-Identifier: GPL-3.0-or-later
// The KEY_* codes of linux/input-event-codes.h that mean something other than a character.

namespace Input;

/// <summary>Linux key codes by name.</summary>
public static class KeyCode
{
    /// <summary>KEY_ESC.</summary>
    public const ushort Escape = 1;

    /// <summary>KEY_BACKSPACE.</summary>
    public const ushort Backspace = 14;

    /// <summary>KEY_TAB.</summary>
    public const ushort Tab = 15;

    /// <summary>KEY_ENTER.</summary>
    public const ushort Enter = 28;

    /// <summary>KEY_LEFTSHIFT.</summary>
    public const ushort LeftShift = 42;

    /// <summary>KEY_RIGHTSHIFT.</summary>
    public const ushort RightShift = 54;

    /// <summary>KEY_KPENTER.</summary>
    public const ushort KpEnter = 96;

    /// <summary>KEY_POWER.</summary>
    public const ushort Power = 116;
}
