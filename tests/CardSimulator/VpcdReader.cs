// SPDX-License-Identifier: GPL-3.0-or-later
// The card's side of the vpcd protocol (vsmartcard): a TCP connection to the reader driver that listens. Each message
// is a 2-byte big-endian length and so many bytes; a message of one byte is a control: 0 off, 1 on, 2 reset, 4 ATR.
// The connection is the card's presence: it is in the reader while the connection stands.

using System.Buffers.Binary;
using System.Net.Sockets;

namespace CardSimulator;

/// <summary>A reader slot of pcscd's vpcd driver that a <see cref="VirtualCard"/> can be put into.</summary>
public sealed class VpcdReader : ICardReader
{
    private const byte Off = 0;
    private const byte On = 1;
    private const byte ResetControl = 2;
    private const byte GetAtr = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // pcscd looks every 0.4 s: a card that comes back sooner was never away for it, and is not switched on again.
    private static readonly TimeSpan NoticeTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PowerTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly VirtualCard card;
    private readonly string host;
    private readonly int port;
    private readonly Lock gate = new();
    private readonly ManualResetEventSlim powered = new();
    private TcpClient? connection;
    private Thread? thread;
    private bool switchedOn;
    private DateTime removedAt;

    public VpcdReader(VirtualCard card, int port, string host = "127.0.0.1")
    {
        this.card = card;
        this.host = host;
        this.port = port;
    }

    /// <summary>Whether the card is in the reader.</summary>
    public bool IsInserted
    {
        get
        {
            lock (gate)
            {
                return connection is not null;
            }
        }
    }

    /// <summary>Puts the card in, and waits until pcscd (which looks every 0.4 s) has seen and powered it.</summary>
    /// <exception cref="TimeoutException">No driver listens there, or it takes no card, within 10 seconds.</exception>
    public void Insert()
    {
        if (IsInserted)
        {
            return;
        }

        DateTime deadline = DateTime.UtcNow + Patience;
        while (!TryInsert(deadline))
        {
            Remove();
            if (DateTime.UtcNow > deadline)
            {
                throw new TimeoutException($"The vpcd driver on {host}:{port} takes no card.");
            }
        }
    }

    /// <summary>Pulls the card out.</summary>
    public void Remove()
    {
        TcpClient? client;
        Thread? server;
        lock (gate)
        {
            (client, server) = (connection, thread);
            (connection, thread) = (null, null);
        }

        if (client is null)
        {
            return;
        }

        removedAt = DateTime.UtcNow;
        client.Dispose();
        card.PowerOff();
        if (server is not null && server != Thread.CurrentThread)
        {
            server.Join();
        }
    }

    public void Dispose()
    {
        Remove();
        powered.Dispose();
    }

    private bool TryInsert(DateTime deadline)
    {
        TimeSpan pause = removedAt + NoticeTime - DateTime.UtcNow;
        if (pause > TimeSpan.Zero)
        {
            Thread.Sleep(pause);
        }

        TcpClient client = Connect(deadline);
        powered.Reset();
        lock (gate)
        {
            connection = client;
            thread = new Thread(() => Serve(client)) { IsBackground = true, Name = "vpcd card" };
            thread.Start();
        }

        return powered.Wait(PowerTime);
    }

    private TcpClient Connect(DateTime deadline)
    {
        while (true)
        {
            try
            {
                return new TcpClient(host, port) { NoDelay = true };
            }
            catch (SocketException) when (DateTime.UtcNow < deadline)
            {
                Thread.Sleep(RetryInterval);
            }
            catch (SocketException error)
            {
                throw new TimeoutException($"No vpcd driver listens on {host}:{port}.", error);
            }
        }
    }

    private void Serve(TcpClient client)
    {
        switchedOn = false;
        try
        {
            NetworkStream stream = client.GetStream();
            byte[] length = new byte[2];
            while (true)
            {
                stream.ReadExactly(length);
                Acknowledge(client);
                byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                stream.ReadExactly(message);
                if (Respond(message) is { } answer)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                    stream.Write([.. length, .. answer]);
                    SeePower(message);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or CardPulledException)
        {
            // Pulled out, by a fault or by Remove, or the driver went away.
            card.PowerOff();
        }

        // First the truth, then the news: whoever sees the connection closed finds IsInserted false.
        lock (gate)
        {
            if (connection == client)
            {
                (connection, thread) = (null, null);
                removedAt = DateTime.UtcNow;
            }
        }

        client.Dispose();
    }

    // The driver writes length and message apart, and its kernel keeps the message back until the length is acknowledged,
    // which takes this one's 40 ms unless told otherwise, each time (tcp(7), TCP_QUICKACK).
    private static void Acknowledge(TcpClient client)
    {
        const int tcp = 6;
        const int quickAcknowledgement = 12;

        // A client that was closed meanwhile has no socket.
        Socket? socket = client.Client;
        socket?.SetRawSocketOption(tcp, quickAcknowledgement, BitConverter.GetBytes(1));
    }

    // pcscd switches the card on and asks for its answer to reset: with that answer the card is in.
    private void SeePower(byte[] message)
    {
        if (switchedOn && message is [GetAtr])
        {
            powered.Set();
        }
    }

    private byte[]? Respond(byte[] message)
    {
        switch (message)
        {
            case [GetAtr]:
                return [.. card.Atr];
            case [Off]:
                switchedOn = false;
                card.PowerOff();
                return null;
            case [On] or [ResetControl]:
                switchedOn = true;
                card.Reset();
                return null;
            default:
                return card.Transmit(message);
        }
    }
}
