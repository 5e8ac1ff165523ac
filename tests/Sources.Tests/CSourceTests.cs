// SPDX-License-Identifier: GPL-3.0-or-later
// The C sources have nothing that the strictest compiler finds.
using System.Diagnostics;

namespace Sources.Tests;

public sealed class CSourceTests
{
    private static readonly string images = Path.Combine(Checkout.Root, "initramfs-hooks");

    public static TheoryData<string> Sources => [.. Checkout.Files.Where(file => file.EndsWith(".c", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Sources))]
    public void The_strictest_compiler_finds_nothing(string file)
    {
        // What goes into an image also says each conversion that may change a value; the tests' own tools need not.
        string[] warnings = file.StartsWith(images + "/", StringComparison.Ordinal) ? ["-Wconversion"] : [];
        // Twice: what optimising has to find out is what some warnings need.
        foreach (string level in (string[])["-O0", "-O2"])
        {
            (int status, string output) = Compile(file, [level, .. warnings]);
            Assert.True(status == 0, output);
        }
    }

    [Fact]
    public void One_of_them_goes_into_an_image() => Assert.Contains(Sources, row => row.Data.StartsWith(images + "/", StringComparison.Ordinal));

    [Theory]
    [InlineData("#include <stdlib.h>\nint main(void) { char *a = malloc(2); if (!a) return 1; free(a); free(a); return 0; }\n", "double-free")]
    [InlineData("unsigned char of(int number);\nunsigned char of(int number) { return number; }\n", "conversion")]
    public void The_strictest_compiler_finds_what_is_wrong(string text, string warning)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, text);
        (int status, string output) = Compile(file, ["-O0", "-Wconversion"]);
        File.Delete(file);
        Assert.NotEqual(0, status);
        Assert.Contains(warning, output, StringComparison.Ordinal);
    }

    private static (int Status, string Output) Compile(string file, string[] more)
    {
        string[] arguments =
        [
            "-x", "c", "-fanalyzer", "-Wall", "-Wextra", "-Werror", .. more, "-fPIC", "-c", "-o", "/dev/null",
            "-I/usr/include/libdrm", "-DLIBRARY=\"none\"", "-DCALLS=CALL(call)", file,
        ];
        using Process process = Process.Start(new ProcessStartInfo("gcc", arguments) { RedirectStandardError = true })!;
        string output = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
