// SPDX-License-Identifier: GPL-3.0-or-later
// What the peers ask of pcscd and of the card, counted by a relay in between. Not timed: the relay takes time of its own.

using System.Diagnostics;
using CardSimulator;

namespace CardBench;

/// <summary>What one unlock asks.</summary>
/// <param name="Connections">New connections to pcscd.</param>
/// <param name="Requests">Requests to pcscd; an exchange is one of them.</param>
/// <param name="Exchanges">Command APDUs that reach the card.</param>
internal sealed record Asked(int Connections, int Requests, int Exchanges);

/// <summary>What each peer asks.</summary>
internal sealed record AskedByAll(Asked Ours, Asked GpgWarm, Asked GpgCold, Asked BootScript);

internal sealed partial class CardLab
{
    /// <summary>One more unlock by each, counted.</summary>
    public AskedByAll Count()
    {
        using var relay = new PcscRelay(daemon);
        socket = relay.SocketPath;
        try
        {
            Asked ours = CountProbe(relay);
            Asked cold = CountOf(relay, () => DecryptByGpg(cold: true));
            Asked warm = CountOf(relay, () => DecryptByGpg(cold: false));
            EndGpg();
            return new(ours, warm, cold, CountOf(relay, () => DecryptByBootScript()));
        }
        finally
        {
            socket = daemon.SocketPath;
        }
    }

    // From the PIN on; with --hold the probe stops at the key.
    private Asked CountProbe(PcscRelay relay)
    {
        using Process process = StartProbe("--hold");
        Expect(process, "ready");
        Asked asked = CountOf(relay, () =>
        {
            process.StandardInput.Write(Pin + '\n');
            process.StandardInput.Flush();
            Expect(process, "opened");
        });
        process.StandardInput.Write('\n');
        process.StandardInput.Flush();
        Check(Read(process.StandardOutput.BaseStream, KeyLength));
        process.StandardInput.Close();
        process.WaitForExit();
        return asked;
    }

    private Asked CountOf(PcscRelay relay, Action unlock)
    {
        Asked before = new(relay.Connections, relay.Requests.Count, card.CommandCount);
        unlock();
        return new(
            relay.Connections - before.Connections, relay.Requests.Count - before.Requests, card.CommandCount - before.Exchanges);
    }
}
