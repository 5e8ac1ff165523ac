// SPDX-License-Identifier: GPL-3.0-or-later
// The loop with a hardware key that something lies on: it says its letter again and again, and presses nothing again.
using Input;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed partial class UnlockLoopTests
{
    [Theory]
    [InlineData(KeyCode.Enter)]
    [InlineData(KeyCode.KpEnter)]
    [InlineData(KeyCode.Ok)]
    [InlineData(KeyCode.Select)]
    public void A_key_that_is_held_presses_the_button_with_the_frame_once(ushort code)
    {
        Begin(Screens.PinPad);
        FocusOn(b => b.Button == new Button(ButtonAction.Type, '7'));
        for (int presses = 1; presses <= 2; presses++)
        {
            Key(code, isDown: true);
            for (int i = 0; i < 5; i++)
            {
                Key(code, isDown: true, repeats: true);
            }

            Key(code, isDown: false);
            Assert.Equal(presses, Loop.State.Typed);
        }
    }
}
