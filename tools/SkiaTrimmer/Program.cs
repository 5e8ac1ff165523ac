// SPDX-License-Identifier: GPL-3.0-or-later
//
// SkiaTrimmer LIBRARY STRIPPED AGENT OUTPUT: writes OUTPUT, which is STRIPPED without the functions that AGENT cannot reach. LIBRARY is
// the same library with all its symbols, which tell where functions begin and end.

using SkiaTrimmer;

if (args is not [var library, var stripped, var agent, var output])
{
    Console.Error.WriteLine("usage: SkiaTrimmer LIBRARY STRIPPED AGENT OUTPUT");
    return 2;
}
try
{
    var whole = new ElfImage(File.ReadAllBytes(library));
    var reachability = new Reachability(whole);
    var imports = new ElfImage(File.ReadAllBytes(agent)).DynamicSymbols.Where(symbol => symbol.IsUndefined);
    string[] called = [.. imports.Select(import => import.Name).Where(reachability.TryUse)];
    if (called.Length == 0)
    {
        throw new InvalidDataException($"{agent} calls nothing of {library}");
    }
    var readOnly = whole.Segments.FirstOrDefault(segment => segment.Type == Segment.ReadOnlyAfterRelocation);
    File.WriteAllBytes(output, ElfCutter.Cut(File.ReadAllBytes(stripped), reachability.UnusedCode(), readOnly));
    return 0;
}
catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"SkiaTrimmer: {error.Message}");
    return 1;
}
