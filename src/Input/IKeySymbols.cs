// SPDX-License-Identifier: GPL-3.0-or-later
// Where a keymap's symbols come from.

namespace Input;

/// <summary>A table of symbols as the kernel's console has them (linux/keyboard.h).</summary>
internal interface IKeySymbols
{
    /// <summary>The symbol of a key, K_HOLE where it has none.</summary>
    /// <param name="modifiers">A bit for each KG_* that is held or locked.</param>
    /// <param name="code">KEY_* code, 1 to 255.</param>
    ushort At(int modifiers, int code);

    /// <summary>The character that an accent makes of another character; 0 where it makes none.</summary>
    int Compose(int accent, int character);
}
