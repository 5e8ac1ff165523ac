// SPDX-License-Identifier: GPL-3.0-or-later

namespace Fuzz.Tests;

/// <summary>Feeds one input to the code under test, which must not throw.</summary>
/// <returns>What came of it, as a number: an input with an outcome that was not seen before joins the pool.</returns>
internal delegate int Feed(ReadOnlySpan<byte> input);

/// <summary>Something that reads what a stranger may have written.</summary>
/// <param name="Name">Also its folder's name in tests/data/fuzz.</param>
/// <param name="Feed">Runs it on one input.</param>
/// <param name="Words">Sequences that mutations would hardly hit upon.</param>
internal sealed record FuzzTarget(string Name, Feed Feed, params IReadOnlyList<byte[]> Words)
{
    public static string Root { get; } = Path.Combine(Solution(AppContext.BaseDirectory), "tests", "data", "fuzz");

    public string Folder => Path.Combine(Root, Name);

    /// <summary>The inputs that are kept: what to start from, and whatever failed once.</summary>
    public IReadOnlyList<byte[]> Corpus() =>
        [.. Directory.GetFiles(Folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static string Solution(string folder) =>
        File.Exists(Path.Combine(folder, "UnlockAgent.sln")) ? folder : Solution(Path.GetDirectoryName(folder)!);
}
