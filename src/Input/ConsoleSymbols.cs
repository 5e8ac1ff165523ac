// SPDX-License-Identifier: GPL-3.0-or-later
// The keymap of the kernel's console (linux/kd.h, ioctl_console(2)), which loadkeys fills in the initramfs where KEYMAP=y.
// The tables belong to all terminals, but each terminal answers in its own keyboard mode, and outside of K_UNICODE every
// character beyond Latin-1 is answered as a hole. The terminal on the screen is in K_OFF while the program runs, so a
// spare one is asked, whose mode is nobody else's business.

using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input;

/// <summary>
/// The console's symbols, or the US layout's where there is no console. Nothing is opened before a key is struck, and
/// then one key is asked for at a time, so that what was loaded last is what counts.
/// </summary>
internal sealed class ConsoleSymbols : IKeySymbols, IDisposable
{
    /// <summary>The last terminal that there is.</summary>
    internal const string SpareTerminal = "/dev/tty63";

    private const int SpareTerminalNumber = 63;
    private const string ActiveTerminal = "/dev/tty0";
    private const int Flags = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC;

    private readonly UsSymbols us = new();
    private readonly string path;
    private SafeFileHandle? terminal;
    private kbdiacruc[] accents = [];

    /// <param name="path">The terminal to ask.</param>
    internal ConsoleSymbols(string path) => this.path = path;

    /// <inheritdoc/>
    public ushort At(int modifiers, int code)
    {
        terminal ??= Open();
        Span<kbentry> entry = [new kbentry { kb_table = (byte)modifiers, kb_index = (byte)code }];
        bool answers = !terminal.IsInvalid && Libc.TryGet(terminal, Kd.KDGKBENT, entry);
        ushort symbol = answers ? entry[0].kb_value : us.At(modifiers, code);
        entry.Clear();
        return symbol;
    }

    /// <inheritdoc/>
    public int Compose(int accent, int character)
    {
        foreach (ref readonly kbdiacruc composed in accents.AsSpan())
        {
            if (composed.diacr == accent && composed.@base == character)
            {
                return (int)composed.result;
            }
        }

        return 0;
    }

    /// <summary>Closes the terminal and lets the kernel forget it.</summary>
    public void Dispose()
    {
        if (terminal is null or { IsInvalid: true } or { IsClosed: true })
        {
            return;
        }

        terminal.Dispose();
        using SafeFileHandle active = Libc.Open(ActiveTerminal, Flags);
        if (path == SpareTerminal && !active.IsInvalid)
        {
            Libc.TrySet(active, Kd.VT_DISALLOCATE, SpareTerminalNumber);
        }
    }

    private SafeFileHandle Open()
    {
        SafeFileHandle opened = Libc.Open(path, Flags);
        Span<kbdiacrsuc> table = stackalloc kbdiacrsuc[1];
        if (!opened.IsInvalid && Libc.TrySet(opened, Kd.KDSKBMODE, Kd.K_UNICODE)
            && Libc.TryGet(opened, Kd.KDGKBDIACRUC, table))
        {
            accents = ((ReadOnlySpan<kbdiacruc>)table[0].kbdiacruc)[..(int)Math.Min(table[0].kb_cnt, 256)].ToArray();
        }

        return opened;
    }
}
