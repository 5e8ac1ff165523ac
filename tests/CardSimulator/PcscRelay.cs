// SPDX-License-Identifier: GPL-3.0-or-later
// Stands between libpcsclite and pcscd and writes down what is asked: each request is a header of two 32-bit words in the machine's
// order, the body's length and the command, and the body; a command for the card or the reader follows apart (winscard_msg.h).

using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace CardSimulator;

/// <summary>What a client asks of pcscd, numbered from 1 as winscard_msg.h does.</summary>
public enum PcscCommand
{
    None,
    EstablishContext,
    ReleaseContext,
    ListReaders,
    Connect,
    Reconnect,
    Disconnect,
    BeginTransaction,
    EndTransaction,
    Transmit,
    Control,
    Status,
    GetStatusChange,
    Cancel,
    CancelTransaction,
    GetAttribute,
    SetAttribute,
    Version,
    GetReaderStates,
    WaitForChange,
    StopWaiting,
}

/// <summary>One request.</summary>
/// <param name="Connection">The client's connection, counted from 1.</param>
/// <param name="Command">What it asks.</param>
public sealed record PcscRequest(int Connection, PcscCommand Command);

/// <summary>Where the relay breaks a connection.</summary>
public enum PcscCut
{
    /// <summary>Half of the request reaches the daemon.</summary>
    InRequest,

    /// <summary>The daemon has the request, and its answer is lost.</summary>
    BeforeAnswer,

    /// <summary>Half of the answer reaches the client.</summary>
    InAnswer,
}

/// <summary>A socket like pcscd's, and the real one behind it.</summary>
public sealed class PcscRelay : IDisposable
{
    private const int HeaderLength = 8;
    private const int SendLengthInTransmit = 12;
    private const int SendLengthInControl = 8;

    private PcscDaemon daemon;
    private readonly string folder = Directory.CreateTempSubdirectory("relay-").FullName;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Lock gate = new();
    private readonly List<PcscRequest> requests = [];
    private readonly List<Socket> sockets = [];
    private int connections;
    private (PcscCommand Command, int Left, PcscCut Cut)? planned;

    public PcscRelay(PcscDaemon daemon)
    {
        this.daemon = daemon;
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        Start(Accept);
    }

    /// <summary>The value for <see cref="PcscDaemon.SocketVariable"/>.</summary>
    public string SocketPath => Path.Combine(folder, "pcscd.comm");

    /// <summary>How many connections have been made so far.</summary>
    public int Connections
    {
        get
        {
            lock (gate)
            {
                return connections;
            }
        }
    }

    /// <summary>Every request so far; one whose answer has come is in it.</summary>
    public IReadOnlyList<PcscRequest> Requests
    {
        get
        {
            lock (gate)
            {
                return [.. requests];
            }
        }
    }

    /// <summary>From here on another daemon stands behind it; connections that are there stay with theirs.</summary>
    public void Use(PcscDaemon other) => daemon = other;

    /// <summary>Breaks a connection, once.</summary>
    /// <param name="command">At a request of this kind.</param>
    /// <param name="number">1 is the next one.</param>
    /// <param name="cut">Where.</param>
    public void CutAt(PcscCommand command, int number, PcscCut cut)
    {
        lock (gate)
        {
            planned = (command, number, cut);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            listener.Dispose();
            sockets.ForEach(static socket => socket.Dispose());
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Start(Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                // The client, the daemon or the relay is gone.
            }
        })
        {
            IsBackground = true,
            Name = "relay",
        };
        thread.Start();
    }

    private void Accept()
    {
        while (true)
        {
            Socket client = listener.Accept();
            Socket server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            server.Connect(new UnixDomainSocketEndPoint(daemon.SocketPath));
            int connection;
            lock (gate)
            {
                connection = ++connections;
                sockets.AddRange([client, server]);
            }

            var cut = new StrongBox<PcscCut?>();
            Start(() => Requested(connection, client, server, cut));
            Start(() => Answered(server, client, cut));
        }
    }

    private static void Answered(Socket server, Socket client, StrongBox<PcscCut?> cut)
    {
        byte[] buffer = new byte[4096];
        using (client)
        {
            for (int length = server.Receive(buffer); length > 0; length = server.Receive(buffer))
            {
                int passed = cut.Value switch
                {
                    PcscCut.BeforeAnswer => 0,
                    PcscCut.InAnswer => length / 2,
                    _ => length,
                };
                client.Send(buffer.AsSpan(0, passed));
                if (passed < length)
                {
                    server.Dispose();
                    return;
                }
            }
        }
    }

    private PcscCut? CutFor(PcscCommand command)
    {
        lock (gate)
        {
            if (planned is not { } plan || plan.Command != command)
            {
                return null;
            }

            planned = plan.Left > 1 ? plan with { Left = plan.Left - 1 } : null;
            return plan.Left > 1 ? null : plan.Cut;
        }
    }

    private void Requested(int connection, Socket client, Socket server, StrongBox<PcscCut?> cut)
    {
        using (server)
        using (var stream = new NetworkStream(client))
        {
            byte[] header = new byte[HeaderLength];
            while (true)
            {
                stream.ReadExactly(header);
                var command = (PcscCommand)BitConverter.ToInt32(header, sizeof(int));
                byte[] body = new byte[BitConverter.ToInt32(header)];
                stream.ReadExactly(body);
                byte[] forCard = new byte[command switch
                {
                    PcscCommand.Transmit => BitConverter.ToInt32(body, SendLengthInTransmit),
                    PcscCommand.Control => BitConverter.ToInt32(body, SendLengthInControl),
                    _ => 0,
                }];
                stream.ReadExactly(forCard);
                lock (gate)
                {
                    requests.Add(new(connection, command));
                }

                byte[] request = [.. header, .. body, .. forCard];
                cut.Value = CutFor(command);
                if (cut.Value == PcscCut.InRequest)
                {
                    server.Send(request.AsSpan(0, request.Length / 2));
                    client.Dispose();
                    return;
                }

                server.Send(request);
            }
        }
    }
}
