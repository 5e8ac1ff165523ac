// SPDX-License-Identifier: GPL-3.0-or-later
// The screen, the picture for it, its light, and what is touched on it: together, for where another screen takes its place (a
// driver's, in place of the firmware's) all of them change.
using System.Runtime.InteropServices;
using Framebuffer;
using Input;
using SkiaSharp;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace UnlockAgent.Shell;

internal sealed class Stage : IDisposable
{
    private const string LightMemory = "/run/unlock-agent/backlight";
    private const string InputFolder = "/dev/input";

    // Felt, and over before the next key.
    private const int BuzzMilliseconds = 20, BuzzPercent = 60;

    // Bright enough to read, dark enough to see that it waits.
    private const double DimPart = 0.25;

    private readonly Settings settings;
    private readonly string inputFolder;
    private readonly Func<IFrameTarget> open;
    private readonly Vibrator vibrator;
    private IFrameTarget target;
    private Backlight? backlight;
    private InputDevices? input;
    private SKImage? logo;

    /// <summary>A stage on any screen.</summary>
    /// <param name="settings">How to draw.</param>
    /// <param name="open">Opens the screen, and again when it was replaced.</param>
    /// <param name="inputFolder">Where the input devices are.</param>
    internal Stage(Settings settings, Func<IFrameTarget> open, string inputFolder)
    {
        (this.settings, this.open, this.inputFolder) = (settings, open, inputFolder);
        vibrator = new(inputFolder);
        target = open();
        Renderer = NewRenderer();
    }

    /// <summary>What draws; another one after <see cref="Renew"/>.</summary>
    public PadRenderer Renderer { get; private set; }

    /// <summary>What is touched; another one after <see cref="Renew"/>.</summary>
    /// <exception cref="InvalidOperationException"><see cref="OpenInput"/> was not called.</exception>
    public InputDevices Input => input ?? throw new InvalidOperationException("No input is open yet.");

    /// <summary>Readable when the screen may have been replaced: time for <see cref="Renew"/>. Null where none can be.</summary>
    public SafeHandle? ChangeHandle => (target as IReplaceableTarget)?.ChangeHandle;

    /// <summary>Opens the device's screen, and waits where it comes late.</summary>
    /// <remarks>One that is named and cannot be had gives way to the device's own: whoever mistypes its name is not locked out.</remarks>
    /// <exception cref="FramebufferException">There is none in time, or none that can be drawn to.</exception>
    public static Stage Open(Settings settings)
    {
        var options = new DisplayOptions
        {
            Device = settings.Screen,
            Rotation = (Rotation?)(settings.Rotate / 90),
            Refresh = settings.ForceRefresh switch { null => ForceRefresh.Auto, true => ForceRefresh.Always, false => ForceRefresh.Never },
            Waiting = static () =>
            {
                Log.Write("waiting for the screen");
                Console.Error.WriteLine("Waiting for the screen...");
            },
        };
        bool isReplacement = false;
        return new(settings, OpenNext, InputFolder);

        IFrameTarget OpenNext()
        {
            // The kernel switches a screen on when its console comes there, which it does not while we have the terminal; a pan does as well.
            var asked = isReplacement && settings.ForceRefresh is null ? options with { Refresh = ForceRefresh.Always } : options;
            isReplacement = true;
            return OpenScreen(asked, Display.Open);
        }
    }

    internal static IFrameTarget OpenScreen(DisplayOptions options, Func<DisplayOptions, IFrameTarget> open)
    {
        try
        {
            return open(options);
        }
        catch (FramebufferException e) when (options.Device is not null)
        {
            Log.Write(e.Message + " Another one is taken.");
            return open(options with { Device = null });
        }
    }

    /// <summary>Lights a screen that a killed holder left dimmed or dark.</summary>
    public static void RestoreLight() => Backlight.Find(device: null, LightMemory).Restore();

    /// <summary>What takes long and hinders nobody: so that it is done when somebody sees where to touch.</summary>
    /// <exception cref="InputException">Nothing can be watched.</exception>
    public void BeginInput()
    {
        var screen = target as Display;
        bool isSideways = screen?.Rotation.IsSideways() == true;
        input = InputDevices.Begin(
            isSideways ? target.Height : target.Width,
            isSideways ? target.Width : target.Height,
            (int)(screen?.Rotation ?? 0),
            inputFolder);
    }

