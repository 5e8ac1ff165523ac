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

    private static void Type(Entries entries, string text)
    {
        foreach (char c in text)
        {
            entries.Append(c);
        }
    }
}
