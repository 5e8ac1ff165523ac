// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that behave and programs that do not: the output is exact, what is inherited is nothing, and every wait has an end.
using System.Text;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class ChildProgramTests
{
    private const int Patience = 20_000;

    [Fact]
    public void The_output_is_exact()
    {
        Assert.Equal("a\0b\n"u8.ToArray(), Shell("printf 'a\\000b\\n'"));
        Assert.Equal(100_000, Shell("head -c 100000 /dev/zero")!.Length);
        Assert.Empty(Shell("true")!);
    }

    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        byte[]? output = ChildProgram.Run("/bin/sh", ["-c", "printf '%s|' \"$@\"", "sh", "a b", "", "é\n$x"], 100, Patience);
        Assert.Equal("a b||é\n$x|", Encoding.UTF8.GetString(output!));
    }

    [Fact]
    public void Nothing_is_inherited()
    {
        Environment.SetEnvironmentVariable("UNLOCK_AGENT_TEST", "x");

        // 3 is the folder that ls itself has open.
        byte[] output = Shell("grep -E '^Sig(Blk|Ign)' /proc/self/status; readlink /proc/self/fd/0; ls /proc/self/fd; env")!;
        string[] lines = Encoding.UTF8.GetString(output).Trim().Split('\n');
        Assert.Equal("SigBlk:\t0000000000000000", lines[0]);
        Assert.Equal("SigIgn:\t0000000000000000", lines[1]);
        Assert.Equal(["/dev/null", "0", "1", "2", "3"], lines[2..7]);
        Assert.DoesNotContain(lines, line => line.Split('=')[0] is "UNLOCK_AGENT_TEST" or "PATH" or "HOME");
    }

    [Theory]
    [InlineData("echo some; exit 1")]
    [InlineData("echo some; kill -TERM $$")]
    [InlineData("exec /no/such/program")]
    public void A_program_that_does_not_end_well_has_no_output(string script) => Assert.Null(Shell(script));

    [Fact]
    public void A_program_that_is_not_there_has_no_output() =>
        Assert.Null(ChildProgram.Run("/no/such/program", [], 100, Patience));

    [Fact]
    public void A_program_that_writes_without_end_is_stopped()
    {
        Assert.Null(ChildProgram.Run("/bin/sh", ["-c", "exec cat /dev/zero"], 1 << 20, Patience));
        Assert.Equal(1000, ChildProgram.Run("/bin/sh", ["-c", "head -c 1000 /dev/zero"], 1000, Patience)!.Length);
        Assert.Null(ChildProgram.Run("/bin/sh", ["-c", "head -c 1001 /dev/zero"], 1000, Patience));
    }

    [Theory]
    [InlineData("exec sleep 1000")]
    [InlineData("echo some; exec >&-; exec sleep 1000")]
    [InlineData("echo some; sleep 1000 & exit 0")]
    public void A_program_that_hangs_is_left_behind(string script) =>
        Assert.Null(ChildProgram.Run("/bin/sh", ["-c", script], 100, milliseconds: 300));

    private static byte[]? Shell(string script) => ChildProgram.Run("/bin/sh", ["-c", script], 1 << 20, Patience);
}
