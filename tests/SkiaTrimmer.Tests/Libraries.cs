// SPDX-License-Identifier: GPL-3.0-or-later

using EmulatedPhone;

namespace SkiaTrimmer.Tests;

/// <summary>What the build works on and what it makes, for both processors.</summary>
internal static class Libraries
{
    /// <summary>The host's, and the Librem 5's.</summary>
    public static TheoryData<string> Machines => ["amd64", "arm64"];

    /// <summary>NuGet's library, with its symbols.</summary>
    public static string Whole(string machine) => Path.Combine(Repository.Out, "publish", machine, "agent", "libSkiaSharp.so");

    /// <summary>The one that goes into an image.</summary>
    public static string Trimmed(string machine) => Directory.GetFiles(Binaries(machine), "libSkiaSharp.so*").Single();

    public static string Agent(string machine) => Path.Combine(Binaries(machine), "unlock-agent");

    /// <summary>The library's functions, those marked that the agent reaches.</summary>
    public static Reachability ReachedByAgent(string machine)
    {
        var reachability = new Reachability(new ElfImage(File.ReadAllBytes(Whole(machine))));
        Assert.NotEmpty(Imports(machine));
        Assert.All(Imports(machine), import => Assert.True(reachability.TryUse(import), import));
        return reachability;
    }

    /// <summary>What the agent calls in Skia.</summary>
    public static IReadOnlyList<string> Imports(string machine) =>
        [.. new ElfImage(File.ReadAllBytes(Agent(machine))).DynamicSymbols
            .Where(symbol => symbol.IsUndefined && symbol.Name.StartsWith("sk_", StringComparison.Ordinal)).Select(symbol => symbol.Name)];

    private static string Binaries(string machine) => machine == "amd64" ? Repository.Binaries : Architecture.Arm64.Binaries;
}
