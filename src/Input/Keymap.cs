// SPDX-License-Identifier: GPL-3.0-or-later
// What a key means in a layout, read as the kernel's console reads its tables (drivers/tty/vt/keyboard.c). Pure, but for
// where the symbols come from.

using System.Diagnostics.CodeAnalysis;
using System.Text;
using Input.Native;

namespace Input;

/// <summary>What a key does while certain modifiers are held.</summary>
internal enum KeyMeaning
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Types the character.</summary>
    Character,

    /// <summary>An accent for the next character.</summary>
    Accent,

    /// <summary>A <see cref="KeyAction"/>.</summary>
    Action,

    /// <summary>A modifier (KG_*) while it is held.</summary>
    Shift,

    /// <summary>A modifier (KG_*) until it is pressed again.</summary>
    Lock,

    /// <summary>Caps lock.</summary>
    CapsLock,

    /// <summary>Caps lock on, whatever it was.</summary>
    CapsOn,

    /// <summary>The next character is an accent.</summary>
    Compose,
}

/// <summary>A keyboard layout. Keypads type as with Num Lock on.</summary>
public sealed class Keymap : IDisposable
{
    // The accents of KT_DEAD and the characters of KT_PAD, by value.
    private const string Accents = "`'^~\",_U.*=cki#o!?+-)(:n;$@";
    private const string Keypad = "0123456789+-*/\r,.?()#";

    private readonly IKeySymbols symbols;

    internal Keymap(IKeySymbols symbols) => this.symbols = symbols;

    /// <summary>
    /// The layout that the console has. It is looked at when a key is struck and not before; where there is no console
    /// the layout is the US one. Whoever gets it disposes it.
    /// </summary>
    public static Keymap FromConsole() => FromConsole(ConsoleSymbols.SpareTerminal);

    /// <summary>Lets the console's terminal go.</summary>
    public void Dispose() => (symbols as IDisposable)?.Dispose();

    [SuppressMessage("Reliability", "CA2000", Justification = "What is returned owns the terminal.")]
    internal static Keymap FromConsole(string terminal) => new(new ConsoleSymbols(terminal));

    /// <summary>What a key does.</summary>
    /// <param name="code">KEY_* code.</param>
    /// <param name="modifiers">A bit for each KG_* that is held or locked.</param>
    /// <param name="capsLock">Whether letters are to be the other case.</param>
    /// <returns>The meaning, and its character, action or modifier.</returns>
    internal (KeyMeaning Meaning, int Value) Look(ushort code, int modifiers, bool capsLock)
    {
        if (code is 0 or >= KeyboardSymbols.NR_KEYS)
        {
            return (KeyMeaning.None, 0);
        }

        ushort symbol = symbols.At(modifiers, code);
        if (capsLock && symbol >> 8 == KeyboardSymbols.KT_LETTER)
        {
            symbol = symbols.At(modifiers ^ (1 << KeyboardSymbols.KG_SHIFT), code);
        }

        (KeyMeaning Meaning, int Value) found = Read(symbol);
        return found.Meaning != KeyMeaning.None ? found : Fallback(code, modifiers);
    }

    /// <summary>The character that an accent makes of another character; 0 where it makes none.</summary>
    internal int Compose(int accent, int character) => symbols.Compose(accent, character);

    /// <summary>
    /// Where a table has nothing for a key, keys that everyone needs still do what is printed on them, and what a modifier
    /// did can be undone.
    /// </summary>
    private (KeyMeaning Meaning, int Value) Fallback(ushort code, int modifiers)
    {
        KeyAction action = code switch
        {
            KeyCode.Enter or KeyCode.KpEnter => KeyAction.Enter,
            KeyCode.Backspace => KeyAction.Backspace,
            KeyCode.Escape => KeyAction.Escape,
            KeyCode.Tab => KeyAction.Tab,
            _ => KeyAction.None,
        };
        if (action != KeyAction.None || modifiers == 0)
        {
            return (action != KeyAction.None ? KeyMeaning.Action : KeyMeaning.None, (int)action);
        }

        (KeyMeaning Meaning, int Value) plain = Read(symbols.At(0, code));
        return plain.Meaning is KeyMeaning.Shift or KeyMeaning.Lock or KeyMeaning.CapsLock ? plain : (KeyMeaning.None, 0);
    }

    private static (KeyMeaning Meaning, int Value) Read(ushort symbol)
    {
        (int type, byte value) = (symbol >> 8, (byte)symbol);
        return type switch
        {
            KeyboardSymbols.KT_LATIN or KeyboardSymbols.KT_LETTER => Character(value),
            KeyboardSymbols.KT_PAD when value < Keypad.Length => Character(Keypad[value]),
            KeyboardSymbols.KT_DEAD when value < Accents.Length => (KeyMeaning.Accent, Accents[value]),
            KeyboardSymbols.KT_DEAD2 => (KeyMeaning.Accent, value),
            KeyboardSymbols.KT_SHIFT or KeyboardSymbols.KT_SLOCK => (KeyMeaning.Shift, value),
            KeyboardSymbols.KT_LOCK => (KeyMeaning.Lock, value),
            > KeyboardSymbols.KT_BRL => Character(symbol ^ 0xf000),
            _ => Special(symbol),
        };
    }

    private static (KeyMeaning Meaning, int Value) Special(ushort symbol) => symbol switch
    {
        KeyboardSymbols.K_ENTER => (KeyMeaning.Action, (int)KeyAction.Enter),
        KeyboardSymbols.K_CAPS => (KeyMeaning.CapsLock, 0),
        KeyboardSymbols.K_CAPSON => (KeyMeaning.CapsOn, 0),
        KeyboardSymbols.K_COMPOSE => (KeyMeaning.Compose, 0),
        _ => (KeyMeaning.None, 0),
    };

    private static (KeyMeaning Meaning, int Value) Character(int character) => character switch
    {
        '\r' or '\n' => (KeyMeaning.Action, (int)KeyAction.Enter),
        '\b' or 0x7f => (KeyMeaning.Action, (int)KeyAction.Backspace),
        '\t' => (KeyMeaning.Action, (int)KeyAction.Tab),
        0x1b => (KeyMeaning.Action, (int)KeyAction.Escape),
        < 0x20 or (> 0x7f and < 0xa0) => (KeyMeaning.None, 0),
        _ => Rune.IsValid(character) ? (KeyMeaning.Character, character) : (KeyMeaning.None, 0),
    };
}
