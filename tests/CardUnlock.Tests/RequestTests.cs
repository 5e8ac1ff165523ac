// SPDX-License-Identifier: GPL-3.0-or-later
// What an unlock asks of pcscd once the PIN is confirmed: each request costs two changes of thread. The card half of the agent, built as
// the agent is (out/probe/unlock-probe, by build.sh), behind a relay that writes down what goes by.

using System.Diagnostics;
using CardSimulator;

namespace CardUnlock.Tests;

[Collection(OnePcscd.Name)]
public sealed class RequestTests(PcscFixture pcsc)
{
    private static readonly string Probe = Path.Combine(Transcript.Root, "..", "..", "..", "out", "probe", "unlock-probe");

    // Twice: what the first unlock leaves behind must not have to be cleared away by the second.
    [Theory]
    [InlineData("cv25519")]
    [InlineData("rsa2048")]
    public void Between_pin_and_key_stand_three_exchanges_in_one_transaction_and_no_new_connection(string algorithm)
    {
        byte[] key = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 3))];
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, pcsc.Keys.Message(key, [algorithm]));
        using VpcdReader reader = pcsc.Reader(pcsc.Keys.Card(algorithm));
        reader.Insert();
        using PcscRelay relay = pcsc.NewRelay();
        using Process probe = Start(file, relay);
        try
        {
            for (int i = 0; i < 2; i++)
            {
                ExpectReady(probe);
                (int connections, int requests) = (relay.Connections, AtRest(relay));
                Say(probe, "123456\n");
                Expect(probe, "opened");
                Assert.Equal(
                    [
                        PcscCommand.BeginTransaction, PcscCommand.Transmit, PcscCommand.Transmit, PcscCommand.Transmit,
                        PcscCommand.EndTransaction,
                    ],
                    AskedForCard([.. relay.Requests.Skip(requests)]));
                Assert.Equal((2, 2), (connections, relay.Connections));
                Say(probe, "\n");
                byte[] output = new byte[key.Length];
                probe.StandardOutput.BaseStream.ReadExactly(output);
                Assert.Equal(key, output);
                Expect(probe, "handed over");
                Say(probe, "\n");
            }

            ExpectReady(probe);
            probe.StandardInput.Close();
            Assert.True(probe.WaitForExit(MonitorWaits.Patience));
            Assert.Equal(0, probe.ExitCode);
        }
        finally
        {
            probe.Kill();
            File.Delete(file);
        }
    }

    private static Process Start(string file, PcscRelay relay)
    {
        Assert.True(File.Exists(Probe), "The probe is built by ./build.sh test.");
        ProcessStartInfo start = new(Probe, [file, "--hold"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[PcscDaemon.SocketVariable] = relay.SocketPath;
        return Process.Start(start)!;
    }

    private static void Say(Process probe, string line)
    {
        probe.StandardInput.Write(line);
        probe.StandardInput.Flush();
    }

    // The daemon may tell the other connection of something at any moment, which then waits anew: nobody waits for that one. To call
    // it back would take a connection more.
    private static PcscCommand[] AskedForCard(PcscRequest[] requests)
    {
        int card = requests.First(request => request.Command == PcscCommand.BeginTransaction).Connection;
        return [.. requests.Where(request => request.Connection == card).Select(request => request.Command)];
    }

    // What the last look still asks is not the unlock's.
    private static int AtRest(PcscRelay relay)
    {
        while (true)
        {
            int requests = relay.Requests.Count;
            Thread.Sleep(300);
            if (relay.Requests.Count == requests)
            {
                return requests;
            }
        }
    }

    // The daemon may tell of the card a moment after it has switched it on.
    private static void ExpectReady(Process probe)
    {
        string? line = probe.StandardError.ReadLine();
        while (line is nameof(CardStatus.NoCard) or nameof(CardStatus.Unusable))
        {
            line = probe.StandardError.ReadLine();
        }

        Assert.Equal("ready", line);
    }

    private static void Expect(Process probe, string word) =>
        Assert.StartsWith(word, probe.StandardError.ReadLine(), StringComparison.Ordinal);
}
