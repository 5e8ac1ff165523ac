// SPDX-License-Identifier: GPL-3.0-or-later
// The default run takes a minute for all targets together and has the same inputs each time. FUZZ_SECONDS makes it longer
// and then FUZZ_SEED chooses other inputs.

using System.Globalization;
using System.Runtime.InteropServices;

namespace Fuzz.Tests;

public sealed class FuzzTests
{
    private const int DefaultSeconds = 60;

    public static TheoryData<string> Names => [.. Targets.All.Select(static target => target.Name)];

    private static double SecondsPerTarget => (double)Number("FUZZ_SECONDS", DefaultSeconds) / Targets.All.Count;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kept_input_does_no_harm(string name)
    {
        FuzzTarget target = Target(name);
        IReadOnlyList<byte[]> corpus = target.Corpus();
        Assert.NotEmpty(corpus);
        var fuzzer = new Fuzzer(target);
        Assert.All(corpus, input => Assert.Null(fuzzer.Judge(input)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Mutated_inputs_do_no_harm(string name)
    {
        FuzzTarget target = Target(name);
        FuzzReport report = new Fuzzer(target).Run(TimeSpan.FromSeconds(SecondsPerTarget), Number("FUZZ_SEED", 1));
        Console.WriteLine($"fuzz {name}: {report.Executions} executions, {report.Outcomes} outcomes");
        if (report.Failure is FuzzFailure failure)
        {
            string path = Path.Combine(Path.GetTempPath(), $"fuzz-{name}-{Guid.NewGuid():N}");
            File.WriteAllBytes(path, failure.Input);
            Assert.Fail($"{failure.Reason}\nThe input is in {path}: keep it in {target.Folder}.");
        }

        Assert.True(report.Executions > 0);
    }

    [Fact]
    public void Harm_is_noticed()
    {
        FuzzTarget card = Target("card");
        Assert.Contains("Boom", Run(static _ => throw new InvalidOperationException("Boom")), StringComparison.Ordinal);
        Assert.Contains("100 ms", Run(Slow), StringComparison.Ordinal);
        Assert.Contains("allocates", Run(static _ => new byte[Fuzzer.MaxAllocation + 1].Length), StringComparison.Ordinal);
        Assert.Contains("native", new Fuzzer(card with { Feed = Greedy }).Judge([])!.Reason, StringComparison.Ordinal);

        string Run(Feed feed) => new Fuzzer(card with { Feed = feed }).Run(TimeSpan.FromSeconds(30), 1).Failure!.Reason;

        static int Slow(ReadOnlySpan<byte> input)
        {
            Thread.Sleep(input.Length > 0 ? 150 : 0);
            return 0;
        }

        static unsafe int Greedy(ReadOnlySpan<byte> input)
        {
            nuint length = (nuint)Fuzzer.MaxAllocation * 5 / 4;
            byte* memory = (byte*)NativeMemory.Alloc(length);
            new Span<byte>(memory, (int)length).Fill(1);
            NativeMemory.Free(memory);
            return 0;
        }
    }

    private static FuzzTarget Target(string name) => Targets.All.Single(target => target.Name == name);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number)
            ? number
            : otherwise;
}
