// SPDX-License-Identifier: GPL-3.0-or-later
//
// Boots each contender in the emulated phone, round after round, and writes down what was measured.

using System.Collections.Concurrent;
using System.Diagnostics;
using EmulatedPhone;

namespace PhoneBench;

internal static class Program
{
    private const string Usage = "usage: PhoneBench [--rounds N] [--only LABEL,...] | PhoneBench --again";

    // The guest's clock counts instructions: a busy machine changes nothing.
    private static readonly ParallelOptions Pace = new() { MaxDegreeOfParallelism = 2 };

    private static readonly Lock Said = new();

    private static int Main(string[] arguments)
    {
        if (Choice.Parse(arguments, [.. Contender.All.Select(contender => contender.Label)]) is not { } choice)
        {
            Console.Error.WriteLine($"{Usage}\nlabels: {string.Join(' ', Contender.All.Select(contender => contender.Label))}");
            return 2;
        }

        if (choice.Again)
        {
            (Results results, IReadOnlyDictionary<string, IReadOnlyList<ImagePart>> parts) = Report.Read();
            Console.Write(Report.Write(results, parts));
            return 0;
        }

        return Measure([.. Contender.All.Where(contender => choice.Labels.Contains(contender.Label))], choice.Rounds);
    }

    private static int Measure(IReadOnlyList<Contender> contenders, int rounds)
    {
        List<Outcome> outcomes = [];
        string tables = "";
        IReadOnlyDictionary<string, IReadOnlyList<ImagePart>> parts = PartsOf(contenders);
        for (int round = 1; round <= rounds; round++)
        {
            var found = new Outcome[contenders.Count];
            int number = round;
            Parallel.ForEach(
                Partitioner.Create(Enumerable.Range(0, contenders.Count), EnumerablePartitionerOptions.NoBuffering),
                Pace,
                place => found[place] = Boot(number, contenders[place]));
            outcomes.AddRange(found);

            // After each round: a bench that breaks leaves what it had.
            tables = Report.Write(new Results(outcomes), parts);
        }

        Console.Write(tables);
        return outcomes.Exists(outcome => outcome.Failure is not null) ? 1 : 0;
    }

    private static Outcome Boot(int round, Contender contender)
    {
        const int Tries = 2;
        for (int attempt = 1; ; attempt++)
        {
            long start = Stopwatch.GetTimestamp();
            string Took() => $"{contender.Label}, round {round}, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s";
            try
            {
                Measured measured = Trial.Run(contender);
                Say($"{Took()}: measured");
                return new Outcome(round, contender, measured, null);
            }
#pragma warning disable CA1031 // Whatever it is, the others' figures are wanted.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Say($"{Took()}: {failure.Message}");
                if (attempt == Tries)
                {
                    return new Outcome(round, contender, null, failure.Message);
                }
            }
        }
    }

    private static SortedDictionary<string, IReadOnlyList<ImagePart>> PartsOf(IReadOnlyList<Contender> contenders)
    {
        SortedDictionary<string, IReadOnlyList<ImagePart>> parts = [];
        foreach (Contender agent in contenders.Where(contender => contender.Name == Results.Agent))
        {
            parts[agent.Suite] = ImagePart.Of(agent.Image(agent.Keys), PhoneImage.WithTextPrompt(agent.Suite, alone: true));
        }

        return parts;
    }

    private static void Say(string line)
    {
        lock (Said)
        {
            Console.WriteLine(line);
        }
    }
}
