// SPDX-License-Identifier: GPL-3.0-or-later
// Where the VSCard host is: a Unix socket or a TCP port, that we connect to or listen on.

using System.Net;
using System.Net.Sockets;

namespace CardSimulator;

/// <summary>One place to meet a VSCard host, e.g. QEMU's <c>-chardev socket</c>.</summary>
public sealed class VsCardEndpoint : IDisposable
{
    private readonly EndPoint address;
    private readonly Socket? listener;

    private VsCardEndpoint(EndPoint address, bool listen)
    {
        this.address = address;
        if (listen)
        {
            listener = NewSocket();
            listener.Bind(address);
            listener.Listen();
        }
    }

    /// <summary>The host listens (<c>server=on</c>): connect to it.</summary>
    /// <param name="place">A socket's path, or host address:port.</param>
    public static VsCardEndpoint ConnectTo(string place) => new(Parse(place), listen: false);

    /// <summary>The host connects (<c>server=off</c>): listen for it.</summary>
    /// <param name="place">A socket's path (an old one is replaced), or host address:port.</param>
    public static VsCardEndpoint ListenOn(string place)
    {
        EndPoint address = Parse(place);
        if (address is UnixDomainSocketEndPoint)
        {
            File.Delete(place);
        }

        return new VsCardEndpoint(address, listen: true);
    }

    public void Dispose() => listener?.Dispose();

    /// <summary>One connection; throws SocketException where nobody is there.</summary>
    internal Socket Open()
    {
        if (listener is not null)
        {
            return listener.Accept();
        }

        Socket socket = NewSocket();
        try
        {
            socket.Connect(address);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static EndPoint Parse(string place) =>
        !place.Contains('/', StringComparison.Ordinal) && IPEndPoint.TryParse(place, out IPEndPoint? network)
            ? network
            : new UnixDomainSocketEndPoint(place);

    private Socket NewSocket() => address is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
}
