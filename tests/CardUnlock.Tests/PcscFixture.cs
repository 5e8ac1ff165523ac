// SPDX-License-Identifier: GPL-3.0-or-later

using System.Diagnostics;
using CardSimulator;

namespace CardUnlock.Tests;

/// <summary>One pcscd for the process: libpcsclite settles on a socket at its first call.</summary>
public sealed class PcscFixture : IDisposable
{
    private const string ReaderName = "Test reader";
    private PcscDaemon daemon = PcscDaemon.Start(ReaderName);

    public PcscFixture() => daemon.UseInThisProcess();

    public GpgKeys Keys { get; } = new();

    public VpcdReader Reader(VirtualCard card) => daemon.NewReader(card);

    /// <summary>A gpg that uses this daemon's reader.</summary>
    public GpgHome NewHome() => new(daemon);

    /// <summary>Points a child process at this daemon.</summary>
    public void ApplyTo(ProcessStartInfo start) => daemon.ApplyTo(start);

    /// <summary>Sees what a child process asks of this daemon.</summary>
    public PcscRelay NewRelay() => new(daemon);

    /// <summary>The second slot of the same reader.</summary>
    public VpcdReader SecondSlot(VirtualCard card) => new(card, daemon.Port + 1);

    /// <summary>The daemon answers nobody from now on; Kill ends it all the same.</summary>
    public void Hang()
    {
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(name => char.IsAsciiDigit(name[6])))
        {
            string line = File.Exists($"{process}/cmdline") ? File.ReadAllText($"{process}/cmdline") : "";
            if (line.StartsWith("pcscd\0", StringComparison.Ordinal) && line.Contains(daemon.Folder + '/', StringComparison.Ordinal))
            {
                using Process stop = Process.Start("kill", ["-STOP", Path.GetFileName(process)]);
                stop.WaitForExit();
                Assert.Equal(0, stop.ExitCode);
                return;
            }
        }

        Assert.Fail("The daemon does not run.");
    }

    /// <summary>Ends the daemon; Restart starts another one at the same address.</summary>
    public string Kill()
    {
        string address = daemon.SocketPath;
        daemon.Kill();
        return address;
    }

    public void Restart(string address)
    {
        PcscDaemon next = PcscDaemon.Start(ReaderName);
        File.Delete(address);
        Directory.CreateDirectory(Path.GetDirectoryName(address)!);
        File.CreateSymbolicLink(address, next.SocketPath);
        old.Add(daemon);
        daemon = next;
    }

    private readonly List<PcscDaemon> old = [];

    public void Dispose()
    {
        daemon.Dispose();
        old.ForEach(daemon => daemon.Dispose());
        Keys.Dispose();
    }
}

/// <summary>The classes that share the process's one daemon, and so run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OnePcscd : ICollectionFixture<PcscFixture>
{
    public const string Name = "pcscd";
}
