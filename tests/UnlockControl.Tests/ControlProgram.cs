// SPDX-License-Identifier: GPL-3.0-or-later
// unlockctl itself, as the tests run it: beside the tests, or where UNLOCKCTL says (the native one).

using System.Diagnostics;

namespace UnlockControl.Tests;

/// <summary>The program.</summary>
public static class ControlProgram
{
    /// <summary>Its path.</summary>
    public static string Location { get; } =
        Environment.GetEnvironmentVariable("UNLOCKCTL") ?? Path.Combine(AppContext.BaseDirectory, "unlockctl");

    /// <summary>Runs it to its end, without a terminal of any kind (setsid(1)), stdin empty.</summary>
    public static (int ExitCode, string Output, string Error) Run(IEnumerable<string> arguments, Action<ProcessStartInfo>? configure = null)
    {
        var start = new ProcessStartInfo("setsid", ["--wait", Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        configure?.Invoke(start);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string error = "";
        var reader = new Thread(() => error = process.StandardError.ReadToEnd());
        reader.Start();
        string output = process.StandardOutput.ReadToEnd();
        reader.Join();
        process.WaitForExit();
        return (process.ExitCode, output, error);
    }

    /// <summary>Runs it at a terminal.</summary>
    public static PersonAtTerminal AtTerminal(IEnumerable<string> arguments, Action<ProcessStartInfo>? configure = null) =>
        new(Location, arguments, configure);
}
