// SPDX-License-Identifier: GPL-3.0-or-later
// The card's side of the VSCard protocol, as QEMU's ccid-card-passthru speaks it: messages of type, reader, length
// (big-endian u32 each) and payload. We open with Init ("VSCD", version, capabilities), add a reader once the host has
// answered, and may send an ATR (the card's insertion) only after the reader's addition was confirmed.
// The host tells nothing of a guest that resets or unpowers the card: a verified PIN stays verified here.

using System.Buffers.Binary;
using System.Net.Sockets;

namespace CardSimulator;

/// <summary>A QEMU smart card reader that a <see cref="VirtualCard"/> can be put into.</summary>
public sealed class VsCardReader : ICardReader
{
    private const int HeaderLength = 12;
    private const int MaxPayload = 0x10000;
    private const uint NoReader = 0xFFFFFFFF;
    private const uint Version = 2;
    private static readonly byte[] Hello = [.. "VSCD"u8, 0, 0, 0, (byte)Version, 0, 0, 0, 0];
    private static readonly byte[] ReaderName = "card-simulator"u8.ToArray();
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly VsCardEndpoint endpoint;
    private readonly ManualResetEventSlim readerAdded = new();
    private readonly Lock gate = new();
    private readonly Thread thread;
    private VirtualCard card;
    private Socket? connection;
    private uint readerId;
    private bool wanted;
    private bool disposed;

    /// <summary>Connects, or listens, in the background until disposed; a lost connection is made again.</summary>
    public VsCardReader(VirtualCard card, VsCardEndpoint endpoint)
    {
        this.card = card;
        this.endpoint = endpoint;
        thread = new Thread(Run) { IsBackground = true, Name = "vscard card" };
        thread.Start();
    }

    private enum MessageType : uint
    {
        Init = 1,
        Error = 2,
        ReaderAdd = 3,
        ReaderRemove = 4,
        Atr = 5,
        CardRemove = 6,
        Apdu = 7,
        Flush = 8,
        FlushComplete = 9,
    }

    /// <summary>Whether the card is (or will be, once there is a host) in the reader.</summary>
    public bool IsInserted
    {
        get
        {
            lock (gate)
            {
                return wanted;
            }
        }
    }

    /// <summary>Waits until a host has taken our reader.</summary>
    /// <returns>false when it took longer than <paramref name="timeout"/>.</returns>
    public bool WaitForHost(TimeSpan timeout) => readerAdded.Wait(timeout);

    /// <summary>Puts the card in: now, or as soon as there is a host.</summary>
    public void Insert()
    {
        lock (gate)
        {
            if (wanted)
            {
                return;
            }

            wanted = true;
            card.Reset();
            if (readerAdded.IsSet)
            {
                Send(MessageType.Atr, [.. card.Atr]);
            }
        }
    }

    /// <summary>The same with another card.</summary>
    /// <exception cref="InvalidOperationException">There is one in the reader.</exception>
    public void Insert(VirtualCard another)
    {
        lock (gate)
        {
            if (wanted)
            {
                throw new InvalidOperationException("The reader is taken.");
            }

            card = another;
            Insert();
        }
    }

    /// <summary>Pulls the card out, also in the middle of a command.</summary>
    public void Remove()
    {
        lock (gate)
        {
            if (!wanted)
            {
                return;
            }

            wanted = false;
            card.PowerOff();
            if (readerAdded.IsSet)
            {
                Send(MessageType.CardRemove, []);
            }
        }
    }

    public void Dispose()
    {
        Remove();
        lock (gate)
        {
            disposed = true;
            HangUp();
        }

        endpoint.Dispose();
        thread.Join();
        readerAdded.Dispose();
    }

    private void Run()
    {
        while (!disposed)
        {
            try
            {
                Socket socket = endpoint.Open();
                lock (gate)
                {
                    connection = socket;
                    Send(MessageType.Init, Hello, NoReader);
                }

                Serve(socket);
            }
            catch (Exception error) when (
                error is IOException or SocketException or ObjectDisposedException or InvalidDataException)
            {
                // No host yet, or it went away: another may come.
                Thread.Sleep(RetryInterval);
            }

            lock (gate)
            {
                readerAdded.Reset();
                HangUp();
            }
        }
    }

    private void HangUp()
    {
        connection?.Dispose();
        connection = null;
    }

    private void Serve(Socket socket)
    {
        bool greeted = false;
        using NetworkStream stream = new(socket, ownsSocket: false);
        byte[] header = new byte[HeaderLength];
        while (true)
        {
            stream.ReadExactly(header);
            int length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8));
            if (length is < 0 or > MaxPayload)
            {
                throw new InvalidDataException("A message is longer than the protocol allows.");
            }

            byte[] payload = new byte[length];
            stream.ReadExactly(payload);
            switch ((MessageType)BinaryPrimitives.ReadUInt32BigEndian(header))
            {
                // A host may greet on its own and then once more in answer to us.
                case MessageType.Init when !greeted:
                    greeted = true;
                    Send(MessageType.ReaderAdd, ReaderName, NoReader);
                    break;
                case MessageType.Error:
                    Confirmed(BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4)), payload);
                    break;
                case MessageType.Apdu:
                    Answer(payload);
                    break;
                case MessageType.Flush:
                    Send(MessageType.FlushComplete, []);
                    break;
            }
        }
    }

    /// <summary>The first confirmation is that of our reader; with it comes the reader's number.</summary>
    private void Confirmed(uint reader, byte[] payload)
    {
        bool success = payload.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(payload) == 0;
        lock (gate)
        {
            if (readerAdded.IsSet || !success)
            {
                return;
            }

            readerId = reader;
            readerAdded.Set();
            if (wanted)
            {
                card.Reset();
                Send(MessageType.Atr, [.. card.Atr]);
            }
        }
    }

    private void Answer(byte[] command)
    {
        // A command that crossed our removal on its way finds no card.
        if (!IsInserted)
        {
            return;
        }

        byte[] answer;
        try
        {
            answer = card.Transmit(command);
        }
        catch (CardPulledException)
        {
            Remove();
            return;
        }

        lock (gate)
        {
            // Pulled out meanwhile: an answer of a card that is not there would be a ghost.
            if (wanted)
            {
                Send(MessageType.Apdu, answer);
            }
        }
    }

    private void Send(MessageType type, byte[] payload, uint? reader = null)
    {
        byte[] message = new byte[HeaderLength + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(message, (uint)type);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), reader ?? readerId);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(8), payload.Length);
        payload.CopyTo(message.AsSpan(HeaderLength));
        lock (gate)
        {
            try
            {
                for (int sent = 0; connection is not null && sent < message.Length;)
                {
                    sent += connection.Send(message.AsSpan(sent));
                }
            }
            catch (SocketException)
            {
                // The host is gone; the thread that reads finds out and connects again.
                HangUp();
            }
        }
    }
}
