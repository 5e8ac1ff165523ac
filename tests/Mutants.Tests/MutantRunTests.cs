// SPDX-License-Identifier: GPL-3.0-or-later
// What counts as noticed: programs of tests in the ways in which they end, under timeout(1) as the mutants' tests are.
using System.Diagnostics;

namespace Mutants.Tests;

public sealed class MutantRunTests
{
    private const string Sum = "echo '   X.Tests  Total: 7, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 0.1s'";

    [Theory]
    [InlineData(Sum, 7, 0, false)]
    [InlineData("echo '    X.Tests.Y.Z [FAIL]'; echo '  X.Tests  Total: 7, Errors: 0, Failed: 2, Skipped: 0'; exit 1", 7, 2, false)]
    [InlineData(Sum + "; kill -ABRT $$", 7, 1, false)]
    [InlineData("echo '    X.Tests.Y.Z(at: 3) [FAIL]'; exec sleep 60", 0, 1, false)]
    [InlineData("exec sleep 60", 0, 0, true)]
    [InlineData("trap '' TERM; while :; do sleep 1; done", 0, 0, true)]
    public void Tests_that_fail_notice_a_mutant_and_tests_that_do_not_end_do_not(string program, int total, int failed, bool isTimedOut)
    {
        using var process = Process.Start(
            new ProcessStartInfo("timeout", ["-k", "1", "1", "sh", "-c", program]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        MutantRun run = MutantRun.Of(process.ExitCode, output);
        Assert.Equal((total, failed, isTimedOut), (run.Total, run.Failed, run.IsTimedOut));
    }

    [Fact]
    public void The_test_that_failed_is_named() =>
        Assert.Equal(
            "X.Tests.Y.Z", MutantRun.Of(1, "    X.Tests.Y.Z(at: 3) [FAIL]\n  X.Tests  Total: 7, Errors: 0, Failed: 1,").FirstFailed);
}
