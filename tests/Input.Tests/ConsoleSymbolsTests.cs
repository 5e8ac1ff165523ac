// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's own console, where this machine has one and lets us change a key that no keyboard has: what is loaded is
// what is read, whatever mode the terminal of the screen is in.

using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input.Tests;

/// <summary>A process that another test starts holds every terminal for a moment: these tests run alone.</summary>
[CollectionDefinition(nameof(ConsoleSymbolsTests), DisableParallelization = true)]
public static class Alone;

[Collection(nameof(ConsoleSymbolsTests))]
public sealed class ConsoleSymbolsTests : IDisposable
{
    private const int Flags = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC;
    private const uint KDSKBENT = 0x4b47;
    private const int K_OFF = 4;
    private const byte UnusedKey = 251;
    private const ushort Cyrillic = 'ф' ^ 0xf000;

    private readonly SafeFileHandle spare = Libc.Open("/dev/tty62", Flags);

    public ConsoleSymbolsTests()
    {
        bool isConsole = !spare.IsInvalid && Libc.TrySet(spare, Kd.KDSKBMODE, Kd.K_UNICODE)
            && Set(Cyrillic);
        Assert.SkipUnless(isConsole, "There is no console here, or it is not ours to change.");
    }

    public void Dispose()
    {
        if (!spare.IsInvalid)
        {
            Libc.TrySet(spare, Kd.KDSKBMODE, Kd.K_UNICODE);
            Set(KeyboardSymbols.K_HOLE);
        }

        spare.Dispose();
        using SafeFileHandle active = Libc.Open("/dev/tty0", Flags);
        if (!active.IsInvalid)
        {
            Libc.TrySet(active, Kd.VT_DISALLOCATE, 62);
        }
    }

    [Fact]
    public void A_character_beyond_latin_1_is_read_though_a_terminal_with_its_keyboard_off_hides_it()
    {
        Assert.True(Libc.TrySet(spare, Kd.KDSKBMODE, K_OFF));
        Assert.Equal(KeyboardSymbols.K_HOLE, Get(spare));
        using var symbols = new ConsoleSymbols(ConsoleSymbols.SpareTerminal);
        Assert.Equal(Cyrillic, symbols.At(0, UnusedKey));
        using var keymap = new Keymap(symbols);
        Assert.Equal('ф', new KeyboardState(keymap).Take(new KeyEvent(UnusedKey, true, false)).First);
    }

    [Fact]
    public void What_is_loaded_later_counts_and_the_terminal_is_let_go()
    {
        using (var symbols = new ConsoleSymbols(ConsoleSymbols.SpareTerminal))
        {
            Assert.Equal(Cyrillic, symbols.At(0, UnusedKey));
            Assert.True(Set(KeyboardSymbols.K_HOLE));
            Assert.Equal(KeyboardSymbols.K_HOLE, symbols.At(0, UnusedKey));
            Assert.True(File.Exists("/dev/vcs63"));
        }

        Assert.False(File.Exists("/dev/vcs63"));
    }

    [Fact]
    public void The_consoles_accents_are_read()
    {
        using var symbols = new ConsoleSymbols(ConsoleSymbols.SpareTerminal);
        symbols.At(0, UnusedKey);
        Assert.Equal('â', symbols.Compose('^', 'a'));
        Assert.Equal(0, symbols.Compose('^', 'q'));
    }

    private static ushort Get(SafeFileHandle terminal)
    {
        Span<kbentry> entry = [new kbentry { kb_index = UnusedKey }];
        Assert.True(Libc.TryGet(terminal, Kd.KDGKBENT, entry));
        return entry[0].kb_value;
    }

    private bool Set(ushort symbol)
    {
        Span<kbentry> entry = [new kbentry { kb_index = UnusedKey, kb_value = symbol }];
        return Libc.TryGet(spare, KDSKBENT, entry);
    }
}
