// SPDX-License-Identifier: GPL-3.0-or-later

using System.Diagnostics;

namespace CardSimulator.Tests;

public sealed class PcscDaemonTests
{
    [Fact]
    public void Two_daemons_live_side_by_side_each_with_its_own_card()
    {
        using PcscDaemon first = PcscDaemon.Start();
        using PcscDaemon second = PcscDaemon.Start();
        using VpcdReader firstReader = first.NewReader(new VirtualCard(new CardOptions { Serial = 0x11111111 }));
        using VpcdReader secondReader = second.NewReader(new VirtualCard(new CardOptions { Serial = 0x22222222 }));
        firstReader.Insert();
        secondReader.Insert();
        using GpgHome firstHome = new(first);
        using GpgHome secondHome = new(second);

        Assert.Contains("11111111", firstHome.CardStatus());
        Assert.Contains("22222222", secondHome.CardStatus());
    }

    [Fact]
    public void A_daemon_that_was_killed_leaves_neither_process_nor_folder()
    {
        PcscDaemon daemon = PcscDaemon.Start();
        string folder = daemon.Folder;

        daemon.Kill();
        daemon.Dispose();

        Assert.False(Directory.Exists(folder));
        using Process search = Process.Start(new ProcessStartInfo("pgrep", ["-f", folder]) { RedirectStandardOutput = true })!;
        Assert.Equal("", search.StandardOutput.ReadToEnd());
    }
}
