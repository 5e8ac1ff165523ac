// SPDX-License-Identifier: GPL-3.0-or-later
// The preloaded library that lends the agent a phone's hardware (shim/phone.c), compiled once for each of its texts.

using System.Diagnostics;
using System.Security.Cryptography;

namespace HostPhone;

internal static class Shim
{
    private static readonly string[] Options =
        ["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", "-fvisibility=hidden"];

    /// <summary>The compiled library.</summary>
    internal static string Path { get; } = Compile();

    private static string Compile()
    {
        string source = System.IO.Path.Combine(Checkout.Root, "tests", "HostPhone", "shim", "phone.c");
        string folder = Directory.CreateDirectory(System.IO.Path.Combine(Checkout.Root, "out", "host-phone")).FullName;
        string key = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(source)))[..16];
        string library = System.IO.Path.Combine(folder, $"phone-{key}.so");
        if (File.Exists(library))
        {
            return library;
        }

        string part = $"{library}.{Environment.ProcessId}";
        var start = new ProcessStartInfo("gcc", [.. Options, "-o", part, source]) { RedirectStandardError = true };
        using Process compiler = Process.Start(start) ?? throw new InvalidOperationException("gcc did not start.");
        string errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        if (compiler.ExitCode != 0)
        {
            throw new InvalidOperationException(errors);
        }

        File.Move(part, library, overwrite: true);
        return library;
    }
}
