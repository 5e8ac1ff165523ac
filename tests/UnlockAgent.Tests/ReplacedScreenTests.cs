// SPDX-License-Identifier: GPL-3.0-or-later
// Another screen takes the place of the one that is drawn to, as a driver's takes the firmware's: what was held is let go, and the
// new one is drawn to even where nobody was told.
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Framebuffer;
using Input;
using Input.Native;
using Microsoft.Win32.SafeHandles;
using UnlockAgent.Configuration;
using UnlockAgent.Machine;
using UnlockAgent.Shell;

namespace UnlockAgent.Tests;

public sealed class ReplacedScreenTests : IDisposable
{
    private const ushort KeyA = 30;

    private readonly string folder = Directory.CreateTempSubdirectory("replaced").FullName;
    private readonly List<Panel> panels = [];
    private readonly AnonymousPipeServerStream keys = new(PipeDirection.Out);
    private readonly CardThread card = new(new KeySource(KeySource.None, device: null));
    private readonly Stage stage;
    private readonly UnlockLoop loop;
    private long now = 1_000_000;

    public ReplacedScreenTests()
    {
        File.WriteAllText(Path.Join(folder, "fb0"), "");
        var options = new DisplayOptions { Device = "fb0", DeviceRoot = folder, SysfsRoot = folder, CommandLineFile = "/dev/null" };
        stage = new(Settings.Default, () => Display.Open(options, (_, _) => NewPanel()), Path.Join(folder, "input"));
        stage.TryShow(Screens.Keyboard, default);
        stage.OpenInput();
        var device = new SafeFileHandle(keys.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        stage.Input.Adopt(new("event0", device, touch: null));
        loop = new(Screens.Keyboard, Settings.Default, stage, card, () => now, () => null, new(new UsSymbols()));
    }

    public void Dispose()
    {
        loop.Dispose();
        stage.Dispose();
        card.Dispose();
        keys.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A phone has no keyboard for the text prompt that would take the pad's place.</summary>
    [Fact]
    public void A_screen_that_is_named_and_not_there_gives_way_to_the_devices_own()
    {
        var named = new DisplayOptions { Device = "fb7", DeviceRoot = folder, SysfsRoot = folder, Timeout = TimeSpan.Zero };
        using var own = new MemoryScreen(720, 1440);
        Assert.Same(own, Stage.OpenScreen(named, options => options.Device is null ? own : Display.Open(options)));
        Assert.Throws<FramebufferException>(() => Stage.OpenScreen(named with { Device = null }, Display.Open));
    }

    [Fact]
    public void A_screen_that_went_before_anybody_looked_is_noticed()
    {
        panels[0].IsGone = true;
        loop.Turn(0);
        Assert.Equal((2, true), (panels.Count, panels[^1].IsShown));
    }

    [Fact]
    public void A_shift_key_that_was_held_does_not_stay_held()
    {
        Press(KeyCode.LeftShift);
        Replace();
        Strike(KeyA);
        Strike(KeyCode.Enter);
        Assert.Equal(LoopEnd.Key, loop.Run());
        using var key = loop.TakeKey();
        Assert.Equal("a", Encoding.UTF8.GetString(key.Span));
    }

    [Fact]
    public void A_power_key_that_was_pressed_does_not_power_off()
    {
        Press(KeyCode.Power);
        Replace();
        for (int second = 0; second < 5; second++)
        {
            now += 1000;
            loop.Turn(0);
        }

        Assert.NotEqual(Mode.Ending, loop.State.Mode);
    }

    private Panel NewPanel()
    {
        panels.Add(new());
        return panels[^1];
    }

    /// <summary>The device tells of a key that goes down, and of nothing more.</summary>
    private void Press(ushort code)
    {
        input_event[] frame = [new() { type = Evdev.EV_KEY, code = code, value = 1 }, new() { type = Evdev.EV_SYN }];
        keys.Write(MemoryMarshal.AsBytes(frame.AsSpan()));
        loop.Turn(0);
    }

    private void Replace()
    {
        panels[^1].IsGone = true;
        File.Delete(Path.Join(folder, "fb0"));
        File.WriteAllText(Path.Join(folder, "fb0"), "");
        loop.Turn(0);
        Assert.Equal((2, true), (panels.Count, panels[^1].IsShown));
    }

    private void Strike(ushort code)
    {
        loop.OnKey(new(code, Down: true, Repeat: false));
        loop.OnKey(new(code, Down: false, Repeat: false));
        loop.Turn(0);
    }

    private sealed class Panel : IPanel
    {
        public int Width => 720;

        public int Height => 1440;

        public (int Width, int Height) Millimetres => default;

        public bool IsGone { get; set; }

        public bool IsShown { get; private set; }

        public void KeepPicture()
        {
        }

        public void Present(ReadOnlySpan<byte> bgrx, int stride, Area damage)
        {
            if (IsGone)
            {
                throw new FramebufferException("pwrite", "fb0", 19, "it is gone");
            }

            IsShown |= damage == new Area(0, 0, Width, Height);
        }

        public void Dispose()
        {
        }
    }
}
