// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a target on mutated inputs for a while and judges each run: no exception, at most 100 ms, at most 64 MiB. Native
// memory is seen as the process' peak of resident pages (secrets lie in locked pages, which are resident at once), and that
// by the batch, for reading it takes longer than most inputs do.

using System.Diagnostics;
using System.Globalization;

namespace Fuzz.Tests;

/// <summary>An input that must not do what it does.</summary>
internal sealed record FuzzFailure(string Reason, byte[] Input);

/// <summary>What a run came to; no failure: null.</summary>
internal sealed record FuzzReport(long Executions, int Outcomes, FuzzFailure? Failure);

internal sealed class Fuzzer(FuzzTarget target)
{
    public const long MaxAllocation = 64 << 20;
    private const int BatchLength = 512;
    private const int MaxPool = 2048;
    private const int Retries = 5;

    public static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(100);

    // So long that no burden on the machine explains it.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private readonly List<byte[]> pool = [.. target.Corpus()];
    private readonly HashSet<int> outcomes = [];
    private readonly byte[] current = new byte[Mutator.MaxLength];
    private int currentLength;
    private long started;
    private long executions;

    /// <summary>Feeds mutated inputs for that long, or until the first failure.</summary>
    public FuzzReport Run(TimeSpan duration, int seed)
    {
        FuzzFailure? failure = null;
        var worker = new Thread(() => failure = Work(duration, seed)) { IsBackground = true, Name = target.Name };
        Volatile.Write(ref started, Stopwatch.GetTimestamp());
        worker.Start();
        while (!worker.Join(MaxTime))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref started)) > Hang)
            {
                return new FuzzReport(executions, outcomes.Count, new FuzzFailure("does not end", current[..currentLength]));
            }
        }

        return new FuzzReport(executions, outcomes.Count, failure);
    }

    /// <summary>Judges one input by itself; null: it does no harm.</summary>
    public FuzzFailure? Judge(ReadOnlySpan<byte> input)
    {
        ResetPeak();
        long before = Peak();
        FuzzFailure? failure = Execute(input);
        return Peak() - before > MaxAllocation
            ? new FuzzFailure("takes more than 64 MiB of native memory", input.ToArray())
            : failure;
    }

    private FuzzFailure? Work(TimeSpan duration, int seed)
    {
        var mutator = new Mutator(seed, target.Words);
        long start = Stopwatch.GetTimestamp();
        List<byte[]> batch = new(BatchLength);
        ResetPeak();
        long before = Peak();
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            batch.Clear();
            for (int i = 0; i < BatchLength; i++)
            {
                ReadOnlySpan<byte> input = mutator.Next(pool);
                batch.Add(input.ToArray());
                if (Execute(input) is FuzzFailure failure)
                {
                    return failure;
                }
            }

            if (Peak() - before > MaxAllocation)
            {
                foreach (byte[] input in batch)
                {
                    if (Judge(input) is FuzzFailure failure)
                    {
                        return failure;
                    }
                }

                // The collector's pages, not one input's.
                ResetPeak();
                before = Peak();
            }
        }

        return null;
    }

    private FuzzFailure? Execute(ReadOnlySpan<byte> input)
    {
        currentLength = Math.Min(input.Length, current.Length);
        input[..currentLength].CopyTo(current);
        try
        {
            if (Feed(input) > MaxTime && IsSlow(input))
            {
                return new FuzzFailure("takes more than 100 ms", input.ToArray());
            }
        }
        catch (Exception e)
        {
            return new FuzzFailure(e.ToString(), input.ToArray());
        }

        return allocated > MaxAllocation ? new FuzzFailure("allocates more than 64 MiB", input.ToArray()) : null;
    }

    private long allocated;

    private TimeSpan Feed(ReadOnlySpan<byte> input)
    {
        long heap = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        Volatile.Write(ref started, start);
        int outcome = target.Feed(input);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - heap;
        executions++;
        if (outcomes.Add(outcome) && pool.Count < MaxPool)
        {
            pool.Add(input.ToArray());
        }

        return time;
    }

    // A machine with other work to do makes anything slow once: the input is slow when it is so every time.
    private bool IsSlow(ReadOnlySpan<byte> input)
    {
        for (int i = 0; i < Retries; i++)
        {
            if (Feed(input) <= MaxTime)
            {
                return false;
            }
        }

        return true;
    }

    private static void ResetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    // VmHWM in bytes.
    private static long Peak()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line["VmHWM:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
