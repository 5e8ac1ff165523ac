// SPDX-License-Identifier: GPL-3.0-or-later
// The list of mutants fits the sources as they are.
namespace Mutants.Tests;

public sealed class MutantListTests
{
    [Fact]
    public void There_are_many_of_each_kind()
    {
        Assert.All(
            Enum.GetValues<Decision>(),
            decision => Assert.True(MutatedTree.All.Count(mutant => mutant.Decision == decision) >= (decision == Decision.WayIn ? 9 : 25)));
    }

    [Fact]
    public void What_each_changes_stands_in_the_sources_once()
    {
        foreach (Mutant mutant in MutatedTree.All)
        {
            string text = File.ReadAllText(Path.Combine(MutatedTree.Root, "src", mutant.File));
            Assert.True(text.Split(mutant.Original).Length == 2, $"{mutant.File}: {mutant.Original}");
        }
    }

    [Fact]
    public void Every_test_that_must_notice_one_is_there()
    {
        Dictionary<string, string> sources = MutatedTree.All.Select(mutant => mutant.TestProject).Distinct().ToDictionary(
            project => project, TestsOf);
        foreach (Mutant mutant in MutatedTree.All)
        {
            foreach (string killer in mutant.Killers.Split(' '))
            {
                string[] names = killer.Split('.');
                string declared = MutatedTree.IsMethod(killer) ? $" {names[^1]}(" : $"class {names[^1]}";
                bool isThere = sources[mutant.TestProject].Contains(declared, StringComparison.Ordinal);
                Assert.True(isThere, $"{mutant.Harm}: no {declared} in {mutant.TestProject}");
            }
        }
    }

    private static string TestsOf(string project)
    {
        string folder = Path.Combine(MutatedTree.Root, "tests", project);
        return string.Concat(Directory.EnumerateFiles(folder, "*Tests*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
    }
}
