// SPDX-License-Identifier: GPL-3.0-or-later
// The virtual terminal that shares screen and keyboard (linux/kd.h, ioctl_console(2)): while the agent draws, the
// console must not paint (KD_GRAPHICS) and no key may reach a shell behind the picture (K_OFF).

using Framebuffer.Native;
using Microsoft.Win32.SafeHandles;

namespace Framebuffer;

/// <summary>Holds the active virtual terminal in graphics mode with its keyboard off.</summary>
public sealed class VirtualTerminal : IDisposable
{
    // Opening tty0 gives the terminal that is active at that moment, and stays with it.
    private const string ActiveTerminal = "/dev/tty0";

    private readonly SafeFileHandle terminal;
    private readonly int keyboardMode;
    private bool keepGraphics;
    private bool keepKeyboard;

    private VirtualTerminal(SafeFileHandle terminal, int keyboardMode)
    {
        this.terminal = terminal;
        this.keyboardMode = keyboardMode;
    }

    /// <summary>Takes the active terminal.</summary>
    /// <returns>Null where there is no terminal to take, and then nothing that could paint or listen either.</returns>
    public static VirtualTerminal? TryTakeOver()
    {
        VirtualTerminal? held = OpenActive();
        if (held is not null)
        {
            // The keyboard first: a key pressed between the two calls must not reach a shell that can no longer be
            // seen.
            Libc.TrySet(held.terminal, Kd.KDSKBMODE, Kd.K_OFF);
            Libc.TrySet(held.terminal, Kd.KDSETMODE, Kd.KD_GRAPHICS);

            // What was typed blindly before that is for nobody who reads the terminal later.
            Libc.TrySet(held.terminal, Kd.TCFLSH, Kd.TCIFLUSH);
        }

        return held;
    }

    /// <summary>
    /// From here on <see cref="Dispose"/> leaves graphics mode, and with it the last frame, and the keyboard off: what is typed on while a
    /// key is tried, perhaps the rest of a passphrase, is for no shell. <see cref="RestoreKeyboard"/> or <see cref="RestoreText"/> ends it.
    /// </summary>
    public void LeaveTaken() => (keepGraphics, keepKeyboard) = (true, true);

    /// <summary>
    /// Gives the terminal back, unless <see cref="LeaveTaken"/>: text, and the keyboard mode that was found.
    /// </summary>
    public void Dispose()
    {
        if (terminal.IsClosed)
        {
            return;
        }

        if (!keepGraphics)
        {
            Libc.TrySet(terminal, Kd.KDSETMODE, Kd.KD_TEXT);
        }

        if (!keepKeyboard)
        {
            Libc.TrySet(terminal, Kd.KDSKBMODE, keyboardMode);
        }

        terminal.Dispose();
    }

    /// <summary>
    /// Brings text and keyboard back on the active terminal after a holder that could not do it. Harmless when nothing
    /// needs restoring and where there is no terminal.
    /// </summary>
    public static void RestoreText() => OpenActive()?.Dispose();

    /// <summary>Gives the keyboard back on the active terminal, and leaves what the screen shows.</summary>
    public static void RestoreKeyboard()
    {
        using VirtualTerminal? held = OpenActive();
        held?.keepGraphics = true;
    }

    private static VirtualTerminal? OpenActive()
    {
        SafeFileHandle terminal = Libc.Open(ActiveTerminal, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC);
        if (terminal.IsInvalid || !Libc.TryGet(terminal, Kd.KDGKBMODE, out int keyboardMode))
        {
            terminal.Dispose();
            return null;
        }

        // A terminal found with its keyboard off was left so by a holder that is gone: nobody wants that back.
        return new VirtualTerminal(terminal, keyboardMode == Kd.K_OFF ? Kd.K_UNICODE : keyboardMode);
    }
}
