// SPDX-License-Identifier: GPL-3.0-or-later
// What keys do to a line that is typed.

using System.Text;
using UnlockControl.Terminal;

namespace UnlockControl.Tests.Terminal;

public sealed class TypedSecretTests
{
    [Theory]
    [InlineData("abc\x7f", "ab")]
    [InlineData("abc\b\b", "a")]
    [InlineData("\x7f\x7f" + "a", "a")]
    [InlineData("aé\x7f", "a")]
    [InlineData("a€\x7f" + "b", "ab")]
    [InlineData("a😀\x7f\x7f", "")]
    [InlineData("wrong\x15right", "right")]
    [InlineData("a\x1b[Ab", "ab")]
    [InlineData("a\x1b[1;5Cb", "ab")]
    [InlineData("a\x1bOPb", "ab")]
    [InlineData("a\tb", "ab")]
    public void Editing_leaves(string keys, string line)
    {
        using TypedSecret typed = new(64);
        Press(typed, keys);
        Assert.Equal(line, Encoding.UTF8.GetString(typed.Bytes));
    }

    [Theory]
    [InlineData("\x03", TypedKey.Interrupt)]
    [InlineData("abc\x03", TypedKey.Interrupt)]
    [InlineData("\x1c", TypedKey.Interrupt)]
    [InlineData("\x04", TypedKey.GiveUp)]
    [InlineData("abc\x04", TypedKey.Refused)]
    [InlineData("\x1a", TypedKey.Stop)]
    [InlineData("\r", TypedKey.Enter)]
    [InlineData("abc\n", TypedKey.Enter)]
    public void The_last_key_is(string keys, object what)
    {
        using TypedSecret typed = new(64);
        Assert.Equal(what, Press(typed, keys));
    }

    [Fact]
    public void A_line_that_does_not_fit_cannot_be_entered_until_it_is_cleared()
    {
        using TypedSecret typed = new(4);
        Assert.Equal(TypedKey.Refused, Press(typed, "12345"));
        Assert.Equal(TypedKey.Refused, Press(typed, "\x7f\r"));
        Assert.Equal(TypedKey.Enter, Press(typed, "\x15" + "1234\r"));
        Assert.Equal("1234", Encoding.UTF8.GetString(typed.Bytes));
    }

    private static TypedKey Press(TypedSecret typed, string keys)
    {
        TypedKey last = default;
        foreach (byte key in Encoding.UTF8.GetBytes(keys))
        {
            last = typed.Press(key);
        }

        return last;
    }
}
