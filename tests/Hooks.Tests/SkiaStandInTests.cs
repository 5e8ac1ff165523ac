// SPDX-License-Identifier: GPL-3.0-or-later
//
// The stand-in for libstdc++ (stand-ins/skia.c): all that NuGet's libSkiaSharp asks for and nothing else, and guards of static variables that
// hold for several threads.

using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Hooks.Tests;

public sealed class SkiaStandInTests : IDisposable
{
    // Eight threads come for one variable at once; each time one of them makes it, and gives up the first time.
    private const string Guards = """
        #include <pthread.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <unistd.h>
        int __cxa_guard_acquire(uint64_t *); void __cxa_guard_release(uint64_t *); void __cxa_guard_abort(uint64_t *);
        enum { THREADS = 8, VARIABLES = 200 };
        static uint64_t guards[VARIABLES], inner;
        static int tries[VARIABLES], made[VARIABLES], inners;
        static pthread_barrier_t together;
        static void make(int i)
        {
            if (!__cxa_guard_acquire(&guards[i])) return;
            usleep(10);
            if (tries[i]++ == 0) { __cxa_guard_abort(&guards[i]); make(i); return; }
            if (__cxa_guard_acquire(&inner)) { inners++; __cxa_guard_release(&inner); }
            made[i]++;
            __cxa_guard_release(&guards[i]);
        }
        static void *run(void *unused)
        {
            for (int i = 0; i < VARIABLES; i++) { pthread_barrier_wait(&together); make(i); }
            return unused;
        }
        int main(void)
        {
            pthread_t threads[THREADS];
            pthread_barrier_init(&together, NULL, THREADS);
            for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, run, NULL);
            for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
            int twice = 0, wrong = 0;
            for (int i = 0; i < VARIABLES; i++) { twice += tries[i] == 2; wrong += made[i] != 1 || *(uint8_t *)&guards[i] != 1; }
            printf("%d %d %d\n", twice, wrong, inners);
            return 0;
        }
        """;

    // While one thread makes a variable, and another for it, a second thread can make a third: it may hold what the first waits for.
    private const string Others = """
        #include <pthread.h>
        #include <stdint.h>
        int __cxa_guard_acquire(uint64_t *); void __cxa_guard_release(uint64_t *);
        static uint64_t guards[3];
        static void *run(void *unused)
        {
            if (__cxa_guard_acquire(&guards[2])) __cxa_guard_release(&guards[2]);
            return unused;
        }
        int main(void)
        {
            pthread_t thread;
            if (!__cxa_guard_acquire(&guards[0]) || !__cxa_guard_acquire(&guards[1])) return 1;
            pthread_create(&thread, NULL, run, NULL);
            pthread_join(thread, NULL);
            __cxa_guard_release(&guards[1]);
            __cxa_guard_release(&guards[0]);
            for (int i = 0; i < 3; i++) if (*(uint8_t *)&guards[i] != 1) return 2;
            return 0;
        }
        """;

    private const string Memory = """
        #include <stddef.h>
        #include <stdint.h>
        void *_Znwm(size_t), *_ZnwmRKSt9nothrow_t(size_t, const void *), _ZdlPv(void *);
        int main(void)
        {
            void *one = _Znwm(0), *other = _ZnwmRKSt9nothrow_t(0, NULL);
            if (one == NULL || other == NULL || one == other) return 1;
            _ZdlPv(one);
            _ZdlPv(other);
            return _ZnwmRKSt9nothrow_t(SIZE_MAX / 2, NULL) != NULL;
        }
        """;

    private readonly Sandbox sandbox = new();

    public SkiaStandInTests()
    {
        Directory.CreateDirectory(sandbox.PathOf("bin"));
        Assert.Equal(0, Sandbox.Run([Path.Combine(Sandbox.Hooks, "stand-ins/compile"), sandbox.PathOf("bin")]).Status);
    }

    private string Library => sandbox.PathOf("bin/libskiacxx.so");

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public void It_has_what_Skia_asks_for_by_name_and_version(string runtime)
    {
        string[] wanted = SymbolsOf(Path.Combine(SkiaPackage(), "runtimes", runtime, "native/libSkiaSharp.so"), "--undefined-only");
        string[] had = SymbolsOf(Library, "--defined-only");

        Assert.InRange(wanted.Length, 40, 60);
        Assert.Equal(wanted, had);
    }

