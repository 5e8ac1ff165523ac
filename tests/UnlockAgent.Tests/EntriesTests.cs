// SPDX-License-Identifier: GPL-3.0-or-later
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class EntriesTests
{
    [Fact]
    public void Code_and_pin_are_set_aside_and_given_away_once()
    {
        using var entries = new Entries();
        Type(entries, "reset-code");
        entries.KeepResetCode();
        Type(entries, "new-pix");
        entries.DropLast();
        Type(entries, "n");
        entries.KeepNewPin();
        Type(entries, "new-pin");
        Assert.True(entries.PinsAreEqual);

        var (code, pin) = entries.TakeForReset();
        using (code)
        using (pin)
        {
            Assert.Equal("reset-code"u8, code.Span);
            Assert.Equal("new-pin"u8, pin.Span);
        }

        Assert.False(entries.PinsAreEqual);
        Assert.Throws<InvalidOperationException>(() => entries.TakeForReset());
        using var rest = entries.Take();
        Assert.Equal(0, rest.Length);
    }

    [Theory]
    [InlineData("new-pi")]
    [InlineData("new-pin1")]
    [InlineData("New-pin")]
    [InlineData("")]
    public void A_repetition_that_differs_is_none(string repetition)
    {
        using var entries = new Entries();
        Type(entries, "new-pin");
        entries.KeepNewPin();
        Type(entries, repetition);
        Assert.False(entries.PinsAreEqual);
    }

    [Fact]
    public void A_forgotten_pin_leaves_the_code_and_a_wipe_leaves_nothing()
    {
        using var entries = new Entries();
        Type(entries, "reset-code");
        entries.KeepResetCode();
        Type(entries, "first");
        entries.KeepNewPin();
        Type(entries, "second");
        entries.ForgetNewPin();
        Type(entries, "third!");
        entries.KeepNewPin();
        Type(entries, "third!");
        Assert.True(entries.PinsAreEqual);

        entries.Wipe();
        Assert.False(entries.PinsAreEqual);
        Assert.Throws<InvalidOperationException>(() => entries.TakeForReset());
    }

    [Fact]
    public void Characters_become_utf8_and_go_whole()
    {
        using var entries = new Entries();
        int[] typed = ['a', 'é', '€', 0x1F512, '7'];
        int[] bytes = [1, 2, 3, 4, 1];
        Assert.Equal(0, entries.LastCharacterBytes);
        for (int i = 0; i < typed.Length; i++)
        {
            entries.Append(typed[i]);
            Assert.Equal(bytes[i], entries.LastCharacterBytes);
        }

        entries.KeepNewPin();
        foreach (int character in typed)
        {
            entries.Append(character);
        }

        Assert.True(entries.PinsAreEqual);
        foreach (int last in bytes.Reverse())
        {
            Assert.Equal(last, entries.LastCharacterBytes);
            entries.DropLast();
        }

        Assert.Equal(0, entries.LastCharacterBytes);
        foreach (int character in typed)
        {
            entries.Append(character);
        }

        using var taken = entries.Take();
        Assert.Equal("aé€🔒7"u8, taken.Span);
    }

    [Fact]
    public void What_cannot_be_typed_is_a_bug_and_not_a_shorter_entry()
    {
        using var entries = new Entries();
        Assert.Throws<InvalidOperationException>(() => entries.Append(0xD800));
        for (int i = 0; i < 170; i++)
        {
            entries.Append('€');
        }

        Assert.Throws<InvalidOperationException>(() => entries.Append('€'));
        entries.Append('é');
        using var taken = entries.Take();
        Assert.Equal(512, taken.Length);
    }

    private static void Type(Entries entries, string text)
    {
        foreach (char c in text)
        {
            entries.Append(c);
        }
    }

    /// <summary>Its page was zeroed and is somebody else's.</summary>
    [Fact]
    public void What_was_typed_cannot_be_had_once_the_entries_are_disposed()
    {
        var entries = new Entries();
        entries.Append('7');
        entries.Dispose();
        Assert.Throws<ObjectDisposedException>(() => entries.Append('7'));
    }
}
