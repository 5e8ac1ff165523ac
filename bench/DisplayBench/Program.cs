// SPDX-License-Identifier: GPL-3.0-or-later
// What it costs to bring a frame to the screen: one PIN key's box and the whole picture of a 720x1440 phone, in every pixel
// format and rotation, as the time of one Present (convert, turn, write). A file in memory stands in for the device: its
// pwrite(2) costs the call and the copy, as a frame buffer's does. Writes out/bench/display.md.

using System.Diagnostics;
using System.Globalization;
using Framebuffer;
using Framebuffer.Tests;

namespace DisplayBench;

internal static class Program
{
    private const int Width = 720;
    private const int Height = 1440;
    private const int Rounds = 15;

    // A key of the PIN pad, as the 720x1440 design has it.
    private static readonly Area Key = new(257, 838, 462, 988);

    private static int Main()
    {
        using var memory = new DeviceMemory();
        List<Figure> figures =
        [
            .. from format in Enum.GetValues<PixelFormat>()
               from rotation in Enum.GetValues<Rotation>()
               select new Figure(format, rotation),
        ];

        // Rounds go over all of them in turn, so that a busy moment of the machine hits none of them alone.
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Figure figure in figures)
            {
                figure.Measure(memory, Key);
            }
        }

        string table = Table(figures);
        string folder = Directory.CreateDirectory(Path.Combine(Root(AppContext.BaseDirectory), "out", "bench")).FullName;
        File.WriteAllText(Path.Combine(folder, "display.md"), table);
        Console.Write(table);
        return 0;
    }

    private static string Table(List<Figure> figures)
    {
        Figure reference = figures[0];
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine($"One Present at {Width}x{Height}, microseconds: median of {Rounds}. Key: {Key.Width}x{Key.Height} pixels.");
        text.WriteLine();
        text.WriteLine("| format | turned | key | to Xrgb8888 upright | to upright | frame | to Xrgb8888 upright | to upright |");
        text.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (Figure f in figures)
        {
            Figure upright = figures.First(one => one.Format == f.Format);
            text.WriteLine(
                $"| {f.Format} | {f.Rotation} | {f.Key:0.0} | {f.Key / reference.Key:0.00} | {f.Key / upright.Key:0.00} "
                + $"| {f.Frame:0} | {f.Frame / reference.Frame:0.00} | {f.Frame / upright.Frame:0.00} |");
        }

        text.WriteLine();
        text.WriteLine($"The key's rows whole, which are one write(2): {reference.Rows:0.0} upright.");
        text.WriteLine(
            $"A key that lies sideways is {Key.Width} rows high and not {Key.Height}: where the rest of a row is not damaged, each row is "
            + "a write(2) of its own.");
        return text.ToString();
    }

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "UnlockAgent.sln")) ? folder : Root(Path.GetDirectoryName(folder)!);

    /// <summary>A file that never leaves memory.</summary>
    private sealed class DeviceMemory : IDisposable
    {
        internal string Path { get; } = System.IO.Path.Combine("/dev/shm", $"display-bench-{Environment.ProcessId}");

        internal Microsoft.Win32.SafeHandles.SafeFileHandle Open() =>
            File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);

        public void Dispose() => File.Delete(Path);
    }

    private sealed class Figure(PixelFormat format, Rotation rotation)
    {
        private readonly List<double> keys = [];
        private readonly List<double> frames = [];
        private readonly List<double> rows = [];

        internal PixelFormat Format { get; } = format;

        internal Rotation Rotation { get; } = rotation;

        internal double Key => Median(keys);

        internal double Frame => Median(frames);

        internal double Rows => Median(rows);

        internal void Measure(DeviceMemory memory, Area key)
        {
            bool sideways = Rotation.IsSideways();
            (int width, int height) = sideways ? (Height, Width) : (Width, Height);
            FramebufferGeometry format = Formats.Of(Format);
            FramebufferGeometry geometry = format with { Width = (uint)width, Height = (uint)height, Stride = (uint)(width * format.BytesPerPixel) };
            using var target = new TurnedTarget(new FbdevTarget(memory.Open(), memory.Path, geometry, Format), Rotation);
            byte[] frame = new byte[Width * Height * 4];
            keys.Add(Time(target, frame, key, 200));
            rows.Add(Time(target, frame, key with { Left = 0, Right = Width }, 50));
            frames.Add(Time(target, frame, new(0, 0, Width, Height), 4));
        }

        private static double Time(TurnedTarget target, byte[] frame, Area damage, int times)
        {
            target.Present(frame, Width * 4, damage);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < times; i++)
            {
                target.Present(frame, Width * 4, damage);
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / times;
        }

        private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }
}
