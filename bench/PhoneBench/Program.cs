// SPDX-License-Identifier: GPL-3.0-or-later
using PhoneBench;
foreach (Contender c in Contender.All.Where(c => args.Length == 0 || args.Contains(c.Label)))
{
    var w = System.Diagnostics.Stopwatch.StartNew();
    Measured m = Trial.Run(c);
    Console.WriteLine($"{c.Label} {w.Elapsed.TotalSeconds:0} s: {string.Join(", ", m.Figures.Select(f => $"{f.Key}={f.Value:0.##}"))}; presses {string.Join(' ', m.Presses)}");
}
