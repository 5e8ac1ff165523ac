// SPDX-License-Identifier: GPL-3.0-or-later
// Hardware keyboards do what the buttons do: Enter confirms, Tab goes from card to passphrase and back, Escape forgets.
using Input;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

internal sealed class Keyboard
{
    private bool leftShift;
    private bool rightShift;

    /// <summary>The button that a key stands for, or null.</summary>
    public Button? Translate(in KeyEvent e, Mode mode)
    {
        switch (e.Code)
        {
            case KeyCode.LeftShift:
                leftShift = e.Down;
                return null;
            case KeyCode.RightShift:
                rightShift = e.Down;
                return null;
        }

        if (!e.Down || (e.Repeat && e.Code != KeyCode.Backspace))
        {
            return null;
        }

        return e.Code switch
        {
            KeyCode.Enter or KeyCode.KpEnter => new Button(ButtonAction.Confirm),
            KeyCode.Backspace => new Button(ButtonAction.Backspace),
            KeyCode.Escape => new Button(ButtonAction.Clear),
            KeyCode.Tab => new Button(mode == Mode.Passphrase ? ButtonAction.UseCard : ButtonAction.UsePassphrase),
            _ => UsKeymap.Translate(e.Code, leftShift || rightShift) is var c && c != '\0' ? new Button(ButtonAction.Type, c) : null,
        };
    }
}
