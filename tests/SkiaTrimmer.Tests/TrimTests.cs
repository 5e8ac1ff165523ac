// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small libraries from a real compiler, for either processor, trimmed for small programs, which then run.

using System.Text;
using EmulatedPhone;

namespace SkiaTrimmer.Tests;

public sealed class TrimTests : IDisposable
{
    // Calls through tables of pointers, jump tables, slots, data that points to data, and functions that follow each other in one call.
    private const string Library = """
        #define PUBLIC __attribute__((visibility("default")))
        #define HIDDEN __attribute__((noinline))
        static HIDDEN int one(int n) { return n + 1; }
        static HIDDEN int two(int n) { return n * 2; }
        static HIDDEN int three(int n) { return n - 3; }
        static int (*const table[])(int) = { one, two, three };
        PUBLIC int through_table(int i, int n) { return table[i - 1](n); }
        struct maker { const char *name; int (*const *functions)(int); };
        static HIDDEN int four(int n) { return n + 4; }
        static int (*const inner[])(int) = { four };
        static const struct maker maker = { "maker", inner };
        PUBLIC const struct maker *behind_data(void) { return &maker; }
        PUBLIC int call_behind_data(int n) { return behind_data()->functions[0](n); }
        PUBLIC int through_switch(int i, int n)
        {
            switch (i) {
            case 0: return one(n); case 1: return two(n) + 5; case 2: return three(n) * 7; case 3: return n ^ 9;
            case 4: return n % 11; case 5: return four(n) << 2; case 6: return -n; default: return 0;
            }
        }
        static HIDDEN int initial(void) { return 42; }
        static int initialised;
        __attribute__((constructor)) static void begin(void) { initialised = initial(); }
        PUBLIC int after_constructor(void) { return initialised; }
        PUBLIC int unused(int n) { return two(n) + 99; }
        static HIDDEN int never(int n) { return n * 77; }
        PUBLIC int large_unused(int n) { __asm__ volatile(".skip 400000, 0"); return never(n); }
        PUBLIC int behind_gap(int n) { return n + 1000; }
        """;

