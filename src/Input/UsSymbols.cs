// SPDX-License-Identifier: GPL-3.0-or-later
// The US layout as symbols of linux/keyboard.h, for where there is no console to ask. Pure.

using Input.Native;

namespace Input;

/// <summary>The US layout's symbols: no accents, and AltGr changes nothing.</summary>
internal sealed class UsSymbols : IKeySymbols
{
    private const int NoCharacter = (1 << KeyboardSymbols.KG_CTRL) | (1 << KeyboardSymbols.KG_ALT);

    /// <inheritdoc/>
    public ushort At(int modifiers, int code) => code switch
    {
        KeyCode.LeftShift or KeyCode.RightShift => Modifier(KeyboardSymbols.KG_SHIFT),
        KeyCode.LeftCtrl or KeyCode.RightCtrl => Modifier(KeyboardSymbols.KG_CTRL),
        KeyCode.LeftAlt => Modifier(KeyboardSymbols.KG_ALT),
        KeyCode.AltGr => Modifier(KeyboardSymbols.KG_ALTGR),
        KeyCode.CapsLock => KeyboardSymbols.K_CAPS,
        _ when (modifiers & NoCharacter) != 0 => KeyboardSymbols.K_HOLE,
        _ => Character(UsKeymap.Translate((ushort)code, (modifiers & (1 << KeyboardSymbols.KG_SHIFT)) != 0)),
    };

    /// <inheritdoc/>
    public int Compose(int accent, int character) => 0;

    private static ushort Modifier(byte modifier) => (ushort)((KeyboardSymbols.KT_SHIFT << 8) | modifier);

    private static ushort Character(char c)
    {
        byte type = char.IsAsciiLetter(c) ? KeyboardSymbols.KT_LETTER : KeyboardSymbols.KT_LATIN;
        return c == '\0' ? KeyboardSymbols.K_HOLE : (ushort)((type << 8) | c);
    }
}
