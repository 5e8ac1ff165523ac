// SPDX-License-Identifier: GPL-3.0-or-later
// The screen that the program draws to: found, waited for, opened, turned.

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Framebuffer.Native;
using Microsoft.Win32.SafeHandles;

namespace Framebuffer;

/// <summary>Which screen, and how. The defaults choose by themselves.</summary>
public sealed record DisplayOptions
{
    /// <summary>The screen's node, as /dev/fb1, or its name, as fb1 or card0; null for the device's own.</summary>
    public string? Device { get; init; }

    /// <summary>How the picture is turned; null for what the kernel says.</summary>
    public Rotation? Rotation { get; init; }

    /// <summary>Whether each frame is followed by FBIOPAN_DISPLAY.</summary>
    public ForceRefresh Refresh { get; init; }

    /// <summary>How long a screen is waited for that is not there yet.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Called once when the wait begins: there is no screen to say it on.</summary>
    public Action? Waiting { get; init; }

    /// <summary>The folder that sysfs is mounted on.</summary>
    public string SysfsRoot { get; init; } = "/sys";

    /// <summary>The folder of the device nodes.</summary>
    public string DeviceRoot { get; init; } = "/dev";

    /// <summary>The file of the kernel's command line.</summary>
    public string CommandLineFile { get; init; } = "/proc/cmdline";
}

/// <summary>A screen, upright, in the colours that frames come in.</summary>
public sealed class Display : IReplaceableTarget
{
    // Between a DRM card's node and the frame buffer device of the kernel's emulation lies the setting of the first mode.
    private static readonly TimeSpan EmulationTime = TimeSpan.FromSeconds(2);

    // Connectors announce themselves in no folder of nodes; asked again only while nothing but unusable ones is there.
    private static readonly TimeSpan ConnectorTime = TimeSpan.FromSeconds(1);

    private readonly IPanel panel;
    private readonly TurnedTarget turned;
    private readonly DeviceWatch watch;

    private Display(IPanel panel, ScreenCandidate candidate, Rotation rotation, DeviceWatch watch)
    {
        (this.panel, this.watch, Rotation, Path, DevicePath) = (panel, watch, rotation, candidate.Path, candidate.Device);
        turned = new TurnedTarget(panel, rotation);
    }

    /// <inheritdoc/>
    public int Width => turned.Width;

    /// <inheritdoc/>
    public int Height => turned.Height;

    /// <summary>How the picture is turned on the panel; what is touched has to be turned back.</summary>
    public Rotation Rotation { get; }

    /// <summary>The upright picture's size; 0 where it is not known.</summary>
    public (int Width, int Height) Millimetres =>
        Rotation.IsSideways() ? (panel.Millimetres.Height, panel.Millimetres.Width) : panel.Millimetres;

    /// <summary>The screen's node.</summary>
    public string Path { get; }

    /// <summary>The device that drives it, as a folder of sysfs; null where it is not known.</summary>
    public string? DevicePath { get; }

    /// <summary>Readable when nodes came or went: time to ask <see cref="IsGone"/>.</summary>
    public SafeFileHandle ChangeHandle => watch.Handle;

    /// <inheritdoc/>
    SafeHandle IReplaceableTarget.ChangeHandle => ChangeHandle;

    /// <summary>
    /// Whether the device went away or another driver took its place. Open a screen again then, and show it a whole
    /// frame. Makes <see cref="ChangeHandle"/> wait for the next change.
    /// </summary>
    public bool IsGone
    {
        get
        {
            watch.Drain();
            return panel.IsGone;
        }
    }

    /// <summary>Opens the device's own screen, or the one that is named; waits for it where it is not there yet.</summary>
    /// <exception cref="FramebufferException">There is none in time, or the one that is there cannot be drawn to.</exception>
    public static Display Open(DisplayOptions options) => Open(options, OpenPanel);

