// SPDX-License-Identifier: GPL-3.0-or-later
// Every mutant of a security decision is noticed by a test. One that survives is a test that is missing.
namespace Mutants.Tests;

public sealed class MutantTests(MutatedTree tree) : IClassFixture<MutatedTree>
{
    // All of them take a quarter of an hour. The fifth of those that are noticed soonest, in the agent's own part, takes a minute.
    private const int Sample = 5;

    public static TheoryData<int> Some => [.. Numbers(inSample: true)];

    public static TheoryData<int> Others => [.. Numbers(inSample: false)];

    [Theory]
    [MemberData(nameof(Some))]
    public void Mutant_is_noticed(int number)
    {
        Mutant mutant = MutatedTree.All[number - 1];
        MutantRun run = tree.Test(mutant.TestProject, mutant.Killers.Split(' '), number);
        MutantTable.Add(number, mutant, run);
        TestContext.Current.TestOutputHelper?.WriteLine($"{mutant.Decision}: {mutant.Harm} ({mutant.File}; {run.Total} tests ran)");
        Assert.True(
            run.Failed > 0,
            $"mutant {number} {(run.IsTimedOut ? "takes too long" : "survives")}: {mutant.Harm}; {mutant.File}: {mutant.Original}\n"
                + End(run.Output, 400));
    }

    [Theory]
    [MemberData(nameof(Others))]
    [Trait("When", "All")]
    public void Every_other_mutant_is_noticed_too(int number) => Mutant_is_noticed(number);

    /// <summary>Otherwise every mutant would seem to be noticed.</summary>
    [Theory]
    [InlineData("UnlockAgent.Tests")]
    public void Without_a_mutant_every_test_that_must_notice_one_passes(string project)
    {
        string[] killers =
            [.. MutatedTree.All.Where(mutant => mutant.TestProject == project).SelectMany(mutant => mutant.Killers.Split(' ')).Distinct()];
        MutantRun run = tree.Test(project, killers, mutant: 0);
        Assert.True(run.Total >= killers.Length && run is { Failed: 0, IsTimedOut: false }, End(run.Output, 2000));
    }

    [Theory]
    [InlineData("CardUnlock.Tests")]
    [InlineData("Framebuffer.Tests")]
    [InlineData("Input.Tests")]
    [InlineData("UnlockControl.Tests")]
    [Trait("When", "All")]
    public void Without_a_mutant_every_other_test_that_must_notice_one_passes(string project) =>
        Without_a_mutant_every_test_that_must_notice_one_passes(project);

    private static string End(string output, int most) => output[^Math.Min(most, output.Length)..];

    private static IEnumerable<int> Numbers(bool inSample) => Enumerable.Range(1, MutatedTree.All.Count)
        .Where(number => (MutatedTree.All[number - 1].Project == "UnlockAgent" && number % Sample == 0) == inSample);
}
