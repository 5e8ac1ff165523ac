// SPDX-License-Identifier: GPL-3.0-or-later
// This test program once more, as a process that may be interrupted: the test runner takes SIGINT and SIGTERM for itself, so what is tried
// here runs before it begins.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using UnlockControl.Volumes;

namespace UnlockControl.Tests.Volumes;

internal static class StepsProcess
{
    private const string Variable = "UNLOCKCTL_TEST_STEPS";

    /// <summary>This is such a process.</summary>
    public static bool IsOne => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>What the process printed, line by line.</summary>
    /// <param name="signal">As kill(1) names it.</param>
    /// <param name="scene">"step" or "program".</param>
    public static string[] Run(string signal, string scene)
    {
        // Tests that were started in the background may have SIGINT ignored.
        var start = new ProcessStartInfo("env", ["--default-signal", Environment.ProcessPath!]) { RedirectStandardOutput = true };
        start.Environment[Variable] = $"{signal} {scene}";
        using Process process = Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return lines;
    }

    [ModuleInitializer]
    internal static void Begin()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(' ') is [var signal, var scene])
        {
            Play(signal, scene);
            Console.Out.WriteLine("end");
            Environment.Exit(0);
        }
    }

    private static void Play(string signal, string scene)
    {
        using var steps = new Steps(what => Console.Out.WriteLine("undoing " + what));
        if (scene == "program")
        {
            // The signal goes to the terminal's whole foreground, as a Ctrl-C does: to this process, and not to the program.
            Try(steps, () => Console.Out.WriteLine("status " + ChildProgram.Run(
                "sh", ["-c", "echo ready; sleep 1000"], line: _ => Send(signal, steps), end: steps.Interruption).Status));
            return;
        }

        steps.Do("a", () => { }, () => Console.Out.WriteLine("-a"));
        Try(
            steps,
            () =>
            {
                Send(signal, steps);
                Console.Out.WriteLine("b ended");
            },
            () =>
            {
                // A second one, during the undo, changes nothing.
                Send(signal, steps);
                Console.Out.WriteLine("-b");
            });
        Console.Out.WriteLine($"left {steps.Left.Count}");
        Try(steps, () => Console.Out.WriteLine("c"));
    }

    private static void Try(Steps steps, Action work, Action? undo = null)
    {
        try
        {
            steps.Do("b", work, undo);
        }
        catch (InterruptedException e)
        {
            Console.Out.WriteLine(e.GetType().Name);
        }
    }

    private static void Send(string signal, Steps steps)
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{Environment.ProcessId}"]);
        kill.WaitForExit();

        // The runtime hands signals to a thread of its own.
        _ = steps.Interruption.WaitHandle.WaitOne(TimeSpan.FromMinutes(1));
    }
}
