// SPDX-License-Identifier: GPL-3.0-or-later
// What keyboards type: layouts as the console holds them, modifiers, locks, accents.

using System.Text;
using Input.Native;

namespace Input.Tests;

public sealed class KeyboardStateTests : IDisposable
{
    private const int Shift = 1;
    private const int AltGr = 2;
    private const int CtrlL = 64;
    private const ushort A = 30;
    private const ushort E = 18;
    private const ushort Q = 16;
    private const ushort One = 2;
    private const ushort Grave = 41;
    private const ushort Acute = 13;
    private const ushort Compose = 127;

    private readonly FakeSymbols symbols = new();
    private readonly Keymap keymap;
    private readonly KeyboardState keyboard;

    public KeyboardStateTests()
    {
        keymap = new Keymap(symbols);
        keyboard = new KeyboardState(keymap);
    }

    public void Dispose() => keymap.Dispose();

    [Fact]
    public void Without_a_console_the_layout_is_the_us_one()
    {
        string directory = Directory.CreateTempSubdirectory("input-tests-").FullName;
        foreach (string terminal in (string[])["nowhere", "text"])
        {
            File.WriteAllText(Path.Join(directory, "text"), "");
            using Keymap us = Keymap.FromConsole(Path.Join(directory, terminal));
            var state = new KeyboardState(us);
            Assert.Equal("qQ1!", Type(state, Q, -KeyCode.LeftShift, Q, KeyCode.LeftShift, One, -KeyCode.RightShift, One));
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void The_us_layout_has_caps_lock_control_and_keypad()
    {
        using var us = new Keymap(new UsSymbols());
        var state = new KeyboardState(us);
        Assert.Equal("QQq1", Type(state, KeyCode.CapsLock, Q, Q, -KeyCode.LeftShift, Q, KeyCode.LeftShift, One));
        Assert.True(state.IsCapsLock);
        Assert.Equal("q", Type(state, KeyCode.CapsLock, Q));
        Assert.Equal("", Type(state, -KeyCode.LeftCtrl, Q, KeyCode.LeftCtrl, -KeyCode.LeftAlt, Q, KeyCode.LeftAlt));
        Assert.Equal("7.<Enter><Enter><Backspace><Escape><Tab> q", Type(
            state, 71, 83, KeyCode.KpEnter, KeyCode.Enter, KeyCode.Backspace, KeyCode.Escape, KeyCode.Tab, KeyCode.Space,
            -KeyCode.AltGr, Q));
    }

    [Fact]
    public void Nothing_is_asked_of_the_console_before_a_key_is_struck()
    {
        Assert.Equal(0, symbols.Asked);
        Type(A);
        Assert.InRange(symbols.Asked, 1, 3);
    }

    [Fact]
    public void Each_modifier_has_its_own_table()
    {
        symbols[0, E] = Letter('e');
        symbols[Shift, E] = Letter('E');
        symbols[AltGr, E] = Unicode('€');
        symbols[Shift | AltGr, E] = Unicode('¢');
        Assert.Equal("eE€¢", Type(
            E, -KeyCode.LeftShift, E, KeyCode.LeftShift, -KeyCode.AltGr, E, -KeyCode.RightShift, E, KeyCode.RightShift, KeyCode.AltGr));
        Assert.False(keyboard.IsShiftHeld);
    }

    [Fact]
    public void Characters_beyond_latin_1_come_as_they_are()
    {
        symbols[0, A] = Unicode('ф');
        symbols[Shift, A] = Unicode('Ф');
        symbols[0, E] = Letter('ä');
        symbols[0, Q] = 0xd83d ^ 0xf000;
        Assert.Equal("фФä", Type(A, -KeyCode.LeftShift, A, KeyCode.LeftShift, E, Q));
    }

    [Fact]
    public void Caps_lock_changes_letters_and_nothing_else()
    {
        symbols[0, A] = Letter('a');
        symbols[Shift, A] = Letter('A');
        symbols[0, One] = '1';
        symbols[Shift, One] = '!';
        Assert.Equal("A1a!a", Type(
            KeyCode.CapsLock, A, One, -KeyCode.LeftShift, A, One, KeyCode.LeftShift, KeyCode.CapsLock, A));
    }

    [Fact]
    public void A_caps_lock_that_locks_a_modifier_uses_that_modifiers_tables()
    {
        symbols.Everywhere(KeyCode.CapsLock, K(KeyboardSymbols.KT_LOCK, KeyboardSymbols.KG_CTRLL));
        symbols[0, A] = Unicode('ф');
        symbols[Shift, A] = Unicode('Ф');
        symbols[CtrlL, A] = Unicode('Ф');
        symbols[CtrlL | Shift, A] = Unicode('ф');
        Assert.Equal("ФфФ", Type(KeyCode.CapsLock, A, -KeyCode.LeftShift, A, KeyCode.LeftShift, A));
        Assert.True(keyboard.IsCapsLock);
        Assert.Equal("ф", Type(KeyCode.CapsLock, A));
        Assert.False(keyboard.IsCapsLock);
    }

    [Fact]
    public void A_lock_into_tables_that_do_not_exist_can_be_undone()
    {
        symbols[0, A] = Letter('a');
        symbols[0, KeyCode.CapsLock] = K(KeyboardSymbols.KT_LOCK, 7);
        Assert.Equal("a<Enter>a", Type(A, KeyCode.CapsLock, A, KeyCode.Enter, KeyCode.CapsLock, A));
    }

    [Fact]
    public void A_typewriters_shift_undoes_caps_lock()
    {
        symbols.Everywhere(KeyCode.RightShift, K(KeyboardSymbols.KT_SHIFT, KeyboardSymbols.KG_CAPSSHIFT));
        symbols[0, A] = Letter('a');
        symbols[Shift, A] = Letter('A');
        Assert.Equal("AAa", Type(KeyCode.CapsLock, A, -KeyCode.RightShift, A, KeyCode.RightShift, A));
        symbols.Everywhere(KeyCode.CapsLock, KeyboardSymbols.K_CAPSON);
        Assert.Equal("A", Type(KeyCode.CapsLock, KeyCode.CapsLock, A));
    }

    [Fact]
    public void A_modifier_is_held_until_the_last_of_its_keys_is_let_go()
    {
        symbols[0, A] = Letter('a');
        symbols[Shift, A] = Letter('A');
        Assert.Equal("AAa", Type(
            -KeyCode.LeftShift, -KeyCode.RightShift, KeyCode.LeftShift, A, -KeyCode.RightShift, KeyCode.RightShift, A,
            KeyCode.RightShift, A));
        Assert.False(keyboard.IsShiftHeld);
    }

    [Fact]
    public void An_accent_and_a_letter_make_one_character()
    {
        AddAccents();
        Assert.Equal("âéa", Type(Grave, A, Acute, E, A));
    }

    /// <summary>Those beyond the first six, as the Czech caron, by the letters that the kernel's console composes with.</summary>
    [Theory]
    [InlineData(6, '_')]
    [InlineData(11, 'c')]
    [InlineData(12, 'k')]
    [InlineData(19, '-')]
    [InlineData(26, '@')]
    public void Every_accent_of_a_keymap_makes_letters(byte value, char accent)
    {
        symbols[0, Grave] = K(KeyboardSymbols.KT_DEAD, value);
        symbols[0, E] = Letter('e');
        symbols.Accents[(accent, 'e')] = 'ě';
        Assert.Equal("ě", Type(Grave, E));
        symbols[0, Grave] = K(KeyboardSymbols.KT_DEAD, 27);
        Assert.Equal("e", Type(Grave, E));
    }

    [Fact]
    public void An_accent_and_a_space_or_the_same_accent_is_the_accent_itself()
    {
        AddAccents();
        Assert.Equal("^^a", Type(Grave, KeyCode.Space, Grave, Grave, A));
    }

    [Fact]
    public void An_accent_that_does_not_fit_is_typed_before_what_follows()
    {
        AddAccents();
        Assert.Equal("^1", Type(Grave, One));
        Assert.Equal("^é", Type(Grave, Acute, E));
        Assert.Equal("^<Enter>", Type(Grave, KeyCode.Enter));
        Assert.Equal("^<Tab>", Type(Grave, KeyCode.Tab));
    }

    [Fact]
    public void Two_accents_can_make_a_third()
    {
        AddAccents();
        symbols.Accents[('^', '\'')] = 'ˆ';
        symbols.Accents[('ˆ', 'e')] = 'ế';
        Assert.Equal("ế", Type(Grave, Acute, E));
    }

    [Fact]
    public void Backspace_takes_a_waiting_accent_back_and_escape_forgets_it()
    {
        AddAccents();
        Assert.Equal("a", Type(Grave, KeyCode.Backspace, A));
        Assert.Equal("<Backspace>", Type(KeyCode.Backspace));
        Assert.Equal("<Escape>a", Type(Grave, KeyCode.Escape, A));
        Type(Grave);
        keyboard.DropAccent();
        Assert.Equal("a", Type(A));
    }

    [Fact]
    public void Modifiers_between_an_accent_and_its_letter_change_nothing()
    {
        AddAccents();
        symbols[Shift, A] = Letter('A');
        symbols.Accents[('^', 'A')] = 'Â';
        Assert.Equal("Â", Type(Grave, -KeyCode.LeftShift, A, KeyCode.LeftShift));
    }

    [Fact]
    public void The_compose_key_makes_an_accent_of_any_character()
    {
        AddAccents();
        symbols[0, Compose] = KeyboardSymbols.K_COMPOSE;
        symbols.Accents[('a', 'e')] = 'æ';
        Assert.Equal("æaa", Type(Compose, A, E, A, Compose, KeyCode.Backspace, A));
    }

    [Fact]
    public void Held_keys_repeat_for_backspace_alone()
    {
        symbols[0, A] = Letter('a');
        Assert.Equal("a", Type(A));
        Assert.Equal("", Describe(keyboard.Take(new KeyEvent(A, true, true))));
        Assert.Equal("", Describe(keyboard.Take(new KeyEvent(KeyCode.Enter, true, true))));
        Assert.Equal("<Backspace>", Describe(keyboard.Take(new KeyEvent(KeyCode.Backspace, true, true))));
    }

    [Fact]
    public void Keys_that_layouts_do_not_know_do_nothing()
    {
        symbols[0, KeyCode.Up] = K(6, 3);
        symbols[0, 59] = K(1, 0);
        symbols[0, One] = 0x3;
        Assert.Equal("", Type(KeyCode.Up, 59, One, KeyCode.Power, KeyCode.Ok, KeyCode.Select, 0, 255, 767));
    }

    [Fact]
    public void Any_symbols_and_any_keys_are_taken()
    {
        var random = new Random(3);
        for (int i = 0; i < 200_000; i++)
        {
            symbols[random.Next(256), random.Next(256)] = (ushort)random.Next(65536);
            Typed typed = keyboard.Take(new KeyEvent((ushort)random.Next(300), random.Next(2) == 0, random.Next(5) == 0));
            Assert.True(typed.First == 0 || Rune.IsValid(typed.First));
            Assert.True(typed.Second == 0 || (Rune.IsValid(typed.Second) && typed.First != 0));
        }
    }

    private static ushort K(byte type, byte value) => (ushort)((type << 8) | value);

    private static ushort Letter(char c) => K(KeyboardSymbols.KT_LETTER, (byte)c);

    private static ushort Unicode(char c) => (ushort)(c ^ 0xf000);

    private void AddAccents()
    {
        symbols[0, A] = Letter('a');
        symbols[0, E] = Letter('e');
        symbols[0, One] = '1';
        symbols[0, Grave] = K(KeyboardSymbols.KT_DEAD, 2);
        symbols[0, Acute] = K(KeyboardSymbols.KT_DEAD2, (byte)'\'');
        symbols[0, KeyCode.Space] = ' ';
        symbols.Accents[('^', 'a')] = 'â';
        symbols.Accents[('\'', 'e')] = 'é';
    }

    /// <summary>Strikes keys: a negative code is held, and the next time it comes positive it is let go.</summary>
    private string Type(params int[] keys) => Type(keyboard, keys);

    private static string Type(KeyboardState state, params int[] keys)
    {
        var typed = new StringBuilder();
        List<int> held = [];
        foreach (int key in keys)
        {
            ushort code = (ushort)Math.Abs(key);
            if (key < 0)
            {
                held.Add(code);
            }

            if (key < 0 || !held.Contains(code))
            {
                typed.Append(Describe(state.Take(new KeyEvent(code, true, false))));
            }

            if (key >= 0)
            {
                held.Remove(code);
                typed.Append(Describe(state.Take(new KeyEvent(code, false, false))));
            }
        }

        return typed.ToString();
    }

    private static string Describe(Typed typed) => string.Concat(
        typed.First == 0 ? "" : new Rune(typed.First).ToString(),
        typed.Second == 0 ? "" : new Rune(typed.Second).ToString(),
        typed.Action == KeyAction.None ? "" : $"<{typed.Action}>");
}
