// SPDX-License-Identifier: GPL-3.0-or-later
// The VSCard protocol: the real QEMU takes our reader; a peer on a socket sees each message in its order.

using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;

namespace CardSimulator.Tests;

public sealed class VsCardTests : IDisposable
{
    private const int Init = 1;
    private const int Error = 2;
    private const int ReaderAdd = 3;
    private const int Atr = 5;
    private const int CardRemove = 6;
    private const int Apdu = 7;
    private const int Flush = 8;
    private const int FlushComplete = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string folder = Directory.CreateTempSubdirectory("vs-").FullName;

    private string SocketPath => Path.Combine(folder, "card");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Qemu_takes_the_reader_whichever_side_listens(bool qemuListens)
    {
        VirtualCard card = new(new CardOptions { T0 = true });
        using VsCardReader reader = new(
            card, qemuListens ? VsCardEndpoint.ConnectTo(SocketPath) : VsCardEndpoint.ListenOn(SocketPath));
        reader.Insert();
        using Process qemu = Process.Start(new ProcessStartInfo("qemu-system-x86_64", [
            "-S", "-nodefaults", "-display", "none", "-machine", "pc,accel=tcg", "-m", "16", "-device", "qemu-xhci",
            "-chardev", $"socket,path={SocketPath},id=card" + (qemuListens ? ",server=on,wait=off" : ""),
            "-device", "usb-ccid", "-device", "ccid-card-passthru,chardev=card"]))!;
        try
        {
            Assert.True(reader.WaitForHost(Patience));
            Assert.False(qemu.HasExited);
        }
        finally
        {
            qemu.Kill();
            qemu.WaitForExit();
        }
    }

    [Fact]
    public void Messages_come_in_the_order_that_the_protocol_wants()
    {
        VirtualCard card = new(new CardOptions { T0 = true });
        using VsCardReader reader = new(card, VsCardEndpoint.ListenOn(SocketPath));
        reader.Insert();
        using Peer host = new(SocketPath);

        Assert.Equal((Init, "5653434400000002" + "00000000"), host.Receive());
        host.Send(Init, "565343440000000200000000");
        Assert.Equal(ReaderAdd, host.Receive().Type);
        host.Send(Error, "00000000");
        Assert.Equal((Atr, "3B8A000031F573C00180059000"), host.Receive());
        host.Send(Error, "00000000");
        host.Send(Apdu, Host.SelectCommand);
        Assert.Equal((Apdu, "9000"), host.Receive());
        host.Send(Flush, "");
        Assert.Equal((FlushComplete, ""), host.Receive());

        reader.Remove();
        Assert.Equal((CardRemove, ""), host.Receive());
        reader.Insert();
        Assert.Equal(Atr, host.Receive().Type);
        host.Send(Apdu, "00200082");
        Assert.Equal((Apdu, "6985"), host.Receive());
    }

    [Fact]
    public void A_card_pulled_in_the_middle_of_a_command_gives_no_answer()
    {
        VirtualCard card = new(new CardOptions { T0 = true });
        using VsCardReader reader = new(card, VsCardEndpoint.ListenOn(SocketPath));
        reader.Insert();
        using Peer host = new(SocketPath);
        host.Handshake();

        card.Faults.DelayAt(1, TimeSpan.FromMinutes(5));
        host.Send(Apdu, Host.SelectCommand);
        Assert.True(SpinWait.SpinUntil(() => card.CommandCount == 1, Patience));
        reader.Remove();
        Assert.Equal((CardRemove, ""), host.Receive());

        reader.Insert();
        Assert.Equal(Atr, host.Receive().Type);
        card.Faults.PullAt(1, afterWork: true);
        host.Send(Apdu, Host.SelectCommand);
        Assert.Equal((CardRemove, ""), host.Receive());
        Assert.False(reader.IsInserted);
    }

    [Fact]
    public void A_host_that_comes_back_finds_the_card_again()
    {
        using VsCardReader reader = new(new VirtualCard(new CardOptions { T0 = true }), VsCardEndpoint.ListenOn(SocketPath));
        reader.Insert();
        using (Peer first = new(SocketPath))
        {
            first.Handshake();
        }

        using Peer second = new(SocketPath);
        second.Handshake();
        second.Send(Apdu, Host.SelectCommand);
        Assert.Equal((Apdu, "9000"), second.Receive());
    }

    /// <summary>The host's side of the protocol, byte by byte.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly NetworkStream stream;

        public Peer(string path)
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
            stream = new NetworkStream(socket, ownsSocket: false);
        }

        public void Handshake()
        {
            Assert.Equal(Init, Receive().Type);
            Send(Init, "565343440000000200000000");
            Assert.Equal(ReaderAdd, Receive().Type);
            Send(Error, "00000000");
            Assert.Equal(Atr, Receive().Type);
            Send(Error, "00000000");
        }

        public void Send(int type, string payload)
        {
            byte[] header = new byte[12];
            BinaryPrimitives.WriteInt32BigEndian(header, type);
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), payload.Length / 2);
            stream.Write([.. header, .. Convert.FromHexString(payload)]);
        }

        public (int Type, string Payload) Receive()
        {
            byte[] header = new byte[12];
            stream.ReadExactly(header);
            byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8))];
            stream.ReadExactly(payload);
            return (BinaryPrimitives.ReadInt32BigEndian(header), Convert.ToHexString(payload));
        }

        public void Dispose()
        {
            stream.Dispose();
            socket.Dispose();
        }
    }
}
