// SPDX-License-Identifier: GPL-3.0-or-later
// The stand-in for libstdc++ (initramfs-hooks/stand-ins/skia.c): it has what libSkiaSharp names, in the real versions, kinds and sizes;
// its guards let each static variable be initialised once; what it cannot do ends the program with a sentence.
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace UnlockAgent.Tests;

public sealed unsafe class SkiaStandInTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string StandIns = Path.Combine(Repository.Root, "initramfs-hooks", "stand-ins");

    private readonly string folder = Directory.CreateTempSubdirectory("unlock-agent-skiacxx").FullName;
    private readonly string library;
    private readonly nint handle;
    private readonly delegate* unmanaged<ulong*, int> acquire;
    private readonly delegate* unmanaged<ulong*, void> release, abort;

    public SkiaStandInTests()
    {
        Succeed(Path.Combine(StandIns, "compile"), folder);
        library = Path.Combine(folder, "libskiacxx.so");
        handle = NativeLibrary.Load(library);
        acquire = (delegate* unmanaged<ulong*, int>)NativeLibrary.GetExport(handle, "__cxa_guard_acquire");
        release = (delegate* unmanaged<ulong*, void>)NativeLibrary.GetExport(handle, "__cxa_guard_release");
        abort = (delegate* unmanaged<ulong*, void>)NativeLibrary.GetExport(handle, "__cxa_guard_abort");
    }

    public void Dispose()
    {
        NativeLibrary.Free(handle);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public void It_has_the_names_that_libSkiaSharp_needs_and_no_others(string runtime)
    {
        var needed = Symbols(Skia(runtime)).Where(symbol => symbol is { IsDefined: false, IsOfCpp: true }).ToArray();
        var had = Symbols(library).Where(symbol => symbol.IsDefined).ToArray();

        Assert.NotEmpty(needed);
        Assert.Equal(Names(needed), Names(had));
    }

    [Fact]
    public void Data_is_as_large_as_the_real_library_s()
    {
        var real = Symbols(Succeed("cc", "-print-file-name=libstdc++.so.6").Trim()).ToLookup(symbol => symbol.Name, symbol => symbol.Size);
        var data = Symbols(library).Where(symbol => symbol is { IsDefined: true, Kind: "OBJECT" } && symbol.Name.StartsWith('_')).ToArray();

        Assert.NotEmpty(data);
        Assert.All(data, symbol => Assert.Equal(Assert.Single(real[symbol.Name]), symbol.Size));
    }

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public void LibSkiaSharp_changes_in_the_name_and_nowhere_else(string runtime)
    {
        string copy = Path.Combine(folder, "copy.so");
        Succeed(Path.Combine(StandIns, "use-skiacxx"), Skia(runtime), copy);

        byte[] before = File.ReadAllBytes(Skia(runtime)), after = File.ReadAllBytes(copy);
        int at = before.AsSpan().IndexOf("libstdc++.so.6\0"u8);
        Assert.NotEqual(-1, at);
        "libskiacxx.so\0"u8.CopyTo(before.AsSpan(at));
        Assert.True(before.AsSpan().SequenceEqual(after));
    }

    [Fact]
    public void A_library_that_does_not_hold_the_name_once_is_refused()
    {
        byte[] skia = File.ReadAllBytes(Skia("linux-x64"));
        string twice = Path.Combine(folder, "twice.so"), never = library;
        File.WriteAllBytes(twice, [.. skia, .. "libstdc++.so.6"u8]);
        // Once, but in no place that means anything.
        string elsewhere = Path.Combine(folder, "elsewhere.so");
        File.WriteAllBytes(elsewhere, [.. File.ReadAllBytes(library), .. "libstdc++.so.6"u8]);

        foreach (string file in (string[])[twice, never, elsewhere])
        {
            var (status, output) = Run(Path.Combine(StandIns, "use-skiacxx"), file, Path.Combine(folder, "copy.so"));
            Assert.Equal((1, true), (status, output.Contains("does not ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Whatever_the_threads_each_variable_is_initialised_once_and_seen_whole()
    {
        const int Variables = 2000;
        ulong* guards = Guards(Variables);
        int[] values = new int[Variables];
        int wrong = 0;
        void UseAll()
        {
            for (int i = 0; i < Variables; i++)
            {
                if (acquire(guards + i) != 0)
                {
                    // Long enough for the others to come.
                    Thread.SpinWait(500);
                    values[i]++;
                    release(guards + i);
                }

                wrong += values[i] == 1 ? 0 : 1;
            }
        }

        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => Start(UseAll))];
        Assert.All(threads, thread => Assert.True(thread.Join(Patience)));

        Assert.Equal(0, wrong);
        Assert.All(values, value => Assert.Equal(1, value));
        // What compiled code looks at before it calls.
        Assert.All(Enumerable.Range(0, Variables), i => Assert.Equal(1, *(byte*)(guards + i)));
        NativeMemory.Free(guards);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_needs_a_variable_that_another_thread_initialises_waits_for_it_and_takes_over_what_was_given_up(bool done)
    {
        ulong* guard = Guards(1);
        int answer = -1;
        Assert.Equal(1, acquire(guard));
        var other = Start(() => answer = acquire(guard));
        Assert.False(other.Join(100));

        (done ? release : abort)(guard);

        Assert.True(other.Join(Patience));
        Assert.Equal(done ? 0 : 1, answer);
        NativeMemory.Free(guard);
    }

    /// <summary>A lock over all would end in a deadlock where that other thread holds what this one waits for.</summary>
    [Fact]
    public void A_variable_is_initialised_while_others_are_on_the_same_thread_and_on_another()
    {
        ulong* guards = Guards(3);
        Assert.Equal(1, acquire(guards));
        Assert.Equal(1, acquire(guards + 1));
        int answer = -1;
        var other = Start(() => answer = acquire(guards + 2));
        Assert.True(other.Join(Patience));
        Assert.Equal(1, answer);
        release(guards + 2);
        release(guards + 1);
        release(guards);
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(1, *(byte*)(guards + i)));
        NativeMemory.Free(guards);
    }

    [Theory]
    [InlineData("operator new, for which there is no memory", "_Znwm(-1ul / 2)")]
    [InlineData("operator new, for which there is no memory", "_Znam(-1ul / 2)")]
    [InlineData("__cxa_allocate_exception", "__cxa_allocate_exception()")]
    [InlineData("_ZSt9terminatev", "_ZSt9terminatev()")]
    [InlineData("__cxa_guard_acquire for a variable that needs itself", "__cxa_guard_acquire(g) + __cxa_guard_acquire(g)")]
    public void What_it_cannot_do_ends_the_program_with_a_sentence(string named, string call)
    {
        string program = Path.Combine(folder, "program");
        File.WriteAllText(program + ".c", "long _Znwm(long), _Znam(long), __cxa_allocate_exception(void), _ZSt9terminatev(void), __cxa_guard_acquire(long *);\n" +
            $"long g[1];\nint main(void) {{ return {call} != 0; }}\n");
        Succeed("cc", "-w", "-o", program, program + ".c", library, "-Wl,-rpath," + folder);

        var (status, output) = Run("sh", "-c", "timeout 20 \"$0\"; exit $?", program);

        // 128 + SIGABRT, as a shell has it.
        Assert.Equal(134, status);
        Assert.Contains($"unlock-agent: libSkiaSharp called {named}, which is the end.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_of_no_bytes_is_memory_and_none_is_null_where_that_is_asked_for()
    {
        var create = (delegate* unmanaged<nint, nint>)NativeLibrary.GetExport(handle, "_Znwm");
        var tryCreate = (delegate* unmanaged<nint, nint, nint>)NativeLibrary.GetExport(handle, "_ZnwmRKSt9nothrow_t");
        var delete = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(handle, "_ZdlPv");
        nint one = create(0), other = tryCreate(0, 0);
        Assert.True(one != 0 && other != 0 && one != other);
        delete(one);
        delete(other);
        Assert.Equal(0, tryCreate(nint.MaxValue, 0));
    }

    private static ulong* Guards(int count) => (ulong*)NativeMemory.AllocZeroed((nuint)count, sizeof(ulong));

    private static Thread Start(Action action)
    {
        var thread = new Thread(() => action()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static string Skia(string runtime) => Path.Combine(AppContext.BaseDirectory, "runtimes", runtime, "native", "libSkiaSharp.so");

    // "   7: 0000000000001159    44 FUNC    GLOBAL DEFAULT   13 _Znwm@@GLIBCXX_3.4", with one @ and UND where it is not defined.
    private static IEnumerable<Symbol> Symbols(string file) => Succeed("readelf", "--dyn-syms", "--wide", file).Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length >= 8 && words[7].Contains('@', StringComparison.Ordinal))
        .Select(words => new Symbol(words[7].Replace("@@", "@", StringComparison.Ordinal), words[3], words[2], words[6] != "UND"));

    private static IEnumerable<string> Names(IEnumerable<Symbol> symbols) =>
        symbols.Select(symbol => $"{symbol.Kind} {symbol.Name}").Order(StringComparer.Ordinal);

    private static string Succeed(params string[] command)
    {
        var (status, output) = Run(command);
        Assert.True(status == 0, output);
        return output;
    }

    private static (int Status, string Output) Run(params string[] command)
    {
        // Errors join the output, so that one pipe is read and none can fill up.
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" 2>&1", "sh", .. command]) { RedirectStandardOutput = true };
        using Process program = Process.Start(start)!;
        string output = program.StandardOutput.ReadToEnd();
        program.WaitForExit();
        return (program.ExitCode, output);
    }

    private sealed record Symbol(string Name, string Kind, string Size, bool IsDefined)
    {
        public bool IsOfCpp => Name.Contains("@GLIBCXX_", StringComparison.Ordinal) || Name.Contains("@CXXABI_", StringComparison.Ordinal);
    }
}
