// SPDX-License-Identifier: GPL-3.0-or-later
// From key steps to characters, as the kernel's console does it (drivers/tty/vt/keyboard.c): modifiers, locks, and accents
// that wait for their character. Two differences: an accent struck twice is typed, and held keys do not repeat. Pure.

using Input.Native;

namespace Input;

/// <summary>The state of all keyboards together. One character, an accent that waits, is all it remembers of what was typed.</summary>
public sealed class KeyboardState
{
    private readonly Keymap keymap;
    private readonly (byte Modifier, int Count)[] modifierKeys = new (byte, int)[KeyboardSymbols.NR_KEYS];
    private readonly int[] held = new int[KeyboardSymbols.KG_CAPSSHIFT];
    private int locked;
    private bool capsLock;
    private bool composes;
    private int accent;

    /// <param name="keymap">The layout; not owned.</param>
    public KeyboardState(Keymap keymap) => this.keymap = keymap;

    /// <summary>Whether a shift key is held.</summary>
    public bool IsShiftHeld => held[KeyboardSymbols.KG_SHIFT] > 0;

    /// <summary>
    /// Whether letters come in capitals. Keymaps made by console-setup lock the left control modifier for it, whose tables
    /// hold the capitals of letters beyond Latin-1.
    /// </summary>
    public bool IsCapsLock => capsLock || (locked & (1 << KeyboardSymbols.KG_CTRLL)) != 0;

    /// <summary>Takes one step of a key.</summary>
    /// <returns>What it types: nothing for most steps.</returns>
    public Typed Take(in KeyEvent e)
    {
        if (!e.Down)
        {
            LetGo(e.Code);
            return default;
        }

        (KeyMeaning meaning, int value) = keymap.Look(e.Code, Modifiers, capsLock);
        if (e.Repeat)
        {
            return meaning == KeyMeaning.Action && value == (int)KeyAction.Backspace ? Act(KeyAction.Backspace) : default;
        }

        switch (meaning)
        {
            case KeyMeaning.Character:
                return Type(value);
            case KeyMeaning.Accent:
                return Wait(value);
            case KeyMeaning.Action:
                return Act((KeyAction)value);
            default:
                Modify(e.Code, meaning, value);
                return default;
        }
    }

    /// <summary>Forgets an accent that waits for its character.</summary>
    public void DropAccent() => (accent, composes) = (0, false);

    private int Modifiers
    {
        get
        {
            int bits = 0;
            for (int i = 0; i < held.Length; i++)
            {
                bits |= held[i] > 0 ? 1 << i : 0;
            }

            return bits ^ locked;
        }
    }

    private void Modify(ushort code, KeyMeaning meaning, int value)
    {
        switch (meaning)
        {
            case KeyMeaning.Shift:
                Hold(code, value);
                break;
            case KeyMeaning.Lock when value < held.Length:
                locked ^= 1 << value;
                break;
            case KeyMeaning.CapsLock:
                capsLock = !capsLock;
                break;
            case KeyMeaning.CapsOn:
                capsLock = true;
                break;
            case KeyMeaning.Compose:
                composes = true;
                break;
            default:
                break;
        }
    }

    private void Hold(ushort code, int modifier)
    {
        if (modifier == KeyboardSymbols.KG_CAPSSHIFT)
        {
            (capsLock, modifier) = (false, KeyboardSymbols.KG_SHIFT);
        }

        // The same key of a second keyboard does what the first one does, and is one more to let go.
        if (modifier < held.Length)
        {
            ref var key = ref modifierKeys[code];
            key = key.Count == 0 ? ((byte)modifier, 1) : (key.Modifier, key.Count + 1);
            held[key.Modifier]++;
        }
    }

    private void LetGo(ushort code)
    {
        if (code < modifierKeys.Length && modifierKeys[code].Count > 0)
        {
            modifierKeys[code].Count--;
            held[modifierKeys[code].Modifier]--;
        }
    }

    private Typed Type(int character)
    {
        int before = accent;
        accent = 0;
        if (before != 0)
        {
            int composed = keymap.Compose(before, character);
            bool isAlone = composed == 0 && (character == ' ' || character == before);
            (before, character) = composed != 0 ? (0, composed) : isAlone ? (0, before) : (before, character);
        }

        if (composes)
        {
            (composes, accent) = (false, character);
            return new Typed(before, 0, KeyAction.None);
        }

        return before == 0 ? new Typed(character, 0, KeyAction.None) : new Typed(before, character, KeyAction.None);
    }

    private Typed Wait(int next)
    {
        int before = accent;
        int composed = before == 0 ? 0 : keymap.Compose(before, next);
        accent = composed != 0 ? composed : before == next ? 0 : next;
        return composed != 0 ? default : new Typed(before, 0, KeyAction.None);
    }

    /// <summary>
    /// An accent that waits is typed before Enter and Tab, as the console types it; Backspace takes it back, and Escape
    /// forgets it with the rest.
    /// </summary>
    private Typed Act(KeyAction action)
    {
        (int before, bool waits) = (accent, composes || accent != 0);
        DropAccent();
        return action switch
        {
            KeyAction.Enter or KeyAction.Tab => new Typed(before, 0, action),
            KeyAction.Backspace when waits => default,
            _ => new Typed(0, 0, action),
        };
    }
}