    [Fact]
    public void Its_data_is_as_large_as_the_real_one_s()
    {
        var real = SizesOf(Told("gcc", "-print-file-name=libstdc++.so.6").Output.Trim());
        var data = SizesOf(Library);

        Assert.InRange(data.Count, 10, 30);
        Assert.All(data, symbol => Assert.Equal(real[symbol.Key], symbol.Value));
    }

    [Theory]
    [InlineData(Guards, "200 0 1\n")]
    [InlineData(Others, "")]
    public void A_static_variable_is_made_once_whoever_comes(string program, string output) => Assert.Equal((0, output), RunProgram(program));

    [Fact]
    public void Memory_of_no_bytes_is_memory_and_none_is_null_for_who_asks_so() => Assert.Equal((0, ""), RunProgram(Memory));

    [Fact]
    public void A_static_variable_that_needs_itself_ends_the_process()
    {
        var (status, output) = RunProgram("""
            int __cxa_guard_acquire(long *);
            static long guard;
            int main(void) { return __cxa_guard_acquire(&guard) + __cxa_guard_acquire(&guard); }
            """);

        Assert.Equal(128 + 6, status);
        Assert.Contains("libskiacxx: a static variable needs itself\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("__cxa_throw", "libskiacxx: __cxa_throw was called\n")]
    [InlineData("_ZSt9terminatev", "libskiacxx: _ZSt9terminatev was called\n")]
    [InlineData("_Znwm", "libskiacxx: no memory is left\n")]
    public void What_cannot_go_on_ends_the_process_and_says_why(string function, string reason)
    {
        var source = sandbox.WriteFile("call.c", $"void *{function}(unsigned long); int main(void) {{ return {function}(-1ul >> 1) == 0; }}");
        Assert.Equal((0, ""), Told("gcc", "-o", sandbox.PathOf("call"), source, Library, "-Wl,-rpath," + sandbox.PathOf("bin")));

        var outcome = Sandbox.Run([sandbox.PathOf("call")]);

        Assert.Equal(128 + 6, outcome.Status);
        Assert.Equal(reason, outcome.Errors);
        Assert.Empty(outcome.Output);
    }

    private (int Status, string Output) RunProgram(string text)
    {
        var program = sandbox.PathOf("program");
        var source = sandbox.WriteFile("program.c", text);
        Assert.Equal((0, ""), Told("gcc", "-O1", "-Wall", "-Werror", "-o", program, source, Library, "-Wl,-rpath," + sandbox.PathOf("bin")));
        return Told("sh", "-c", $"timeout 20 {program}; exit $?");
    }

    // "0000000000003400 0000000000000028 R _ZTVSt8bad_cast@@GLIBCXX_3.4": an address, a size, a kind; data is not T, W or A.
    private static Dictionary<string, string> SizesOf(string library) =>
        Told("nm", "--dynamic", "--defined-only", "--print-size", library).Output.Split('\n').Select(line => line.Split(' '))
            .Where(words => words is [_, _, "R" or "V" or "D" or "B", var name] && name.Contains('@', StringComparison.Ordinal))
            .ToDictionary(words => words[3], words => words[1]);

    private static (int Status, string Output) Told(params string[] command)
    {
        var outcome = Sandbox.Run(command);
        return (outcome.Status, Encoding.UTF8.GetString(outcome.Output) + outcome.Errors);
    }

    private static string[] SymbolsOf(string library, string which)
    {
        var outcome = Sandbox.Run(["nm", "--dynamic", which, library]);
        Assert.Equal(0, outcome.Status);
        return
        [
            .. Encoding.UTF8.GetString(outcome.Output).Split('\n').Select(line => line.Split(' ')[^1].Replace("@@", "@", StringComparison.Ordinal))
                .Where(name => name.Contains("@GLIBCXX", StringComparison.Ordinal) || name.Contains("@CXXABI", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string SkiaPackage()
    {
        const string Name = "SkiaSharp.NativeAssets.Linux.NoDependencies";
        var versions = XDocument.Load(Path.Combine(Sandbox.Hooks, "../Directory.Packages.props")).Descendants("PackageVersion");
        var version = versions.Single(element => (string?)element.Attribute("Include") == Name).Attribute("Version")!.Value.Trim('[', ']');
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");
        return Path.Combine(packages, Name.ToLower(CultureInfo.InvariantCulture), version);
    }
}
