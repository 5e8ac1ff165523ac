// SPDX-License-Identifier: GPL-3.0-or-later
// What the cells of one class share: a phone, a pcscd with a reader, and the card of the moment in it.

using CardSimulator;
using HostPhone;

namespace Faults.Tests;

/// <summary>A phone, a card service, a card.</summary>
public sealed class Lab : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("faults-").FullName;
    private readonly List<PcscDaemon> ended = [];
    private PcscDaemon? daemon;
    private PcscRelay? relay;
    private Profile? profile;
    private VirtualCard? card;
    private VpcdReader? reader;

    /// <summary>The phone.</summary>
    public Phone Phone { get; } = new();

    /// <summary>The card.</summary>
    public VirtualCard Card => card ?? throw new InvalidOperationException("No card was prepared.");

    /// <summary>The reader that the card is in.</summary>
    public VpcdReader Reader => reader ?? throw new InvalidOperationException("No card was prepared.");

    /// <summary>The card's keys.</summary>
    public CardKeys Keys { get; private set; } = CardKeys.Get("pico-cv25519");

    /// <summary>The service.</summary>
    public PcscDaemon Daemon => daemon ?? throw new InvalidOperationException("No card was prepared.");

    /// <summary>What stands between agent and service.</summary>
    public PcscRelay Relay => relay ??= new PcscRelay(Daemon);

    /// <summary>A key file of the cell's own, to be changed.</summary>
    public string KeyFile => Path.Combine(folder, "root.gpg");

    /// <summary>Where the agent finds the service: always the same, whichever runs.</summary>
    public string Socket => Path.Combine(folder, "pcscd.comm");

    /// <summary>A folder for what a cell needs.</summary>
    public string Folder => folder;

    /// <summary>A service that runs, a card in its reader with all tries left and nobody verified, nothing broken.</summary>
    internal void Prepare(Profile wanted)
    {
        if (daemon is null)
        {
            daemon = PcscDaemon.Start();
            Link();
        }

        if (wanted != profile || reader is null)
        {
            reader?.Dispose();
            Keys = CardKeys.Get(wanted.KeyName);
            card = wanted.NewCard(Keys);
            reader = daemon.NewReader(card);
            profile = wanted;
        }

        Card.Faults.Clear();
        Reader.Insert();
        Card.UserTriesLeft = 3;
        Card.Reset();
        Card.ClearLog();
        Phone.Control.Mend();
        if (!Phone.Touchscreen.IsPlugged)
        {
            Phone.Touchscreen.Plug();
        }

        if (File.Exists(Path.Combine(Phone.Folder, "run", "unlock-agent")))
        {
            // A cell had it stand in the way.
            File.Delete(Path.Combine(Phone.Folder, "run", "unlock-agent"));
        }

        File.Copy(Keys.MessageFile, KeyFile, overwrite: true);
    }

    /// <summary>Kills the service, as a crash would.</summary>
    public void KillService() => Daemon.Kill();

    /// <summary>Starts another one at the same address, with the same card in its reader.</summary>
    public void RestartService()
    {
        ended.Add(Daemon);
        reader?.Dispose();
        daemon = PcscDaemon.Start();
        relay?.Use(daemon);
        reader = daemon.NewReader(Card);
        Link();
        Reader.Insert();
    }

    /// <summary>Throws the service away; the next cell has its own.</summary>
    public void DropService()
    {
        relay?.Dispose();
        relay = null;
        reader?.Dispose();
        reader = null;
        daemon?.Dispose();
        daemon = null;
    }

    public void Dispose()
    {
        DropService();
        ended.ForEach(static one => one.Dispose());
        Phone.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Link()
    {
        File.Delete(Socket);
        File.CreateSymbolicLink(Socket, Daemon.SocketPath);
    }
}
