// SPDX-License-Identifier: GPL-3.0-or-later
// What coverlet writes: module, source file, class, method, line, times run.
using System.Text.Json;

namespace Coverage.Tests;

/// <summary>The lines of one source file that hold code.</summary>
/// <param name="File">Under src/.</param>
/// <param name="Lines">How many.</param>
/// <param name="Missed">Those that never ran, in order.</param>
public sealed record SourceFile(string File, int Lines, IReadOnlyList<int> Missed)
{
    private const string Sources = "/src/";

    /// <summary>Every source file of one report.</summary>
    /// <param name="path">The report, as JSON.</param>
    public static IReadOnlyList<SourceFile> Read(string path)
    {
        using var report = JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
        return
        [
            .. report.RootElement.EnumerateObject()
                .SelectMany(module => module.Value.EnumerateObject())
                .Select(file => Count(file.Name, file.Value))
                .OrderBy(file => file.File, StringComparer.Ordinal),
        ];
    }

    private static SourceFile Count(string name, JsonElement classes)
    {
        // A line may belong to several methods (a lambda's and the one around it): it ran where one of them ran it.
        Dictionary<int, int> times = [];
        foreach (JsonProperty method in classes.EnumerateObject().SelectMany(one => one.Value.EnumerateObject()))
        {
            foreach (JsonProperty line in method.Value.GetProperty(nameof(Lines)).EnumerateObject())
            {
                int number = int.Parse(line.Name);
                times[number] = times.GetValueOrDefault(number) + line.Value.GetInt32();
            }
        }

        string file = name[(name.IndexOf(Sources, StringComparison.Ordinal) + Sources.Length)..];
        return new(file, times.Count, [.. times.Where(line => line.Value == 0).Select(line => line.Key).Order()]);
    }
}