    private const string Program = """
        #include <dlfcn.h>
        #include <stdio.h>
        int through_table(int, int); int call_behind_data(int); int through_switch(int, int); int after_constructor(void); int behind_gap(int);
        int main(int count, char **words)
        {
            if (count > 1) {
                int (*function)(int) = (int (*)(int))dlsym(RTLD_DEFAULT, words[1]);
                return function ? printf("%d\n", function(1)) < 0 : 1;
            }
            for (int i = 1; i <= 3; i++) printf("%d ", through_table(i, 10));
            for (int i = 0; i <= 7; i++) printf("%d ", through_switch(i, 10));
            return printf("%d %d %d\n", call_behind_data(1), after_constructor(), behind_gap(1)) < 0;
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string folder = Directory.CreateTempSubdirectory("skia-trimmer").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("amd64", "-O2")]
    [InlineData("amd64", "-O0")]
    [InlineData("arm64", "-O2")]
    [InlineData("arm64", "-O0")]
    public void What_the_program_calls_works_as_before(string machine, string optimisation)
    {
        Compile(machine, optimisation);
        string before = Run(machine);

        long saved = Trim(machine);

        Assert.Equal("11 20 7 11 25 49 3 10 56 -10 0 5 42 1001", before.Trim());
        Assert.Equal(before, Run(machine));
        Assert.InRange(saved, 250000, 410000);
    }

    [Theory]
    [InlineData("amd64", "unused")]
    [InlineData("amd64", "large_unused")]
    [InlineData("arm64", "unused")]
    [InlineData("arm64", "large_unused")]
    public void What_it_does_not_call_ends_the_process(string machine, string function)
    {
        Compile(machine, "-O2");
        if (function == "unused")
        {
            Assert.Equal("101", Run(machine, function).Trim());
        }

        Trim(machine);

        var fault = Assert.Throws<PhoneException>(() => Run(machine, function));
        Assert.Contains("ended with status", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("status 1:", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Libraries.Machines), MemberType = typeof(Libraries))]
    public void Binutils_and_the_loader_know_the_result(string machine)
    {
        Compile(machine, "-O2");
        Trim(machine);

        string warnings = HostCommand.Run(["sh", "-c", "readelf --all --wide \"$0\" 2>&1 >/dev/null", LibraryFile], Patience);
        Assert.Equal("", warnings);
        Assert.Contains("behind_gap", HostCommand.Run([Tool(machine, "nm"), "-D", LibraryFile], Patience), StringComparison.Ordinal);
        string segments = HostCommand.Run(["readelf", "--segments", "--wide", LibraryFile], Patience);
        Assert.Equal(2, segments.Split(" R E ").Length - 1);
        Assert.Contains(" GNU_RELRO ", segments, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_calls_nothing_of_the_library_is_refused()
    {
        Compile("amd64", "-O2");
        Assert.Contains("calls nothing of", Refusal(WholeFile, LibraryFile, "/usr/bin/true"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_without_symbols_is_refused()
    {
        Compile("amd64", "-O2");
        Assert.Contains("no symbols", Refusal(LibraryFile, LibraryFile, ProgramFile), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_early_is_refused_wherever_it_ends()
    {
        Compile("amd64", "-O2");
        byte[] whole = File.ReadAllBytes(LibraryFile);
        for (int length = 0; length < whole.Length; length += 97 + (length / 50))
        {
            Assert.Throws<InvalidDataException>(() => new ElfImage(whole[..length]));
        }
    }

    private string WholeFile => Path.Combine(folder, "whole.so");

    private string LibraryFile => Path.Combine(folder, "libsmall.so");

    private string ProgramFile => Path.Combine(folder, "program");

    private static string Tool(string machine, string name) => machine == "amd64" ? name : "aarch64-linux-gnu-" + name;

    private void Compile(string machine, string optimisation)
    {
        string compiler = Tool(machine, "gcc");
        HostCommand.Run(
            [compiler, optimisation, "-shared", "-fPIC", "-fvisibility=hidden", "-Wl,-soname,libsmall.so", "-x", "c", "-o", WholeFile, "-"],
            Patience,
            Encoding.UTF8.GetBytes(Library));
        // So strip(1) drops what is to be read-only.
        HostCommand.Run([Tool(machine, "strip"), "--strip-all", "-R", ".eh_frame", "-R", ".eh_frame_hdr", "-o", LibraryFile, WholeFile], Patience);
        HostCommand.Run(
            [compiler, "-O1", "-x", "c", "-o", ProgramFile, "-", "-x", "none", "-Wl,-rpath," + folder, LibraryFile],
            Patience,
            Encoding.UTF8.GetBytes(Program));
    }

    private long Trim(string machine)
    {
        long before = new FileInfo(LibraryFile).Length;
        Assert.Equal("", HostCommand.Run([Trimmer, WholeFile, LibraryFile, ProgramFile, LibraryFile], Patience));
        Assert.Equal(machine == "amd64" ? Machine.X64 : Machine.Arm64, new ElfImage(File.ReadAllBytes(LibraryFile)).Machine);
        return before - new FileInfo(LibraryFile).Length;
    }

    private string Refusal(string library, string stripped, string agent) =>
        Assert.Throws<PhoneException>(() => HostCommand.Run([Trimmer, library, stripped, agent, Path.Combine(folder, "out")], Patience)).Message;

    private static string Trimmer => Path.Combine(Repository.Root, "tools/SkiaTrimmer/bin/Release/net10.0/SkiaTrimmer");

    private string Run(string machine, params string[] words)
    {
        string[] emulator = machine == "amd64" ? [] : ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"];
        return HostCommand.Run([.. emulator, ProgramFile, .. words], Patience);
    }
}