    /// <summary>What can wait until the first frame is shown: opens the input devices, finds the light and the owner's picture.</summary>
    /// <exception cref="InputException">Nothing can be watched.</exception>
    public void OpenInput()
    {
        if (input is null)
        {
            BeginInput();
        }

        Input.OpenRest();
        if (target is Display screen)
        {
            backlight = Backlight.Find(screen.DevicePath, LightMemory);
            backlight.TurnOn();
            Renderer.DimsPicture = !backlight.Exists;
        }

        LoadLogo();
    }

    /// <summary>Draws a state, and shows what changed.</summary>
    /// <returns>False where the screen is gone: <see cref="Renew"/>, and show it again.</returns>
    /// <exception cref="FramebufferException">The screen is there and takes no pixels.</exception>
    public bool TryShow(AgentState state, in Touched touched)
    {
        Renderer.Draw(state, touched);
        try
        {
            foreach (var box in Renderer.Changes)
            {
                target.Present(Renderer.Pixels, Renderer.Stride, box.ToArea());
            }

            return true;
        }
        catch (FramebufferException) when (target is IReplaceableTarget { IsGone: true })
        {
            return false;
        }
    }

    /// <summary>Looks whether the screen was replaced, and opens the one that took its place.</summary>
    /// <param name="sink">Told that what is held is let go, before the devices are closed: its end would be told to nobody.</param>
    /// <returns>True where it was: nothing is shown there yet.</returns>
    /// <exception cref="FramebufferException">None took its place in time.</exception>
    public bool Renew(IInputSink sink)
    {
        if (target is not IReplaceableTarget { IsGone: true })
        {
            return false;
        }

        Log.Write("the screen was replaced");

        // First the new one: where there is none, what is here is still whole.
        var next = open();
        input?.Release(sink);
        Renderer.Dispose();
        target.Dispose();
        input?.Dispose();
        input = null;
        target = next;
        Renderer = NewRenderer();
        OpenInput();
        return true;
    }

    /// <summary>Sets the light behind the screen.</summary>
    public void SetLight(Light light)
    {
        switch (light)
        {
            case Light.Full:
                backlight?.TurnOn();
                break;
            case Light.Dim:
                backlight?.Dim(DimPart);
                break;
            case Light.Dark:
                backlight?.TurnOff();
                break;
        }
    }

    /// <summary>Lets a pressed key be felt.</summary>
    public void Buzz() => vibrator.Vibrate(BuzzMilliseconds, BuzzPercent);

    /// <summary>Takes everything off the screen, where it still can be drawn to.</summary>
    public void Blank()
    {
        try
        {
            TryShow(AgentMachine.Start(string.Empty, Notice.None) with { Light = Light.Dark }, default);
        }
        catch (FramebufferException e)
        {
            Log.Write(e.Message);
        }
    }

    /// <summary>Leaves the last frame standing.</summary>
    public void KeepPicture() => (target as Display)?.KeepPicture();

    public void Dispose()
    {
        input?.Dispose();
        vibrator.Dispose();
        backlight?.Restore();
        Renderer.Dispose();
        logo?.Dispose();
        target.Dispose();
    }

    private void LoadLogo()
    {
        if (settings.Logo is not { } path)
        {
            return;
        }

        logo?.Dispose();
        logo = OwnerPicture.Load(path, Viewport, out string refusal);
        if (logo is null)
        {
            Log.Write(refusal);
            return;
        }

        Renderer.Logo = logo;
    }

    private Viewport Viewport
    {
        get
        {
            const double MillimetresPerInch = 25.4;
            int known = target is Display { Millimetres.Width: > 0 and var millimetres }
                ? (int)Math.Round(target.Width * MillimetresPerInch / millimetres)
                : 0;
            return new(target.Width, target.Height, settings.Dpi ?? known);
        }
    }

    private PadRenderer NewRenderer() => new(Viewport) { Owner = settings.Owner ?? string.Empty, DimsPicture = true };
}
