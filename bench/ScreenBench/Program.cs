// SPDX-License-Identifier: GPL-3.0-or-later
// What a person's touch costs at 720x1440: a key that lights, a key that is released and types, drawn and written, also on a panel
// that is turned; and each whole screen. A file in memory stands in for the device: its pwrite(2) costs the call and the copy, as a frame buffer's does. Writes
// out/bench/screen.md.

using System.Diagnostics;
using System.Globalization;
using Framebuffer;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace ScreenBench;

internal static class Program
{
    private const int Width = 720;
    private const int Height = 1440;
    private const int KeyRounds = 2000;
    private const int ScreenRounds = 25;
    private const double MostMilliseconds = 1;
    private const double MostOfUpright = 1.2;

    private static int Main()
    {
        string memory = Path.Combine("/dev/shm", $"screen-bench-{Environment.ProcessId}");
        try
        {
            using var target = new FbdevTarget(File.OpenHandle(memory, FileMode.Create, FileAccess.ReadWrite), memory, Phone, PixelFormat.Xrgb8888);
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            bool isFast = WriteKeys(text, target) & WriteTurns(text, memory + "-turned");
            WriteScreens(text, target);
            string folder = Directory.CreateDirectory(Path.Combine(Root(AppContext.BaseDirectory), "out", "bench")).FullName;
            File.WriteAllText(Path.Combine(folder, "screen.md"), text.ToString());
            Console.Write(text);
            return isFast ? 0 : 1;
        }
        finally
        {
            File.Delete(memory);
            File.Delete(memory + "-turned");
        }
    }

    private static FramebufferGeometry Phone { get; } = Panel(Width, Height);

    private static FramebufferGeometry Panel(uint width, uint height) =>
        new(width, height, 0, 0, 32, width * 4, width * height * 4, new(16, 8), new(8, 8), new(0, 8), new(0, 0));

    private static bool WriteKeys(StringWriter text, FbdevTarget target)
    {
        (string Name, AgentState State, int Button)[] keys =
        [
            ("PIN pad", Gallery.PinPad, 4),
            ("keyboard", Gallery.Keyboard, 4),
            ("keyboard, shown in the clear", Gallery.Keyboard with { Revealed = true }, 4),
        ];
        bool isFast = true;
        text.WriteLine($"A key at {Width}x{Height}, drawn and written, microseconds: median (and the 99th of 100) of {KeyRounds}; at most 1000.");
        text.WriteLine();
        text.WriteLine("| screen | key lights | key is released and types |");
        text.WriteLine("|---|---|---|");
        foreach (var (name, state, button) in keys)
        {
            using var renderer = new PadRenderer(Width, Height);
            var (press, release) = Type(renderer, target, state, button);
            text.WriteLine($"| {name} | {Row(press)} | {Row(release)} |");
            isFast &= Share(press, 0.5) < MostMilliseconds * 1000 && Share(release, 0.5) < MostMilliseconds * 1000;
        }

        text.WriteLine();
        return isFast;
    }

    private static (List<double> Press, List<double> Release) Type(PadRenderer renderer, FbdevTarget target, AgentState state, int button)
    {
        List<double> press = [], release = [];
        byte[] clear = [.. Enumerable.Repeat((byte)'x', 40)];
        Present(renderer, target, state, default);
        for (int i = 0; i < KeyRounds; i++)
        {
            var typed = state with { Typed = 1 + (i % 20) };
            long start = Stopwatch.GetTimestamp();
            Present(renderer, target, typed with { Typed = i % 20 }, new() { Pressed = 1UL << button, Revealed = clear.AsSpan(..(i % 20)) });
            press.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            start = Stopwatch.GetTimestamp();
            Present(renderer, target, typed, new() { Revealed = clear.AsSpan(..(1 + (i % 20))) });
            release.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return (press, release);
    }

    /// <summary>One key after the other on each panel, so that a busy moment of the machine hits none of them alone.</summary>
    private static bool WriteTurns(StringWriter text, string memory)
    {
        Rotation[] turns = Enum.GetValues<Rotation>();
        TurnedTarget[] targets = [.. turns.Select(turn => Open(memory, turn))];
        using var renderer = new PadRenderer(Width, Height);
        var times = turns.ToDictionary(turn => turn, _ => new List<double>());
        renderer.Draw(Gallery.PinPad);
        Array.ForEach(targets, target => target.Present(renderer.Pixels, renderer.Stride, new(0, 0, Width, Height)));
        for (int i = 0; i < KeyRounds * turns.Length; i++)
        {
            int turn = i / 2 % turns.Length;
            var state = Gallery.PinPad with { Typed = i % 2 };
            long start = Stopwatch.GetTimestamp();
            Present(renderer, targets[turn], state, new() { Pressed = i % 2 == 0 ? 1UL << 4 : 0 });
            times[turns[turn]].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        Array.ForEach(targets, target => target.Dispose());
        double upright = Share(times[Rotation.None], 0.5);
        text.WriteLine($"A key of the PIN pad that lights or types, drawn, turned and written, microseconds: median; at most {MostOfUpright} x upright.");
        text.WriteLine();
        text.WriteLine("| turned | key | to upright |");
        text.WriteLine("|---|---|---|");
        foreach (var turn in turns)
        {
            double median = Share(times[turn], 0.5);
            text.WriteLine($"| {turn} | {median:0} | {median / upright:0.00} |");
        }

        text.WriteLine();
        return turns.All(turn => Share(times[turn], 0.5) <= MostOfUpright * upright);
    }

    private static TurnedTarget Open(string memory, Rotation turn)
    {
        var panel = turn.IsSideways() ? Panel(Height, Width) : Phone;
        var device = File.OpenHandle(memory, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        return new(new FbdevTarget(device, memory, panel, PixelFormat.Xrgb8888), turn);
    }

    private static void WriteScreens(StringWriter text, FbdevTarget target)
    {
        text.WriteLine($"A whole screen at {Width}x{Height}, drawn and written, milliseconds: median of {ScreenRounds}.");
        text.WriteLine();
        text.WriteLine("| screen | drawn | drawn and written |");
        text.WriteLine("|---|---|---|");
        using var renderer = new PadRenderer(Width, Height);
        foreach (var (name, state) in Gallery.All)
        {
            List<double> draw = [], both = [];
            for (int i = 0; i < ScreenRounds; i++)
            {
                renderer.Draw(state with { Light = Light.Dark });
                long start = Stopwatch.GetTimestamp();
                var damage = renderer.Draw(state);
                draw.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                target.Present(renderer.Pixels, renderer.Stride, damage);
                both.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            text.WriteLine($"| {name} | {Share(draw, 0.5):0.00} | {Share(both, 0.5):0.00} |");
        }
    }

    private static void Present(PadRenderer renderer, IFrameTarget target, AgentState state, in Touched touched)
    {
        renderer.Draw(state, touched);
        foreach (var box in renderer.Changes)
        {
            target.Present(renderer.Pixels, renderer.Stride, box.ToArea());
        }
    }

    private static FormattableString Row(List<double> times) => $"{Share(times, 0.5):0} ({Share(times, 0.99):0})";

    private static double Share(List<double> values, double share) => values.Order().ElementAt((int)(values.Count * share));

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "UnlockAgent.sln")) ? folder : Root(Path.GetDirectoryName(folder)!);
}
