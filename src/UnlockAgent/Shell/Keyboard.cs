// SPDX-License-Identifier: GPL-3.0-or-later
// Hardware keyboards do what the buttons do: Enter confirms, Escape forgets. The keys that move the focus are looked at before.
using Input;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

internal sealed class Keyboard : IDisposable
{
    /// <summary>The most buttons that one key stands for: an accent that found no letter, the character, and what the key does.</summary>
    public const int MostButtons = 3;

    // KEY_1 to KEY_0.
    private const ushort FirstDigit = 2;
    private const int Digits = 10;

    private readonly Keymap keymap;
    private readonly KeyboardState keys;
    private bool altGr;

    /// <param name="keymap">The layout, which this owns from here on.</param>
    public Keyboard(Keymap keymap) => (this.keymap, keys) = (keymap, new(keymap));

    /// <summary>True where letters come in capitals.</summary>
    public bool IsCapsLock => keys.IsCapsLock;

    /// <summary>The buttons that a key stands for.</summary>
    /// <param name="e">A step of the key.</param>
    /// <param name="state">What is shown.</param>
    /// <param name="buttons">Room for <see cref="MostButtons"/>; whoever gives it wipes it.</param>
    /// <returns>How many there are.</returns>
    public int Translate(in KeyEvent e, AgentState state, Span<Button> buttons)
    {
        altGr = e.Code == KeyCode.AltGr ? e.Down : altGr;
        var typed = keys.Take(e);
        int count = 0;
        if (typed.First != 0)
        {
            bool isPlain = typed.Second == 0 && !keys.IsShiftHeld && !altGr;
            int digit = isPlain && state is { ShowsPinEntry: true, Letters: false } ? DigitOn(e.Code) : 0;
            buttons[count++] = new(ButtonAction.Type, digit != 0 ? digit : typed.First);
        }

        if (typed.Second != 0)
        {
            buttons[count++] = new(ButtonAction.Type, typed.Second);
        }

        if (ActionOf(typed.Action) is { } action)
        {
            buttons[count++] = new(action);
        }

        return count;
    }

    /// <summary>Forgets an accent that waits for its letter: what it was to be typed into is gone.</summary>
    public void DropAccent() => keys.DropAccent();

    public void Dispose() => keymap.Dispose();

    private static ButtonAction? ActionOf(KeyAction action) => action switch
    {
        KeyAction.Enter => ButtonAction.Confirm,
        KeyAction.Backspace => ButtonAction.Backspace,
        KeyAction.Escape => ButtonAction.Clear,
        _ => null,
    };

    /// <summary>
    /// The digit that is printed on a key of the top row, or 0. Where that row types accented letters or signs unless it is shifted, as in
    /// France and Czechia, whoever sees a PIN pad means its digits.
    /// </summary>
    private static int DigitOn(ushort code) =>
        code is >= FirstDigit and < FirstDigit + Digits ? '0' + ((code - FirstDigit + 1) % Digits) : 0;
}
