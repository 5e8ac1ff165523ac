// SPDX-License-Identifier: GPL-3.0-or-later
// That the person at the terminal of these tests sees and types as one does.

namespace UnlockControl.Tests.Terminal;

public class PersonAtTerminalTests
{
    [Fact]
    public void What_is_typed_at_the_controlling_terminal_arrives_and_is_echoed()
    {
        using PersonAtTerminal person = new("sh", ["-c", "tty; read -r word </dev/tty; echo \"got $word\"; exit 3"]);
        person.WaitFor(person.TerminalPath);
        Assert.True(person.Echoes);
        person.TypeLine("hello");
        person.WaitFor("hello\r\ngot hello");
        Assert.Equal(3, person.WaitForExit());
    }

    [Fact]
    public void Control_C_interrupts_the_program()
    {
        using PersonAtTerminal person = new("sh", ["-c", "echo ready; sleep 60"]);
        person.WaitFor("ready");
        person.Type("\x03");
        Assert.Equal(130, person.WaitForExit());
    }

    [Fact]
    public void A_text_that_never_comes_is_told_with_what_came_instead()
    {
        using PersonAtTerminal person = new("echo", ["something else"]);
        var error = Assert.Throws<TimeoutException>(() => person.WaitFor("nothing of the kind"));
        Assert.Contains("something else", error.Message);
    }
}
