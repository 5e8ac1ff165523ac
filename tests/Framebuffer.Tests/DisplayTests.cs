// SPDX-License-Identifier: GPL-3.0-or-later
// The screen as the program opens it: chosen, waited for, turned, told when it goes.

using System.Diagnostics;

namespace Framebuffer.Tests;

public sealed class DisplayTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private readonly FakeSystem system = new();
    private readonly List<string> opened = [];

    public void Dispose() => system.Dispose();

    [Fact]
    public void The_best_screen_is_opened_and_the_others_are_left_alone()
    {
        system.AddFramebuffer("fb0", "hdmi");
        system.AddCard("card0", "hdmi", "HDMI-A-1 connected");
        system.AddFramebuffer("fb1", "lcdif");
        system.AddCard("card1", "lcdif", "DSI-1 connected");
        using Display screen = Open(system.Options);
        Assert.Equal([Path.Join(system.Devices, "fb1")], opened);
        Assert.Equal((opened[0], system.DevicePath("lcdif")), (screen.Path, screen.DevicePath));
    }

    [Theory]
    [InlineData("fb0", "fb0")]
    [InlineData("card1", "dri/card1")]
    public void A_screen_that_is_named_is_opened(string name, string node)
    {
        system.Set("module/drm_kms_helper/parameters/fbdev_emulation", "Y");
        system.AddFramebuffer("fb0", "hdmi");
        system.AddCard("card1", "lcdif", "DSI-1 connected");
        Open(system.Options with { Device = name }).Dispose();
        Open(system.Options with { Device = Path.Join(system.Devices, node) }).Dispose();
        Assert.Equal([Path.Join(system.Devices, node), Path.Join(system.Devices, node)], opened);
    }

    [Fact]
    public void The_next_best_is_opened_where_the_best_refuses()
    {
        system.AddFramebuffer("fb0", "one");
        system.AddFramebuffer("fb1", "two");
        using Display screen = Open(system.Options, refused: "fb0");
        Assert.EndsWith("/fb1", screen.Path);
    }

    [Fact]
    public void Where_no_screen_comes_the_wait_is_said_once_and_ends_in_a_sentence()
    {
        int said = 0;
        DisplayOptions options = system.Options with { Timeout = Short, Waiting = () => said++ };
        long start = Stopwatch.GetTimestamp();
        var e = Assert.Throws<FramebufferException>(() => Open(options));
        Assert.True(Stopwatch.GetElapsedTime(start) >= Short);
        Assert.Equal(("open", 2, false, 1), (e.Operation, e.Errno, e.IsGone, said));
        Assert.Equal($"The screen {system.Devices}/fb0 cannot be used: none is there after 0 s.", e.Message);

        system.AddFramebuffer("fb0", "one");
        e = Assert.Throws<FramebufferException>(() => Open(options, refused: "fb0"));
        Assert.Equal("refused", e.Operation);
    }

    [Fact]
    public void A_screen_that_is_there_is_not_waited_for()
    {
        system.AddFramebuffer("fb0", "one");
        Open(system.Options with { Waiting = () => Assert.Fail("waited") }).Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_screen_that_comes_late_is_opened_when_it_comes(bool isNamed)
    {
        DisplayOptions options = system.Options with { Device = isNamed ? "fb0" : null, Timeout = TimeSpan.FromSeconds(60) };
        Thread? kernel = null;
        using Display screen = Open(options with
        {
            Waiting = () =>
            {
                kernel = new Thread(() => system.AddFramebuffer("fb0", "late"));
                kernel.Start();
            },
        });
        kernel!.Join();
        Assert.EndsWith("/fb0", screen.Path);
    }

    [Fact]
    public void A_card_that_comes_late_is_noticed_in_its_own_folder()
    {
        Thread? kernel = null;
        using Display screen = Open(system.Options with
        {
            Timeout = TimeSpan.FromSeconds(60),
            Waiting = () =>
            {
                kernel = new Thread(() => system.AddCard("card0", "late", "DSI-1 connected"));
                kernel.Start();
            },
        });
        kernel!.Join();
        Assert.EndsWith("/dri/card0", screen.Path);
    }

    [Fact]
    public void A_card_waits_for_its_frame_buffer_device_where_the_kernel_makes_one()
    {
        system.Set("module/drm_kms_helper/parameters/fbdev_emulation", "Y");
        system.AddFramebuffer("fb0", "hdmi");
        system.AddCard("card0", "hdmi", "HDMI-A-1 connected");
        system.AddCard("card1", "lcdif", "DSI-1 connected");
        Thread? kernel = null;
        using Display screen = Open(system.Options with
        {
            Waiting = () =>
            {
                kernel = new Thread(() => system.AddFramebuffer("fb1", "lcdif"));
                kernel.Start();
            },
        });
        kernel!.Join();
        Assert.Equal([Path.Join(system.Devices, "fb1")], opened);
    }

    /// <summary>Its frame buffer device is on its way from when the card came, and not from when the screen was looked for.</summary>
    [Fact]
    public void A_card_that_comes_late_waits_for_its_frame_buffer_device_too()
    {
        system.Set("module/drm_kms_helper/parameters/fbdev_emulation", "Y");
        system.AddCard("card0", "gpu");
        Thread? kernel = null;
        using Display screen = Open(
            system.Options with
            {
                Timeout = TimeSpan.FromSeconds(60),
                Waiting = () =>
                {
                    kernel = new Thread(() =>
                    {
                        Thread.Sleep(2200);
                        system.AddCard("card1", "lcdif", "DSI-1 connected");
                        Thread.Sleep(100);
                        system.AddFramebuffer("fb0", "lcdif");
                    });
                    kernel.Start();
                },
            },
            refused: "card0");
        kernel!.Join();
        Assert.EndsWith("/fb0", screen.Path);
    }

    [Fact]
    public void A_card_is_drawn_to_when_the_time_is_over_and_no_frame_buffer_device_came()
    {
        system.Set("module/drm_kms_helper/parameters/fbdev_emulation", "Y");
        system.AddCard("card0", "lcdif", "DSI-1 connected");
        using Display screen = Open(system.Options with { Timeout = Short });
        Assert.EndsWith("/dri/card0", screen.Path);
    }

    /// <summary>Nobody sees a plug with nothing in it: the panel may be late, and is not looked for again once a screen is open.</summary>
    [Fact]
    public void A_frame_buffer_device_without_a_screen_is_not_taken_while_another_may_come()
    {
        system.AddCard("card0", "dock", "DP-1 disconnected");
        system.AddFramebuffer("fb0", "dock");
        Thread? kernel = null;
        using Display screen = Open(system.Options with
        {
            Timeout = TimeSpan.FromSeconds(60),
            Waiting = () =>
            {
                kernel = new Thread(() =>
                {
                    system.AddCard("card1", "lcdif", "DSI-1 connected");
                    system.AddFramebuffer("fb1", "lcdif");
                });
                kernel.Start();
            },
        });
        kernel!.Join();
        Assert.DoesNotContain(Path.Join(system.Devices, "fb0"), opened);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("fb0")]
    public void A_frame_buffer_device_without_a_screen_is_taken_when_it_is_named_or_nothing_else_comes(string? name)
    {
        system.AddCard("card0", "dock", "DP-1 disconnected");
        system.AddFramebuffer("fb0", "dock");
        int said = 0;
        using Display screen = Open(system.Options with { Device = name, Timeout = Short, Waiting = () => said++ });
        Assert.Equal((name is null ? 1 : 0, "fb0"), (said, Path.GetFileName(screen.Path)));
    }

    [Fact]
    public void A_card_is_drawn_to_at_once_where_the_kernel_makes_none()
    {
        system.Set("module/drm_kms_helper/parameters/fbdev_emulation", "N");
        system.AddCard("card1", "lcdif", "DSI-1 connected");
        using Display screen = Open(system.Options with { Waiting = () => Assert.Fail("waited") });
        Assert.EndsWith("/dri/card1", screen.Path);
    }

    [Fact]
    public void The_kernels_rotation_turns_the_screen_and_a_told_one_goes_before_it()
    {
        system.AddFramebuffer("fb0", "one");
        system.Set("class/graphics/fbcon/rotate", "3");
        using (Display screen = Open(system.Options))
        {
            Assert.Equal((Rotation.CounterClockwise, 80, 40), (screen.Rotation, screen.Width, screen.Height));
            Assert.Equal((160, 70), screen.Millimetres);
        }

        using (Display screen = Open(system.Options with { Rotation = Rotation.UpsideDown }))
        {
            Assert.Equal((Rotation.UpsideDown, 40, 80), (screen.Rotation, screen.Width, screen.Height));
            Assert.Equal((70, 160), screen.Millimetres);
        }
    }

    [Fact]
    public void A_screen_that_goes_wakes_the_one_who_waits_for_it()
    {
        system.AddFramebuffer("fb0", "one");
        using Display screen = Open(system.Options);
        Assert.False(screen.IsGone);
        Assert.False(IsReadable(screen));

        File.Delete(Path.Join(system.Devices, "fb0"));
        Assert.True(IsReadable(screen));
        FakePanel.Last!.IsGone = true;
        Assert.True(screen.IsGone);
        Assert.False(IsReadable(screen));
        Assert.True(Assert.Throws<FramebufferException>(() => screen.Present(new byte[40 * 80 * 4], 160, new(0, 0, 40, 80))).IsGone);
    }

    [Fact]
    public void A_closed_screen_closes_its_panel_and_keeps_the_picture_only_when_told()
    {
        system.AddFramebuffer("fb0", "one");
        Open(system.Options).Dispose();
        Assert.Equal((true, false), (FakePanel.Last!.IsDisposed, FakePanel.Last.IsKept));
        Display screen = Open(system.Options);
        screen.KeepPicture();
        screen.Dispose();
        Assert.Equal((true, true), (FakePanel.Last.IsDisposed, FakePanel.Last.IsKept));
    }

    [Theory]
    [InlineData("/dev/no-such-card", "open", 2)]
    [InlineData("/dev/null", "DRM_IOCTL_GET_CAP", 25)]
    public void What_is_no_card_is_refused_with_a_sentence(string node, string operation, int errno)
    {
        var e = Assert.Throws<FramebufferException>(() => DrmTarget.Open(node));
        Assert.Equal((operation, node, errno), (e.Operation, e.Path, e.Errno));
        Assert.Null(DrmTarget.OrientationOf(node));
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(6, true)]
    [InlineData(1, false)]
    [InlineData(0, false)]
    public void A_device_that_went_away_is_told_from_one_that_refuses(int errno, bool isGone) =>
        Assert.Equal(isGone, new FramebufferException("pwrite", "/dev/fb0", errno, "").IsGone);

    [Theory]
    [InlineData(ForceRefresh.Auto, "mdssfb_90000", true)]
    [InlineData(ForceRefresh.Auto, "msmfb40_d0000", true)]
    [InlineData(ForceRefresh.Auto, "mtkfb", true)]
    [InlineData(ForceRefresh.Auto, "msmdrmfb", true)]
    [InlineData(ForceRefresh.Auto, "mxsfb-drmdrmfb", false)]
    [InlineData(ForceRefresh.Auto, "virtio_gpudrmfb", false)]
    [InlineData(ForceRefresh.Auto, "", false)]
    [InlineData(ForceRefresh.Always, "EFI VGA", true)]
    [InlineData(ForceRefresh.Never, "msmdrmfb", false)]
    public void Panels_known_to_need_it_are_panned(ForceRefresh policy, string driver, bool expected) =>
        Assert.Equal(expected, policy.IsNeeded(driver));

    private static bool IsReadable(Display screen) => Native.Libc.WaitReadable(screen.ChangeHandle, timeoutMilliseconds: 0);

    private Display Open(DisplayOptions options, string? refused = null) => Display.Open(options, (candidate, _) =>
    {
        if (candidate.Path.EndsWith("/" + refused, StringComparison.Ordinal))
        {
            throw new FramebufferException("refused", candidate.Path, 0, "it is refused");
        }

        opened.Add(candidate.Path);
        return new FakePanel();
    });

    private sealed class FakePanel : IPanel
    {
        internal FakePanel() => Last = this;

        [ThreadStatic]
        internal static FakePanel? Last;

        public int Width => 40;

        public int Height => 80;

        public (int Width, int Height) Millimetres => (70, 160);

        public bool IsGone { get; set; }

        internal bool IsKept { get; private set; }

        internal bool IsDisposed { get; private set; }

        public void KeepPicture() => IsKept = true;

        public void Present(ReadOnlySpan<byte> bgrx, int stride, Area damage)
        {
            if (IsGone)
            {
                throw new FramebufferException("pwrite", "fb0", 19, "it is gone");
            }
        }

        public void Dispose() => IsDisposed = true;
    }
}
