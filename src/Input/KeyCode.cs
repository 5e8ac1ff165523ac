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

    /// <summary>KEY_LEFTCTRL.</summary>
    public const ushort LeftCtrl = 29;

    /// <summary>KEY_LEFTSHIFT.</summary>
    public const ushort LeftShift = 42;

    /// <summary>KEY_RIGHTSHIFT.</summary>
    public const ushort RightShift = 54;

    /// <summary>KEY_LEFTALT.</summary>
    public const ushort LeftAlt = 56;

    /// <summary>KEY_SPACE.</summary>
    public const ushort Space = 57;

    /// <summary>KEY_CAPSLOCK.</summary>
    public const ushort CapsLock = 58;

    /// <summary>KEY_KPENTER.</summary>
    public const ushort KpEnter = 96;

    /// <summary>KEY_RIGHTCTRL.</summary>
    public const ushort RightCtrl = 97;

    /// <summary>KEY_RIGHTALT.</summary>
    public const ushort AltGr = 100;

    /// <summary>KEY_UP.</summary>
    public const ushort Up = 103;

    /// <summary>KEY_LEFT.</summary>
    public const ushort Left = 105;

    /// <summary>KEY_RIGHT.</summary>
    public const ushort Right = 106;

    /// <summary>KEY_DOWN.</summary>
    public const ushort Down = 108;

    /// <summary>KEY_DELETE.</summary>
    public const ushort Delete = 111;

    /// <summary>KEY_VOLUMEDOWN.</summary>
    public const ushort VolumeDown = 114;

    /// <summary>KEY_VOLUMEUP.</summary>
    public const ushort VolumeUp = 115;

    /// <summary>KEY_POWER.</summary>
    public const ushort Power = 116;

    /// <summary>KEY_OK.</summary>
    public const ushort Ok = 0x160;

    /// <summary>KEY_SELECT.</summary>
    public const ushort Select = 0x161;
}
