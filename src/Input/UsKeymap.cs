// SPDX-License-Identifier: GPL-3.0-or-later
// The US layout: which character a key of linux/input-event-codes.h types. Keypad keys type as with Num Lock on.

namespace Input;

/// <summary>Key codes to characters.</summary>
public static class UsKeymap
{
    // Index is the key code; '\0' types nothing. KEY_1 is 2, KEY_Q 16, KEY_A 30, KEY_Z 44, KEY_SPACE 57.
    private const string Plain =
        "\0\u00001234567890-=\0\0qwertyuiop[]\0\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";

    private const string Shifted =
        "\0\0!@#$%^&*()_+\0\0QWERTYUIOP{}\0\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

    // KEY_KP7 is 71, KEY_KPDOT 83.
    private const ushort FirstKeypad = 71;
    private const string Keypad = "789-456+1230.";

    /// <summary>The character that a key types.</summary>
    /// <param name="code">Linux KEY_* code.</param>
    /// <param name="shift">Whether a shift key is held.</param>
    /// <returns>'\0' for a key that types none.</returns>
    public static char Translate(ushort code, bool shift) => code switch
    {
        < 58 => (shift ? Shifted : Plain)[code],
        >= FirstKeypad and < FirstKeypad + 13 => Keypad[code - FirstKeypad],
        86 => shift ? '>' : '<',
        98 => '/',
        117 => '=',
        121 => ',',
        _ => '\0',
    };
}