    [SuppressMessage("Reliability", "CA2000", Justification = "The screen owns the watch, and a failure closes it.")]
    internal static Display Open(DisplayOptions options, Func<ScreenCandidate, DisplayOptions, IPanel> open)
    {
        long start = Stopwatch.GetTimestamp();
        var watch = new DeviceWatch(options.DeviceRoot);
        Dictionary<string, TimeSpan> seen = [];
        try
        {
            for (bool isFirst = true; ; isFirst = false)
            {
                TimeSpan passed = Stopwatch.GetElapsedTime(start);
                if (TryOpen(options, open, passed, seen, watch, out TimeSpan pause, out FramebufferException? failure) is { } screen)
                {
                    return screen;
                }

                if (passed >= options.Timeout)
                {
                    throw failure ?? new FramebufferException(
                        "open",
                        Named(options) ?? System.IO.Path.Join(options.DeviceRoot, "fb0"),
                        Libc.ENOENT,
                        $"none is there after {options.Timeout.TotalSeconds:0} s");
                }

                if (isFirst)
                {
                    options.Waiting?.Invoke();
                }

                TimeSpan left = options.Timeout - passed;
                watch.Wait(pause < left ? pause : left);
            }
        }
        catch
        {
            watch.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Present(ReadOnlySpan<byte> bgrx, int stride, Area damage) => turned.Present(bgrx, stride, damage);

    /// <summary>From here on the last frame stays on the screen after <see cref="Dispose"/>, where the kernel can do that.</summary>
    public void KeepPicture() => panel.KeepPicture();

    /// <summary>Wipes what was kept of the picture and closes the screen.</summary>
    public void Dispose()
    {
        turned.Dispose();
        watch.Dispose();
    }

    private static Display? TryOpen(
        DisplayOptions options,
        Func<ScreenCandidate, DisplayOptions, IPanel> open,
        TimeSpan passed,
        Dictionary<string, TimeSpan> seen,
        DeviceWatch watch,
        out TimeSpan pause,
        out FramebufferException? failure)
    {
        (pause, failure) = (options.Timeout, null);
        foreach (ScreenCandidate candidate in Candidates(options))
        {
            // Seen by nobody. A card is opened all the same: that is what has its connectors looked at.
            if (!candidate.IsCard && candidate.Rank == ScreenRank.Unconnected && options.Device is null && passed < options.Timeout)
            {
                pause = ConnectorTime;
                continue;
            }

            // Not to be drawn to while a frame buffer device is on its way for it, nor to be passed over.
            if (candidate.IsCard && options.Device is null && passed < options.Timeout && ScreenFinder.IsEmulationOn(options.SysfsRoot))
            {
                seen.TryAdd(candidate.Path, passed);
                TimeSpan left = seen[candidate.Path] + EmulationTime - passed;
                if (left > TimeSpan.Zero)
                {
                    pause = left;
                    return null;
                }
            }

            try
            {
                IPanel panel = open(candidate, options);
                return new Display(panel, candidate, RotationFor(options, candidate, panel), watch);
            }
            catch (FramebufferException e)
            {
                failure ??= e;
                pause = candidate.IsCard ? ConnectorTime : pause;
            }
        }

        return null;
    }

    private static List<ScreenCandidate> Candidates(DisplayOptions options)
    {
        List<ScreenCandidate> found = ScreenFinder.Find(options.SysfsRoot, options.DeviceRoot);
        if (Named(options) is not { } path)
        {
            return found;
        }

        bool isCard = System.IO.Path.GetFileName(path).StartsWith("card", StringComparison.Ordinal);
        ScreenCandidate? known = found.Find(one => one.Path == path);
        return File.Exists(path) ? [known ?? new(path, isCard, null, null, ScreenRank.Any)] : [];
    }

    private static string? Named(DisplayOptions options) =>
        options.Device is not { Length: > 0 } device ? null
        : device.StartsWith('/') ? device
        : device.StartsWith("card", StringComparison.Ordinal) ? System.IO.Path.Join(options.DeviceRoot, "dri", device)
        : System.IO.Path.Join(options.DeviceRoot, device);

    private static IPanel OpenPanel(ScreenCandidate candidate, DisplayOptions options) =>
        candidate.IsCard ? DrmTarget.Open(candidate.Path) : FbdevTarget.Open(candidate.Path, options.Refresh);

    private static Rotation RotationFor(DisplayOptions options, ScreenCandidate candidate, IPanel panel)
    {
        if (options.Rotation is { } told)
        {
            return told;
        }

        string commandLine = Sysfs.Read(options.CommandLineFile) ?? "";
        return panel is DrmTarget card
            ? RotationSource.Find(commandLine, card.Orientation)
            : RotationSource.Find(options.SysfsRoot, commandLine, () => candidate.Card is { } name
                ? DrmTarget.OrientationOf(System.IO.Path.Join(options.DeviceRoot, "dri", name))
                : null);
    }
}
